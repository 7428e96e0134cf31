import HoneCore

/// How a play between contenders ended.
public struct ContestResult: Hashable, Sendable {
    /// What each seat got.
    public let returns: [Double]
    /// The seat that ended the play by a move that is not allowed.
    public let breaker: Int?
    /// How many moves were made, chance's not counted.
    public let moves: Int

    /// An end.
    public init(returns: [Double], breaker: Int?, moves: Int) {
        self.returns = returns
        self.breaker = breaker
        self.moves = moves
    }
}

/// One game with a contender on each seat, each shown the game in its own words.
///
/// The outcome of an illegal move is that of `GameWorld`. Of those who move at once, all choose before anything is played.
public struct Contest<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// Who sits where.
    public let seats: [any Contender<Rules>]

    /// A table; throws unless there is one contender for each seat.
    public init(_ game: Rules, seats: [any Contender<Rules>]) throws {
        guard seats.count == game.facts.seats else {
            throw CoreError.invalid("“\(Rules.card.name)” has \(game.facts.seats) seats, but \(seats.count) contenders were given")
        }
        self.game = game
        self.seats = seats
    }

    /// Plays to the end; chance and contenders draw from the seed alone, so that plays can go on side by side. Nil when someone left.
    public func play(seed: Seed) async throws -> ContestResult? {
        let worlds = seats.map { GameWorld(game, settings: $0.words) }
        guard let table = worlds.first else { return nil }
        var state = table.start(table.problem(0))
        var transcripts = [Transcript](repeating: [], count: seats.count)
        var ply = 0
        var moved = 0
        while true {
            let own = seed.child("ply", ply)
            ply += 1
            switch table.turn(in: state) {
            case .over:
                let returns = GameWorld(game).returns(of: state)
                return ContestResult(returns: seats.indices.map { returns[.player($0)] ?? 0 }, breaker: state.breaker, moves: moved)
            case .chance:
                var generator = own.generator
                guard let drawn = game.drawChance(in: state.position, using: &generator) else {
                    throw CoreError.invalid("“\(Rules.card.name)” offered no outcome to chance")
                }
                game.apply(drawn, to: &state.position)
            case .moves(let roles):
                var moves: [Role: String] = [:]
                for role in roles {
                    guard let seat = table.seat(of: role) else { continue }
                    let observation = worlds[seat].observation(of: state, for: role)
                    if worlds[seat].settings.isLatestOnly { transcripts[seat] = [] }
                    transcripts[seat] += observation.news
                    let turn = ContestTurn(
                        game: game, position: state.position, seat: seat, legal: observation.legal ?? [], transcript: transcripts[seat],
                        seed: own.child(role.text))
                    guard let move = try await seats[seat].move(turn) else { return nil }
                    transcripts[seat].append(.text(move, from: .model(ModelRef(ModelName(role.text)), update: 0), author: role))
                    moves[role] = move
                    moved += 1
                }
                try table.take(moves, in: &state)
            }
        }
    }
}
