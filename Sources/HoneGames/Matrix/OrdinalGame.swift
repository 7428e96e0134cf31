import HoneCore

/// One of the 144 games of two players with two choices each in which each player ranks the four outcomes strictly, from 4 (best) to 1.
///
/// Named as in Robinson and Goforth 2005, "The Topology of the 2×2 Games": layer, row, column. A layer says how the two best outcomes
/// lie to each other; the row (1 to 6) says how the row player ranks the other three outcomes, the column how the column player does; neighbours
/// differ by one swap of ranks 1 and 2 or of 2 and 3, around and back: g111 is the prisoner's dilemma, g122 chicken, g322 the stag hunt.
/// TMGBench (2024) uses the same 144 games.
public struct OrdinalGame: Hashable, Sendable, Codable {
    /// How the two best outcomes lie: 1 in opposite corners, 2 in one row, 3 in one cell, 4 in one column.
    public let layer: Int
    /// The row player's order of the other outcomes, 1 to 6.
    public let row: Int
    /// The column player's, 1 to 6.
    public let column: Int

    /// A game; throws when a number is out of range.
    public init(layer: Int, row: Int, column: Int) throws {
        guard (1...4).contains(layer), (1...6).contains(row), (1...6).contains(column) else {
            throw CoreError.invalid("There is no game g\(layer)\(row)\(column); layers go from 1 to 4, rows and columns from 1 to 6")
        }
        self.layer = layer
        self.row = row
        self.column = column
    }

    private init(valid layer: Int, _ row: Int, _ column: Int) {
        self.layer = layer
        self.row = row
        self.column = column
    }

    /// The game of a name such as `g111`; throws when there is none.
    public init(named name: String) throws {
        let digits = name.utf8.dropFirst().map { Int($0) - 48 }
        guard name.utf8.first == UInt8(ascii: "g"), digits.count == 3 else {
            throw CoreError.invalid("“\(name)” is not a 2×2 game; expected g, a layer from 1 to 4, and a row and a column from 1 to 6, such as g111")
        }
        try self.init(layer: digits[0], row: digits[1], column: digits[2])
    }

    /// All 144, by layer, row and column.
    public static let all: [OrdinalGame] = (1...4).flatMap { layer in
        (1...6).flatMap { row in (1...6).map { OrdinalGame(valid: layer, row, $0) } }
    }

    /// Its name, such as `g111`.
    public var name: String { "g\(layer)\(row)\(column)" }

    /// The name of a symmetric game that has one.
    public var commonName: String? { Self.commonNames[name] }

    private static let commonNames = [
        "g111": "prisoner's dilemma", "g122": "chicken", "g133": "leader", "g144": "hero", "g155": "compromise", "g166": "deadlock",
        "g311": "no conflict", "g322": "stag hunt", "g333": "assurance", "g344": "coordination", "g355": "peace", "g366": "harmony",
    ]

    /// How an order ranks the outcomes where the other chooses otherwise than in the best one, where only oneself does, and where both do.
    ///
    /// In the words of the dilemma, with the best outcome T: reward (oneself otherwise), punishment (the other otherwise), sucker (both).
    private static let orders: [(own: Int, other: Int, both: Int)] = [(3, 2, 1), (3, 1, 2), (2, 1, 3), (1, 2, 3), (1, 3, 2), (2, 3, 1)]

    /// What both get, by row and column. The row player's best outcome lies in the second row and the first column.
    public var payoffs: (row: [[Int]], column: [[Int]]) {
        let best = (row: 1, column: 0)
        let columnBest =
            switch layer {
            case 1: (row: 0, column: 1)
            case 2: (row: 1, column: 1)
            case 3: (row: 1, column: 0)
            default: (row: 0, column: 0)
            }
        let a = Self.orders[row - 1]
        let b = Self.orders[column - 1]
        var rowPays = [[0, 0], [0, 0]]
        var columnPays = rowPays
        for i in 0...1 {
            for j in 0...1 {
                rowPays[i][j] =
                    i == best.row ? (j == best.column ? 4 : a.other) : j == best.column ? a.own : a.both
                columnPays[i][j] =
                    j == columnBest.column ? (i == columnBest.row ? 4 : b.other) : i == columnBest.row ? b.own : b.both
            }
        }
        return (rowPays, columnPays)
    }

    /// The game with both players' places changed.
    public var mirrored: OrdinalGame { OrdinalGame(valid: layer == 2 ? 4 : layer == 4 ? 2 : layer, column, row) }

    /// The game in normal form.
    public func bimatrix() throws -> Bimatrix {
        let payoffs = payoffs
        return try Bimatrix(row: payoffs.row.map { $0.map(Double.init) }, column: payoffs.column.map { $0.map(Double.init) })
    }
}
