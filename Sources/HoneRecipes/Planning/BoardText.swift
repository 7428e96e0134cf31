import HoneSearch

/// How boards, moves and their values are written for a small model, and read again.
///
/// A board is its squares, row by row from the top left, and who moves: `....................x`. Asked `<board>=` the model writes the page of that board, asked
/// `<board><move>=` the board after the move and its page:
///
///     ....................x3=     ..x.................o 1h 2k 3c 4h 5h;2
///
/// A page lists every move with the letter of what it is worth to its maker, and the best one behind a semicolon; it is `!` where whoever has just moved has
/// won, and `-` where the game is drawn.
struct BoardText: Hashable, Sendable {
    /// The letters of values.
    let buckets: ValueBuckets

    /// A page in letters.
    struct Page: Hashable, Sendable {
        /// A move with the bucket of what it is worth to its maker.
        struct Listed: Hashable, Sendable {
            var move: String
            var bucket: Int
        }

        /// The board.
        var board: String
        /// The moves, in the game's order.
        var moves: [Listed] = []
        /// The best move; nil where all is over.
        var best: String?
        /// Whether whoever has just moved has won (true), or the game is drawn (false); nil while it goes on.
        var isWon: Bool?
        /// Where the letters of the moves' values stand in the text that was read, counted in signs.
        var places: [Int] = []
    }

    /// A game's board, as `board(of:)` draws it, as one word.
    static func word(ofBoard drawn: String) -> String {
        let lines = drawn.split(separator: "\n")
        return lines.dropLast().joined() + String((lines.last ?? "").prefix(1))
    }

    /// The signs of the squares of a board's word.
    static func squares(ofBoard word: String) -> [Character] { Array(word.dropLast()) }

    /// The question for a board's page, or for that of the board after a move.
    func question(_ board: String, after move: String? = nil) -> String { board + (move ?? "") + "=" }

    /// The moves of a page with their values, or how it ended.
    func list(_ page: Page) -> String {
        if let isWon = page.isWon { return isWon ? "!" : "-" }
        return page.moves.map { " \($0.move)\(buckets.letter(of: $0.bucket))" }.joined()
    }

    /// The answer to the question for a page: with the board where a move was made.
    func answer(_ page: Page, isAfterMove: Bool) -> String {
        (isAfterMove ? page.board : "") + list(page) + (page.best.map { ";" + $0 } ?? "")
    }

    /// The page an answer writes; nil where it cannot be read, where the board cannot follow from the one before by one piece of who moved there, where a move is
    /// listed twice, or where the best one is not listed. Only texts are looked at: whether moves are allowed is not known here.
    func page(in answer: String, board: String, after move: String?) -> Page? {
        let signs = Array(answer.prefix { $0 != "\n" })
        var page = Page(board: board)
        var start = 0
        if move != nil {
            start = board.count
            guard signs.count > start else { return nil }
            page.board = String(signs[..<start])
            guard Self.isNext(page.board, after: board) else { return nil }
        }
        let body = signs[start...]
        if body == ["!"] || body == ["-"] {
            page.isWon = body == ["!"]
            return page
        }
        guard body.first == " ", let end = body.firstIndex(of: ";") else { return nil }
        var word: [Character] = []
        for (place, sign) in zip(start..., signs[start..<end] + [" "]) {
            guard sign == " " else {
                word.append(sign)
                continue
            }
            if place == start { continue }
            guard let letter = word.popLast(), let bucket = buckets.bucket(of: letter), !word.isEmpty else { return nil }
            let listed = String(word)
            guard !page.moves.contains(where: { $0.move == listed }) else { return nil }
            page.moves.append(Page.Listed(move: listed, bucket: bucket))
            page.places.append(place - 1)
            word = []
        }
        let best = String(signs[(end + 1)...])
        guard page.moves.contains(where: { $0.move == best }) else { return nil }
        page.best = best
        return page
    }

    /// Whether a board can follow another: one empty square has become a piece of who moves in the first, and the other moves.
    static func isNext(_ board: String, after other: String) -> Bool {
        let (before, now) = (Array(other), Array(board))
        guard before.count == now.count, before.count > 1, let mover = before.last, now.last == (mover == "x" ? "o" : "x") else { return false }
        let changed = before.indices.dropLast().filter { before[$0] != now[$0] }
        return changed.count == 1 && before[changed[0]] == "." && now[changed[0]] == mover
    }
}
