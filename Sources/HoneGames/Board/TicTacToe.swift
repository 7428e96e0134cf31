import HoneCore

/// Three in a row on nine squares, `a1` to `c3`; x begins.
///
/// 5,478 positions can be reached, and nobody can be made to lose.
public struct TicTacToe: PerfectInformationGame {
    public static let card = PartCard(name: "tic-tac-toe", summary: "three in a row on a board of nine squares", gives: [.perfectInformation])

    /// The squares of each player; bit 3·(row − 1) + column.
    public struct State: Hashable, Codable, Sendable {
        /// The first player's squares.
        public var crosses: UInt16 = 0
        /// The second player's squares.
        public var noughts: UInt16 = 0
    }

    public let settings: NoSettings

    /// The game.
    public init(_ settings: NoSettings = NoSettings()) { self.settings = settings }

    public var facts: GameFacts { GameFacts(longest: 9) }
    public var instructions: String {
        "Tic-tac-toe. x and o take turns to claim a square; three in a row, a column or a diagonal win. Squares are a1 (bottom left) to c3."
    }
    public var start: State { State() }

    /// The eight lines.
    static let lines: [UInt16] = [0o007, 0o070, 0o700, 0o111, 0o222, 0o444, 0o421, 0o124]

    static func wins(_ squares: UInt16) -> Bool {
        for line in lines where squares & line == line { return true }
        return false
    }

    /// The seat whose turn it would be if the play went on.
    private func seat(in state: State) -> Int { state.crosses.nonzeroBitCount == state.noughts.nonzeroBitCount ? 0 : 1 }

    public func turn(in state: State) -> GameTurn {
        let seat = seat(in: state)
        // Only who has just moved can have completed a line.
        if Self.wins(seat == 0 ? state.noughts : state.crosses) || state.crosses | state.noughts == 0x1FF { return .over }
        return .seat(seat)
    }

    public func appendActions(in state: State, to actions: inout [Int8]) {
        guard turn(in: state) != .over else { return }
        var free = ~(state.crosses | state.noughts) & 0x1FF
        while free != 0 {
            actions.append(Int8(free.trailingZeroBitCount))
            free &= free - 1
        }
    }

    public func apply(_ action: Int8, to state: inout State) {
        if seat(in: state) == 0 { state.crosses |= 1 << UInt16(action) } else { state.noughts |= 1 << UInt16(action) }
    }

    public func returns(of state: State) -> [Double] {
        if Self.wins(state.crosses) { return [1, -1] }
        return Self.wins(state.noughts) ? [-1, 1] : [0, 0]
    }

    public func board(of state: State) -> String {
        var text = ""
        for row in (0..<3).reversed() {
            for column in 0..<3 {
                let bit = UInt16(1) << UInt16(3 * row + column)
                text += state.crosses & bit != 0 ? "x" : state.noughts & bit != 0 ? "o" : "."
            }
            text += "\n"
        }
        return text + (seat(in: state) == 0 ? "x to move" : "o to move")
    }

    public func text(of action: Int8, in state: State) -> String { SquareName.text(column: Int(action) % 3, row: Int(action) / 3) }
}

extension TicTacToe: SquareGame {
    public func state(ofSquares squares: [Character]) -> State? {
        guard squares.count == 9 else { return nil }
        var state = State()
        for (place, sign) in squares.enumerated() {
            let bit = UInt16(1) << UInt16(3 * (2 - place / 3) + place % 3)
            switch sign {
            case "x": state.crosses |= bit
            case "o": state.noughts |= bit
            case ".": break
            default: return nil
            }
        }
        let lead = state.crosses.nonzeroBitCount - state.noughts.nonzeroBitCount
        guard lead == 0 || lead == 1 else { return nil }
        // Whoever has a line has moved last.
        if Self.wins(state.crosses), lead == 0 { return nil }
        return Self.wins(state.noughts) && lead == 1 ? nil : state
    }
}

/// Squares as they are written on boards: a letter for the column, a number from 1 for the row.
enum SquareName {
    static let letters = Array("abcdefghijklmnopqrstuvwxyz").map(String.init)

    static func text(column: Int, row: Int) -> String { letters[column] + String(row + 1) }
}
