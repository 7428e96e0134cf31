import HoneCore
import HoneGames
import HoneSearch

/// Writes what a model is taught of a game: pages of positions, and searches written out, all with values from a short search of the rules.
///
/// Positions are those of random play that does not end, of any length alike. Values are means of a Monte Carlo tree search with `labels` simulations and
/// random plays, so they are rough on purpose; the exact solver has no part in lessons. No lesson holds the page of a board that is kept for measuring.
struct BoardLessons<Rules: SquareGame>: Sendable {
    /// The game.
    let game: Rules
    /// How pages are written.
    let text: BoardText
    /// Simulations behind each page's values.
    let labels: Int
    /// The share of boards that are kept for measuring.
    let keptShare: Double

    /// Of four pages one is of a board that is shown, the others of boards after a move.
    private static var shownShare: Double { 0.25 }

    /// Whether a board is kept for measuring, by a hash of what it looks like.
    func isKept(_ state: Rules.State) -> Bool {
        var generator = Seed(0x426F6172).child(game.board(of: state)).generator
        return generator.unit() < keptShare
    }

    /// A position of random play in which somebody moves: so many moves that do not end the game, where there are such, all numbers alike.
    ///
    /// Plays with moves that end it would mostly stop after a few plies.
    func position(using generator: inout SeededGenerator) -> Rules.State {
        var state = game.start
        for _ in 0..<generator.integer(in: 0...game.facts.longest - 1) {
            let going = game.actions(in: state).map { game.applying($0, to: state) }.filter { !game.isOver($0) }
            guard let next = generator.element(of: going) else { break }
            state = next
        }
        return state
    }

    /// The page of a position, by a search.
    func page(of state: Rules.State, seed: Seed) throws -> BoardText.Page {
        var page = BoardText.Page(board: BoardText.word(ofBoard: game.board(of: state)))
        guard !game.isOver(state) else {
            page.isWon = game.hasWinner(state)
            return page
        }
        var settings = GameSearchSettings()
        settings.simulations = labels
        let found = try MonteCarloTreeSearch(game, settings: settings).search(from: state, seed: seed).candidates
        page.moves = found.map {
            BoardText.Page.Listed(move: game.text(of: $0.action, in: state), bucket: text.buckets.bucket(of: ($0.value + 1) / 2))
        }
        // The worthiest as it is written, of equals the most looked at, of these the first.
        let best = found.indices.max { (page.moves[$0].bucket, found[$0].visits, -$0) < (page.moves[$1].bucket, found[$1].visits, -$1) }
        page.best = best.map { page.moves[$0].move }
        return page
    }

    /// So many lessons of pages and of searches of at most this budget. Pages and searches come mixed.
    func problems(pages: Int, searches: Int, within budget: LookaheadText.Budget, seed: Seed) throws -> [Problem] {
        var lessons: [Problem] = []
        for number in 0..<pages {
            let (question, answer) = try pageLesson(seed.child("page", number))
            lessons.append(try WrittenTurns.lesson(number, question, answer))
        }
        for number in 0..<searches {
            let (question, answer) = try searchLesson(within: budget, seed.child("search", number))
            lessons.append(try WrittenTurns.lesson(pages + number, question, answer))
        }
        var generator = seed.child("order").generator
        return generator.shuffled(lessons)
    }

    /// The most times a lesson is drawn again because its board is kept.
    private static var tries: Int { 1000 }

    private func pageLesson(_ seed: Seed) throws -> (question: String, answer: String) {
        var generator = seed.generator
        let isShown = generator.chance(Self.shownShare)
        for number in 0..<Self.tries {
            let state = position(using: &generator)
            let board = BoardText.word(ofBoard: game.board(of: state))
            if isShown {
                guard !isKept(state) else { continue }
                return (text.question(board), text.answer(try page(of: state, seed: seed.child("page", number)), isAfterMove: false))
            }
            guard let action = generator.element(of: game.actions(in: state)) else { continue }
            let next = game.applying(action, to: state)
            guard !isKept(next) else { continue }
            let answer = text.answer(try page(of: next, seed: seed.child("page", number)), isAfterMove: true)
            return (text.question(board, after: game.text(of: action, in: state)), answer)
        }
        throw tooFew
    }

    private func searchLesson(within budget: LookaheadText.Budget, _ seed: Seed) throws -> (question: String, answer: String) {
        var generator = seed.generator
        let own = LookaheadText.Budget(depth: generator.integer(in: 1...budget.depth), breadth: generator.integer(in: 1...budget.breadth))
        let lookahead = LookaheadText(text: text)
        for number in 0..<Self.tries {
            let state = position(using: &generator)
            guard !isKept(state) else { continue }
            var (reached, opened, holdsKept) = ([BoardText.word(ofBoard: game.board(of: state)): state], 0, false)
            let first = try page(of: state, seed: seed.child("search", number))
            let answer = try lookahead.answer(from: first, own) { board, move in
                guard let before = reached[board], let action = game.action(for: move, by: game.turn(in: before).mover, in: before) else {
                    throw CoreError.invalid("A search of “\(Rules.card.name)” went to a board that was not reached: “\(board)” by “\(move)”")
                }
                let next = game.applying(action, to: before)
                holdsKept = holdsKept || isKept(next)
                opened += 1
                let page = try page(of: next, seed: seed.child("search", number).child("opened", opened))
                reached[page.board] = next
                return page
            }
            if !holdsKept { return (lookahead.question(first.board, own), answer) }
        }
        throw tooFew
    }

    private var tooFew: CoreError {
        CoreError.invalid("After \(Self.tries) tries there was no board to teach, as too many are kept for measuring; lower task.heldOutShare")
    }
}
