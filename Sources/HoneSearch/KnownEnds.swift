import HoneCore

/// The world's return where a play is over, another valuation before that: a learned value inside a verifier's search.
///
/// Source: the searches of Silver et al. 2017 and Wang et al. 2024, “CPL”, which back up rewards at ends and a value network's word elsewhere.
public struct KnownEnds: Valuation {
    public static let card = PartCard(
        name: "known-ends", summary: "the world's return where a play is over, another valuation before", source: "Silver et al. 2017; Wang et al. 2024 (CPL)")

    /// What positions are worth that are not over.
    public var before: any Valuation

    /// The valuation.
    public init(before: any Valuation) { self.before = before }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        let ends = positions.indices.filter { positions[$0].isOver }
        let others = positions.indices.filter { !positions[$0].isOver }
        func pick<T>(_ all: [T], _ places: [Int]) -> [T] { places.map { all[$0] } }
        let returned = try await PlayedOut(plays: 0).values(
            of: pick(positions, ends), for: role, as: player, cast: cast, judge: judge, scopes: pick(scopes, ends))
        let guessed = try await before.values(
            of: pick(positions, others), for: role, as: player, cast: cast, judge: judge, scopes: pick(scopes, others))
        guard returned.count == ends.count, guessed.count == others.count else {
            throw CoreError.invalid("A valuation gave \(guessed.count) values for \(others.count) positions")
        }
        let found = Dictionary(uniqueKeysWithValues: zip(ends + others, returned + guessed))
        return positions.indices.compactMap { found[$0] }
    }
}
