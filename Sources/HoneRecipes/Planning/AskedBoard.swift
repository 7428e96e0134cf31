import HoneCore
import HoneGames
import HoneSearch

/// Asks a model for the page of a board: one answer gives the board after a move, the moves there, what each is worth, and the best.
///
/// With `signs` a value is the mean over the model's distribution of its letter, by one more reading of what it said; else it is what the letter says.
struct AskedBoard: Imagination {
    static let card = PartCard(
        name: "asked-board", summary: "a model's page of a board: next state, moves, values and best move in one answer",
        source: "Schultz et al. 2024, multi-action-value model")

    /// How pages are written.
    let text: BoardText
    /// The tokens of the letters, from the lowest value to the highest, where each sign of a text is one token; nil takes letters as they are written.
    let signs: [TokenID]?

    func position(of view: View) throws -> String {
        guard let known = view.informationState, let seat = known.firstIndex(of: "|") else {
            throw CoreError.unsupported("Only boards of games that everybody sees can be written; “\(view.role)” is shown none")
        }
        return BoardText.word(ofBoard: String(known[known.index(after: seat)...]))
    }

    func page(after move: String?, at position: String, as player: Player, in scope: Scope) async throws -> ImaginedPage? {
        let view = View(role: .solver, transcript: [.text(text.question(position, after: move), from: .prompt)])
        let said = try await scope.services.policy(player.policy).move(on: view, as: player, in: scope)
        guard let page = text.page(in: said.text, board: position, after: move) else { return nil }
        let means = try await means(of: page, in: said, as: player, in: scope)
        return ImaginedPage(
            position: page.board,
            moves: page.moves.enumerated().map { place, listed in ImaginedPage.Listed(listed.move, value: means?[place] ?? text.buckets.middle(of: listed.bucket)) },
            best: page.best, ended: page.isWon.map { $0 ? 1 : 0.5 })
    }

    /// The means over the distributions of the letters of a page's values; nil where letters are taken as they are.
    private func means(of page: BoardText.Page, in said: Move, as player: Player, in scope: Scope) async throws -> [Double]? {
        guard let signs, !page.moves.isEmpty else { return nil }
        guard let context = said.context, let before = context.tokens, let own = said.segments.tokens, own.count >= said.text.unicodeScalars.count,
            !before.isEmpty
        else {
            throw CoreError.unsupported(
                "Model “\(player.model)” does not tell one token for each sign, so letters have no known distributions; set planning.decoding to written")
        }
        let scores = try await scope.score(player.model, [context + said.segments], .allLogProbs)
        guard let score = scores.first, score.shape.count == 2, score.shape[0] == before.count + own.count - 1, let width = score.shape.last else {
            throw CoreError.invalid("Model “\(player.model)” gave no distributions of the tokens it said")
        }
        return page.places.map { place in
            // Row t − 1 is about token t.
            let row = (before.count + place - 1) * width
            return text.buckets.mean(ofLogProbs: signs.map { Double(score.values[row + Int($0)]) }) ?? 0.5
        }
    }
}

/// The same values on true boards: the rules say what follows and which moves there are. For finding out what errors of the model's boards cost.
struct RefereedBoard<Rules: SquareGame>: Imagination {
    static var card: PartCard {
        PartCard(
            name: "refereed-board", summary: "a model's values of moves on boards that the rules give", source: "no paper; a check of what an imagined board costs")
    }

    /// The rules.
    let game: Rules
    /// Who says what moves are worth.
    let asked: AskedBoard

    func position(of view: View) throws -> String { try asked.position(of: view) }

    func page(after move: String?, at position: String, as player: Player, in scope: Scope) async throws -> ImaginedPage? {
        guard var state = game.state(ofSquares: BoardText.squares(ofBoard: position)) else {
            throw CoreError.invalid("“\(position)” is no board of “\(Rules.card.name)”")
        }
        if let move {
            guard let action = game.action(for: move, by: game.turn(in: state).mover, in: state) else { return nil }
            game.apply(action, to: &state)
        }
        let board = BoardText.word(ofBoard: game.board(of: state))
        guard !game.isOver(state) else { return ImaginedPage(position: board, moves: [], ended: game.hasWinner(state) ? 1 : 0.5) }
        let page = try await asked.page(after: move, at: position, as: player, in: scope)
        let values = Dictionary((page?.moves ?? []).map { ($0.move, $0.value) }) { first, _ in first }
        let moves = game.actions(in: state).map { game.text(of: $0, in: state) }
        return ImaginedPage(position: board, moves: moves.map { ImaginedPage.Listed($0, value: values[$0] ?? 0.5) }, best: page?.best)
    }
}

extension SquareGame {
    /// Whether somebody has won a position in which all is over.
    func hasWinner(_ state: State) -> Bool { returns(of: state).contains { $0 > 0 } }
}
