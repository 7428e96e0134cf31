import HoneCore

/// What is played at each information state: information state → move → probability.
///
/// One table holds the strategies of all seats, as the information states of different seats differ. Where it has no entry, play is
/// uniform.
public struct TabularStrategy: Hashable, Sendable, Codable {
    /// Information state → move → probability.
    public var table: [String: [String: Double]]

    /// The strategy of a table; the empty one is uniform everywhere.
    public init(_ table: [String: [String: Double]] = [:]) { self.table = table }

    public init(from decoder: any Decoder) throws { table = try decoder.singleValueContainer().decode([String: [String: Double]].self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(table)
    }

    /// The probabilities of the moves, in their order; throws a sentence when the entry names another move, has a probability that is
    /// negative or not finite, or does not add up to 1 within 1e-6. What it does not name has probability 0; the sum is made 1 exactly.
    public func probabilities(of moves: [String], at informationState: String) throws -> [Double] {
        guard let entry = table[informationState] else { return moves.map { _ in 1 / Double(moves.count) } }
        if let stranger = entry.keys.sorted().first(where: { !moves.contains($0) }) {
            throw CoreError.invalid("The strategy plays “\(stranger)” at “\(informationState)”; allowed there: \(moves.joined(separator: ", "))")
        }
        let values = moves.map { entry[$0] ?? 0 }
        let sum = values.reduce(0, +)
        guard values.allSatisfy({ $0 >= 0 && $0.isFinite }), abs(sum - 1) <= 1e-6 else {
            throw CoreError.invalid("The probabilities at “\(informationState)” are \(values); they should be from 0 to 1 and add up to 1")
        }
        return values.map { $0 / sum }
    }
}
