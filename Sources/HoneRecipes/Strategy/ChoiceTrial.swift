import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics

/// How often a seat's choice is that of the one equilibrium, and how often the answers that led to it are right.
///
/// | measure | of |
/// |---|---|
/// | `equilibrium choices` | choices made at once that belong to the one pure equilibrium |
/// | `backward induction` | first choices in turn that are those of the subgame-perfect play |
/// | `conditional answers` | answers to questions in between that are right (with the workflow) |
struct ChoiceTrial: Measure {
    static let card = PartCard(
        name: "choice-trial", summary: "equilibrium choices in 2×2 games, at once and in turn", source: "Hua et al. 2024, “Game-theoretic LLM”")

    /// A task with the name of its game: tasks of one game go together.
    struct Item: Sendable {
        /// The game.
        var game: String
        /// The problem, which carries the task.
        var problem: Problem
        /// The task itself.
        var task: ChoiceTask
    }

    /// What is asked.
    let items: [Item]
    /// How often each task is asked.
    let samples: Int
    /// Who answers.
    let cast: Cast
    /// How questions are written.
    let prompt: ChoicePrompt
    /// Whether episodes are those of ``GameWorkflow``.
    let isWorkflow: Bool

    func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: items.map(\.problem), samples: samples, cast: cast, label: "item").groups(in: scope)
        var found = Findings()
        func add(_ name: String, where fits: (ChoiceTask) -> Bool, _ values: (Int) -> [Double]) {
            let kept = items.indices.filter { fits(items[$0].task) }
            let games = Dictionary(grouping: kept) { items[$0].game }
            found.add(name, unit: "share", games.keys.sorted().map { game in (game, (games[game] ?? []).flatMap(values)) })
        }
        func right(_ item: Int) -> [Double] { groups[item].episodes.map { $0.returns[.solver] ?? 0 } }
        add("equilibrium choices", where: { !$0.isSequential }, right)
        add("backward induction", where: \.isSequential, right)
        if isWorkflow {
            add("conditional answers", where: { _ in true }) { item in
                groups[item].episodes.flatMap { episode in
                    zip(questions(items[item].task), episode.steps).map { asked, step in prompt.choice(of: asked.seat, in: step.move.text) == asked.best ? 1 : 0 }
                }
            }
        }
        return found
    }

    /// Whose choice the first steps of the workflow ask for, and what is right.
    private func questions(_ task: ChoiceTask) -> [(seat: Int, best: Int)] {
        let seats = task.isSequential ? [1] : [1, 0]
        return seats.flatMap { seat in (0...1).map { (seat, task.table.best(of: seat, against: $0)) } }
    }
}

/// Lets two seats talk about many item splits, each with and without the belief over the other's values, and reads who gains by adopting it.
///
/// `adopting against …` is what a seat gains by adopting the workflow while the other does (`adopters`) or does not (`others`): where the first is not below 0, both
/// adopting is an equilibrium of the meta-game. `adopter less other` is what a lone adopter gets more than the other at the same table.
struct SplitTrial: Measure {
    static let card = PartCard(
        name: "split-trial", summary: "agreement, Pareto optimality, envy-freeness and rewards of item splits, with and without the workflow on each side",
        source: "Hua et al. 2024, “Game-theoretic LLM”")

    /// How many splits.
    let splits: Int
    /// The most proposals of both together.
    let turns: Int
    /// ρ of beliefs.
    let decay: Double

    func measure(in scope: Scope) async throws -> Findings { findings(seed: scope.seed) }

    /// The measures of the splits of a seed.
    func findings(seed: Seed) -> Findings {
        var rows: [String: [(problem: String, values: [Double])]] = [:]
        for number in 0..<splits {
            let own = seed.child("split", number)
            let split = ItemSplit.drawn(seed: own.child("items"))
            let talks = SplitTalks(split, turns: turns, decay: decay)
            func play(_ adopts: [Bool]) -> SplitTalks.Outcome {
                talks.outcome(adopts.map { $0 ? .believing : .plain }, first: number % 2, seed: own.child("talks"))
            }
            func add(_ name: String, _ value: Double) { rows[name, default: []].append(("split \(number)", [value])) }
            var rewards: [[Double]] = []
            for (name, adopts) in [("neither adopts", [false, false]), ("both adopt", [true, true])] {
                let outcome = play(adopts)
                let isFair = outcome.deal.map(split.isEnvyFree) ?? false
                let isBest = outcome.deal.map(split.isParetoOptimal) ?? false
                add("agreement, \(name)", outcome.deal == nil ? 0 : 1)
                add("envy-free, \(name)", isFair ? 1 : 0)
                add("Pareto optimal, \(name)", isBest ? 1 : 0)
                add("Pareto optimal and envy-free, \(name)", isFair && isBest ? 1 : 0)
                rewards.append(outcome.rewards.map(Double.init))
                add("reward, \(name)", Double(outcome.rewards.reduce(0, +)) / 2)
            }
            let alone = (0...1).map { adopter in play((0...1).map { $0 == adopter }).rewards.map(Double.init) }
            let adopter = (alone[0][0] + alone[1][1]) / 2
            let other = (alone[0][1] + alone[1][0]) / 2
            add("reward, lone adopter", adopter)
            add("reward, against a lone adopter", other)
            add("adopter less other", adopter - other)
            add("adopting against adopters", (rewards[1][0] + rewards[1][1]) / 2 - other)
            add("adopting against others", adopter - (rewards[0][0] + rewards[0][1]) / 2)
        }
        var found = Findings()
        for (name, values) in rows.sorted(by: { $0.key < $1.key }) {
            let isReward = name.hasPrefix("reward") || name.hasPrefix("adopt")
            found.add(name, unit: isReward ? "reward" : "share", values)
        }
        return found
    }
}
