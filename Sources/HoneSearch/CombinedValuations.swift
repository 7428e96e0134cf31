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

/// The weighted sum of what two valuations say: (1 − share) of the first and `share` of the second, with the verdicts of both.
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
        async let one = first.values(of: positions, for: role, as: player, cast: cast, judge: judge, scopes: scopes.map { $0.child("first") })
        async let other = second.values(of: positions, for: role, as: player, cast: cast, judge: judge, scopes: scopes.map { $0.child("second") })
        return zip(try await one, try await other).map { Valued((1 - share) * $0.value + share * $1.value, verdicts: $0.verdicts + $1.verdicts) }
    }
}
