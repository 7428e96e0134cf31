import HoneCore
import HoneGames
import Testing

@Suite("Chess")
struct ChessTests {
    /// The six positions that chess programmers count, with the numbers of sequences of 1, 2, 3, … moves.
    static let counts: [(String, [Int])] = [
        (ChessPosition.standardFEN, [20, 400, 8902, 197_281]),
        ("r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1", [48, 2039, 97862]),
        ("8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1", [14, 191, 2812, 43238]),
        ("r3k2r/Pppp1ppp/1b3nbN/nP6/BBP1P3/q4N2/Pp1P2PP/R2Q1RK1 w kq - 0 1", [6, 264, 9467]),
        ("rnbq1k1r/pp1Pbppp/2p5/8/2B5/8/PPP1NnPP/RNBQK2R w KQ - 1 8", [44, 1486, 62379]),
        ("r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 w - - 0 10", [46, 2079, 89890]),
    ]

    @Test("the numbers of move sequences are the known ones", arguments: counts)
    func perft(fen: String, counts: [Int]) throws {
        let position = try ChessPosition(fen: fen)
        #expect(counts.indices.map { position.perft($0 + 1) } == counts)
    }

    @Test("positions are written as they were read", arguments: counts.map(\.0))
    func fen(fen: String) throws { #expect(try ChessPosition(fen: fen).fen == fen) }

    @Test(
        "texts that are no position are refused in a sentence",
        arguments: [
            "", "8/8/8/8/8/8/8/8 w - - 0 1", "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBN w KQkq - 0 1", "4k3/8/8/8/8/8/8/4K2R w Q - 0 1",
            "4k3/8/8/8/8/8/8/4K2P w - - 0 1", "4k3/8/8/8/8/8/4R3/4K3 w - - 0 1", "4k3/8/8/8/8/8/8/4K3 w - e6 0 1", "4k3/8/8/8/8/8/8/4K2R w KK - 0 1",
            "4k3/8/8/8/8/8/8/4K3 x - - 0 1", "4k3/8/8/8/8/8/8/4K3 w - - -1 1", "4k3/9/8/8/8/8/8/4K3 w - - 0 1", "4k3/8/8/8/8/8/8/4K3 w - - 0",
        ])
    func refused(fen: String) {
        #expect { _ = try ChessPosition(fen: fen) } throws: { "\($0)".contains("is not a chess position") }
    }

    private func game(_ fen: String, _ notation: Chess.Notation = .san) throws -> Chess {
        var settings = Chess.Settings()
        settings.start = fen
        settings.notation = notation
        return try Chess(settings)
    }

    @Test("fool's mate is a mate for black")
    func mate() throws {
        let game = try game(ChessPosition.standardFEN)
        let state = try played(game, ["f3", "e5", "g4", "Qh4#"])
        #expect(state.ending == .checkmate && game.returns(of: state) == [-1, 1])
    }

    @Test("a short game in algebraic notation: castling, capture in passing, promotion with mate")
    func notation() throws {
        let start = try game(ChessPosition.standardFEN)
        let opera =
            "e4 e5 Nf3 d6 d4 Bg4 dxe5 Bxf3 Qxf3 dxe5 Bc4 Nf6 Qb3 Qe7 Nc3 c6 Bg5 b5 Nxb5 cxb5 Bxb5+ Nbd7 O-O-O Rd8 Rxd7 Rxd7 Rd1 Qe6 Bxd7+ Nxd7 Qb8+ Nxb8 Rd8#"
        #expect(try played(start, opera.split(separator: " ").map(String.init)).ending == .checkmate)
        let passing = try played(start, ["e4", "a6", "e5", "d5", "exd6"])
        #expect(passing.position.fen == "rnbqkbnr/1pp1pppp/p2P4/8/8/8/PPPP1PPP/RNBQKBNR b KQkq - 0 3")
        let promotion = try game("7k/P7/6K1/8/8/8/8/8 w - - 0 1")
        #expect(try played(promotion, ["a8=Q#"]).ending == .checkmate)
        #expect(promotion.action(for: "a8=N", by: 0, in: promotion.start) != nil)
        #expect(promotion.action(for: "a8=Q", by: 0, in: promotion.start) == nil)
        #expect(promotion.action(for: "a8", by: 0, in: promotion.start) == nil)
    }

    @Test("moves of like pieces are told apart by file, rank or square")
    func distinction() throws {
        let rooks = try game("4k3/8/8/R7/8/8/8/R3K2R w KQ - 0 1")
        let texts = Set(rooks.actions(in: rooks.start).map { rooks.text(of: $0, in: rooks.start) })
        #expect(texts.isSuperset(of: ["R1a3", "R5a3", "O-O-O", "O-O", "Rd1", "Rh3", "Re5+"]))
        let queens = try game("6k1/8/8/8/Q6Q/8/8/K6Q w - - 0 1")
        let all = Set(queens.actions(in: queens.start).map { queens.text(of: $0, in: queens.start) })
        #expect(all.isSuperset(of: ["Qae4", "Qh4e4", "Q1e4"]))
    }

    @Test("a position that occurs for the third time is a draw, one with other castling rights is another position")
    func repetition() throws {
        let game = try Chess()
        let dance = ["g1f3", "g8f6", "f3g1", "f6g8"]
        #expect(try played(game, dance).ending == nil)
        #expect(try played(game, dance + dance).ending == .repetition)
        #expect(try played(game, dance + dance.prefix(3)).ending == nil)
        let rook = try self.game("4k3/8/8/8/8/8/8/4K2R w K - 0 1", .uci)
        let loop = ["h1h2", "e8e7", "h2h1", "e7e8"]
        #expect(try played(rook, loop + loop).ending == nil)
        #expect(try played(rook, loop + loop + ["h1h2"]).ending == .repetition)
    }

    @Test("a hundred quiet moves are a draw, unless the last one mates")
    func quiet() throws {
        let game = try game("7k/8/8/8/8/8/R7/K7 w - - 99 80", .uci)
        #expect(try played(game, ["a2b2"]).ending == .fiftyMoves)
        let mate = try self.game("7k/R7/6K1/8/8/8/8/8 w - - 99 80", .uci)
        #expect(try played(mate, ["a7a8"]).ending == .checkmate)
    }

    @Test(
        "bare kings, one minor piece, and bishops of one colour cannot mate",
        arguments: [
            ("7k/8/8/8/8/8/8/K7", true), ("7k/8/8/8/8/8/8/KN6", true), ("6bk/8/8/8/8/8/8/K7", true), ("7k/8/8/8/8/8/8/KNN5", false),
            ("5b1k/8/8/8/8/8/8/K1B5", true), ("6bk/8/8/8/8/8/8/K1B5", false), ("7k/p7/8/8/8/8/8/K7", false), ("7k/8/8/8/8/8/8/KR6", false),
            ("6nk/8/8/8/8/8/8/K1B5", false),
        ])
    func material(board: String, isDraw: Bool) throws {
        #expect(try ChessPosition(fen: "\(board) w - - 0 1").hasInsufficientMaterial == isDraw)
    }

    @Test("stalemate is a draw")
    func stalemate() throws {
        let game = try game("7k/5K2/8/6Q1/8/8/8/8 w - - 0 1", .uci)
        let state = try played(game, ["g5g6"])
        #expect(state.ending == .stalemate && game.returns(of: state) == [0, 0])
    }

    @Test("a capture in passing that would uncover the king is not legal, and leaves no trace in the position")
    func pinnedPassing() throws {
        let game = try game("8/8/8/8/k2Pp2Q/8/8/3K4 b - d3 0 1", .uci)
        #expect(game.action(for: "e4d3", by: 1, in: game.start) == nil)
        #expect(game.start.position.fen == "8/8/8/8/k2Pp2Q/8/8/3K4 b - - 0 1")
    }

    @Test("random plays keep all promises in algebraic notation too")
    func conformance() throws {
        var settings = Chess.Settings()
        settings.notation = .san
        let broken = checkGame(try Chess(settings), seed: Seed(3), plays: 3)
        #expect(broken == [], "\(broken.joined(separator: "\n"))")
    }
}
