import HoneCore

/// Discs that stand between the new one and another of its colour are turned; who has more at the end wins (Reversi, Waterman and Mollett
/// 1883; Othello's opening position, Hasegawa 1971). x begins.
///
/// Rows are numbered from the top, as is usual for this game. On 4 × 4 the second player wins 11 to 3, on 6 × 6 20 to 16 (Feinstein 1993).
public struct Othello: PerfectInformationGame {
    public static let card = PartCard(
        name: "othello", summary: "enclose and turn the other's discs; the most discs win", source: "Hasegawa 1971", gives: [.perfectInformation])

    /// What the returns are.
    public enum Scoring: String, Codable, Hashable, Sendable, CaseIterable {
        /// 1, 0 or −1.
        case win
        /// Own discs less the other's.
        case difference
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Squares on a side: 4, 6 or 8.
        public var size = 8
        /// What the returns are.
        public var scoring = Scoring.win

        /// The usual board.
        public init() {}
    }

    /// The discs; bit row · size + column.
    public struct State: Hashable, Codable, Sendable {
        /// x, the first player's.
        public var first: Bitboard
        /// o, the second player's.
        public var second: Bitboard
        /// Whose turn it is.
        public var seat = 0
        /// Whether neither can move.
        public var isOver = false
    }

    public let settings: Settings
    private let size: Int

    /// The game; throws a sentence when there is no such board.
    public init(_ settings: Settings = Settings()) throws {
        guard [4, 6, 8].contains(settings.size) else { throw CoreError.invalid("“size” is \(settings.size); an othello board has 4, 6 or 8 squares on a side") }
        self.settings = settings
        size = settings.size
    }

    public var facts: GameFacts {
        let most = settings.scoring == .win ? 1 : Double(size * size)
        return GameFacts(range: -most...most, longest: 2 * (size * size - 4))
    }

    public var instructions: String {
        "Othello on \(size) x \(size) squares, columns from a, rows from 1 at the top. x and o take turns to place a disc so that it encloses discs of the other in a straight line; these are turned. "
            + "Who can enclose none has to pass; when neither can, the most discs win."
    }

    public var start: State {
        let low = size / 2 - 1
        var state = State(first: Bitboard(), second: Bitboard())
        for (row, column, isFirst) in [(low, low, false), (low, low + 1, true), (low + 1, low, true), (low + 1, low + 1, false)] {
            if isFirst { state.first[row * size + column] = true } else { state.second[row * size + column] = true }
        }
        return state
    }

    public func turn(in state: State) -> GameTurn { state.isOver ? .over : .seat(state.seat) }

    /// The discs that a new one turns; none where it cannot be placed.
    private func turned(_ square: Int, _ own: Bitboard, _ other: Bitboard) -> UInt64 {
        guard !own[square], !other[square] else { return 0 }
        var all: UInt64 = 0
        for down in -1...1 {
            for right in -1...1 where (down, right) != (0, 0) {
                var line: UInt64 = 0
                var row = square / size + down
                var column = square % size + right
                while row >= 0, row < size, column >= 0, column < size {
                    let place = row * size + column
                    if other[place] {
                        line |= 1 << UInt64(place)
                    } else {
                        if own[place] { all |= line }
                        break
                    }
                    row += down
                    column += right
                }
            }
        }
        return all
    }

    private func sides(_ state: State, _ seat: Int) -> (own: Bitboard, other: Bitboard) {
        seat == 0 ? (state.first, state.second) : (state.second, state.first)
    }

    private func canMove(_ state: State, _ seat: Int) -> Bool {
        let (own, other) = sides(state, seat)
        return (0..<size * size).contains { turned($0, own, other) != 0 }
    }

    /// A square, or −1 for a pass.
    public func appendActions(in state: State, to actions: inout [Int8]) {
        guard !state.isOver else { return }
        let (own, other) = sides(state, state.seat)
        let before = actions.count
        for square in 0..<size * size where turned(square, own, other) != 0 { actions.append(Int8(square)) }
        if actions.count == before { actions.append(-1) }
    }

    public func apply(_ action: Int8, to state: inout State) {
        if action >= 0 {
            let (own, other) = sides(state, state.seat)
            let line = turned(Int(action), own, other)
            let grown = Bitboard(own.bits | line | 1 << UInt64(action))
            let shrunk = Bitboard(other.bits & ~line)
            (state.first, state.second) = state.seat == 0 ? (grown, shrunk) : (shrunk, grown)
        }
        state.seat = 1 - state.seat
        state.isOver = !canMove(state, 0) && !canMove(state, 1)
    }

    public func returns(of state: State) -> [Double] {
        let lead = Double(state.first.count - state.second.count)
        guard settings.scoring == .win else { return [lead, -lead] }
        guard state.isOver, lead != 0 else { return [0, 0] }
        return lead > 0 ? [1, -1] : [-1, 1]
    }

    private func name(_ square: Int) -> String { "\(UnicodeScalar(UInt8(97 + square % size)))\(square / size + 1)" }

    public func board(of state: State) -> String {
        var text = "  " + (0..<size).map { String(UnicodeScalar(UInt8(97 + $0))) }.joined(separator: " ") + "\n"
        for row in 0..<size {
            text += "\(row + 1)"
            for column in 0..<size { text += state.first[row * size + column] ? " x" : state.second[row * size + column] ? " o" : " ." }
            text += "\n"
        }
        return text + (state.isOver ? "over" : state.seat == 0 ? "x to move" : "o to move")
    }

    public func text(of action: Int8, in state: State) -> String { action < 0 ? "pass" : name(Int(action)) }
}
