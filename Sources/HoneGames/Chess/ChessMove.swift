/// The kinds of chess pieces.
public enum ChessPiece: UInt8, Hashable, Sendable, Codable, CaseIterable {
    case pawn, knight, bishop, rook, queen, king

    /// The letter of the piece in algebraic notation: P, N, B, R, Q, K.
    public var letter: String { ["P", "N", "B", "R", "Q", "K"][Int(rawValue)] }
}

/// A move: two squares, a1 = 0, b1 = 1, …, h8 = 63, and what a pawn becomes. Castling is the king's move.
public struct ChessMove: Hashable, Sendable {
    /// Six bits for each square, three for the piece.
    private let bits: UInt16

    /// A move from one square to another.
    @inline(__always)
    public init(from: Int, to: Int, promotion: ChessPiece? = nil) {
        bits = UInt16(truncatingIfNeeded: from | to << 6 | Int(promotion?.rawValue ?? 0) << 12)
    }

    /// The square it leaves.
    public var from: Int { Int(bits & 63) }
    /// The square it enters.
    public var to: Int { Int(bits >> 6 & 63) }
    /// What a pawn becomes; nil for all other moves.
    public var promotion: ChessPiece? { bits >> 12 == 0 ? nil : ChessPiece(rawValue: UInt8(bits >> 12)) }

    /// The move as the Universal Chess Interface writes it: `e2e4`, `e7e8q`, castling as `e1g1`.
    public var uci: String {
        ChessSquare.name(from) + ChessSquare.name(to) + (promotion?.letter.lowercased() ?? "")
    }

    /// The move that a text in that form names; nil for any other text. Whether it is legal is not looked at.
    public init?(uci text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 4 || bytes.count == 5, let from = ChessSquare.number(bytes[0], bytes[1]), let to = ChessSquare.number(bytes[2], bytes[3])
        else { return nil }
        var promotion: ChessPiece?
        if bytes.count == 5 {
            switch bytes[4] {
            case UInt8(ascii: "n"): promotion = .knight
            case UInt8(ascii: "b"): promotion = .bishop
            case UInt8(ascii: "r"): promotion = .rook
            case UInt8(ascii: "q"): promotion = .queen
            default: return nil
            }
        }
        self.init(from: from, to: to, promotion: promotion)
    }
}

/// Squares by name.
enum ChessSquare {
    static func name(_ square: Int) -> String { SquareName.text(column: square & 7, row: square >> 3) }

    static func number(_ file: UInt8, _ rank: UInt8) -> Int? {
        guard (97...104).contains(file), (49...56).contains(rank) else { return nil }
        return Int(file - 97) + 8 * Int(rank - 49)
    }
}
