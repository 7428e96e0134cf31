import HoneCore

/// Typed reading of a `config.json`: every error says which key, what was found and what was expected.
struct ConfigurationFields {
    /// The file, and the key path within it.
    let place: String
    private let fields: [String: JSONValue]

    /// The members of an object; throws where it is none.
    init(_ value: JSONValue, place: String) throws {
        guard case .object(let fields) = value else { throw ModelError("\(place) is not a JSON object") }
        self.fields = fields
        self.place = place
    }

    /// A member, where it is there and not null.
    subscript(_ key: String) -> JSONValue? {
        guard let value = fields[key], value != .null else { return nil }
        return value
    }

    private func wrong(_ key: String, _ expected: String) -> ModelError {
        ModelError("“\(key)” of \(place) is \(fields[key]?.canonical.prefix(60) ?? "missing"); expected \(expected)")
    }

    /// A text.
    func text(_ key: String) throws -> String? {
        guard let value = self[key] else { return nil }
        guard let text = value.text else { throw wrong(key, "a text") }
        return text
    }

    /// A finite number.
    func number(_ key: String) throws -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.double, number.isFinite else { throw wrong(key, "a number") }
        return number
    }

    /// A whole number.
    func whole(_ key: String) throws -> Int? {
        guard let value = self[key] else { return nil }
        guard let number = value.int else { throw wrong(key, "a whole number") }
        return number
    }

    /// True or false.
    func flag(_ key: String, default standard: Bool) throws -> Bool {
        guard let value = self[key] else { return standard }
        guard case .bool(let flag) = value else { throw wrong(key, "true or false") }
        return flag
    }

    /// A number that has to be there.
    func needed(_ key: String) throws -> Double {
        guard let value = try number(key) else { throw wrong(key, "a number") }
        return value
    }

    /// A whole number that has to be there.
    func neededWhole(_ key: String) throws -> Int {
        guard let value = try whole(key) else { throw wrong(key, "a whole number") }
        return value
    }

    /// An object within, where it is there.
    func object(_ key: String) throws -> ConfigurationFields? {
        guard let value = self[key] else { return nil }
        return try ConfigurationFields(value, place: "\(place), “\(key)”")
    }

    /// The layers that a list of layer kinds calls sliding; nil without such a list.
    func slidingLayers(of count: Int) throws -> Set<Int>? {
        guard let value = self["layer_types"] else { return nil }
        guard case .array(let kinds) = value, kinds.count == count else { throw wrong("layer_types", "a list of \(count) kinds of layers") }
        var sliding: Set<Int> = []
        for (layer, kind) in kinds.enumerated() {
            switch kind.text {
            case "sliding_attention": sliding.insert(layer)
            case "full_attention": break
            default: throw wrong("layer_types", "full_attention or sliding_attention for each layer")
            }
        }
        return sliding
    }

    /// Refuses a key that asks for what cannot be computed; null, false and 0 ask for nothing.
    func refuse(_ key: String, _ what: String) throws {
        guard let value = self[key], value != .bool(false), value.double != 0 else { return }
        throw ModelError("\(place) asks for \(what) (“\(key)” is \(value.canonical.prefix(60))), which cannot be computed here")
    }

    /// The base of the rotary frequencies and how they are scaled, in the schemas of version 4 (`rope_theta`, `rope_scaling`) and 5
    /// (`rope_parameters`, by kind of layer where there are several).
    func rotary(_ layers: String? = nil, default theta: Double) throws -> (theta: Double, scaling: RotaryScaling?) {
        var own = try object("rope_parameters")
        if let layers, let inner = try own?.object(layers) { own = inner }
        if let own { return (try own.number("rope_theta") ?? number("rope_theta") ?? theta, try RotaryScaling(own)) }
        return (try number("rope_theta") ?? theta, try object("rope_scaling").flatMap { try RotaryScaling($0) })
    }
}
