import HoneCore
import HoneCredit
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneWorlds

/// Any search with any judge and any learner, named by their catalogue names.
public enum Compose: Recipe {
    /// Settings of a composition.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// How answers are searched for.
        public var search = SearchSettings()
        /// What is composed.
        public var compose = CompositionSettings()
        /// How a process reward is taught, where the judge is one.
        public var process = ProcessRewardSettings()
        /// How a verdict word is taught and asked for, where the judge is true, votes or pairs.
        public var verdict = VerdictTeachingSettings()
        /// What a model made here is taught beside answers, where its search asks for more.
        public var lessons = SearchLessonSettings()

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.learner = LearnerSettings(rate: 1e-4, miniBatch: 64)
            common.play = PlaySettings(problems: 64, samples: 1, limit: common.play.limit)
            common.evaluation = EvaluationSettings(every: 5, problems: 200, samples: 1)
            common.iterations = 10
        }
    }

    public static let card = RecipeCard(
        id: "compose",
        summary: "any search with any judge and any learner, by catalogue names: greedy, votes, best-of-n, knock-out, beam, depth-first, MCTS or refinement trees; exact, self, "
            + "process or generative judges; any credit and objective",
        source: "no paper: the parts have theirs",
        departures: [
            "a policy gradient over searched plays learns from all nodes of the tree, each by its value less that of its position",
            "with another judge than the exact one, what learning sees as the reward of a play is what the judge said, never the world's return",
        ],
        parts: [
            "search: search.method", "judge: compose.judge", "credit: compose.credit", "objective: compose.objective",
            "measure: held-out problems answered by the search",
        ])

    /// Whether the world's own verdict decides in the search of stored settings, which then knows more than a player can.
    public static func asksTheVerifier(_ settings: JSONValue) -> Bool {
        guard let search = settings["search"]?["method"]?.text, let judge = settings["compose"]?["judge"]?.text.flatMap(SearchJudge.init) else { return false }
        return [.exact, .steps].contains(judge) && (try? SearchCatalog.entry(search).asksJudge) == true
    }

    /// The name of the model that was taught to say verdict words.
    static let verdictModel: ModelName = "judge"
    private static let searchName: SearchName = "search"

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let (search, compose) = (settings.search, settings.compose)
        let entry = try SearchCatalog.entry(search.method)
        let judges = try compose.judges()
        let faults =
            search.faults() + settings.lessons.faults() + (judges.contains(where: \.asksForWord) ? settings.verdict.faults() : []) + (judges.contains(.process) ? settings.process.faults : [])
        if !faults.isEmpty { throw PlanError(faults) }
        let credit = try compose.madeCredit()
        let objective = try ObjectiveCatalog.entry(compose.objective)
        try compose.check(entry, samples: settings.common.play.samples, credit: credit, needs: objective.card.needs)
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else { throw CoreError.unsupported("“compose” searches questions, which “\(settings.common.task.world)” does not ask") }
        let form = try form(compose, entry, judges)
        if form == .steps, search.method == "deepened-best" {
            throw DoesNotApply("“\(search.method)” looks back in whole answers, and these go step by step; set compose.stepwise to no")
        }
        if entry.isStepwise, form != .steps { throw DoesNotApply("“\(search.method)” goes on from the beginnings of answers, and compose.stepwise is no") }

        let table = ComposedTable(shop: shop, questions: questions, settings: settings, judges: judges, form: form)
        if form == .attempts, judges.contains(.votes), entry.asksJudge, table.isGiven {
            throw DoesNotApply("critiques of a model that is given are not read as votes; use judge marks")
        }
        var solver = table.player
        let method = entry.method(search, asking: table.valuation, comparing: table.preference, backward: try table.backwardQuestions(entry))
        if method != nil { solver.search = searchName }
        if search.method == "greedy" { solver.sampling = solver.sampling.greedy }
        var stages: [Stage] = []
        if judges.contains(.process), entry.asksJudge { stages.append(table.teachingOfProcessReward) }
        if table.teachesVerdicts, entry.asksJudge { stages.append(table.teachingOfVerdicts) }
        var learning = Stage(
            name: "improve", iterations: credit == nil ? 0 : settings.common.iterations, perIteration: settings.common.play.problems,
            curriculum: table.problems(samples: settings.common.play.samples), society: Solo(),
            cast: table.cast(compose.searchesToLearn ? solver : table.player),
            judges: judges == [.exact] || !entry.asksJudge ? [WorldReturns()] : [SearchedWorth()],
            measures: [table.measure(of: solver, isSearched: method != nil)] + (entry.asksJudge ? table.scorecard.map { [$0] } ?? [] : []))
        if let credit {
            let route = Route(credit: credit, objective: try objective.make(objective.defaults))
            learning.updates = [
                Update(
                    model: Workshop.policy, routes: [route], optimiser: settings.common.learner.optimiser(shop.schedule(over: settings.common.iterations)),
                    passes: settings.common.learner.passes, miniBatch: settings.common.learner.miniBatch, rows: settings.common.learner.rows)
            ]
        }
        stages.append(learning)
        var models = try table.models(entry, seed: seed)
        if judges.contains(.process), entry.asksJudge { models[Workshop.processModel] = try table.processModel(seed: seed) }
        if table.teachesVerdicts, entry.asksJudge { models[verdictModel] = ModelPlan(.copy(of: Workshop.policy)) }
        var plan = try shop.plan(stages, models: models, seed: seed)
        if let world = try table.world { plan.worlds = [questions.name: world] }
        if form == .attempts { plan.policies[ComposedTable.latestView] = LatestView() }
        if let method { plan.searches = [searchName: method] }
        return plan
    }

    private static func form(_ compose: CompositionSettings, _ entry: SearchCatalog.Entry, _ judges: [SearchJudge]) throws -> AnswerForm {
        switch compose.stepwise {
        case "yes", "no", "auto": break
        default: throw CoreError.invalid("“compose.stepwise” is “\(compose.stepwise)”; it should be yes, no or auto")
        }
        if entry.refines || entry.asksBackward {
            guard compose.stepwise != "yes" else { throw DoesNotApply("“\(entry.card.name)” is about whole answers, and compose.stepwise is yes") }
            return entry.refines ? .attempts : .whole
        }
        let isStepwise = compose.stepwise == "yes" || compose.stepwise == "auto" && (entry.isStepwise || entry.asksJudge && judges.contains(.process))
        return isStepwise ? .steps : .whole
    }
}
