/// A chess position: pieces, whose turn it is, rights and clocks. Two positions are equal when all of that is.
public struct ChessPosition: Hashable, Sendable {
    var pawns: UInt64 = 0
    var knights: UInt64 = 0
    var bishops: UInt64 = 0
    var rooks: UInt64 = 0
    var queens: UInt64 = 0
    var kings: UInt64 = 0
    var white: UInt64 = 0
    var black: UInt64 = 0
    /// Whether it is white's turn.
    public internal(set) var isWhiteToMove = true
    /// Castling that may still be possible: 1 white short, 2 white long, 4 black short, 8 black long.
    var castling: UInt8 = 0
    /// The square behind a pawn that has just made a double step, if it can legally be taken there; −1 if not.
    var enPassant: Int8 = -1
    /// Moves of one side since the last capture or pawn move.
    public internal(set) var halfmoves = 0
    /// The number of the move, from 1; it rises after black's.
    public internal(set) var fullmoves = 1

    /// An empty board.
    init() {}

    /// The position without its clocks: what threefold repetition compares.
    public var placement: ChessPosition {
        var copy = self
        copy.halfmoves = 0
        copy.fullmoves = 1
        return copy
    }

    var occupied: UInt64 { white | black }

    /// What stands on a square, from 0 (a1) to 63 (h8); nil when it is empty.
    public func piece(on square: Int) -> (kind: ChessPiece, isWhite: Bool)? {
        let bit = UInt64(1) &<< UInt64(square)
        guard occupied & bit != 0 else { return nil }
        return (kind(bit), white & bit != 0)
    }

    /// The kind of the piece on an occupied square.
    @inline(__always)
    func kind(_ bit: UInt64) -> ChessPiece {
        if pawns & bit != 0 { return .pawn }
        if knights & bit != 0 { return .knight }
        if bishops & bit != 0 { return .bishop }
        if rooks & bit != 0 { return .rook }
        return queens & bit != 0 ? .queen : .king
    }

    /// Adds or takes away pieces of a kind.
    @inline(__always)
    mutating func toggle(_ kind: ChessPiece, _ bits: UInt64) {
        switch kind {
        case .pawn: pawns ^= bits
        case .knight: knights ^= bits
        case .bishop: bishops ^= bits
        case .rook: rooks ^= bits
        case .queen: queens ^= bits
        case .king: kings ^= bits
        }
    }

    /// The pieces of a colour that attack a square, with pieces standing where `occupied` says.
    @inline(__always)
    func attackers(of square: Int, by side: UInt64, sideIsWhite: Bool, occupied: UInt64) -> UInt64 {
        let bit = UInt64(1) &<< UInt64(square)
        var found = ChessAttacks.knight(bit) & knights | ChessAttacks.king(bit) & kings
        found |= ChessAttacks.pawn(bit, isWhite: !sideIsWhite) & pawns
        let straight = (rooks | queens) & side
        let oblique = (bishops | queens) & side
        if straight != 0 { found |= ChessAttacks.rook(square, occupied) & straight }
        if oblique != 0 { found |= ChessAttacks.bishop(square, occupied) & oblique }
        return found & side
    }

    /// Whether the side to move is in check.
    public var isCheck: Bool {
        let own = isWhiteToMove ? white : black
        let king = (kings & own).trailingZeroBitCount
        guard king < 64 else { return false }
        return attackers(of: king, by: isWhiteToMove ? black : white, sideIsWhite: !isWhiteToMove, occupied: occupied) != 0
    }

    /// Whether neither side has what it takes to mate: bare kings, one minor piece, or bishops all on squares of one colour.
    public var hasInsufficientMaterial: Bool {
        if pawns | rooks | queens != 0 { return false }
        if (knights | bishops).nonzeroBitCount <= 1 { return true }
        let dark: UInt64 = 0xAA55_AA55_AA55_AA55
        return knights == 0 && (bishops & dark == 0 || bishops & ~dark == 0)
    }

    /// Plays a legal move.
    public mutating func play(_ move: ChessMove) {
        let from = UInt64(1) &<< UInt64(move.from)
        let to = UInt64(1) &<< UInt64(move.to)
        let moved = kind(from)
        let isCapture = occupied & to != 0
        if isCapture {
            toggle(kind(to), to)
            if isWhiteToMove { black ^= to } else { white ^= to }
        }
        toggle(moved, from)
        toggle(move.promotion ?? moved, to)
        if isWhiteToMove { white ^= from | to } else { black ^= from | to }
        let oldEnPassant = Int(enPassant)
        enPassant = -1
        var doubleStep = -1
        if moved == .pawn {
            if move.to == oldEnPassant {
                let taken = UInt64(1) &<< UInt64(isWhiteToMove ? move.to - 8 : move.to + 8)
                pawns ^= taken
                if isWhiteToMove { black ^= taken } else { white ^= taken }
            } else if abs(move.to - move.from) == 16 {
                doubleStep = (move.to + move.from) / 2
            }
        } else if moved == .king, abs(move.to - move.from) == 2 {
            let isShort = move.to > move.from
            let rook = (UInt64(1) &<< UInt64(isShort ? move.to + 1 : move.to - 2)) | (UInt64(1) &<< UInt64(isShort ? move.to - 1 : move.to + 1))
            rooks ^= rook
            if isWhiteToMove { white ^= rook } else { black ^= rook }
        }
        if castling != 0 { castling &= ~(Self.rights(from) | Self.rights(to)) }
        halfmoves = isCapture || moved == .pawn ? 0 : halfmoves + 1
        if !isWhiteToMove { fullmoves += 1 }
        isWhiteToMove.toggle()
        if doubleStep >= 0 { offerEnPassant(doubleStep) }
    }

    /// The castling that a king's or a rook's first square stands for.
    @inline(__always)
    static func rights(_ bit: UInt64) -> UInt8 {
        var rights: UInt8 = 0
        if bit & 0x90 != 0 { rights |= 1 }
        if bit & 0x11 != 0 { rights |= 2 }
        if bit & 0x9000_0000_0000_0000 != 0 { rights |= 4 }
        if bit & 0x1100_0000_0000_0000 != 0 { rights |= 8 }
        return rights
    }

    /// Notes the square behind a pawn that has made a double step, if a pawn of the side to move can legally take there.
    mutating func offerEnPassant(_ square: Int) {
        let own = isWhiteToMove ? white : black
        var takers = ChessAttacks.pawn(UInt64(1) &<< UInt64(square), isWhite: !isWhiteToMove) & pawns & own
        while takers != 0 {
            if isLegalEnPassant(takers.trailingZeroBitCount, square) {
                enPassant = Int8(square)
                return
            }
            takers &= takers &- 1
        }
    }

    /// Whether a pawn of the side to move may take in passing without leaving its king in check.
    func isLegalEnPassant(_ from: Int, _ square: Int) -> Bool {
        let own = isWhiteToMove ? white : black
        let taken = UInt64(1) &<< UInt64(isWhiteToMove ? square - 8 : square + 8)
        let other = (isWhiteToMove ? black : white) & ~taken
        let after = occupied & ~(UInt64(1) &<< UInt64(from)) & ~taken | UInt64(1) &<< UInt64(square)
        let king = (kings & own).trailingZeroBitCount
        return attackers(of: king, by: other, sideIsWhite: !isWhiteToMove, occupied: after) == 0
    }
}
