import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// Agent-R: an agent learns to notice its errors from search trees, in which bad ways are cut at the first error it can see and go on as good ones.
public enum AgentR: Recipe {
    /// What is learned of the trees.
    public enum Lessons: String, Codable, Hashable, Sendable, CaseIterable {
        /// Revisions, and as many good ways.
        case revisions
        /// Good ways alone.
        case good
    }

    /// Where a bad way is cut.
    public enum Cut: String, Codable, Hashable, Sendable, CaseIterable {
        /// At the first move that the agent itself takes for bad.
        case judged
        /// At its end.
        case end
        /// Anywhere before its end.
        case random
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var agentr = Particular()

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What is learned of the trees.
            public var learns = Lessons.revisions
            /// Where a bad way is cut.
            public var cut = Cut.judged
            /// Simulations of a tree search.
            public var simulations = 4
            /// Moves that are looked at in a position.
            public var branches = 3
            /// c of uct.
            public var exploration = 0.25
            /// A way is good that is worth more than this (α).
            public var good = 0.5
            /// The two ways of a revision differ in worth by more than this (β).
            public var gap = 0.2
            /// The most revisions of a tree; where good ways are learned alone, twice as many of these.
            public var keep = 3
            /// Bad ways of a tree whose moves are reviewed.
            public var reviewed = 4
            /// Verdicts on moves that the model is taught first, beside `base.demonstrations` plays.
            public var verdicts = 6000
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.model.size = "pico@512"
            common.task.trainProblems = 20_000
            common.base = BaseSettings(demonstrations: 20_000, errorRate: 0.1, passes: 2, rate: 2e-3)
            common.play = PlaySettings(problems: 80, samples: 1, temperature: 1, limit: 40)
            common.learner = LearnerSettings(rate: 3e-4, passes: 2, miniBatch: 32, rows: 256)
            common.evaluation = EvaluationSettings(every: 1, problems: 100, samples: 1)
            common.iterations = 3
        }
    }

    public static let card = RecipeCard(
        id: "agent-r",
        summary: "searches trees of plays, cuts bad ones at the first error the agent itself can see, and learns to go on from there as good ones do",
        source: "Yuan et al., 2025, “Agent-R: Training Language Model Agents to Reflect via Iterative Self-Training”, section 3",
        departures: [
            "α stays as it is, since here only success is worth more than ½",
            "the model is taught the world's short language, plays of an expert who errs, and verdicts on moves first; it never says that it is not sure",
            "new positions are played to the end, and these plays are ways of the tree too; at most agentr.reviewed bad ways of a tree are reviewed",
            "what was seen after an error is seen again after the reflection, as waiting changes nothing",
            "the agent goes on from the last iteration with the same optimiser",
        ],
        parts: [
            "base: plays of an expert who errs, and verdicts on moves", "world: crafting", "search: mcts whose plays stay, reviewed by the agent",
            "credit: revision-traces", "objective: cross-entropy", "measure: success, recovery after an error that was put in, loops, delay of reflection",
        ], claim: claim)

    public static var world: String { "crafting" }

    static let reviewer: Role = "reviewer"
    private static let searching: SearchName = "searching"

    /// What is said where an error is noticed; the world reads what is behind the colon.
    public static let reflections = [
        "that was wrong", "no, not that", "i made an error", "this does not help", "let me think again", "i should try another way", "this is the wrong way",
        "that was a mistake", "i need something else", "wait, that is no use",
    ].map { $0 + ": wait" }

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.agentr, settings.common)
        let taught = try TaughtPlayer(common, world: world, learns: true, faults: own.faults(common))
        let crafting = try Crafting(common.task.settings.decode(Crafting.Settings.self))
        let split = ProblemSplit(world: crafting, heldOutShare: common.task.heldOutShare)
        let training = try split.trainProblems(common.task.trainProblems, seed: seed.child("problems"))
        let heldOut = try split.heldOutProblems(common.evaluation.problems, seed: Seed(0))
        let tokenizer = try CharacterTokenizer.alphabet(of: common.model.size).tokenizer

        let lessons = CraftingLessons(world: crafting, errors: common.base.errorRate)
        let rehearsed = try lessons.plays(training, count: common.base.demonstrations, seed: seed.child("plays"))
            + lessons.verdicts(training, count: own.verdicts, seed: seed.child("verdicts"))
        var cast = taught.cast([.solver, reviewer])
        guard var player = cast[.solver], var critic = cast[reviewer] else { throw CoreError.invalid("“agent-r” has nobody to play") }
        player.sampling = player.sampling.greedy
        critic.sampling = Sampling(temperature: 0, limit: 1)
        cast[reviewer] = critic
        cast[.solver]?.search = searching

        let stage = Stage(
            name: "improve", iterations: common.iterations, perIteration: common.play.problems, curriculum: ProblemStream(problems: training, samples: 1),
            society: Solo(), cast: cast, judges: [WorldReturns()],
            updates: [
                Update(
                    model: TaughtPlayer.policy, routes: [Route(credit: try own.credit(tokenizer), objective: CrossEntropy())],
                    optimiser: common.learner.optimiser(.constant(common.learner.rate)), passes: common.learner.passes, miniBatch: common.learner.miniBatch,
                    rows: common.learner.rows)
            ],
            measures: [
                ScheduledMeasure(
                    every: common.evaluation.every, CraftingTrial(world: crafting, problems: heldOut, player: player, reviewer: critic, tokenizer: tokenizer))
            ])
        var plan = try taught.plan(stage, worlds: [crafting.name: crafting], rehearsing: rehearsed)
        plan.searches[searching] = own.search(moves: crafting.settings.moves)
        return plan
    }
}

extension AgentR.Settings.Particular {
    /// The tree search, reviewed where revisions are learned.
    fileprivate func search(moves: Int) -> any SearchMethod {
        let tree = TreeSearch(
            simulations: simulations, width: 1, branches: branches, depth: moves, selection: .uct(c: exploration), valuation: Witnessed(PlayedOut(plays: 0)),
            keepsPlays: true)
        guard learns == .revisions else { return tree }
        let place: ReviewedSearch.Cut =
            switch cut {
            case .judged: .judged(by: AgentR.reviewer, asking: CraftingLessons.question, good: CraftingLessons.good, bad: CraftingLessons.bad)
            case .end: .end
            case .random: .random
            }
        return ReviewedSearch(tree, cut: place, good: good, most: reviewed)
    }

    /// What is learned of a tree.
    fileprivate func credit(_ tokenizer: any Tokenizer) throws -> RevisionTraces {
        let (end, seen) = (tokenizer.endOfText, try tokenizer.encode("\n>"))
        let reflections = try AgentR.reflections.map { Reflection(said: try tokenizer.encode($0) + [end], seen: seen) }
        switch learns {
        case .good: return RevisionTraces(good: good, gap: gap, keep: 2 * keep, learnsRevisions: false)
        case .revisions: return RevisionTraces(good: good, gap: gap, keep: keep, reflections: reflections, showsAgain: true)
        }
    }

    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults: [String] = []
        for (key, value) in [("simulations", simulations), ("branches", branches), ("keep", keep), ("reviewed", reviewed)] where value < 1 {
            faults.append("“agentr.\(key)” is \(value); it should be 1 or more")
        }
        if verdicts < 0 { faults.append("“agentr.verdicts” is \(verdicts); it should be 0 or more") }
        if exploration < 0 { faults.append("“agentr.exploration” is \(exploration); it should be 0 or more") }
        for (key, value) in [("good", good), ("gap", gap)] where !(0...1).contains(value) {
            faults.append("“agentr.\(key)” is \(value); it should be between 0 and 1")
        }
        if ModelSettings.isGiven(common.model.size) {
            faults.append("“model.size” is \(common.model.size); agent-r teaches a model made here the short language of its world, so name a size")
        }
        return faults
    }
}
