import HoneCore

/// How often each opponent is met.
public struct OpponentMixture: Hashable, Sendable, Codable {
    /// The opponents in the order they were offered in.
    public let players: [String]
    /// The probability of each; they add up to 1.
    public let probabilities: [Double]

    /// A mixture with probabilities in proportion to the weights, which must not be negative; nil when all are 0.
    init?(players: [String], weights: [Double]) {
        let total = weights.reduce(0, +)
        guard total > 0 else { return nil }
        self.players = players
        probabilities = weights.map { $0 / total }
    }

    /// Reads a mixture; throws when players and probabilities are not as many, or a probability is below 0.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        players = try container.decode([String].self, forKey: .players)
        probabilities = try container.decode([Double].self, forKey: .probabilities)
        guard players.count == probabilities.count, !players.isEmpty, probabilities.allSatisfy({ $0 >= 0 }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .probabilities, in: container, debugDescription: "A mixture needs players and a probability from 0 up for each")
        }
    }

    init(even players: [String]) {
        self.players = players
        probabilities = players.map { _ in 1 / Double(players.count) }
    }

    /// The probability of a player; 0 for one who is not an opponent.
    public func probability(of player: String) -> Double { players.firstIndex(of: player).map { probabilities[$0] } ?? 0 }

    /// The entropy in nats: 0 when there is one opponent only.
    public var entropy: Double { Statistics.entropy(probabilities) }

    /// An opponent drawn with these probabilities.
    public func draw(using generator: inout SeededGenerator) -> String {
        var left = generator.unit()
        for (player, probability) in zip(players, probabilities) {
            left -= probability
            if left < 0 { return player }
        }
        // Rounding may leave a little: the last one who can be met takes it.
        let last = probabilities.lastIndex { $0 > 0 }
        return last.map { players[$0] } ?? ""
    }
}
