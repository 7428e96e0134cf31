import HoneCore

/// Some of the four outcomes of a 2×2 game, such as its equilibria or an answer to the question for them.
public struct OutcomeSet: OptionSet, Hashable, Sendable, Codable {
    /// Bit 2·row + column for each outcome, rows and columns counted from 0.
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The set of one outcome.
    public init(row: Int, column: Int) { rawValue = 1 << UInt8(2 * row + column) }

    /// The outcomes, row by row.
    public var cells: [(row: Int, column: Int)] {
        (0...3).filter { rawValue >> UInt8($0) & 1 == 1 }.map { ($0 / 2, $0 % 2) }
    }
}

/// The payoffs of a 2×2 game as they are shown to somebody: which choice stands first is part of it.
///
/// The 144 games have four tables each, by exchange of rows and of columns; together these are the 24 × 24 = 576 pairs of strict orders.
public struct OrdinalTable: Hashable, Sendable, Codable {
    /// What seat 0, who chooses the row, gets by row and column.
    public let row: [[Int]]
    /// What seat 1, who chooses the column, gets by row and column.
    public let column: [[Int]]

    /// A table of two rows and two columns for each seat.
    public init(row: [[Int]], column: [[Int]]) {
        precondition((row + column).allSatisfy { $0.count == 2 } && row.count == 2 && column.count == 2, "A table has two rows and two columns")
        self.row = row
        self.column = column
    }

    /// The table of a game in a way that is kept when the seats change places: the table of the mirrored game is this one transposed.
    public init(_ game: OrdinalGame) {
        let payoffs = game.payoffs
        switch game.layer {
        case 3: self.init(row: payoffs.row.reversed(), column: payoffs.column.reversed())
        case 4: self = OrdinalTable(game.mirrored).transposed
        default: self.init(row: payoffs.row, column: payoffs.column)
        }
    }

    /// The same game with the seats' places changed.
    public var transposed: OrdinalTable {
        func turned(_ pays: [[Int]]) -> [[Int]] { (0...1).map { i in (0...1).map { pays[$0][i] } } }
        return OrdinalTable(row: turned(column), column: turned(row))
    }

    /// The same game with its rows, its columns, or both in the other order.
    public func exchanged(rows: Bool, columns: Bool) -> OrdinalTable {
        func moved(_ pays: [[Int]]) -> [[Int]] {
            (rows ? pays.reversed() : pays).map { columns ? $0.reversed() : $0 }
        }
        return OrdinalTable(row: moved(row), column: moved(column))
    }

    /// What a seat gets.
    public func pay(of seat: Int, row i: Int, column j: Int) -> Int { seat == 0 ? row[i][j] : column[i][j] }

    /// A seat's best choice when it knows the other's.
    public func best(of seat: Int, against other: Int) -> Int {
        let pays = (0...1).map { seat == 0 ? row[$0][other] : column[other][$0] }
        return pays[1] > pays[0] ? 1 : 0
    }

    /// The outcomes from which neither gains by choosing otherwise alone.
    public var equilibria: OutcomeSet {
        var found: OutcomeSet = []
        for i in 0...1 {
            for j in 0...1 where best(of: 0, against: j) == i && best(of: 1, against: i) == j { found.insert(OutcomeSet(row: i, column: j)) }
        }
        return found
    }

    /// The seat's choice that is best whatever the other does; nil where there is none.
    public func dominant(of seat: Int) -> Int? {
        let first = best(of: seat, against: 0)
        return best(of: seat, against: 1) == first ? first : nil
    }

    /// The four pairs of payoffs row by row, such as `31 24 13 42`.
    public var digits: String {
        (0...1).flatMap { i in (0...1).map { "\(row[i][$0])\(column[i][$0])" } }.joined(separator: " ")
    }
}

extension OrdinalTable {
    /// The table in words, for players of these names and choices.
    public func listed(players: [String], choices: [[String]]) -> String {
        var text = "\(players[0]) chooses \(choices[0][0]) or \(choices[0][1]); \(players[1]) chooses \(choices[1][0]) or \(choices[1][1]). What they get:"
        for i in 0...1 {
            for j in 0...1 {
                text += " \(choices[0][i]) and \(choices[1][j]): \(row[i][j]) for \(players[0]), \(column[i][j]) for \(players[1])\(i + j == 2 ? "." : ";")"
            }
        }
        return text
    }

    /// The table as a story; choices are the story's own, and outcomes are told in one of ``Story/wordings`` ways.
    public func told(_ story: Story, wording: Int) -> String {
        var text = story.opening(deeds: story.deeds)
        for i in 0...1 {
            for j in 0...1 {
                text += " " + story.told([story.deeds[0][i], story.deeds[1][j]], pays: [row[i][j], column[i][j]], wording: wording)
            }
        }
        return text
    }
}
