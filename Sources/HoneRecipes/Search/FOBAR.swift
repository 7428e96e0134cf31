import HoneCore
import HoneEngine
import HoneEvaluation
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// FOBAR: votes of answers, weighed by how often each answer leads back to numbers of the question that were hidden.
public enum FOBAR: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var fobar: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Answers that are drawn first and vote; M_F in the paper, 40 there.
            public var samples = 16
            /// How often each backward question is asked; M_B in the paper, 8 there.
            public var chains = 2
            /// The weight of the vote, 0 (backward alone) to 1 (vote alone).
            public var alpha = 0.5
            /// What is drawn after the first answers: `backward` chains, as many further answers (`forward`), or `nothing`.
            public var spending = ForwardBackward.Spending.backward
            /// Backward questions that a model made here is taught, beside `base.demonstrations` forward ones.
            public var lessons = 16_000
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.task.trainProblems = 8000
            common.base = BaseSettings(demonstrations: 8000, passes: 4, rate: 2e-3)
            common.play.temperature = 0.8
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 1)
            common.iterations = 0
            fobar = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "fobar",
        summary: "asks back from each answer to numbers of the question that were hidden, and weighs the votes by what is recovered",
        source: "Jiang et al., 2024, “Forward-Backward Reasoning in Large Language Models for Mathematical Verification”, equations 1 to 3",
        departures: [
            "a model made here is taught backward questions first, in a short layout; the paper asks large models in words, and so do we where a model is given",
            "fewer chains than the paper's 40 forward and 8 a backward question, unless set",
            "with a single candidate nothing is asked back, as it would win anyway",
            "every number is hidden in turn, also in questions given as text",
        ],
        parts: [
            "base: rehearsed chains and backward questions, both with errors at one rate", "search: forward-backward", "society: solo",
            "measure: accuracy, confidence, Brier score and tokens of searched answers",
        ], claim: claim)

    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (own, common) = (settings.fobar, settings.common)
        let faults = own.faults(common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“fobar” checks answers, which “\(common.task.world)” as a program cannot give") }
        var solver = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        solver.search = searchName
        let measure = SearchedConfidence(problems: shop.heldOut, samples: common.evaluation.samples, cast: [.solver: solver]) { questions.check($0, to: $1).correct }
        let stage = Stage(
            name: "ask", iterations: 0, society: Solo(), cast: [.solver: solver], measures: [ScheduledMeasure(every: common.evaluation.every, measure)])
        var plan = try shop.plan([stage], models: try models(own, shop, seed: seed), seed: seed)
        let isGiven = ModelSettings.isGiven(common.model.size)
        plan.searches = [
            searchName: ForwardBackward(
                samples: own.samples, chains: own.chains, alpha: own.alpha, spending: own.spending, asking: isGiven ? HiddenNumbers() : MaskedChains())
        ]
        return plan
    }

    /// The model, taught both directions on training problems.
    private static func models(_ own: Settings.Particular, _ shop: Workshop, seed: Seed) throws -> [ModelName: ModelPlan] {
        let base = shop.settings.base
        guard !shop.isEndpoint, base.passes > 0, base.demonstrations > 0 else { return try shop.models(rehearsing: [], by: Rehearsal(), seed: seed) }
        let lessons = try MaskedChains.lessons(
            try shop.demonstrated(seed: seed), backward: own.lessons, errorRate: base.errorRate, seed: seed.child("backward"))
        return try shop.models(rehearsing: lessons, by: Rehearsal(), seed: seed)
    }
}

extension FOBAR.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(samples >= 1, "fobar.samples", samples, "1 or more")
        require(chains >= 1, "fobar.chains", chains, "1 or more")
        require((0...1).contains(alpha), "fobar.alpha", alpha, "between 0 (backward alone) and 1 (vote alone)")
        require(lessons >= 0, "fobar.lessons", lessons, "0 or more")
        require(common.iterations == 0, "iterations", common.iterations, "0, as nothing is learned here")
        guard !ModelSettings.isGiven(common.model.size) else { return faults }
        require(common.task.world == "arithmetic", "task.world", common.task.world, "arithmetic, as a model made here is taught backward questions about chains of sums")
        let operations = common.task.settings["operations"]?.text ?? "+-"
        require(!operations.contains("*"), "task.settings.operations", operations, "of + and - only: a product cannot be undone in whole numbers")
        return faults
    }
}
