import HoneCore
import HoneEngine
import HoneEvaluation
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// Iterative deepening sampling: samples that are made to look back at growing intervals, and a vote over them.
public enum IDS: Recipe {
    /// How samples are made to look back.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// By triggers at intervals that grow.
        case growing
        /// By as many triggers at even intervals.
        case even
        /// By triggers where they end, and nowhere else.
        case end
        /// By words that say nothing, where the triggers would stand.
        case filler
        /// Not at all: `ids.votes` samples vote.
        case votes
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var ids: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How samples are made to look back.
            public var form = Form.growing
            /// Samples, which vote.
            public var samples = 8
            /// The first mark, B, in tokens.
            public var budget = 20
            /// γ, by which marks grow.
            public var growth = 1.6
            /// The most tokens that are drawn of a sample.
            public var limit = 128
            /// How often in turn an answer may come back the same before its sample is over; 0 asks nothing.
            public var patience = 2
            /// Samples where nothing makes them look back: about as many as the others' tokens buy.
            public var votes = 32
            /// What stands at the marks; empty takes what a model made here was taught, or a sentence where a model is given.
            public var words = ""
            /// What a model made here is taught.
            public var lessons = Rechecks.Settings()
        }

        public init(world: String) {
            common = Tuned.settings(for: world, terms: 5)
            common.task.trainProblems = max(common.task.trainProblems, 6000)
            common.base = BaseSettings(demonstrations: 6000, errorRate: 1, passes: 3, rate: 2e-3)
            common.evaluation = EvaluationSettings(every: 1, problems: 300, samples: 1)
            common.iterations = 0
            ids = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "ids",
        summary: "makes samples look back at growing intervals by a trigger put behind them, and lets them vote",
        source: "Chen, Koenig and Dilkina, 2025, “Iterative Deepening Sampling for Large Language Models”",
        departures: [
            "samples are cut at the next line break, never inside a line",
            "a sample is over when its answer has come back the same twice in turn",
            "a model made here is taught to work all steps again behind the trigger, and to slip less often there",
            "samples vote; best-of-n is deepened-best in compose",
        ],
        parts: [
            "base: recited chains with slips, triggers with a second pass, and fillers", "search: iterative-deepening, or votes", "society: solo",
            "measure: accuracy, also on the harder half, changes inside samples, tokens",
        ], claim: claim)

    private static let searchName: SearchName = "search"
    /// What is said to a model that is given: a trigger, and as many words that say nothing.
    fileprivate static let words = (trigger: "\nWait, maybe I made some mistakes. Let me rethink.\n", filler: "\nSo far, so good. Here is how it goes on from here.\n")

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.ids
        var common = settings.common
        let isGiven = ModelSettings.isGiven(common.model.size)
        if !isGiven {
            // The world is read as it is taught: the number behind the last bar.
            common.base.corpus = "rechecks"
            common.base.settings = try JSONValue(encoding: own.lessons)
            common.play.limit = max(common.play.limit, own.lessons.longest + 8)
        }
        let faults = own.faults(common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“ids” checks answers, which “\(common.task.world)” as a program cannot give") }
        var solver = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", search: searchName, sampling: shop.sampling)
        solver.sampling.limit = own.limit
        let answers = SearchedConfidence(problems: shop.heldOut, samples: common.evaluation.samples, cast: [.solver: solver]) { questions.check($0, to: $1).correct }
        let measure = DeepenedAnswers(all: answers) { isGiven ? $0.text.count : Rechecks.carries(in: $0) }
        let stage = Stage(
            name: "answer", iterations: 0, society: Solo(), cast: [.solver: solver], measures: [ScheduledMeasure(every: common.evaluation.every, measure)])
        var plan = try shop.plan([stage], seed: seed)
        plan.searches = [searchName: own.search(isGiven: isGiven, breaks: [questions.separator, "\n"])]
        return plan
    }
}

extension IDS.Settings.Particular {
    /// How answers are come to.
    fileprivate func search(isGiven: Bool, breaks: [String]) -> any SearchMethod {
        let taught = isGiven ? IDS.words : (trigger: lessons.trigger, filler: lessons.filler)
        let placement: IterativeDeepening.Placement
        switch form {
        case .votes: return AnswerSearch(samples: votes, choice: .majority)
        case .growing, .filler: placement = .growing
        case .even: placement = .even
        case .end: placement = .end
        }
        return IterativeDeepening(
            samples: samples, budget: budget, growth: growth, placement: placement,
            trigger: words.isEmpty ? (form == .filler ? taught.filler : taught.trigger) : words, breaks: breaks, patience: patience)
    }

    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults: [String] = []
        for (key, value, least) in [("samples", samples, 1), ("budget", budget, 1), ("limit", limit, 2), ("votes", votes, 1), ("patience", patience, 0)]
        where value < least {
            faults.append("“ids.\(key)” is \(value); it should be \(least) or more")
        }
        if growth <= 1 { faults.append("“ids.growth” is \(growth); it should be above 1") }
        if limit <= budget { faults.append("“ids.limit” is \(limit); it should be above ids.budget, \(budget)") }
        if common.iterations != 0 { faults.append("“iterations” is \(common.iterations); nothing is learned here, so it should be 0") }
        guard !ModelSettings.isGiven(common.model.size) else {
            if common.base.passes > 0 {
                faults.append("“base.passes” is \(common.base.passes); set it to 0 for a model that is given, as only models made here are taught")
            }
            return faults
        }
        if common.task.world != "arithmetic" {
            faults.append("“task.world” is \(common.task.world); it should be arithmetic, as a model made here is taught second passes over chains of sums")
        }
        return faults
    }
}
