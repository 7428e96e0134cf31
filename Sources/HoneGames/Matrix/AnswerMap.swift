/// Where the answers of several runs to one table lie, against where they should.
///
/// The inconsistency map of Wang et al. 2024, TMGBench: by outcome, the share of answers minus the share in the standard answer. An answer that names
/// several outcomes is spread over them evenly, and one that names none, or cannot be read, counts nowhere. The paper gives no norm; here both degrees are means
/// of squares over the four outcomes, so that 0 is perfect.
public struct AnswerMap: Hashable, Sendable {
    /// The differences by row and column, from −1 to 1.
    public let differences: [[Double]]

    /// The map of some runs' answers, nil where one could not be read; no run at all gives the standard answer's negative.
    public init(answers: [OutcomeSet?], standard: OutcomeSet) {
        var cells = [[0.0, 0.0], [0.0, 0.0]]
        func spread(_ set: OutcomeSet, weight: Double) {
            for (i, j) in set.cells { cells[i][j] += weight / Double(set.cells.count) }
        }
        for answer in answers { spread(answer ?? [], weight: 1 / Double(answers.count)) }
        spread(standard, weight: -1)
        differences = cells
    }

    /// ID of one game: the mean square of the map.
    public var inconsistency: Double { differences.joined().reduce(0) { $0 + $1 * $1 } / 4 }

    /// BD of one game: the mean square of the difference between the map and the transposed map of the transposed table. Who answers both
    /// seats' questions alike has 0.
    public func bias(against mirrored: AnswerMap) -> Double {
        var sum = 0.0
        for i in 0...1 {
            for j in 0...1 {
                let difference = differences[i][j] - mirrored.differences[j][i]
                sum += difference * difference
            }
        }
        return sum / 4
    }
}

/// Somebody who answers the question for equilibria by a rule: yardsticks of the measures.
public enum ScriptedSolver: String, Codable, Hashable, Sendable, CaseIterable {
    /// Exactly.
    case oracle
    /// Looks at the first row only: its outcome is that row with the column player's best answer to it.
    case biased
    /// The biased one in even runs, and in odd runs what the biased one says with the seats changed: as wrong, and fair.
    case mirrored

    /// The answer of a run.
    public func answer(to table: OrdinalTable, run: Int) -> OutcomeSet {
        switch self {
        case .oracle: return table.equilibria
        case .biased: return OutcomeSet(row: 0, column: table.best(of: 1, against: 0))
        case .mirrored:
            if run.isMultiple(of: 2) { return Self.biased.answer(to: table, run: run) }
            return OutcomeSet(row: table.transposed.best(of: 1, against: 0), column: 0)
        }
    }
}
