import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics

/// Asks for equilibria and tells how often all is right, and whether what is wrong is wrong in a pattern.
///
/// | measure | of |
/// |---|---|
/// | `accuracy` | runs in which every game's answer is right |
/// | `PAR` | items whose runs are all right |
/// | `unreadable` | runs whose answer cannot be read |
/// | `ID` | mean square of the answers' shares less the standard ones, by outcome (single games) |
/// | `BD` | mean square of the difference between that map and the one of the game with the seats changed (single games) |
/// | `accuracy, none`, `accuracy, one`, `accuracy, two` | runs right on games with so many pure equilibria (single games) |
struct EquilibriumTrial: Measure {
    static let card = PartCard(
        name: "equilibrium-trial", summary: "perfect answers (PAR), inconsistency (ID) and bias (BD) of answers about 2×2 games",
        source: "Wang et al. 2024, “TMGBench: A Systematic Game Benchmark for Evaluating Strategic Reasoning Abilities of LLMs”")

    /// One thing that is asked several times.
    struct Item: Sendable {
        /// The (first) game's name: items of one game go together.
        var game: String
        /// The (first) game's table.
        var table: OrdinalTable
        /// The questions.
        var problem: Problem
    }

    /// What is asked.
    let items: [Item]
    /// How often each item is asked.
    let runs: Int
    /// Who answers.
    let cast: Cast
    /// Somebody who answers by a rule instead; questions about single games only.
    let script: ScriptedSolver?

    func measure(in scope: Scope) async throws -> Findings {
        if let script {
            return findings(items.map { item in (0..<runs).map { run in [[script.answer(to: item.table, run: run)]] } })
        }
        let groups = try await HeldOutPlay(problems: items.map(\.problem), samples: runs, cast: cast, label: "item").groups(in: scope)
        let answers = groups.map { group in
            let questions = MatrixQuestions.questions(of: group.assignment.problem)
            return group.episodes.map { episode in
                zip(questions, episode.steps.filter { $0.role == .solver }).map { $0.answer(in: $1.move.text) }
            }
        }
        return findings(answers)
    }

    /// The measures of answers by item, run, question and game.
    func findings(_ answers: [[[[OutcomeSet]?]]]) -> Findings {
        var found = Findings()
        func isRight(_ item: Int, _ run: [[OutcomeSet]?]) -> Bool {
            let expected = MatrixQuestions.questions(of: items[item].problem).map(\.expected)
            return run.count == expected.count && zip(run, expected).allSatisfy { $0 == $1 }
        }
        let names = items.map(\.game)
        let right = answers.indices.map { item in answers[item].map { isRight(item, $0) } }
        func add(_ name: String, unit: String, _ values: [(game: String, value: Double)]) {
            let games = Dictionary(grouping: values, by: \.game)
            found.add(name, unit: unit, games.keys.sorted().map { game in (game, (games[game] ?? []).map(\.value)) })
        }
        func shares(_ name: String, where fits: (Int) -> Bool = { _ in true }) {
            add(name, unit: "share", right.indices.filter(fits).flatMap { item in right[item].map { (names[item], $0 ? 1 : 0) } })
        }
        shares("accuracy")
        add("PAR", unit: "share", right.indices.map { (names[$0], right[$0].allSatisfy { $0 } ? 1 : 0) })
        add(
            "unreadable", unit: "share",
            answers.indices.flatMap { item in answers[item].map { run in (names[item], run.contains { $0 == nil } ? 1 : 0) } })
        guard items.allSatisfy({ MatrixQuestions.questions(of: $0.problem).map(\.expected.count) == [1] }) else { return found }
        for (count, name) in ["none", "one", "two"].enumerated() { shares("accuracy, \(name)") { items[$0].table.equilibria.cells.count == count } }
        let maps = answers.indices.map { item in
            AnswerMap(answers: answers[item].map { $0.first??.first }, standard: items[item].table.equilibria)
        }
        add("ID", unit: "square", maps.indices.map { (names[$0], maps[$0].inconsistency) })
        let places = Dictionary(items.indices.map { (items[$0].table, $0) }) { first, _ in first }
        add(
            "BD", unit: "square",
            maps.indices.compactMap { item in places[items[item].table.transposed].map { (names[item], maps[item].bias(against: maps[$0])) } })
        return found
    }
}
