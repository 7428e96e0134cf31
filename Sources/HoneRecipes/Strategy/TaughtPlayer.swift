import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneObjectives
import HoneSocieties

/// What recipes have in common whose model answers questions that they write themselves: the model, how it is asked, and how it is taught.
struct TaughtPlayer {
    /// The settings it was made of.
    let settings: CommonSettings
    /// Asks the model through its chat template, where it has one.
    let chat: ChatPolicy?

    /// The name of the model.
    static let policy: ModelName = "policy"

    /// Makes the player; throws sentences when the settings cannot work, with the recipe's own faults among them. Of recipes that only measure, `learns` is false.
    init(_ settings: CommonSettings, world: String, learns: Bool = false, faults own: [String] = []) throws {
        var faults = settings.faults() + own
        if settings.task.world != world { faults.append("“task.world” is \(settings.task.world); this recipe is about “\(world)” only") }
        if !learns, settings.iterations != 0 { faults.append("“iterations” is \(settings.iterations); nothing is learned here, so it should be 0") }
        if !faults.isEmpty { throw PlanError(faults) }
        self.settings = settings
        chat = try settings.model.chatPolicy()
    }

    /// Whether the model was made elsewhere, so that it is asked in words.
    var isGiven: Bool { ModelSettings.isGiven(settings.model.size) }

    /// Whether the model is taught before it is asked.
    var isTaught: Bool { !ModelSettings.isEndpoint(settings.model.size) && settings.base.passes > 0 && settings.base.demonstrations > 0 }

    /// Who answers in all of these roles.
    func cast(_ roles: [Role] = [.solver]) -> Cast {
        let player = Player(
            model: ModelRef(Self.policy), policy: chat == nil ? "direct" : "chat",
            sampling: Sampling(temperature: settings.play.temperature, limit: settings.play.limit))
        return Dictionary(uniqueKeysWithValues: roles.map { ($0, player) })
    }

    /// The model, taught by rehearsing problems that carry scripts; runs with the same scripts share it.
    func models(rehearsing lessons: [Problem]) throws -> [ModelName: ModelPlan] {
        guard !ModelSettings.isEndpoint(settings.model.size) else { return [:] }
        guard isTaught, !lessons.isEmpty else { return [Self.policy: ModelPlan(settings.model.source)] }
        let base = settings.base
        let stage = teaching(lessons, name: "teach", iterations: base.passes, perIteration: lessons.count)
        let scripts = lessons.map { $0.text + "\n" + ($0.details["script"] ?? "") }.joined(separator: "\n")
        let fingerprint = JSONValue.object([
            "base": try JSONValue(encoding: base), "clip": .number(settings.learner.clip), "weightDecay": .number(settings.learner.weightDecay),
            "scripts": .string(SHA256.hex(scripts)),
        ])
        return [Self.policy: ModelPlan(settings.model.source, base: Base(stages: [stage], fingerprint: fingerprint))]
    }

    /// A stage that rehearses lessons, so many in an iteration.
    func teaching(_ lessons: [Problem], name: StageName, iterations: Int, perIteration: Int) -> Stage {
        let base = settings.base
        let steps = iterations * ((perIteration + base.miniBatch - 1) / base.miniBatch)
        let optimiser = settings.learner.optimiser(.warmupCosine(peak: base.rate, to: base.rate / 10, warmup: min(20, steps), over: steps))
        return Stage(
            name: name, iterations: iterations, perIteration: perIteration, curriculum: ProblemStream(problems: lessons, samples: 1),
            society: Rehearsal(), cast: cast(),
            updates: [
                Update(
                    model: Self.policy, routes: [Route(credit: Demonstrations(joins: true), objective: base.imitation)], optimiser: optimiser,
                    miniBatch: base.miniBatch)
            ])
    }

    /// How many iterations it learns from what it plays: an endpoint is only measured.
    var iterations: Int { ModelSettings.isEndpoint(settings.model.size) ? 0 : settings.iterations }

    /// Who answers in these roles, with room for sentences where the model is asked in words.
    func speakers(_ roles: [Role]) -> Cast {
        cast(roles).mapValues { player in
            var player = player
            if isGiven { player.sampling.limit = max(player.sampling.limit, 256) }
            return player
        }
    }

    /// The update by which it learns from groups of plays of one problem: policy gradient with advantages relative to the group.
    func groupUpdate(_ roles: [Role]) -> Update {
        let learner = settings.learner
        return Update(
            model: Self.policy, routes: [Route(roles: roles, credit: GroupRelative(), objective: GroupPolicyGradient())],
            optimiser: learner.optimiser(.constant(learner.rate)),
            passes: learner.passes, miniBatch: learner.miniBatch, rows: learner.rows)
    }

    /// The plan of one stage.
    func plan(_ stage: Stage, worlds: [WorldName: any World], rehearsing lessons: [Problem]) throws -> Plan {
        try plan([stage], worlds: worlds, rehearsing: lessons)
    }

    /// The plan of some stages.
    func plan(_ stages: [Stage], worlds: [WorldName: any World], rehearsing lessons: [Problem]) throws -> Plan {
        let endpoints = ModelSettings.isEndpoint(settings.model.size)
            ? [Self.policy: settings.model.endpoint.settings(at: settings.model.size)] : [:]
        var policies: [PolicyName: any Policy] = ["direct": DirectPolicy()]
        if let chat { policies["chat"] = chat }
        return Plan(models: try models(rehearsing: lessons), endpoints: endpoints, worlds: worlds, policies: policies, stages: stages)
    }
}
