import HoneCore
import HoneCredit
import HoneEngine
import HoneObjectives
import HoneSocieties

extension Workshop {
    /// The model, taught from written exchanges before anything else; its critic is taught beside its solver.
    ///
    /// The problems carry scripts. Two plans whose scripts, window and words agree share the taught model.
    func models(rehearsing problems: [Problem], by society: Rehearsal, seed: Seed) throws -> [ModelName: ModelPlan] {
        guard !isEndpoint else { return [:] }
        guard settings.base.passes > 0, !problems.isEmpty else { return [Self.policy: ModelPlan(source)] }
        let batches = (problems.count + settings.base.miniBatch - 1) / settings.base.miniBatch
        let steps = settings.base.passes * batches
        var stage = teaching(
            problems, name: "teach", passes: settings.base.passes,
            rate: .warmupCosine(peak: settings.base.rate, to: settings.base.rate / 10, warmup: min(20, steps), over: steps),
            measured: false)
        stage.society = society
        stage.updates[0].routes = [Route(roles: [.solver, .critic], credit: Demonstrations(joins: true), objective: settings.base.imitation)]
        let scripts = problems.map { $0.id + "\n" + ($0.details["script"] ?? "") }.joined(separator: "\n")
        let fingerprint = JSONValue.object([
            "base": try JSONValue(encoding: settings.base), "task": try JSONValue(encoding: settings.task),
            "clip": .number(settings.learner.clip), "weightDecay": .number(settings.learner.weightDecay),
            "window": .integer(society.window), "wording": try JSONValue(encoding: society.wording),
            "scripts": .string(SHA256.hex(scripts)),
        ])
        return [Self.policy: ModelPlan(source, base: Base(stages: [stage], fingerprint: fingerprint))]
    }
}
