import HoneCore

/// Discs fall into columns; four in a line win. x begins.
///
/// On 7 × 6 the first player wins (Allis 1988; Allen 1988). Lines are found by four shifts of a bitboard that has an empty row above each
/// column, as in Tromp's solver.
public struct ConnectFour: PerfectInformationGame {
    public static let card = PartCard(
        name: "connect-four", summary: "discs fall into columns; four in a line win", source: "Allis 1988", gives: [.perfectInformation])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Columns, 1 to 9.
        public var columns = 7
        /// Rows; (rows + 1) × columns is at most 64.
        public var rows = 6
        /// How many in a line win, 2 to 6.
        public var length = 4

        /// The usual board.
        public init() {}
    }

    /// The discs of each player; bit (rows + 1) · column + row.
    public struct State: Hashable, Codable, Sendable {
        /// The first player's discs.
        public var first = Bitboard()
        /// The second player's discs.
        public var second = Bitboard()
        /// How many discs have been dropped.
        public var plies: UInt8 = 0
        /// Whether the last disc completed a line.
        public var isWon = false
    }

    public let settings: Settings
    private let rows: Int
    private let columns: Int

    /// The game; throws a sentence when the board is too large or too small.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...9).contains(settings.columns), settings.rows >= 1, (settings.rows + 1) * settings.columns <= 64 else {
            throw CoreError.invalid(
                "Connect four has \(settings.columns) columns and \(settings.rows) rows; expected 1 to 9 columns and (rows + 1) × columns at most 64")
        }
        guard (2...6).contains(settings.length) else {
            throw CoreError.invalid("“length” is \(settings.length); it should be from 2 to 6")
        }
        self.settings = settings
        rows = settings.rows
        columns = settings.columns
    }

    public var facts: GameFacts { GameFacts(longest: rows * columns) }
    public var instructions: String {
        "Connect four. x and o take turns to drop a disc into a column, 1 to \(columns) from the left; "
            + "\(settings.length) in a row, a column or a diagonal win."
    }
    public var start: State { State() }

    public func turn(in state: State) -> GameTurn {
        state.isWon || Int(state.plies) == rows * columns ? .over : .seat(Int(state.plies & 1))
    }

    public func appendActions(in state: State, to actions: inout [Int8]) {
        guard !state.isWon else { return }
        let taken = state.first.bits | state.second.bits
        for column in 0..<columns where taken >> UInt64(column * (rows + 1) + rows - 1) & 1 == 0 { actions.append(Int8(column)) }
    }

    public func apply(_ action: Int8, to state: inout State) {
        let taken = state.first.bits | state.second.bits
        let bottom = UInt64(1) << UInt64(Int(action) * (rows + 1))
        let column = ((UInt64(1) << UInt64(rows)) &- 1) &* bottom
        // Adding to the filled part of a column carries into its first free square.
        let disc = ((taken & column) &+ bottom) & column
        if state.plies & 1 == 0 {
            state.first.bits |= disc
            state.isWon = hasLine(state.first.bits)
        } else {
            state.second.bits |= disc
            state.isWon = hasLine(state.second.bits)
        }
        state.plies += 1
    }

    private func hasLine(_ discs: UInt64) -> Bool {
        hasLine(discs, 1) || hasLine(discs, rows) || hasLine(discs, rows + 1) || hasLine(discs, rows + 2)
    }

    private func hasLine(_ discs: UInt64, _ shift: Int) -> Bool {
        var line = discs
        for step in 1..<settings.length { line &= discs >> UInt64(shift * step) }
        return line != 0
    }

    public func returns(of state: State) -> [Double] {
        guard state.isWon else { return [0, 0] }
        return state.plies & 1 == 1 ? [1, -1] : [-1, 1]
    }

    public func board(of state: State) -> String {
        var text = ""
        for row in (0..<rows).reversed() {
            for column in 0..<columns {
                let square = column * (rows + 1) + row
                text += state.first[square] ? "x" : state.second[square] ? "o" : "."
            }
            text += "\n"
        }
        return text + (state.plies & 1 == 0 ? "x to move" : "o to move")
    }

    public func text(of action: Int8, in state: State) -> String { String(action + 1) }
}

extension ConnectFour: SquareGame {
    public func state(ofSquares squares: [Character]) -> State? {
        guard squares.count == rows * columns else { return nil }
        var state = State()
        for column in 0..<columns {
            var isOpen = false
            for row in 0..<rows {
                let square = column * (rows + 1) + row
                switch squares[(rows - 1 - row) * columns + column] {
                case "x" where !isOpen: state.first[square] = true
                case "o" where !isOpen: state.second[square] = true
                case ".": isOpen = true
                default: return nil
                }
            }
        }
        let lead = state.first.count - state.second.count
        guard lead == 0 || lead == 1 else { return nil }
        state.plies = UInt8(state.first.count + state.second.count)
        // Whoever has a line has moved last.
        guard !hasLine(lead == 1 ? state.second.bits : state.first.bits) else { return nil }
        state.isWon = hasLine(lead == 1 ? state.first.bits : state.second.bits)
        return state
    }
}
