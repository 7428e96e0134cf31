import HoneCore

/// A family of models: how its `config.json` becomes a shape, and back.
protocol ModelFamily: Sendable {
    /// What `config.json` calls it, in `model_type`; the first is written.
    static var kinds: [String] { get }
    /// The class that loads it elsewhere, as `architectures` names it.
    static var architecture: String { get }
    /// The shape that the fields describe; throws what is missing or cannot be computed.
    static func shape(_ fields: ConfigurationFields) throws -> ModelShape
    /// What stands in `config.json` beside the sizes that all families have.
    static func particulars(of shape: ModelShape) -> [String: JSONValue]
}

/// The families that can be read, and written.
enum ModelFamilies {
    static let all: [any ModelFamily.Type] = [Llama.self, Qwen2.self, Qwen3.self, Gemma3.self]

    /// All kinds, in order.
    static var kinds: [String] { all.flatMap { $0.kinds } }

    /// The family of a kind; throws a sentence that names those there are.
    static func named(_ kind: String, place: String) throws -> any ModelFamily.Type {
        if let family = all.first(where: { $0.kinds.contains(kind) }) { return family }
        let hint = kind.hasPrefix("gemma3") ? " Of Gemma 3 the models that read text only can be used: gemma3_text." : ""
        throw ModelError(
            "\(place) describes a model of kind “\(kind.prefix(60))”; models of these kinds can be read: \(kinds.joined(separator: ", ")).\(hint)")
    }

    /// The family whose form a shape has.
    static func of(_ shape: ModelShape) -> any ModelFamily.Type {
        all.first { $0.kinds.contains(shape.family) } ?? Llama.self
    }
}

extension ModelFamily {
    /// The sizes that all families have.
    static func sizes(_ fields: ConfigurationFields, headWidth: Int? = nil, isTied: Bool = false, epsilon: Double = 1e-6) throws -> ModelShape {
        let heads = try fields.neededWhole("num_attention_heads")
        let shape = ModelShape(
            width: try fields.neededWhole("hidden_size"), layers: try fields.neededWhole("num_hidden_layers"), heads: heads,
            kvHeads: try fields.whole("num_key_value_heads"), headWidth: try fields.whole("head_dim") ?? headWidth,
            mlp: try fields.neededWhole("intermediate_size"), vocabulary: try fields.neededWhole("vocab_size"),
            context: try fields.neededWhole("max_position_embeddings"), epsilon: try fields.number("rms_norm_eps") ?? epsilon,
            isTied: try fields.flag("tie_word_embeddings", default: isTied))
        // Before anything is listed for each layer.
        do { try shape.check() } catch { throw ModelError("\(fields.place): \(error)") }
        return shape
    }

    /// Refuses an activation that is none of these.
    static func expect(_ fields: ConfigurationFields, _ key: String, in known: [String]) throws {
        if let found = try fields.text(key), !known.contains(found) {
            throw ModelError("\(fields.place) asks for the activation “\(found.prefix(60))”; a \(kinds[0]) model has \(known.joined(separator: " or "))")
        }
    }

    /// The base and the scaling of the rotary positions, in the schemas of versions 4 and 5.
    static func rotary(_ shape: ModelShape) -> [String: JSONValue] {
        let scaling = shape.form.ropeScaling?.fields()
        var parameters = scaling ?? ["rope_type": .string("default")]
        parameters["rope_theta"] = .number(shape.ropeTheta)
        return [
            "rope_theta": .number(shape.ropeTheta), "rope_scaling": scaling.map { .object($0) } ?? .null, "rope_parameters": .object(parameters),
        ]
    }
}
