import HoneCore

/// What a position is worth some steps later: the player goes on greedily from it, and another valuation says what is worth there.
///
/// Fewer steps are made where all is over before; what is over already is valued as it is. What is said ahead is not kept in the tree.
///
/// Source: Snell et al. 2024, “Scaling LLM Test-Time Compute Optimally”, section 5.2 (lookahead search): k steps at temperature 0, then the
/// verifier; with k = 0 it is the valuation itself.
public struct LookAhead: Valuation {
    public static let card = PartCard(
        name: "look-ahead", summary: "what another valuation says after some greedy steps from a position", source: "Snell et al. 2024, section 5.2")

    /// How many steps.
    public var steps: Int
    /// What positions there are worth.
    public var valuation: any Valuation

    /// The valuation.
    public init(steps: Int, valuation: any Valuation) {
        self.steps = steps
        self.valuation = valuation
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        guard steps >= 0 else { throw CoreError.invalid("A search looks \(steps) steps ahead; expected 0 or more") }
        var greedy = player
        greedy.sampling = player.sampling.greedy
        let ahead = greedy
        let reached = try await positions.concurrently { index, position in
            let line = try await Rollout.line(from: position, for: role, as: ahead, cast: cast, limit: steps, in: scopes[index].child("ahead"))
            return line.last?.position ?? position
        }
        return try await valuation.values(of: reached, for: role, as: player, cast: cast, judge: judge, scopes: scopes)
    }
}

/// The sum of what two valuations say: (1 − share) of the first and `share` of the second, with the verdicts of both.
///
/// Both should count on the same scale. A generative judge's words stay beside its number in the tree.
///
/// Source: Antoniades et al. 2024, “SWE-Search”, whose value function gives a number and its reasons. Departures: two judges with weights instead of
/// one that gives both, and the words are kept for reading, not shown to the player where it goes on.
public struct HybridValue: Valuation {
    public static let card = PartCard(
        name: "hybrid", summary: "a weighted sum of two valuations, such as a trained head's and a generative judge's", source: "Antoniades et al. 2024 (SWE-Search)")

    /// The first.
    public var first: any Valuation
    /// The second.
    public var second: any Valuation
    /// The second's share, from 0 to 1.
    public var share: Double

    /// The valuation.
    public init(_ first: any Valuation, _ second: any Valuation, share: Double = 0.5) {
        self.first = first
        self.second = second
        self.share = share
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        guard (0...1).contains(share) else { throw CoreError.invalid("The second valuation's share is \(share); expected a number from 0 to 1") }
        return try await WeightedValue([.init(1 - share, first), .init(share, second)])
            .values(of: positions, for: role, as: player, cast: cast, judge: judge, scopes: scopes)
    }
}

/// The sum of what several valuations say, each with its weight, with the verdicts of all; finished plays may be valued by one of their own.
///
/// All should count on one scale. A valuation with weight 0 is not asked.
///
/// Source: Tian et al. 2024, “Toward Self-Improvement of LLMs via Imagination, Searching, and Criticizing”, section 4.4: value, fast rollouts to an
/// outcome reward, and process reward in one sum; finished plays by the outcome reward alone.
public struct WeightedValue: Valuation {
    public static let card = PartCard(
        name: "weighted-sum", summary: "a weighted sum of valuations, and one for finished plays", source: "Tian et al. 2024, section 4.4")

    /// A valuation with its weight.
    public struct Term: Sendable {
        /// What it is multiplied with.
        public var weight: Double
        /// The valuation.
        public var valuation: any Valuation

        /// A term.
        public init(_ weight: Double, _ valuation: any Valuation) {
            self.weight = weight
            self.valuation = valuation
        }
    }

    /// The terms.
    public var terms: [Term]
    /// What finished plays are worth; nil values them as all others.
    public var ends: (any Valuation)?

    /// The valuation.
    public init(_ terms: [Term], ends: (any Valuation)? = nil) {
        self.terms = terms
        self.ends = ends
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        let asked = terms.filter { $0.weight != 0 }
        let over = positions.indices.filter { ends != nil && positions[$0].isOver }
        let open = positions.indices.filter { ends == nil || !positions[$0].isOver }
        @Sendable func values(of places: [Int], by valuation: any Valuation, _ number: Int) async throws -> [Valued] {
            guard !places.isEmpty else { return [] }
            return try await valuation.values(
                of: places.map { positions[$0] }, for: role, as: player, cast: cast, judge: judge, scopes: places.map { scopes[$0].child("term", number) })
        }
        let parts = try await asked.concurrently { number, term in try await values(of: open, by: term.valuation, number) }
        var found = [Valued](repeating: Valued(0), count: positions.count)
        for (term, part) in zip(asked, parts) {
            for (place, valued) in zip(open, part) {
                found[place].value += term.weight * valued.value
                found[place].verdicts += valued.verdicts
            }
        }
        if let ends { for (place, valued) in zip(over, try await values(of: over, by: ends, asked.count)) { found[place] = valued } }
        return found
    }
}
