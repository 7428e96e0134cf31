import HoneCore
import HoneGames
import Testing

/// Plays moves given as texts, each of which has to be allowed.
func played<G: ExtensiveGame>(_ game: G, _ moves: [String], from start: G.State? = nil) throws -> G.State {
    var state = start ?? game.start
    for move in moves {
        let action = try #require(game.action(for: move, by: game.turn(in: state).mover, in: state), "“\(move)” is not allowed")
        game.apply(action, to: &state)
    }
    return state
}

@Suite("Board games")
struct BoardTests {
    @Test("tic-tac-toe has 5,478 positions, 255,168 plays, and is a draw")
    func ticTacToe() throws {
        let game = TicTacToe()
        var solver = try Minimax(game)
        #expect(try solver.value(of: game.start) == 0)
        #expect(solver.positionCount == 5478)
        #expect(game.distinctStates(from: game.start, depth: 9) == [1, 9, 72, 252, 756, 1260, 1520, 1140, 390, 78])
        let tree = try GameTree(game)
        #expect(tree.nodeCount == 549_946 && tree.endCount == 255_168)
    }

    @Test(
        "a line in tic-tac-toe ends the play for whoever made it",
        arguments: [(["a1", "b1", "a2", "b2", "a3"], [1.0, -1.0]), (["a1", "b1", "a2", "b2", "c3", "b3"], [-1, 1])])
    func ticTacToeLines(moves: [String], returns: [Double]) throws {
        let state = try played(TicTacToe(), moves)
        #expect(TicTacToe().isOver(state) && TicTacToe().returns(of: state) == returns)
    }

    @Test("tic-tac-toe and connect four are read back from the squares of random plays, and what no play leads to is refused")
    func squares() throws {
        func check<Rules: SquareGame>(_ game: Rules) throws {
            for play in 0..<20 {
                var generator = Seed(5).child("play", play).generator
                var state = game.start
                while true {
                    let drawn = game.board(of: state).split(separator: "\n").dropLast().joined()
                    #expect(game.state(ofSquares: Array(drawn)) == state)
                    guard let action = generator.element(of: game.actions(in: state)) else { break }
                    game.apply(action, to: &state)
                }
            }
        }
        try check(TicTacToe())
        var settings = ConnectFour.Settings()
        (settings.columns, settings.rows, settings.length) = (5, 4, 3)
        let game = try ConnectFour(settings)
        try check(game)
        for text in ["xx.......", "o........", "xxxoo.oo.", "xxxooo...", "xxxo.....", "x?......."] {
            #expect(TicTacToe().state(ofSquares: Array(text)) == nil, "\(text)")
        }
        // A disc in the air, o before x, and too few squares.
        for text in ["..........x.........", "...............o....", "...."] { #expect(game.state(ofSquares: Array(text)) == nil, "\(text)") }
    }

    @Test("connect four has the known numbers of move sequences and of positions")
    func connectFour() throws {
        let game = try ConnectFour()
        #expect((1...7).map { game.perft(game.start, depth: $0) } == [7, 49, 343, 2401, 16807, 117_649, 823_536])
        #expect(game.distinctStates(from: game.start, depth: 7) == [1, 7, 49, 238, 1120, 4263, 16422, 54859])
    }

    @Test("a win on connect four's last disc is a win")
    func lastDisc() throws {
        var settings = ConnectFour.Settings()
        (settings.columns, settings.rows, settings.length) = (1, 2, 2)
        let column = try ConnectFour(settings)
        #expect(column.returns(of: try played(column, ["1", "1"])) == [0, 0])
        (settings.columns, settings.rows, settings.length) = (3, 3, 3)
        let game = try ConnectFour(settings)
        // Columns 1 and 2 fill without a line; the ninth disc completes x's row on top.
        let state = try played(game, ["1", "2", "2", "1", "1", "3", "2", "3", "3"])
        #expect(game.isOver(state) && game.returns(of: state) == [1, -1])
    }

    @Test("lines in all four directions win, and discs of neighbouring columns do not join over the edge")
    func directions() throws {
        let game = try ConnectFour()
        #expect(game.returns(of: try played(game, ["1", "1", "2", "2", "3", "3", "4"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["1", "2", "1", "2", "1", "2", "1"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["1", "2", "2", "3", "3", "4", "3", "4", "4", "6", "4"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["7", "6", "6", "5", "5", "4", "5", "4", "4", "1", "4"])) == [1, -1])
        // Top of column 1 and bottom of column 2 are neighbours in the bitboard but not on the board.
        let edge = try played(game, ["1", "1", "1", "2", "1", "1", "2", "1"])
        #expect(!game.isOver(edge))
    }

    @Test("in nim the mover wins just where Bouton's sum is not 0", arguments: [[1, 2, 3], [1, 1], [2, 2], [3, 4, 2], [1, 3, 5], [1, 1, 1]])
    func nim(piles: [Int]) throws {
        var settings = Nim.Settings()
        settings.piles = piles
        for isMisere in [false, true] {
            settings.isMisere = isMisere
            let game = try Nim(settings)
            var solver = try Minimax(game)
            let sum = piles.reduce(0, ^)
            let isWon = isMisere && piles.allSatisfy { $0 <= 1 } ? sum == 0 : sum != 0
            #expect(try solver.value(of: game.start) == (isWon ? 1 : -1))
        }
    }
}
