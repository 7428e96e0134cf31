import HoneSearch

/// A search written out as one text: a minimax tree of limited depth and breadth, from the first page to the choice.
///
/// Asked `<board>?23=` (depth 2, breadth 3) the model writes the page's moves with values; then for each of the three worthiest, the worthiest first, in
/// brackets the move, the board after it and the replies there, and behind the bracket what the move is worth in view of them; in the end the choice:
///
///     ....................x?22= 1h 2k 3c 4h 5h(2.x..................o 1g 2b 3c 4d 5c)j(1x...…)f;2
///
/// With a depth of 3 the worthiest replies are looked into in the same way before the bracket is closed. What a bracket is worth is 1 − the best reply: the best of
/// those that were looked into where some were, else of those listed. With a depth of 1 the choice is the worthiest move of the page.
struct LookaheadText {
    /// How pages are written.
    let text: BoardText

    /// How far a search looks.
    struct Budget: Hashable, Sendable {
        /// Plies, 1 to 9.
        var depth: Int
        /// Moves looked into in each position, 1 to 9.
        var breadth: Int
    }

    /// The question for a board's search.
    func question(_ board: String, _ budget: Budget) -> String { "\(board)?\(budget.depth)\(budget.breadth)=" }

    /// The answer that searches from a page; `opening` gives the page after a move at a board.
    func answer(from page: BoardText.Page, _ budget: Budget, opening: (_ board: String, _ move: String) throws -> BoardText.Page) rethrows -> String {
        let searched = try search(page, budget, opening)
        return searched.written + (searched.best.map { ";" + $0 } ?? "")
    }

    /// What is written below a page, the best move, and the bucket of its worth.
    private func search(
        _ page: BoardText.Page, _ budget: Budget, _ opening: (String, String) throws -> BoardText.Page
    ) rethrows -> (written: String, best: String?, bucket: Int) {
        var written = text.list(page)
        if let isWon = page.isWon { return (written, nil, isWon ? 0 : text.buckets.bucket(of: 0.5)) }
        // The worthiest first, of equals the one that is listed first.
        let ranked = page.moves.indices.sorted { (page.moves[$1].bucket, $0) < (page.moves[$0].bucket, $1) }.map { page.moves[$0] }
        guard budget.depth > 1 else { return (written, ranked.first?.move, ranked.first?.bucket ?? 0) }
        var best: (move: String, bucket: Int)?
        for listed in ranked.prefix(budget.breadth) {
            let next = try opening(page.board, listed.move)
            let below = try search(next, Budget(depth: budget.depth - 1, breadth: budget.breadth), opening)
            let bucket = text.buckets.mirrored(below.bucket)
            written += "(\(listed.move)\(next.board)\(below.written))\(text.buckets.letter(of: bucket))"
            if bucket > best?.bucket ?? -1 { best = (listed.move, bucket) }
        }
        return (written, best?.move, best?.bucket ?? 0)
    }

    /// The move a searched answer comes to, behind its last semicolon; nil where there is none.
    static func choice(in answer: String) -> String? {
        let line = answer.prefix { $0 != "\n" }
        guard let end = line.lastIndex(of: ";") else { return nil }
        let move = line[line.index(after: end)...]
        return move.isEmpty ? nil : String(move)
    }
}
