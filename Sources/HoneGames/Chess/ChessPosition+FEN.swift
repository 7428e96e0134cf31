import HoneCore

extension ChessPosition {
    /// The usual start.
    public static let standardFEN = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1"

    /// The position of a text in Forsyth–Edwards notation, six fields.
    ///
    /// Throws a sentence for texts of another form, for boards without exactly one king of each side, with pawns on the first or last rank, or
    /// with the king in check of the side that has just moved, and for castling rights without king and rook on their squares. An en passant
    /// square where nobody can take is forgotten, so that equal positions are equal.
    public init(fen: String) throws {
        func refuse(_ why: String) -> CoreError { .invalid("“\(fen.prefix(100))” is not a chess position: \(why)") }
        let fields = fen.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 6 else { throw refuse("it has \(fields.count) fields, expected 6") }
        self.init()
        let rows = fields[0].split(separator: "/", omittingEmptySubsequences: false)
        guard rows.count == 8 else { throw refuse("its board has \(rows.count) ranks, expected 8") }
        for (place, row) in rows.enumerated() {
            var file = 0
            for scalar in row.unicodeScalars {
                if let gap = "12345678".unicodeScalars.firstIndex(of: scalar) {
                    file += "12345678".unicodeScalars.distance(from: "12345678".unicodeScalars.startIndex, to: gap) + 1
                    continue
                }
                let letters = Array("PNBRQKpnbrqk".unicodeScalars)
                guard let letter = letters.firstIndex(of: scalar), file < 8, let kind = ChessPiece(rawValue: UInt8(letter % 6)) else {
                    throw refuse("rank \(8 - place) is “\(row)”")
                }
                let bit = UInt64(1) << UInt64(8 * (7 - place) + file)
                toggle(kind, bit)
                if letter < 6 { white |= bit } else { black |= bit }
                file += 1
            }
            guard file == 8 else { throw refuse("rank \(8 - place) has \(file) squares") }
        }
        guard (kings & white).nonzeroBitCount == 1, (kings & black).nonzeroBitCount == 1 else { throw refuse("each side needs one king") }
        guard pawns & 0xFF00_0000_0000_00FF == 0 else { throw refuse("a pawn stands on the first or last rank") }
        guard fields[1] == "w" || fields[1] == "b" else { throw refuse("the side to move is “\(fields[1])”, expected w or b") }
        isWhiteToMove = fields[1] == "b"
        guard !isCheck else { throw refuse("the side that has just moved is in check") }
        isWhiteToMove.toggle()
        try readRights(fields[2], refuse)
        if fields[3] != "-" {
            let bytes = Array(fields[3].utf8)
            guard bytes.count == 2, let square = ChessSquare.number(bytes[0], bytes[1]), square >> 3 == (isWhiteToMove ? 5 : 2) else {
                throw refuse("the en passant square is “\(fields[3])”")
            }
            let pawn = UInt64(1) << UInt64(isWhiteToMove ? square - 8 : square + 8)
            let passed = UInt64(1) << UInt64(square) | UInt64(1) << UInt64(isWhiteToMove ? square + 8 : square - 8)
            guard pawns & (isWhiteToMove ? black : white) & pawn != 0, occupied & passed == 0 else {
                throw refuse("no pawn has passed “\(fields[3])”")
            }
            offerEnPassant(square)
        }
        guard let half = Int(fields[4]), let full = Int(fields[5]), (0...1000).contains(half), (1...100_000).contains(full) else {
            throw refuse("the clocks are “\(fields[4])” and “\(fields[5])”")
        }
        halfmoves = half
        fullmoves = full
    }

    private mutating func readRights(_ text: String, _ refuse: (String) -> CoreError) throws {
        guard text != "-" else { return }
        for (place, letter) in ["K", "Q", "k", "q"].enumerated() where text.contains(letter) {
            let row = place < 2 ? 0 : 56
            let side = place < 2 ? white : black
            let rook = UInt64(1) << UInt64(row + (place % 2 == 0 ? 7 : 0))
            guard kings & side & (0x10 << UInt64(row)) != 0, rooks & side & rook != 0 else {
                throw refuse("castling “\(letter)” needs king and rook on their squares")
            }
            castling |= 1 << UInt8(place)
        }
        guard rightsText == text else { throw refuse("its castling rights are “\(text)”") }
    }

    private var rightsText: String {
        let text = ["K", "Q", "k", "q"].enumerated().map { castling >> UInt8($0) & 1 == 1 ? $1 : "" }.joined()
        return text.isEmpty ? "-" : text
    }

    /// The position in Forsyth–Edwards notation; the en passant square only where a pawn can legally be taken there.
    public var fen: String { "\(placementFEN) \(halfmoves) \(fullmoves)" }

    /// The first four fields: all but the clocks.
    var placementFEN: String {
        var board = ""
        for row in (0..<8).reversed() {
            var gap = 0
            for file in 0..<8 {
                guard let (kind, isWhite) = piece(on: 8 * row + file) else {
                    gap += 1
                    continue
                }
                if gap > 0 { board += String(gap) }
                gap = 0
                board += isWhite ? kind.letter : kind.letter.lowercased()
            }
            if gap > 0 { board += String(gap) }
            if row > 0 { board += "/" }
        }
        return "\(board) \(isWhiteToMove ? "w" : "b") \(rightsText) \(enPassant < 0 ? "-" : ChessSquare.name(Int(enPassant)))"
    }
}

extension ChessPosition: Codable {
    public init(from decoder: any Decoder) throws { try self.init(fen: decoder.singleValueContainer().decode(String.self)) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fen)
    }
}
