import HoneCore

/// What ends are worth to which another player of the cast plays on, in the mean: rollouts by a small, fast policy.
///
/// Positions where all is over are valued as they are. What is said ahead is not kept in the tree.
///
/// Source: Silver et al. 2016 (rollouts by a fast policy); Tian et al. 2024, “Toward Self-Improvement of LLMs via Imagination, Searching, and
/// Criticizing”, section 4.3 (fast rollout with a specialised small model), whose ends an outcome reward model values.
public struct FastRollouts: Valuation {
    public static let card = PartCard(
        name: "fast-rollouts", summary: "the mean worth of ends to which another player of the cast plays on", source: "Silver et al. 2016; Tian et al. 2024, section 4.3")

    /// Rollouts from each position.
    public var rollouts: Int
    /// The seat of the cast whose player plays on.
    public var seat: Role
    /// What ends are worth.
    public var valuation: any Valuation

    /// The valuation.
    public init(rollouts: Int = 4, by seat: Role, valuation: any Valuation) {
        self.rollouts = rollouts
        self.seat = seat
        self.valuation = valuation
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        guard rollouts >= 1 else { throw CoreError.invalid("A position is played on \(rollouts) times; expected 1 or more") }
        let fast = try cast.bare(seat)
        let reached = try await positions.concurrently { index, position in
            guard !position.isOver else { return [position] }
            return try await (0..<rollouts).concurrently { _, number in
                let line = try await Rollout.line(from: position, for: role, as: fast, cast: cast, in: scopes[index].child("rollout", number))
                return line.last?.position ?? position
            }
        }
        let asked = reached.enumerated().flatMap { index, ends in ends.indices.map { scopes[index].child("end", $0) } }
        let found = try await valuation.values(of: reached.flatMap { $0 }, for: role, as: player, cast: cast, judge: judge, scopes: asked)
        var next = 0
        return reached.map { ends in
            defer { next += ends.count }
            return Valued(found[next..<next + ends.count].reduce(0) { $0 + $1.value } / Double(ends.count))
        }
    }
}
