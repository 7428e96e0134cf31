import HoneCore

extension LossLine {
    /// What stands under a key, where `scores.x` means x inside `scores`.
    static func value(_ key: String, in line: JSONValue) -> JSONValue? {
        guard key.hasPrefix("scores.") else { return line[key] }
        return line["scores"]?[String(key.dropFirst("scores.".count))]
    }

    /// How many numbers stand at each place, where places hold lists; nil where they hold numbers.
    static func width(of value: JSONValue) -> Int? {
        for row in value.elements ?? [] {
            for place in row.elements ?? [] { if let numbers = place.elements { return numbers.count } }
        }
        return nil
    }

    /// The k-th number of each place.
    static func slice(_ value: JSONValue, _ name: String, _ k: Int, of width: Int) throws -> JSONValue {
        .array(
            try (value.elements ?? []).enumerated().map { row, places in
                guard let places = places.elements else { return places }
                return .array(
                    try places.enumerated().map { column, place in
                        // What is no list can only stand at a masked place, where anything may; `table` refuses null elsewhere.
                        guard let numbers = place.elements else { return .null }
                        guard numbers.count == width else {
                            throw ObjectiveError(
                                "“\(name)” holds \(numbers.count) numbers in row \(row), column \(column); expected \(width), as many as at its first place")
                        }
                        return numbers[k]
                    })
            })
    }

    /// One number per row of a name that the objective takes: `label` under `labels`, `reward` under `rewards`, others in `scores`.
    static func scalars(_ name: String, in line: JSONValue, rows: Int) throws -> [Double] {
        let key = ["label": "labels", "reward": "rewards"][name] ?? "scores.\(name)"
        guard let value = Self.value(key, in: line), value != .null else {
            throw ObjectiveError("The line has no “\(key)”; expected one number per row of “logProbs”")
        }
        guard let elements = value.elements else { throw ObjectiveError("“\(key)” is \(value.kind); expected a list") }
        return try perRow(elements, key, rows)
    }

    /// Numbers per token, given per token or per row.
    static func perRowOrToken(_ value: JSONValue, _ name: String, _ shape: [Int], _ mask: [[Double]]) throws -> [[Double]] {
        guard let elements = value.elements else { throw ObjectiveError("“\(name)” is \(value.kind); expected a list") }
        if elements.contains(where: { $0.elements != nil }) { return try table(value, name, shape, mask) }
        return spread(try perRow(elements, name, shape.count), shape)
    }

    /// Rows of numbers, where a number given per row stands for all its tokens.
    static func tokenRows(_ value: JSONValue, _ name: String, _ shape: [Int]) throws -> [JSONValue] {
        guard let elements = value.elements else { throw ObjectiveError("“\(name)” is \(value.kind); expected a list") }
        if elements.contains(where: { $0.elements != nil }) { return elements }
        return spread(try perRow(elements, name, shape.count), shape).map { .array($0.map { .number($0) }) }
    }

    /// Pairs of row numbers: lists of two, or objects with `chosen`, `rejected` and perhaps `probability`, `margin`, `weight`.
    static func pairs(_ value: JSONValue?, rows: Int) throws -> [Pair] {
        guard let value, value != .null else {
            throw ObjectiveError("The line has no “pairs”; expected a list such as [{\"chosen\": 0, \"rejected\": 1}]")
        }
        guard let elements = value.elements else { throw ObjectiveError("“pairs” is \(value.kind); expected a list") }
        return try elements.enumerated().map { index, element in
            try refuseUnknown(element, known: ["chosen", "rejected", "probability", "margin", "weight"], in: "Pair \(index)")
            func number(_ key: String, otherwise: Double) throws -> Double {
                guard let given = element[key], given != .null else { return otherwise }
                return try self.number(given, "“\(key)” of pair \(index)")
            }
            func row(_ key: String, _ place: Int) throws -> Int {
                let given = element.elements.map { $0.count == 2 ? $0[place] : .null } ?? element[key] ?? .null
                guard case .integer(let number) = given, (0..<rows).contains(number) else {
                    throw ObjectiveError(
                        "Pair \(index) has \(given == .null ? "no" : given.canonical + " as") “\(key)”; expected a row number from 0 to \(rows - 1)")
                }
                return number
            }
            return Pair(
                chosen: try row("chosen", 0), rejected: try row("rejected", 1), probability: try number("probability", otherwise: 1),
                margin: try number("margin", otherwise: 0), weight: try number("weight", otherwise: 1))
        }
    }
}
