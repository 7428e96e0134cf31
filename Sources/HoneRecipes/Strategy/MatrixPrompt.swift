import HoneCore
import HoneGames

/// How a question about equilibria is to be answered.
public enum AnswerFormat: String, Codable, Hashable, Sendable, CaseIterable {
    /// The answer alone.
    case direct
    /// Each outcome is looked at first: would either player rather have chosen otherwise?
    case chain
    /// First-order theory of mind: what the other would choose against each of one's own choices, then the answer.
    case first
    /// Second-order theory of mind: also what the other expects one to choose.
    case second
}

/// How several games hang together in one question.
public enum GameForm: String, Codable, Hashable, Sendable, CaseIterable {
    /// One game.
    case single
    /// One after the other, with what was said before in view.
    case sequential
    /// All in one question.
    case parallel
    /// Two games; the outcome of the first takes a choice of the second away.
    case nested
}

/// Two games of which the first one's outcome takes a choice away in the second; a player gets the sum.
struct NestedGame: Sendable {
    /// The first game.
    let before: OrdinalTable
    /// The second game.
    let core: OrdinalTable
    /// By outcome of the first, row by row: the seat and the choice that are taken away, or nothing.
    let bans: [(seat: Int, choice: Int)?]

    /// The bans that games have unless others are named: after unequal choices, who chose the first one loses the first choice or the second.
    static let usual: [(seat: Int, choice: Int)?] = [nil, (0, 0), (1, 1), nil]

    /// What is chosen in the second game after an outcome of the first; nil where that is not one outcome.
    func continuation(after outcome: Int) -> (row: Int, column: Int)? {
        guard let ban = bans[outcome] else {
            let cells = core.equilibria.cells
            return cells.count == 1 ? cells[0] : nil
        }
        // One player is left with one choice, and the other answers it.
        let left = 1 - ban.choice
        return ban.seat == 0 ? (left, core.best(of: 1, against: left)) : (core.best(of: 0, against: left), left)
    }

    /// What both get by outcome of the first game when the second is played as it will be; nil where the second has no one way of being played.
    var totals: OrdinalTable? {
        var pays = [[[0, 0], [0, 0]], [[0, 0], [0, 0]]]
        for outcome in 0...3 {
            guard let next = continuation(after: outcome) else { return nil }
            for seat in 0...1 {
                pays[seat][outcome / 2][outcome % 2] =
                    before.pay(of: seat, row: outcome / 2, column: outcome % 2) + core.pay(of: seat, row: next.row, column: next.column)
            }
        }
        return OrdinalTable(row: pays[0], column: pays[1])
    }

    /// The one outcome of both games by backward induction; nil where there is none, or more than one, or a tie.
    var solution: (before: OutcomeSet, core: OutcomeSet)? {
        guard let totals else { return nil }
        for place in 0...1 where totals.row[0][place] == totals.row[1][place] || totals.column[place][0] == totals.column[place][1] { return nil }
        let cells = totals.equilibria.cells
        guard cells.count == 1, let next = continuation(after: 2 * cells[0].row + cells[0].column) else { return nil }
        return (totals.equilibria, OutcomeSet(row: next.row, column: next.column))
    }
}

/// Writes questions about 2×2 games, short ones for small models and ones in words, with worked answers for teaching.
struct MatrixPrompt {
    /// Whether questions are short: digits and letters.
    let isShort: Bool
    /// How they are to be answered.
    let format: AnswerFormat

    /// A question about the equilibria of one game.
    func single(_ table: OrdinalTable, story: Story?, wording: Int = 0) -> MatrixQuestion {
        games([table], stories: story.map { [$0] }, wording: wording)
    }

    /// A question about the equilibria of several games at once.
    func games(_ tables: [OrdinalTable], stories: [Story]?, wording: Int = 0) -> MatrixQuestion {
        let expected = tables.map(\.equilibria)
        guard isShort else {
            let shown = tables.indices.map { place in
                (tables.count > 1 ? "Game \(place + 1). " : "") + Self.shown(tables[place], story: stories?[place % (stories?.count ?? 1)], wording: wording)
            }
            let asked = tables.count == 1
                ? "Which pairs of choices are equilibria, so that neither would rather have chosen otherwise? There can be none, one or two."
                : "For each game, which pairs of choices are equilibria, so that neither would rather have chosen otherwise? There can be none, one or two in each."
            let names = tables.indices.map { Self.names(stories?[$0 % (stories?.count ?? 1)]) }
            let example = tables.indices.map { "(\(names[$0][0][0]), \(names[$0][1][1]))" }.joined(separator: "; ")
            return MatrixQuestion(
                text: "Two players each make one choice at the same time, once; both know all that follows.\n\(shown.joined(separator: "\n"))\n\(asked)\n\(manner)\n"
                    + "End with one line such as “answer: \(example)”; write the outcomes of a game side by side, “none” where there is none"
                    + (tables.count > 1 ? ", and part the games by semicolons." : "."),
                expected: expected, names: names)
        }
        let shown = tables.indices.map { Self.short(tables[$0], story: stories?[$0 % (stories?.count ?? 1)]) }
        return MatrixQuestion(text: mark + shown.joined(separator: "/") + "=", expected: expected)
    }

    /// A question about what is chosen in two games of which the first decides what the second leaves to choose.
    func nested(_ game: NestedGame) -> MatrixQuestion? {
        guard let solution = game.solution else { return nil }
        let expected = [solution.before, solution.core]
        if isShort { return MatrixQuestion(text: "\(mark)\(game.before.digits)>\(game.core.digits)=", expected: expected) }
        let names = Self.names(nil)
        let bans = game.bans.enumerated().compactMap { outcome, ban in
            ban.map { "After \(names[0][outcome / 2]) and \(names[1][outcome % 2]) in game 1, player \($0.seat == 0 ? "A" : "B") has no \(names[$0.seat][$0.choice]) in game 2." }
        }
        return MatrixQuestion(
            text: "Two players play two games, one after the other, and each wants the largest sum of both. In each game they choose at the same time; all is known to both.\n"
                + "Game 1. \(Self.shown(game.before, story: nil, wording: 0))\nGame 2. \(Self.shown(game.core, story: nil, wording: 0))\n\(bans.joined(separator: " "))\n"
                + "What is chosen in game 1, and then in game 2? Work backwards from game 2.\n\(manner)\nEnd with one line such as “answer: (A1, B2); (A2, B1)”.",
            expected: expected, names: [names, names])
    }

    /// The worked answer to a short question about games at once.
    func worked(_ tables: [OrdinalTable]) -> String {
        let working = format == .direct ? "" : tables.map(working).joined(separator: "/") + ";"
        return working + tables.map { Self.spelled($0.equilibria) }.joined(separator: "/")
    }

    /// The worked answer to a short question about nested games; nil where it has none.
    func worked(_ game: NestedGame) -> String? {
        guard let totals = game.totals, let solution = game.solution else { return nil }
        let answer = "\(Self.spelled(solution.before))/\(Self.spelled(solution.core))"
        if format == .direct { return answer }
        let next = (0...3).compactMap { outcome in
            game.continuation(after: outcome).map { "\(Self.spelled(OutcomeSet(row: $0.row, column: $0.column)))\(totals.row[outcome / 2][outcome % 2])\(totals.column[outcome / 2][outcome % 2])" }
        }
        return "\(next.joined(separator: " "));\(answer)"
    }

    /// The letter in front of a short question, by which small models know what is wanted.
    private var mark: String {
        switch format {
        case .direct: "d"
        case .chain: "c"
        case .first: "f"
        case .second: "s"
        }
    }

    /// What a model is told of how to answer.
    private var manner: String {
        switch format {
        case .direct: "Give the answer without an explanation."
        case .chain: "Think step by step: for each pair of choices, ask whether either player would rather have chosen otherwise."
        case .first:
            "You are the first player. Before you answer, put yourself in the other player's place: for each of your choices, say what the other would choose."
        case .second:
            "You are the first player. Before you answer, put yourself in the other player's place: for each of your choices, say what the other would choose; and for each of "
                + "the other's choices, say what the other expects you to choose."
        }
    }

    /// The thoughts of a worked answer about one game.
    private func working(_ table: OrdinalTable) -> String {
        let (rows, columns) = (MatrixQuestion.shortNames[0], MatrixQuestion.shortNames[1])
        switch format {
        case .direct: return ""
        case .chain:
            return (0...1).flatMap { i in
                (0...1).map { j in
                    "\(rows[i])\(columns[j])\(table.best(of: 0, against: j) == i ? "+" : "-")\(table.best(of: 1, against: i) == j ? "+" : "-")"
                }
            }.joined(separator: " ")
        case .first, .second:
            let other = (0...1).map { "\(rows[$0])\(columns[table.best(of: 1, against: $0)])" }
            let own = (0...1).map { "\(columns[$0])\(rows[table.best(of: 0, against: $0)])" }
            return (other + (format == .second ? own : [])).joined(separator: " ")
        }
    }

    /// Outcomes in the short form.
    static func spelled(_ set: OutcomeSet) -> String {
        let names = MatrixQuestion.shortNames
        return set.isEmpty ? "-" : set.cells.map { names[0][$0.row] + names[1][$0.column] }.joined(separator: " ")
    }

    /// A table in the short form: digits alone, or with what a story calls the choices.
    private static func short(_ table: OrdinalTable, story: Story?) -> String {
        guard let story else { return table.digits }
        return (0...3).map { place in
            "\(story.deeds[0][place / 2].label) \(story.deeds[1][place % 2].label) \(table.row[place / 2][place % 2])\(table.column[place / 2][place % 2])"
        }.joined(separator: " ")
    }

    private static func names(_ story: Story?) -> [[String]] { story?.deeds.map { $0.map(\.label) } ?? [["A1", "A2"], ["B1", "B2"]] }

    private static func shown(_ table: OrdinalTable, story: Story?, wording: Int) -> String {
        if let story { return table.told(story, wording: wording) }
        return table.listed(players: ["A", "B"], choices: names(nil))
    }
}
