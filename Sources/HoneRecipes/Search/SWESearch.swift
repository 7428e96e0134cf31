import HoneCore
import HoneEngine
import HoneEvaluation
import HoneSearch
import HoneSocieties
import HoneWorlds

/// SWE-Search: a tree over the states of a repair, with hindsight, a value agent that gives reasons, and a final choice, against as many moves spent otherwise.
public enum SWESearch: Recipe {
    /// How a repair is come to.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// One run.
        case single
        /// Several runs that know nothing of each other, the one kept whose end the value agent values most.
        case independent
        /// The tree of states.
        case search
    }

    /// Which finished play of a tree is kept.
    public enum Choice: String, Codable, Hashable, Sendable, CaseIterable {
        /// The one whose last state is valued most.
        case best
        /// The one whose states are valued most on average.
        case mean
        /// The one that a debate votes for.
        case debate
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var swe: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How a repair is come to.
            public var method = Method.search
            /// Runs of `independent`.
            public var runs = 4
            /// Moves that a search makes.
            public var iterations = 24
            /// Moves that are tried at one state at most.
            public var expansions = 3
            /// The most moves of a play in the tree.
            public var depth = 10
            /// The search ends when so many different plays have finished; 0 never ends it early.
            public var finished = 5
            /// What the player is told of moves that were tried before: nothing, moves, values or explanations.
            public var hindsight = HindsightMoves.Told.explanations
            /// Which finished play is kept.
            public var choice = Choice.best
            /// Agents of a debate.
            public var agents = 3
            /// Rounds of a debate.
            public var rounds = 2
            /// How the state to go on from is taken: greedy or softmax.
            public var policy = StateSelection.Policy.greedy
            /// Of softmax, in units of the score.
            public var temperature = 10.0
            /// What the terms of the score weigh.
            public var weights = StateSelection.Weights()
            /// The temperature of the value agent.
            public var valueTemperature = 0.2
            /// What a model made here is taught.
            var lessons = RepairLessons()
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            if world == SWESearch.world, var rules = try? common.task.settings.decode(RepoRepair.Settings.self) {
                // Which token is wrong has to be inferred from two tests; a tiny model learns that of one operator a function.
                (rules.operators, rules.calls) = (1, 0)
                common.task.settings = (try? JSONValue(encoding: rules)) ?? common.task.settings
            }
            common.task.trainProblems = 1000
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 16_000, passes: 6, rate: 3e-3)
            common.play.temperature = 0.8
            common.evaluation = EvaluationSettings(every: 1, problems: 60, samples: 1)
            common.iterations = 0
            swe = Particular()
        }
    }

    public static let world = "repo-repair"

    public static let card = RecipeCard(
        id: "swe-search",
        summary: "repairs small repositories by a tree over agent states with hindsight, a value agent that gives reasons, and a final choice or debate",
        source: "Antoniades et al., 2024, “SWE-Search: Enhancing Software Agents with Monte Carlo Tree Search and Iterative Refinement”",
        departures: [
            "repositories are three to six tiny functions of stack tokens; agents view, edit, test and finish, and have no other tools and no plan state",
            "a model made here is taught to repair, value and vote by lessons with errors put in; it values by one of nine marks and names a file",
            "the value agent sees the state, not the way to it; no head of the model values states",
            "a debate ends with a vote, where the paper has a last speaker",
            "24 moves, up to 3 of one state, and an end after 5 finished plays, between the released defaults and the paper's runs",
            "where no play has finished the player goes on from the best state",
        ],
        parts: [
            "base: rehearsed moves, marks with explanations, and votes", "world: repo-repair", "search: swe.method", "judge: a value agent; a debate", "society: solo",
            "measure: resolved by hidden tests, reached, kept rightly, correlation of values with success, depth, moves and tokens",
        ], claim: claim)

    /// What stands behind what a value agent made here is shown.
    static let question = "#"
    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.swe, settings.common)
        let player = try TaughtPlayer(common, world: Self.world, faults: own.faults(common))
        var rules = try common.task.settings.decode(RepoRepair.Settings.self)
        rules.showsInstructions = rules.showsInstructions || player.isGiven
        let world = try RepoRepair(rules)
        let split = ProblemSplit(world: world, heldOutShare: common.task.heldOutShare)
        // Which problems are held out is a property of the task, not of the seed, so that runs can be compared.
        let heldOut = try split.heldOutProblems(common.evaluation.problems, seed: Seed(0))
        let lessons = try player.isTaught
            ? own.lessons.problems(
                try split.trainProblems(common.task.trainProblems, seed: seed.child("problems")), of: world, count: common.base.demonstrations,
                seed: seed.child("lessons")) : []

        var cast = player.speakers([.solver, RepoRepair.value, RepoRepair.debater])
        if !player.isGiven { cast[.solver]?.policy = "latest-view" }
        cast[.solver]?.sampling.stop = ["\n"]
        cast[RepoRepair.value]?.sampling.temperature = own.valueTemperature
        let method = own.search(isGiven: player.isGiven)
        if method != nil { cast[.solver]?.search = searchName }
        let measure = SearchedPlays(problems: heldOut, samples: common.evaluation.samples, cast: cast) { moves, problem in
            guard var state = try? world.start(of: problem) else { return SearchedPlays.Reading(isOver: true, isRight: false) }
            for move in moves { world.play(move, in: &state) }
            return SearchedPlays.Reading(isOver: state.isOver, isRight: world.isResolved(state))
        }
        let stage = Stage(
            name: "repair", iterations: 0, society: Solo(), cast: cast, measures: [ScheduledMeasure(every: common.evaluation.every, measure)])
        let room = EconomyRoom(roles: [.solver], range: 0...1)
        var plan = try player.plan(stage, worlds: [world.name: world, EconomyRoom.name: room], rehearsing: lessons)
        plan.policies["latest-view"] = LatestView()
        if let method { plan.searches = [searchName: method] }
        return plan
    }
}

extension SWESearch.Settings.Particular {
    /// The search; nil for a single run.
    func search(isGiven: Bool) -> (any SearchMethod)? {
        let agent = isGiven
            ? ValueAgent(seat: RepoRepair.value, question: ValueAgent.sentence)
            : ValueAgent(seat: RepoRepair.value, said: RepairLessons.said, question: SWESearch.question)
        let final: any FinalChoice =
            switch choice {
            case .best: KeptByValue(.best)
            case .mean: KeptByValue(.mean)
            case .debate: Debate(seat: RepoRepair.debater, agents: agents, rounds: rounds, wording: isGiven ? .sentences : .short)
            }
        switch method {
        case .single: return nil
        case .independent: return AnswerSearch(samples: runs, choice: .best, valuation: agent)
        case .search:
            return StateTreeSearch(
                iterations: iterations, expansions: expansions, depth: depth, finished: finished,
                selection: StateSelection(policy: policy, temperature: temperature, weights: weights),
                expansion: HindsightMoves(told: hindsight, wording: isGiven ? .sentences : .short), valuation: agent, choice: final)
        }
    }

    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults = lessons.faults("swe.lessons")
        for (key, value) in [("runs", runs), ("iterations", iterations), ("expansions", expansions), ("depth", depth), ("agents", agents), ("rounds", rounds)]
        where value < 1 {
            faults.append("“swe.\(key)” is \(value); it should be 1 or more")
        }
        if finished < 0 { faults.append("“swe.finished” is \(finished); it should be 0 (never) or more") }
        if temperature <= 0 { faults.append("“swe.temperature” is \(temperature); it should be above 0") }
        if valueTemperature < 0 { faults.append("“swe.valueTemperature” is \(valueTemperature); it should be 0 (greedy) or more") }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught lessons; set it to 0 for a model folder")
        }
        return faults
    }
}
