import HoneCore

/// Stones on a rhombus of hexagons: x joins the bottom to the top, o the left to the right; x begins. There is no draw (Hein 1942, Nash 1948).
///
/// A cell touches those beside it in its row and column and those one row up and one column left, one row down and one column right.
public struct Hex: PerfectInformationGame {
    public static let card = PartCard(
        name: "hex", summary: "join two opposite sides of a rhombus of hexagons", source: "Gardner 1957", gives: [.perfectInformation])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Columns, 1 to 26.
        public var columns = 11
        /// Rows, 1 to 26.
        public var rows = 11
        /// Whether the second player may answer the first stone by taking it over, mirrored: the swap or pie rule.
        public var allowsSwap = false

        /// The usual board of 11 × 11.
        public init() {}
    }

    /// The cells row by row from the bottom.
    public struct State: Hashable, Codable, Sendable {
        /// 0 for an empty cell; else 1 for x or 2 for o, plus 4 where the stone is joined to its colour's first side (bottom, left) and 8 where
        /// it is joined to the second.
        public var cells: [UInt8]
        /// How many actions were made.
        public var plies = 0
        /// The seat that has joined its sides; −1 while none has.
        public var winner = -1
        /// Whether the first stone was taken over.
        public var isSwapped = false
    }

    /// The action that takes the first stone over.
    public static let swap: Int16 = -1

    public let settings: Settings
    /// Six cells for each cell, those that touch it; the cell itself stands for what would lie off the board.
    private let neighbours: [Int16]
    /// The labels a stone has by where it lies: those of x as they are, those of o four bits higher.
    private let sides: [UInt8]

    /// The game; throws a sentence when the board's size is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...26).contains(settings.columns), (1...26).contains(settings.rows) else {
            throw CoreError.invalid("Hex has \(settings.columns) columns and \(settings.rows) rows; expected 1 to 26 of each")
        }
        guard !settings.allowsSwap || settings.columns == settings.rows else {
            throw CoreError.invalid(
                "Hex with the swap rule needs as many columns as rows, as the stone is mirrored; it has \(settings.columns) and \(settings.rows)")
        }
        self.settings = settings
        let (columns, rows) = (settings.columns, settings.rows)
        var neighbours: [Int16] = []
        var sides: [UInt8] = []
        for cell in 0..<columns * rows {
            let (column, row) = (cell % columns, cell / columns)
            for (right, up) in [(-1, 0), (1, 0), (0, -1), (0, 1), (-1, 1), (1, -1)] {
                let isThere = (0..<columns).contains(column + right) && (0..<rows).contains(row + up)
                neighbours.append(Int16(isThere ? cell + up * columns + right : cell))
            }
            sides.append((row == 0 ? 4 : 0) | (row == rows - 1 ? 8 : 0) | (column == 0 ? 64 : 0) | (column == columns - 1 ? 128 : 0))
        }
        self.neighbours = neighbours
        self.sides = sides
    }

    public var facts: GameFacts { GameFacts(longest: settings.columns * settings.rows + (settings.allowsSwap ? 1 : 0)) }
    public var instructions: String {
        "Hex. In turn, place a stone on an empty cell, a1 (bottom left) to \(SquareName.text(column: settings.columns - 1, row: settings.rows - 1)). "
            + "x wins by joining bottom and top, o by joining left and right. A cell touches its neighbours in row and column, "
            + "and those up left and down right."
            + (settings.allowsSwap ? " o may answer the first stone by swap, which takes it over, mirrored." : "")
    }
    public var start: State { State(cells: [UInt8](repeating: 0, count: settings.columns * settings.rows)) }

    /// The seat of the next action; taking the first stone over is an action of the second seat like any other.
    public func turn(in state: State) -> GameTurn { state.winner >= 0 ? .over : .seat(state.plies & 1) }

    public func appendActions(in state: State, to actions: inout [Int16]) {
        guard state.winner < 0 else { return }
        for cell in state.cells.indices where state.cells[cell] == 0 { actions.append(Int16(cell)) }
        if settings.allowsSwap, state.plies == 1 { actions.append(Self.swap) }
    }

    public func apply(_ action: Int16, to state: inout State) {
        let seat = state.plies & 1
        state.plies += 1
        var cell = Int(action)
        if action == Self.swap, let first = state.cells.firstIndex(where: { $0 != 0 }) {
            state.cells[first] = 0
            state.isSwapped = true
            cell = first % settings.columns * settings.columns + first / settings.columns
        }
        place(cell, seat, in: &state)
    }

    /// As drawn from the listed actions, without the list: a random play of 7 × 7 takes a third of the time.
    public func drawAction(in state: State, using generator: inout SeededGenerator, scratch: inout [Int16]) -> Int16? {
        guard state.winner < 0 else { return nil }
        let free = state.cells.count - state.plies + (state.isSwapped ? 1 : 0)
        let count = free + (settings.allowsSwap && state.plies == 1 ? 1 : 0)
        guard count > 0 else { return nil }
        let drawn = generator.integer(in: 0...count - 1)
        return drawn < free ? freeCell(drawn, in: state) : Self.swap
    }

    /// The empty cell of this number, counted from 0, eight cells at a time.
    private func freeCell(_ number: Int, in state: State) -> Int16? {
        state.cells.withUnsafeBytes { cells in
            var left = number
            var cell = 0
            while cell + 8 <= cells.count {
                let word = cells.loadUnaligned(fromByteOffset: cell, as: UInt64.self)
                // A stone has one of its two lowest bits set.
                let free = 8 - ((word | word >> 1) & 0x0101_0101_0101_0101).nonzeroBitCount
                if left < free { break }
                left -= free
                cell += 8
            }
            for cell in cell..<cells.count where cells[cell] == 0 {
                if left == 0 { return Int16(cell) }
                left -= 1
            }
            return nil
        }
    }

    private func place(_ cell: Int, _ seat: Int, in state: inout State) {
        let colour = UInt8(seat + 1)
        var label = colour | (seat == 0 ? sides[cell] & 12 : sides[cell] >> 4)
        neighbours.withUnsafeBufferPointer { near in
            state.cells.withUnsafeMutableBufferPointer { cells in
                let own = cell * 6..<cell * 6 + 6
                for place in own where cells[Int(near[place])] & 3 == colour { label |= cells[Int(near[place])] }
                cells[cell] = label
                if label & 12 != 0 { Self.spread(label, from: cell, over: cells, near) }
            }
        }
        if label & 12 == 12 { state.winner = seat }
    }

    /// What a stone joins reaches the same sides.
    private static func spread(_ label: UInt8, from cell: Int, over cells: UnsafeMutableBufferPointer<UInt8>, _ near: UnsafeBufferPointer<Int16>) {
        for place in cell * 6..<cell * 6 + 6 {
            let next = Int(near[place])
            guard cells[next] & 3 == label & 3, cells[next] != label else { continue }
            cells[next] = label
            spread(label, from: next, over: cells, near)
        }
    }

    public func returns(of state: State) -> [Double] {
        switch state.winner {
        case 0: [1, -1]
        case 1: [-1, 1]
        default: [0, 0]
        }
    }

    public func board(of state: State) -> String {
        var text = ""
        for row in (0..<settings.rows).reversed() {
            // Each row lies half a cell to the right of the one below it, so that touching cells look so.
            let cells = state.cells[row * settings.columns..<(row + 1) * settings.columns]
            text += String(repeating: " ", count: row) + cells.map { [".", "x", "o"][Int($0 & 3)] }.joined(separator: " ") + "\n"
        }
        let swapped = state.isSwapped ? "o took the first stone over. " : ""
        return text + swapped + (state.plies & 1 == 0 ? "x to move" : "o to move")
    }

    public func text(of action: Int16, in state: State) -> String {
        action == Self.swap ? "swap" : SquareName.text(column: Int(action) % settings.columns, row: Int(action) / settings.columns)
    }
}
