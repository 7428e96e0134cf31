import HoneCore

/// Makes a world's returns verdicts like any other: kind `return`, on each role.
public struct WorldReturns: Judge {
    public static let card = PartCard(name: "world-returns", summary: "what the world paid each role")

    /// The judge.
    public init() {}

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        var verdicts: [Verdict] = []
        for (index, episode) in group.episodes.enumerated() {
            for (role, value) in episode.returns.sorted(by: { $0.key < $1.key }) {
                verdicts.append(Verdict(on: .role(index, role), kind: .worldReturn, value: value))
            }
        }
        return Judgement(verdicts)
    }
}

/// Checks the steps inside each answer by the world's own rules: kind `step`, on `span(episode, move, n...n)` where n counts the
/// steps of that move from 0 as the world cuts them, with the reason as critique where a step is wrong. Where moves are the steps of one answer
/// the verdicts are on the moves.
public struct StepVerifier: Judge {
    public static let card = PartCard(
        name: "step-verifier", summary: "right or wrong for each step of an answer, by the world's rules", gives: [.stepVerdicts])

    /// The judge.
    public init() {}

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        guard let world = try scope.services.world(group.assignment.problem.world) as? any StepChecking else {
            throw CoreError.unsupported("World “\(group.assignment.problem.world)” cannot check single steps; use another judge")
        }
        var verdicts: [Verdict] = []
        for (index, episode) in group.episodes.enumerated() {
            if world is any ContinuingAnswer {
                let whole = episode.steps.map(\.move.text).joined()
                let checks = world.checkSteps(of: whole, to: group.assignment.problem)
                for (number, check) in checks.prefix(episode.steps.count).enumerated() {
                    verdicts.append(
                        Verdict(on: .step(index, number), kind: .step, value: check.isCorrect ? 1 : 0, critique: check.isCorrect ? nil : check.reason))
                }
            }
            for (number, step) in episode.steps.enumerated() where !(world is any ContinuingAnswer) {
                let checks = world.checkSteps(of: step.move.text, to: group.assignment.problem)
                for (place, check) in checks.enumerated() {
                    verdicts.append(
                        Verdict(
                            on: .span(index, number, place...place), kind: .step, value: check.isCorrect ? 1 : 0,
                            critique: check.isCorrect ? nil : check.reason))
                }
            }
            var cost = Cost()
            cost.judgeCalls = 1
            scope.services.charge(cost)
        }
        return Judgement(verdicts)
    }
}
