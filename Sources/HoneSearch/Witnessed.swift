import HoneCore

/// Another valuation, with a note at finished plays of what the world returned: for learning from a tree afterwards.
///
/// The search goes by the inner valuation alone and does not see the note, a verdict of kind `worldReturn` on the role. Each look at a return is charged
/// as a judge's call.
public struct Witnessed: Valuation {
    public static let card = PartCard(
        name: "witnessed", summary: "another valuation, with the world's returns noted at finished plays", source: "Zhang et al. 2024, “ReST-MCTS*”, section 3.3")

    /// What the search goes by.
    public var valuation: any Valuation

    /// The valuation.
    public init(_ valuation: any Valuation) { self.valuation = valuation }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        let found = try await valuation.values(of: positions, for: role, as: player, cast: cast, judge: judge, scopes: scopes)
        return positions.indices.map { index in
            var valued = found[index]
            guard positions[index].isOver else { return valued }
            var cost = Cost()
            cost.judgeCalls = 1
            scopes[index].services.charge(cost)
            let reached = positions[index].world.returns(of: positions[index].state)[role] ?? 0
            valued.verdicts.append(Verdict(on: .role(0, role), kind: .worldReturn, value: reached))
            return valued
        }
    }
}
