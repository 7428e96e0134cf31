import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties

/// What AlphaLLM searches with: the player, the fast player, the critics and what they say together.
struct CriticsTable {
    let shop: Workshop
    let own: AlphaLLM.Settings.Particular
    let process: ProcessRewardSettings
    let separator: String

    /// The model whose heads are the critics: a copy of the policy.
    static let critics: ModelName = "critics"
    private static let fast: ModelName = "fast"
    /// The seat of the cast that plays fast rollouts.
    static let fastSeat: Role = "fast"
    private static let (valueHead, stepHead, outcomeHead): (HeadName, HeadName, HeadName) = ("value", "step", "outcome")

    /// The solver without a search, step by step.
    var player: Player {
        var player = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        player.sampling.stop = [separator]
        return player
    }

    /// A solver beside the player of fast rollouts.
    func cast(_ solver: Player) -> Cast {
        [.solver: solver, Self.fastSeat: own.fast == "same" ? player : Self.quick(player)]
    }

    /// The same player with the fast model.
    private static func quick(_ player: Player) -> Player {
        var quick = player
        quick.model = ModelRef(fast)
        return quick
    }

    private func critic(_ head: HeadName) -> HeadValue { HeadValue(model: ModelRef(Self.critics), head: head) }

    /// What positions are worth: the critics' shares before the end, the outcome critic there.
    var worth: WeightedValue {
        let all = own.value + own.outcome + own.step
        return WeightedValue(
            [
                .init(own.value / all, critic(Self.valueHead)),
                .init(own.outcome / all, FastRollouts(rollouts: own.rollouts, by: Self.fastSeat, valuation: critic(Self.outcomeHead))),
                .init(own.step / all, critic(Self.stepHead)),
            ], ends: critic(Self.outcomeHead))
    }

    /// The tree search over options by that worth.
    func tree(_ settings: SearchSettings) -> TreeSearch {
        settings.optionSearch(by: worth, stop: own.floor > 0 ? critic(Self.valueHead) : nil, floor: own.floor)
    }

    /// The policy, the critics that are copied from it, and the fast player, which is taught the same.
    func models(seed: Seed) throws -> [ModelName: ModelPlan] {
        var models = try shop.models(seed: seed)
        models[Self.critics] = try shop.processModel(
            process, name: Self.critics, player: player, head: Self.valueHead, others: Self.others(judging: CheckedSteps()), seed: seed)
        guard own.fast != "same" else { return models }
        let taught = models[Workshop.policy]?.base.map { base in
            Base(
                stages: base.stages.map { stage in
                    var own = stage
                    own.cast = stage.cast.mapValues(Self.quick)
                    for index in own.updates.indices { own.updates[index].model = Self.fast }
                    return own
                }, fingerprint: base.fingerprint)
        }
        models[Self.fast] = ModelPlan(.scratch(size: own.fast), base: taught)
        return models
    }

    /// The critics learn from the policy's own answers to problems that are known: the value how often its beginnings end well, the process critic
    /// whether a step can end well at all, the outcome critic whether an answer is right.
    func teaching(_ iteration: Int) -> Stage {
        var value = StepRewardsSoft()
        value.settings.head = Self.valueHead.text
        return Stage(
            name: StageName("critics \(iteration + 1)"), iterations: process.iterations, perIteration: process.problems,
            curriculum: ProblemStream(problems: shop.training, samples: process.samples), society: Solo(), cast: [.solver: player], judges: [WorldReturns()],
            updates: [
                Update(
                    model: Self.critics,
                    routes: process.routes(MonteCarloSteps(), value) + Self.others(judging: MonteCarloSteps(isHard: true)),
                    optimiser: shop.settings.learner.optimiser(.constant(process.laterRate)), passes: process.passes, miniBatch: process.miniBatch)
            ])
    }

    /// How well the outcome critic tells apart answers that the player draws without a search.
    func scorecard(every: Int) -> ScheduledMeasure {
        ScheduledMeasure(
            every: every,
            JudgeMeasure(
                problems: shop.heldOut, samples: 4, cast: [.solver: player], judge: HeadVerdict(model: ModelRef(Self.critics), head: Self.outcomeHead),
                kind: HeadVerdict.kind),
            society: Solo())
    }

    /// What the process and outcome critics learn from: labels of steps, and whether an answer is right.
    private static func others(judging steps: any Credit) -> [Route] {
        var step = StepRewardsHard()
        step.settings.head = stepHead.text
        var outcome = RewardLabels()
        outcome.settings.head = outcomeHead.text
        return [Route(credit: steps, objective: step), Route(credit: Labelled(isLastOnly: true), objective: outcome)]
    }
}
