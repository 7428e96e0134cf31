extension ChessPosition {
    /// The legal moves, in a fixed order.
    public var legalMoves: [ChessMove] {
        var moves: [ChessMove] = []
        moves.reserveCapacity(48)
        appendLegalMoves(to: &moves)
        return moves
    }

    /// Adds the legal moves, in a fixed order. No move is tried out: pieces that are pinned stay on their line, and a check has to be answered.
    public func appendLegalMoves(to moves: inout [ChessMove]) {
        let own = isWhiteToMove ? white : black
        let other = isWhiteToMove ? black : white
        let occupied = own | other
        let kingBit = kings & own
        let king = kingBit.trailingZeroBitCount

        // The king: its new square must not be attacked once it has left the old one.
        var steps = ChessAttacks.king(kingBit) & ~own
        while steps != 0 {
            let to = steps.trailingZeroBitCount
            if attackers(of: to, by: other, sideIsWhite: !isWhiteToMove, occupied: occupied & ~kingBit) == 0 {
                moves.append(ChessMove(from: king, to: to))
            }
            steps &= steps &- 1
        }
        let checkers = attackers(of: king, by: other, sideIsWhite: !isWhiteToMove, occupied: occupied)
        if checkers & (checkers &- 1) != 0 { return }
        // Where others may go: anywhere, or where they take or block the one piece that gives check.
        let targets = checkers == 0 ? ~own : checkers | ChessAttacks.between(king, checkers.trailingZeroBitCount)
        let pinned = pinnedPieces(king, own, other)
        if checkers == 0, castling != 0 { appendCastling(king, occupied, other, to: &moves) }
        appendPawnMoves(king, pinned, targets, own, other, to: &moves)

        var pieces = knights & own & ~pinned
        while pieces != 0 {
            append(ChessAttacks.knight(pieces & (0 &- pieces)) & targets & ~own, from: pieces.trailingZeroBitCount, to: &moves)
            pieces &= pieces &- 1
        }
        pieces = (bishops | queens) & own
        while pieces != 0 {
            let from = pieces.trailingZeroBitCount
            var reach = ChessAttacks.bishop(from, occupied) & targets & ~own
            if pinned >> UInt64(from) & 1 == 1 { reach &= ChessAttacks.line(king, from) }
            append(reach, from: from, to: &moves)
            pieces &= pieces &- 1
        }
        pieces = (rooks | queens) & own
        while pieces != 0 {
            let from = pieces.trailingZeroBitCount
            var reach = ChessAttacks.rook(from, occupied) & targets & ~own
            if pinned >> UInt64(from) & 1 == 1 { reach &= ChessAttacks.line(king, from) }
            append(reach, from: from, to: &moves)
            pieces &= pieces &- 1
        }
    }

    /// Whether there is a legal move, found without listing all where that is easy.
    public var hasLegalMove: Bool {
        let own = isWhiteToMove ? white : black
        let other = isWhiteToMove ? black : white
        let king = (kings & own).trailingZeroBitCount
        if !isCheck {
            let free = pawns & own & ~pinnedPieces(king, own, other)
            if (isWhiteToMove ? free << 8 : free >> 8) & ~occupied != 0 { return true }
        }
        return !legalMoves.isEmpty
    }

    @inline(__always)
    private func append(_ targets: UInt64, from: Int, to moves: inout [ChessMove]) {
        var left = targets
        while left != 0 {
            moves.append(ChessMove(from: from, to: left.trailingZeroBitCount))
            left &= left &- 1
        }
    }

    /// Own pieces that alone stand between the king and a piece that would attack it.
    @inline(__always)
    private func pinnedPieces(_ king: Int, _ own: UInt64, _ other: UInt64) -> UInt64 {
        var snipers = ChessAttacks.rook(king, other) & (rooks | queens) & other
        snipers |= ChessAttacks.bishop(king, other) & (bishops | queens) & other
        var pinned: UInt64 = 0
        while snipers != 0 {
            let blockers = ChessAttacks.between(king, snipers.trailingZeroBitCount) & own
            if blockers & (blockers &- 1) == 0 { pinned |= blockers }
            snipers &= snipers &- 1
        }
        return pinned
    }

    private func appendCastling(_ king: Int, _ occupied: UInt64, _ other: UInt64, to moves: inout [ChessMove]) {
        func isSafe(_ square: Int) -> Bool { attackers(of: square, by: other, sideIsWhite: !isWhiteToMove, occupied: occupied) == 0 }
        let short: UInt8 = isWhiteToMove ? 1 : 4
        let long: UInt8 = isWhiteToMove ? 2 : 8
        let row = isWhiteToMove ? 0 : 56
        if castling & short != 0, occupied & (0x60 &<< UInt64(row)) == 0, isSafe(row + 5), isSafe(row + 6) {
            moves.append(ChessMove(from: king, to: row + 6))
        }
        if castling & long != 0, occupied & (0x0E &<< UInt64(row)) == 0, isSafe(row + 3), isSafe(row + 2) {
            moves.append(ChessMove(from: king, to: row + 2))
        }
    }

    private func appendPawnMoves(_ king: Int, _ pinned: UInt64, _ targets: UInt64, _ own: UInt64, _ other: UInt64, to moves: inout [ChessMove]) {
        let own = pawns & own
        guard own != 0 else { return }
        let empty = ~occupied
        let ahead = isWhiteToMove ? 8 : -8
        let single = (isWhiteToMove ? own << 8 : own >> 8) & empty
        // A double step passes the third rank of its side.
        let passed = single & (isWhiteToMove ? 0x0000_0000_00FF_0000 : 0x0000_FF00_0000_0000)
        let double = (isWhiteToMove ? passed << 8 : passed >> 8) & empty
        let west = (isWhiteToMove ? (own & ChessAttacks.notA) << 7 : (own & ChessAttacks.notA) >> 9) & other
        let east = (isWhiteToMove ? (own & ChessAttacks.notH) << 9 : (own & ChessAttacks.notH) >> 7) & other
        appendPawns(single & targets, ahead, king, pinned, to: &moves)
        appendPawns(double & targets, 2 * ahead, king, pinned, to: &moves)
        appendPawns(west & targets, ahead - 1, king, pinned, to: &moves)
        appendPawns(east & targets, ahead + 1, king, pinned, to: &moves)
        if enPassant >= 0 {
            let square = Int(enPassant)
            var takers = ChessAttacks.pawn(UInt64(1) &<< UInt64(square), isWhite: !isWhiteToMove) & own
            while takers != 0 {
                let from = takers.trailingZeroBitCount
                if isLegalEnPassant(from, square) { moves.append(ChessMove(from: from, to: square)) }
                takers &= takers &- 1
            }
        }
    }

    @inline(__always)
    private func appendPawns(_ targets: UInt64, _ step: Int, _ king: Int, _ pinned: UInt64, to moves: inout [ChessMove]) {
        var left = targets
        while left != 0 {
            let to = left.trailingZeroBitCount
            let from = to - step
            left &= left &- 1
            if pinned >> UInt64(from) & 1 == 1, ChessAttacks.line(king, from) >> UInt64(to) & 1 == 0 { continue }
            if to >= 56 || to < 8 {
                for piece in [ChessPiece.queen, .rook, .bishop, .knight] { moves.append(ChessMove(from: from, to: to, promotion: piece)) }
            } else {
                moves.append(ChessMove(from: from, to: to))
            }
        }
    }

    /// How many sequences of this many legal moves there are.
    public func perft(_ depth: Int) -> Int {
        if depth == 0 { return 1 }
        let moves = legalMoves
        if depth == 1 { return moves.count }
        var count = 0
        for move in moves {
            var next = self
            next.play(move)
            count += next.perft(depth - 1)
        }
        return count
    }
}
