import HoneCore

/// Reads the tables of a line of the loss port; what does not fit is answered with a sentence.
enum LossLine {
    /// What a line may hold, whatever the objective needs of it.
    static let keys = [
        "id", "settings", "logProbs", "mask", "samplerLogProbs", "referenceLogProbs", "weights", "entropies", "advantages", "rewards",
        "pairs", "groups", "labels", "tokens", "scores",
    ]

    /// The length of each row of `logProbs`.
    static func lengths(of line: JSONValue) throws -> [Int] {
        guard case .object = line else { throw ObjectiveError("The line is \(line.kind); expected an object with “logProbs” and “mask”") }
        try refuseUnknown(line, known: keys, in: "The line")
        guard let given = line["logProbs"] else { throw ObjectiveError("The line has no “logProbs”; expected a list of rows") }
        let rows = try rows(given, "logProbs")
        guard !rows.isEmpty else { throw ObjectiveError("“logProbs” is an empty list; expected at least one row") }
        return rows.map(\.count)
    }

    /// The mask, each place 0 or 1.
    static func mask(_ line: JSONValue, _ shape: [Int]) throws -> [[Double]] {
        guard let given = line["mask"] else { throw ObjectiveError("The line has no “mask”; expected rows of 0 and 1 like “logProbs”") }
        let all = shape.map { [Double](repeating: 1, count: $0) }
        let mask = try table(given, "mask", shape, all)
        for (row, values) in mask.enumerated() {
            if let odd = values.first(where: { $0 != 0 && $0 != 1 }) {
                throw ObjectiveError("“mask” holds \(odd) in row \(row); expected 0 or 1")
            }
        }
        return mask
    }

    /// A list of rows shaped like `logProbs`; masked places may hold anything and become 0.
    static func table(_ value: JSONValue, _ name: String, _ shape: [Int], _ mask: [[Double]]) throws -> [[Double]] {
        let given = try rows(value, name)
        guard given.count == shape.count else {
            throw ObjectiveError("“\(name)” has \(given.count) rows; expected \(shape.count), as many as “logProbs”")
        }
        return try given.enumerated().map { row, elements in
            guard elements.count == shape[row] else {
                throw ObjectiveError(
                    "“\(name)” has \(elements.count) numbers in row \(row); expected \(shape[row]), as many as “logProbs” has there")
            }
            return try elements.enumerated().map { column, element in
                if mask[row][column] == 0 { return 0 }
                return try number(element, "“\(name)” in row \(row), column \(column)")
            }
        }
    }

    /// The token at each place; masked places hold 0.
    static func tokens(_ value: JSONValue, _ shape: [Int], _ mask: [[Double]]) throws -> [[TokenID]] {
        try table(value, "tokens", shape, mask).enumerated().map { row, numbers in
            try numbers.map { number in
                guard let token = TokenID(exactly: number), token >= 0 else {
                    throw ObjectiveError("“tokens” holds \(number) in row \(row); expected a whole number from 0 to \(TokenID.max)")
                }
                return token
            }
        }
    }

    /// Refuses keys that nobody reads, so that a misspelt one is not passed over.
    static func refuseUnknown(_ value: JSONValue, known: [String], in place: String) throws {
        guard case .object(let members) = value else { return }
        for key in members.keys.sorted() where !known.contains(key) {
            let near = Spelling.nearest(to: key, among: known).map { "“\($0)”" }
            let help = near.isEmpty ? "known here: \(known.joined(separator: ", "))" : "did you mean \(near.joined(separator: " or "))?"
            throw ObjectiveError("\(place) has the key “\(key)”, which no objective reads; \(help)")
        }
    }

    /// One number per row.
    static func perRow(_ elements: [JSONValue], _ name: String, _ rows: Int) throws -> [Double] {
        guard elements.count == rows else {
            throw ObjectiveError("“\(name)” has \(elements.count) numbers; expected \(rows), one per row of “logProbs”")
        }
        return try elements.enumerated().map { try number($1, "“\(name)” at place \($0)") }
    }

    /// The group of each row: whole numbers or texts; one group when none are given.
    static func groups(_ value: JSONValue?, _ rows: Int) throws -> [String] {
        guard let value, value != .null else { return [String](repeating: "", count: rows) }
        guard let elements = value.elements else { throw ObjectiveError("“groups” is \(value.kind); expected a list") }
        guard elements.count == rows else {
            throw ObjectiveError("“groups” has \(elements.count) entries; expected \(rows), one per row of “logProbs”")
        }
        return elements.map(\.canonical)
    }

    /// The same number at each token of a row.
    static func spread(_ values: [Double], _ shape: [Int]) -> [[Double]] {
        zip(values, shape).map { [Double](repeating: $0, count: $1) }
    }

    private static func rows(_ value: JSONValue, _ name: String) throws -> [[JSONValue]] {
        guard let outer = value.elements else { throw ObjectiveError("“\(name)” is \(value.kind); expected a list of rows (rank 2)") }
        return try outer.enumerated().map { row, inner in
            guard let elements = inner.elements else {
                throw ObjectiveError("“\(name)” holds \(inner.kind) in row \(row); expected a list of rows (rank 2)")
            }
            return elements
        }
    }

    static func number(_ value: JSONValue, _ place: String) throws -> Double {
        guard let number = value.double, number.isFinite else {
            throw ObjectiveError("\(place) is \(value.kind == "a number" ? value.canonical : value.kind); expected a finite number")
        }
        return number
    }
}
