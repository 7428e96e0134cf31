/// What pieces attack, by arithmetic on sets of squares; bit 0 is a1, bit 7 is h1, bit 63 is h8.
///
/// A line's squares on one side of a piece end with the first piece on it: the lowest bit above, or the highest bit below.
enum ChessAttacks {
    static let notA: UInt64 = 0xFEFE_FEFE_FEFE_FEFE
    static let notH: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    private static let notAB: UInt64 = 0xFCFC_FCFC_FCFC_FCFC
    private static let notGH: UInt64 = 0x3F3F_3F3F_3F3F_3F3F

    @inline(__always)
    static func knight(_ bits: UInt64) -> UInt64 {
        (bits & notA) << 15 | (bits & notH) << 17 | (bits & notAB) << 6 | (bits & notGH) << 10
            | (bits & notH) >> 15 | (bits & notA) >> 17 | (bits & notGH) >> 6 | (bits & notAB) >> 10
    }

    @inline(__always)
    static func king(_ bits: UInt64) -> UInt64 {
        let row = bits | (bits & notH) << 1 | (bits & notA) >> 1
        return (row | row << 8 | row >> 8) & ~bits
    }

    /// The squares that pawns of a colour attack.
    @inline(__always)
    static func pawn(_ bits: UInt64, isWhite: Bool) -> UInt64 {
        isWhite ? (bits & notA) << 7 | (bits & notH) << 9 : (bits & notA) >> 9 | (bits & notH) >> 7
    }

    @inline(__always)
    static func file(_ square: Int) -> UInt64 { 0x0101_0101_0101_0101 &<< UInt64(square & 7) }

    @inline(__always)
    static func rank(_ square: Int) -> UInt64 { 0xFF &<< UInt64(square & 56) }

    @inline(__always)
    static func diagonal(_ square: Int) -> UInt64 {
        let shift = (square >> 3) - (square & 7)
        return shift >= 0 ? 0x8040_2010_0804_0201 &<< UInt64(8 * shift) : 0x8040_2010_0804_0201 &>> UInt64(-8 * shift)
    }

    @inline(__always)
    static func antidiagonal(_ square: Int) -> UInt64 {
        let shift = (square >> 3) + (square & 7) - 7
        return shift >= 0 ? 0x0102_0408_1020_4080 &<< UInt64(8 * shift) : 0x0102_0408_1020_4080 &>> UInt64(-8 * shift)
    }

    @inline(__always)
    private static func along(_ line: UInt64, _ square: Int, _ occupied: UInt64) -> UInt64 {
        let bit = UInt64(1) &<< UInt64(square)
        let below = bit &- 1
        let above = ~below &- bit
        let next = line & occupied & above
        let up = line & above & (((next & (0 &- next)) &<< 1) &- 1)
        let last = line & occupied & below | 1
        let down = line & below & ~((UInt64(1) &<< UInt64(63 - last.leadingZeroBitCount)) &- 1)
        return up | down
    }

    @inline(__always)
    static func rook(_ square: Int, _ occupied: UInt64) -> UInt64 {
        along(file(square), square, occupied) | along(rank(square), square, occupied)
    }

    @inline(__always)
    static func bishop(_ square: Int, _ occupied: UInt64) -> UInt64 {
        along(diagonal(square), square, occupied) | along(antidiagonal(square), square, occupied)
    }

    /// All squares of the line through two squares; none when they share no line.
    @inline(__always)
    static func line(_ a: Int, _ b: Int) -> UInt64 {
        let bit = UInt64(1) &<< UInt64(b)
        if file(a) & bit != 0 { return file(a) }
        if rank(a) & bit != 0 { return rank(a) }
        if diagonal(a) & bit != 0 { return diagonal(a) }
        return antidiagonal(a) & bit != 0 ? antidiagonal(a) : 0
    }

    /// The squares between two squares of one line; none when they share no line.
    @inline(__always)
    static func between(_ a: Int, _ b: Int) -> UInt64 {
        let low = min(a, b)
        let high = max(a, b)
        return line(a, b) & ((UInt64(1) &<< UInt64(high)) &- 1) & ~((UInt64(2) &<< UInt64(low)) &- 1)
    }
}
