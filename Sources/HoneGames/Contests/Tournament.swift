import HoneCore
import HoneNumerics

/// Everyone against everyone, on every seat in turn.
///
/// In play k of a pair one of both sits alone on seat k mod S, the other on all other seats; with more than two seats they swap sides after S
/// plays. Where returns have no fixed sum, everyone also plays with itself, so that play with strangers can be told from play with oneself.
public struct Tournament<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// The names of those who take part, in the order of age where they are snapshots.
    public let names: [String]
    /// Those who take part.
    public let contenders: [any Contender<Rules>]
    /// Plays of each pair.
    public let plays: Int

    /// A tournament; throws for fewer than two names, one that comes twice, or no plays.
    public init(_ game: Rules, _ entrants: [(name: String, contender: any Contender<Rules>)], plays: Int) throws {
        let names = entrants.map(\.name)
        guard names.count >= 2 else { throw CoreError.invalid("A tournament needs two players or more; found \(names.count)") }
        guard game.facts.seats >= 2 else { throw CoreError.unsupported("“\(Rules.card.name)” has one seat only, so nobody can meet there") }
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw CoreError.invalid("“\(twice)” takes part twice; give each player once")
        }
        guard plays >= 1 else { throw CoreError.invalid("A pair has \(plays) plays; expected 1 or more") }
        self.game = game
        self.names = names
        contenders = entrants.map(\.contender)
        self.plays = plays
    }

    /// One play: who sits where, by their place in `names`.
    private struct Fixture {
        let first: Int
        let second: Int
        let seats: [Int]
        let seed: Seed
    }

    /// How many plays there are.
    public var total: Int { fixtures(Seed(0)).count }

    /// All plays, round after round, so that nobody's games lie all at the end.
    private func fixtures(_ seed: Seed) -> [Fixture] {
        let seats = game.facts.seats
        var all: [Fixture] = []
        for play in 0..<plays {
            for first in names.indices {
                for second in names.indices where second > first || second == first && game.facts.sum == nil {
                    let swaps = seats > 2 && (play / seats) % 2 == 1
                    let (alone, others) = swaps ? (second, first) : (first, second)
                    let own = seed.child(names[first]).child(names[second]).child("play", play)
                    all.append(Fixture(first: first, second: second, seats: (0..<seats).map { $0 == play % seats ? alone : others }, seed: own))
                }
            }
        }
        return all
    }

    /// Plays all, `width` at a time, and counts; the result does not depend on `width`.
    public func play(seed: Seed, width: Int = 64, progress: @Sendable (Int) -> Void = { _ in }) async throws -> TournamentResult {
        let fixtures = fixtures(seed)
        var results = [ContestResult?](repeating: nil, count: fixtures.count)
        try await withThrowingTaskGroup(of: (Int, ContestResult?).self) { group in
            var next = 0
            func start() throws {
                guard next < fixtures.count else { return }
                let (index, fixture) = (next, fixtures[next])
                next += 1
                let contest = try Contest(game, seats: fixture.seats.map { contenders[$0] })
                group.addTask { (index, try await contest.play(seed: fixture.seed)) }
            }
            for _ in 0..<max(1, width) { try start() }
            var done = 0
            while let (index, result) = try await group.next() {
                results[index] = result
                done += 1
                progress(done)
                try start()
            }
        }
        let range = game.facts.range
        var counted = TournamentResult(
            game: Rules.card.name, players: names, hasFixedSum: game.facts.sum != nil, span: range.upperBound - range.lowerBound)
        for (fixture, result) in zip(fixtures, results) {
            guard let result else { throw CoreError.invalid("A player left the table of “\(Rules.card.name)” before the end of a play") }
            counted.add(result, first: fixture.first, second: fixture.second, seats: fixture.seats)
        }
        return counted
    }
}
