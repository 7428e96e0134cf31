import HoneCore

/// One or two ranks of pawns each: reach the far rank, or take all. x begins from the bottom.
///
/// A pawn steps one square straight on if it is empty, or diagonally on if it is empty or the other's, which is taken (Troyka 2000).
public struct Breakthrough: PerfectInformationGame {
    public static let card = PartCard(
        name: "breakthrough", summary: "bring a pawn to the far side", source: "Troyka 2000", gives: [.perfectInformation])

    /// What can be set; columns × rows is at most 64.
    public struct Settings: Codable, Hashable, Sendable {
        /// Columns, 2 to 8.
        public var columns = 8
        /// Rows, 4 to 16.
        public var rows = 8
        /// Ranks of pawns on each side, 1 or 2.
        public var ranks = 2

        /// The usual board of 8 × 8.
        public init() {}
    }

    /// The pawns of each player; bit columns · row + column.
    public struct State: Hashable, Codable, Sendable {
        /// The first player's pawns.
        public var first: Bitboard
        /// The second player's pawns.
        public var second: Bitboard
        /// The seat that moves next.
        public var seat = 0
    }

    /// A step of a pawn.
    public struct Action: Hashable, Sendable {
        /// The square it leaves.
        public var from: UInt8
        /// The square it enters.
        public var to: UInt8
    }

    public let settings: Settings
    private let columns: Int
    private let bottom: UInt64
    private let top: UInt64
    private let left: UInt64
    private let right: UInt64

    /// The game; throws a sentence when the board's size is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...8).contains(settings.columns), (4...16).contains(settings.rows), settings.columns * settings.rows <= 64 else {
            throw CoreError.invalid(
                "Breakthrough has \(settings.columns) columns and \(settings.rows) rows; expected 2 to 8 columns, 4 to 16 rows, and at most 64 squares"
            )
        }
        guard (1...2).contains(settings.ranks) else { throw CoreError.invalid("“ranks” is \(settings.ranks); it should be 1 or 2") }
        self.settings = settings
        columns = settings.columns
        bottom = (1 << UInt64(columns)) &- 1
        top = bottom << UInt64(columns * (settings.rows - 1))
        left = (0..<settings.rows).reduce(0) { $0 | 1 << UInt64($1 * settings.columns) }
        right = left << UInt64(columns - 1)
    }

    public var facts: GameFacts {
        // No pawn but the last to move makes more than rows − 2 steps.
        GameFacts(longest: 2 * settings.ranks * columns * (settings.rows - 2) + 1)
    }
    public var instructions: String {
        "Breakthrough. x moves up, o moves down: a pawn steps straight on to an empty square, or diagonally on to one that is empty or the "
            + "other's, which is taken. Who reaches the far row or takes all pawns wins. a2b3 steps from a2 to b3."
    }
    public var start: State {
        guard settings.ranks == 2 else { return State(first: Bitboard(bottom), second: Bitboard(top)) }
        return State(first: Bitboard(bottom | bottom << UInt64(columns)), second: Bitboard(top | top >> UInt64(columns)))
    }

    public func turn(in state: State) -> GameTurn { winner(in: state) == nil ? .seat(state.seat) : .over }

    private func winner(in state: State) -> Int? {
        if state.first.bits & top != 0 || state.second.isEmpty { return 0 }
        return state.second.bits & bottom != 0 || state.first.isEmpty ? 1 : nil
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        guard winner(in: state) == nil else { return }
        let own = state.seat == 0 ? state.first : state.second
        let other = state.seat == 0 ? state.second : state.first
        var pawns = own
        while let from = pawns.popFirst() {
            let bit = UInt64(1) << UInt64(from)
            let ahead = state.seat == 0 ? from + columns : from - columns
            if bit & left == 0, !own[ahead - 1] { actions.append(Action(from: UInt8(from), to: UInt8(ahead - 1))) }
            if !own[ahead], !other[ahead] { actions.append(Action(from: UInt8(from), to: UInt8(ahead))) }
            if bit & right == 0, !own[ahead + 1] { actions.append(Action(from: UInt8(from), to: UInt8(ahead + 1))) }
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        let from = UInt64(1) << UInt64(action.from)
        let to = UInt64(1) << UInt64(action.to)
        if state.seat == 0 {
            state.first.bits = state.first.bits & ~from | to
            state.second.bits &= ~to
        } else {
            state.second.bits = state.second.bits & ~from | to
            state.first.bits &= ~to
        }
        state.seat = 1 - state.seat
    }

    public func returns(of state: State) -> [Double] {
        switch winner(in: state) {
        case 0: [1, -1]
        case 1: [-1, 1]
        default: [0, 0]
        }
    }

    public func board(of state: State) -> String {
        var text = ""
        for row in (0..<settings.rows).reversed() {
            for column in 0..<columns {
                let square = row * columns + column
                text += state.first[square] ? "x" : state.second[square] ? "o" : "."
            }
            text += "\n"
        }
        return text + (state.seat == 0 ? "x to move" : "o to move")
    }

    public func text(of action: Action, in state: State) -> String { name(action.from) + name(action.to) }

    private func name(_ square: UInt8) -> String { SquareName.text(column: Int(square) % columns, row: Int(square) / columns) }
}
