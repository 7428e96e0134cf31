extension ChessPosition {
    /// A legal move in standard algebraic notation: `e4`, `Nbd7`, `exd6`, `O-O`, `e8=Q+`, `Qh5#` (FIDE Handbook, appendix C; castling
    /// with the letter O as in PGN).
    public func san(_ move: ChessMove) -> String { san(move, among: legalMoves) }

    /// The same, where the legal moves are known already.
    func san(_ move: ChessMove, among legal: [ChessMove]) -> String {
        let kind = kind(UInt64(1) << UInt64(move.from))
        var text = ""
        if kind == .king, abs(move.to - move.from) == 2 {
            text = move.to > move.from ? "O-O" : "O-O-O"
        } else {
            let isCapture = occupied >> UInt64(move.to) & 1 == 1 || (kind == .pawn && move.to == Int(enPassant))
            let from = ChessSquare.name(move.from)
            if kind == .pawn {
                if isCapture { text += from.prefix(1) }
            } else {
                text += kind.letter + distinction(move, kind, among: legal)
            }
            text += (isCapture ? "x" : "") + ChessSquare.name(move.to)
            if let promotion = move.promotion { text += "=" + promotion.letter }
        }
        var next = self
        next.play(move)
        if next.isCheck { text += next.hasLegalMove ? "+" : "#" }
        return text
    }

    /// What tells a move from those of other pieces of its kind to the same square: file, else rank, else both.
    private func distinction(_ move: ChessMove, _ kind: ChessPiece, among legal: [ChessMove]) -> String {
        let rivals = legal.filter { $0.to == move.to && $0.from != move.from && self.kind(UInt64(1) << UInt64($0.from)) == kind }
        guard !rivals.isEmpty else { return "" }
        let name = ChessSquare.name(move.from)
        if rivals.allSatisfy({ $0.from & 7 != move.from & 7 }) { return String(name.prefix(1)) }
        return rivals.allSatisfy { $0.from >> 3 != move.from >> 3 } ? String(name.suffix(1)) : name
    }
}
