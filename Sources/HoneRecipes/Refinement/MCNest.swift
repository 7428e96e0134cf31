import HoneCore
import HoneEngine
import HoneEvaluation
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// Searches whole answers by a tree of refinements with self-given scores, against what else the same number of calls buys.
public enum MCNest: Recipe {
    /// How an answer is come to.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// One answer.
        case single
        /// As many answers as the search has calls, the most frequent kept.
        case consistency = "self-consistency"
        /// A chain of refinements with as many calls, the last kept.
        case chain = "self-refine"
        /// The tree with greedy selection and no strategy.
        case mctsr
        /// The tree with `mcnest.selection` and `mcnest.strategy`.
        case nest = "mc-nest"
    }

    /// Who says what attempts are worth.
    public enum Judge: String, Codable, Hashable, Sendable, CaseIterable {
        /// The model itself, by a score.
        case own = "self"
        /// The world: an upper bound.
        case exact
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var mcnest: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How an answer is come to.
            public var method = Method.nest
            /// How the attempt to refine is selected: greedy, importance or pairwise.
            public var selection = RefinementSelection.Policy.importance
            /// The strategy over candidates: none, candidates or root-children.
            public var strategy = RefinementSelection.Strategy.candidates
            /// Rollouts; they also decide how many calls the other methods have.
            public var rollouts = 8
            /// c, in the unit of scores, which go from −100 to 100.
            public var exploration = 1.0
            /// Whether scores below 0 are moved up before one is drawn in proportion.
            public var shifts = true
            /// Whether each attempt is criticised before it is refined.
            public var criticises = true
            /// Who says what attempts are worth.
            public var judge = Judge.own
            /// What a model made here is taught.
            var lessons = RefinementLessons()
        }

        public init(world: String) {
            common = Tuned.settings(for: world, terms: 3)
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 24_000, passes: 8, rate: 3e-3, reduction: .sequenceMean)
            common.evaluation = EvaluationSettings(every: 1, problems: 300, samples: 1)
            common.iterations = 0
            mcnest = Particular()
        }
    }

    public static let card = RecipeCard(
        id: "mc-nest",
        summary: "refines whole answers in a Monte Carlo tree with self-given scores: MC-NEST and MCTSr, against self-refine and votes at equal calls",
        source: "Rabby et al., 2024, “MC-NEST: Enhancing Mathematical Reasoning in Large Language Models with a Monte Carlo Nash Equilibrium Self-Refine Tree”",
        departures: [
            "the strategy is uniform over all candidates unless mcnest.strategy is root-children, which the released program computes",
            "scores below 0 are moved up before one is drawn in proportion, unless mcnest.shifts is false",
            "a refinement that reads like its attempt is not refined again",
            "a model made here is taught to answer, criticise, refine and score by lessons with errors put in; it scores by one of nine marks",
        ],
        parts: [
            "base: recited answers, refinements, critiques and marks", "world: attempts", "search: mcnest.method", "judge: the model's own scores, or the world",
            "measure: accuracy, attempts looked at and how different they are, how often scores are right",
        ], claim: claim)

    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.mcnest
        let faults = own.faults(settings.common)
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else {
            throw CoreError.unsupported("“mc-nest” searches questions, which “\(settings.common.task.world)” does not ask")
        }
        let isGiven = ModelSettings.isGiven(settings.common.model.size)
        let wording = isGiven ? AttemptWording.sentences : .short

        let policy: PolicyName = !isGiven ? "latest-view" : shop.chat == nil ? "direct" : "chat"
        var solver = Player(model: ModelRef(Workshop.policy), policy: policy, sampling: shop.sampling)
        if isGiven { solver.sampling.limit = max(solver.sampling.limit, 256) }
        let seat = solver
        let method = own.search(isGiven: isGiven)
        if method != nil { solver.search = searchName }
        let cast: Cast = [.solver: solver, Attempts.critic: seat, Attempts.grader: seat]
        let measure = SearchedAttempts(problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: cast, checkedBy: questions)
        let stage = Stage(
            name: "answer", iterations: 0, society: Solo(), cast: cast, measures: [ScheduledMeasure(every: settings.common.evaluation.every, measure)])
        let lessons = isGiven || settings.common.base.passes == 0 ? [] : own.lessons.problems(
            shop.training, of: questions, count: settings.common.base.demonstrations, isCriticised: own.criticises, wording: wording, seed: seed.child("lessons"))
        var plan = try shop.plan([stage], models: shop.models(reciting: lessons), seed: seed)
        plan.policies["latest-view"] = LatestView()
        if let attempts = own.attempts {
            plan.worlds = [
                questions.name: try Attempts(
                    questions, limit: attempts, stop: own.method == .chain ? .never : .sameText, isCriticised: own.criticises, wording: wording)
            ]
        }
        if let method { plan.searches = [searchName: method] }
        return plan
    }
}

extension MCNest.Settings.Particular {
    /// How many calls of the model the tree search makes: the first answer with its critique, and in each rollout two scores and a refinement
    /// with its critique. Scores that cannot be read are asked for again and not counted.
    var calls: Int { (rollouts + 1) * (criticises ? 2 : 1) + (judge == .own ? 2 * rollouts : 0) }

    /// How many attempts there is room for; nil where a question is answered once.
    var attempts: Int? {
        switch method {
        case .single, .consistency: nil
        case .chain: criticises ? (calls + 1) / 2 : calls
        case .mctsr, .nest: rollouts + 2
        }
    }

    /// The search; nil where the model answers without.
    func search(isGiven: Bool) -> (any SearchMethod)? {
        let selected: RefinementSelection
        switch method {
        case .single, .chain: return nil
        case .consistency: return AnswerSearch(samples: calls, choice: .majority)
        case .mctsr: selected = RefinementSelection(exploration: exploration)
        case .nest: selected = RefinementSelection(policy: selection, strategy: strategy, exploration: exploration, shifts: shifts)
        }
        let score: any Valuation =
            switch judge {
            case .exact: StandingReturn(lowest: -100, highest: 100)
            case .own: isGiven ? SeatScore(seat: Attempts.grader) : SeatScore(seat: Attempts.grader, said: RefinementLessons.marks)
            }
        return RefinementSearch(rollouts: rollouts, selection: selected, valuation: score)
    }

    /// What cannot work, as sentences with the key in front.
    fileprivate func faults(_ common: CommonSettings) -> [String] {
        var faults = lessons.faults("mcnest.lessons")
        if rollouts < 1 { faults.append("“mcnest.rollouts” is \(rollouts); it should be 1 or more") }
        if exploration < 0 { faults.append("“mcnest.exploration” is \(exploration); it should be 0 or more") }
        if common.iterations != 0 { faults.append("“iterations” is \(common.iterations); nothing is learned here, so it should be 0") }
        if ModelSettings.isGiven(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught lessons; set it to 0 for a model that is given")
        }
        return faults
    }
}
