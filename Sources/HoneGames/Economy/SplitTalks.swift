import HoneCore

/// Talks about an item split: proposals by turns until one is accepted or the turns are over, when both get nothing.
public struct SplitTalks: Hashable, Sendable {
    /// How a seat negotiates.
    public enum Manner: String, Codable, Hashable, Sendable, CaseIterable {
        /// Asks for all at first and ends at half of it, whatever the other may want; accepts what is worth as much as it would ask for next.
        case plain
        /// By a belief over the other's values (``ValueBelief``).
        case believing
    }

    /// What came out.
    public struct Outcome: Hashable, Sendable, Codable {
        /// The deal; nil where there is none.
        public var deal: [Int]?
        /// The proposals made, beginning with seat 0's or seat 1's.
        public var proposals: [[Int]]
        /// What each gets.
        public var rewards: [Int]
    }

    /// What is split.
    public let split: ItemSplit
    /// The most proposals of both together.
    public let turns: Int
    /// ρ of beliefs.
    public let decay: Double

    /// The talks.
    public init(_ split: ItemSplit, turns: Int = 10, decay: Double = 0.1) {
        self.split = split
        self.turns = turns
        self.decay = decay
    }

    /// The talks of two seats; `first` makes the first proposal.
    public func outcome(_ manners: [Manner], first: Int, seed: Seed) -> Outcome {
        var beliefs = (0...1).map { ValueBelief(split, seat: $0, decay: decay) }
        var proposals: [[Int]] = []
        for turn in 0..<turns {
            let seat = turn.isMultiple(of: 2) ? first : 1 - first
            var next: [Int]?
            switch manners[seat] {
            case .believing:
                if let last = proposals.last { beliefs[seat].hear(last, refusing: proposals.dropLast().last) }
                if let last = proposals.last, beliefs[seat].accepts(last) { return agreed(last, proposals) }
                next = beliefs[seat].proposal()
            case .plain:
                next = demand(of: seat, turn: turn, seed: seed.child("demand", turn))
                if let last = proposals.last, let next, split.worth(last, to: seat) >= split.worth(next, to: seat) { return agreed(last, proposals) }
            }
            guard let next else { break }
            // Who proposes what the other has just proposed agrees to it.
            if next == proposals.last { return agreed(next, proposals) }
            proposals.append(next)
        }
        return Outcome(deal: nil, proposals: proposals, rewards: [0, 0])
    }

    private func agreed(_ deal: [Int], _ proposals: [[Int]]) -> Outcome {
        Outcome(deal: deal, proposals: proposals, rewards: (0...1).map { split.worth(deal, to: $0) })
    }

    /// What a plain negotiator asks for: the least that is worth its aspiration, which falls evenly from all to half; one of the deals of that worth.
    private func demand(of seat: Int, turn: Int, seed: Seed) -> [Int]? {
        let aspiration = Double(ItemSplit.total) * (1 - 0.5 * Double(turn) / Double(max(1, turns - 1)))
        let good = split.deals.filter { Double(split.worth($0, to: seat)) >= aspiration }
        guard let least = good.map({ split.worth($0, to: seat) }).min() else { return nil }
        var generator = seed.generator
        return generator.element(of: good.filter { split.worth($0, to: seat) == least })
    }
}
