import HoneCore
import HoneEvaluation
import HoneGames
import HoneSearch

/// How good decisions are at positions that are kept for measuring, by the exact solver, and what the model knows of the rules.
///
/// Positions are those in which no move wins at once, some move is best and some is not.
///
/// | measure | of |
/// |---|---|
/// | `optimal moves` | decisions that keep the exact value |
/// | `regret` | the exact value of the position less that of the move, in points (a win is 1, a draw ½); no or an illegal move counts as a loss |
/// | `no move` | decisions that are no allowed move |
/// | `model calls`, `tokens` | what a decision costs: answers drawn; tokens read, drawn and scored |
/// | `state tracking` | boards after an allowed move that the model writes exactly, and says rightly whether all is over there |
/// | `legality` | moves listed there that are allowed |
/// | `moves missed` | allowed moves there that are not listed |
/// | `points against plain` | points of games against decisions by the first page alone, from openings of random moves with seats exchanged |
struct PlanningTrial<Rules: SquareGame>: Measure {
    static var card: PartCard {
        PartCard(
            name: "planning-trial", summary: "optimal moves, regret, legality, state tracking and calls of a model that plans",
            source: "Schultz et al. 2024; exact values by minimax")
    }

    /// The game, and which of its boards are kept.
    let lessons: BoardLessons<Rules>
    /// How many positions.
    let count: Int
    /// How many games; 0 plays none.
    let games: Int
    /// How moves are decided on, and how plain decisions are made.
    let (search, plain): (SearchName, SearchName)
    /// Who is asked.
    let player: Player
    /// How it is asked for pages.
    let board: AskedBoard

    /// The random moves before a game.
    private static var openingPlies: Int { 2 }
    /// Draws of positions for each that is wanted.
    private static var tries: Int { 1000 }

    private var game: Rules { lessons.game }

    /// A position with what its moves are worth to whoever moves, from −1 to 1.
    struct Item: Sendable {
        var state: Rules.State
        var board: String
        var values: [(move: String, value: Double)]
        var best: Double { values.map(\.value).max() ?? 0 }
    }

    /// What was seen at a position.
    private struct Seen: Sendable {
        var move: String
        var cost: Cost
        var tracksState: Bool
        var (listed, allowed, both): (Int, Int, Int)
    }

    /// The positions, the same for all seeds; fewer where the game has not so many.
    func items() throws -> [Item] {
        var solver = try Minimax(game)
        var generator = Seed(0).child("kept positions").generator
        var (items, known): ([Item], Set<String>) = ([], [])
        for _ in 0..<count * Self.tries where items.count < count {
            let state = lessons.position(using: &generator)
            guard lessons.isKept(state), let seat = game.turn(in: state).mover, known.insert(BoardText.word(ofBoard: game.board(of: state))).inserted else { continue }
            let actions = game.actions(in: state)
            if actions.contains(where: { game.hasWinner(game.applying($0, to: state)) }) { continue }
            let values = try actions.map { action in
                let value = try solver.value(of: game.applying(action, to: state))
                return (move: game.text(of: action, in: state), value: seat == 0 ? value : -value)
            }
            let item = Item(state: state, board: BoardText.word(ofBoard: game.board(of: state)), values: values)
            if values.contains(where: { $0.value < item.best }) { items.append(item) }
        }
        return items
    }

    func measure(in scope: Scope) async throws -> Findings {
        let items = try items()
        guard !items.isEmpty else { throw CoreError.invalid("No position of “\(Rules.card.name)” is kept for measuring; raise task.heldOutShare") }
        let seen = try await items.concurrently { index, item in try await look(at: item, in: scope.child("position", index)) }
        var found = Findings()
        func add(_ name: String, _ unit: String, _ value: (Item, Seen) -> Double) {
            found.add(name, unit: unit, zip(items, seen).map { ($0.board, [value($0, $1)]) })
        }
        func worth(_ item: Item, _ move: String) -> Double? { item.values.first { $0.move == move }?.value }
        add("optimal moves", "share") { worth($0, $1.move) == $0.best ? 1 : 0 }
        add("regret", "points") { ($0.best - (worth($0, $1.move) ?? -1)) / 2 }
        add("no move", "share") { worth($0, $1.move) == nil ? 1 : 0 }
        add("model calls", "calls") { Double($1.cost.calls) }
        add("tokens", "tokens") { Double($1.cost.tokens) }
        add("state tracking", "share") { $1.tracksState ? 1 : 0 }
        found.addRatio("legality", unit: "share", zip(items, seen).map { ($0.board, numerator: Double($1.both), denominator: Double($1.listed)) })
        found.addRatio("moves missed", unit: "share", zip(items, seen).map { ($0.board, numerator: Double($1.allowed - $1.both), denominator: Double($1.allowed)) })
        if games > 0 { found.add("points against plain", unit: "share", try await points(in: scope.child("games"))) }
        return found
    }

    private func look(at item: Item, in scope: Scope) async throws -> Seen {
        let counted = CountedServices(scope.services)
        let move = try await decision(at: item.state, by: search, in: Scope(services: counted, seed: scope.seed, path: scope.path))
        var seen = Seen(move: move, cost: counted.cost, tracksState: false, listed: 0, allowed: 0, both: 0)
        var generator = scope.child("tracked").seed.generator
        guard let action = generator.element(of: game.actions(in: item.state)) else { return seen }
        let next = game.applying(action, to: item.state)
        let allowed = game.actions(in: next).map { game.text(of: $0, in: next) }
        seen.allowed = allowed.count
        // Letters as they are written: values play no part here.
        let page = try await AskedBoard(text: board.text, signs: nil).page(
            after: game.text(of: action, in: item.state), at: item.board, as: player, in: scope.child("tracked"))
        guard let page else { return seen }
        let end: Double? = game.isOver(next) ? (game.hasWinner(next) ? 1 : 0.5) : nil
        seen.tracksState = page.position == BoardText.word(ofBoard: game.board(of: next)) && page.ended == end
        seen.listed = page.moves.count
        seen.both = page.moves.count { allowed.contains($0.move) }
        return seen
    }

    /// The text of the move that is decided on.
    private func decision(at state: Rules.State, by search: SearchName, in scope: Scope) async throws -> String {
        guard let seat = game.turn(in: state).mover else { throw CoreError.invalid("Nobody moves in a position of “\(Rules.card.name)” that is to be decided on") }
        let world = GameWorld(game)
        var reached = world.start(world.problem(0))
        reached.position = state
        let role = Role.player(seat)
        let tree = try await scope.services.search(search).search(
            Position(world: world, state: reached), for: role, cast: [role: player], judge: nil, in: scope)
        return tree.path(to: tree.chosen).first.map { tree.nodes[$0].move.text } ?? ""
    }

    private func points(in scope: Scope) async throws -> [(problem: String, values: [Double])] {
        try await (0..<games).concurrently { _, number in
            var generator = Seed(0).child("opening", number / 2).generator
            var state = game.start
            for _ in 0..<Self.openingPlies {
                guard let action = generator.element(of: game.actions(in: state)) else { break }
                game.apply(action, to: &state)
            }
            let own = number % 2
            var ply = 0
            while let seat = game.turn(in: state).mover {
                let text = try await decision(at: state, by: seat == own ? search : plain, in: scope.child("game", number).child("ply", ply))
                ply += 1
                guard let action = game.action(for: text, by: seat, in: state) else { return ("game \(number)", [seat == own ? 0 : 1]) }
                game.apply(action, to: &state)
            }
            return ("game \(number)", [(game.returns(of: state)[own] + 1) / 2])
        }
    }
}
