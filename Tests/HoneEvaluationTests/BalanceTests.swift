import HoneCore
import HoneEvaluation
import Testing

private func isNear(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-9 } ?? false }
private func sample(_ answer: String, _ isRight: Bool, _ reward: Double) -> BalanceScore.Sample {
    BalanceScore.Sample(answer: answer, isRight: isRight, reward: reward)
}

private struct NoJudge: Judge {
    static let card = PartCard(name: "none")
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement { Judgement([]) }
}

@Suite("Balance of exploration and exploitation")
struct BalanceTests {
    private let query = [sample("a", true, 1.5), sample("a", true, 1.2), sample("b", true, 0.7), sample("c", false, 0.7), sample("d", false, -0.5)]

    @Test("the score by hand: different right answers against those wanted, times the share of the selected that are right")
    func score() {
        // From −1 on: a, b right; c, d wrong. 2 of 4 wanted, 2 of 4 selected.
        #expect(isNear(BalanceScore.score(query, threshold: -1, wanted: 4), 0.5 * 0.5))
        // A reward that equals the threshold is selected: a, b, c.
        #expect(isNear(BalanceScore.score(query, threshold: 0.7, wanted: 4), 0.5 * 2 / 3))
        #expect(isNear(BalanceScore.score(query, threshold: 1, wanted: 4), 0.25) && isNear(BalanceScore.score(query, threshold: 1, wanted: 1), 1))
        #expect(BalanceScore.score(query, threshold: 2, wanted: 4) == 0 && BalanceScore.score([], threshold: 0, wanted: 4) == 0)
        #expect(BalanceScore.counts(query, threshold: 1) == (1, 1), "written alike is one answer")
    }

    @Test("the best choice is that of the largest mean; equal ones keep the earliest")
    func best() throws {
        let cold = (temperature: 0.5, queries: [[sample("a", true, 1)], [sample("b", false, 0.5)]])
        let warm = (temperature: 1.0, queries: [[sample("a", true, 1), sample("c", true, 1)], [sample("b", false, 0.5), sample("d", true, 1)]])
        let choice = try #require(BalanceScore.best([cold, warm], thresholds: [0, 0.8], wanted: 2))
        // Warm from 0.8 on: (1 · 1 + ½ · 1) / 2; from 0 on: (1 + ½ · ½) / 2; cold: (½ + 0) / 2 at either.
        #expect(choice == BalanceScore.Choice(temperature: 1, threshold: 0.8, score: 0.75))
        #expect(BalanceScore.best([cold], thresholds: [0, 0.8], wanted: 2)?.threshold == 0)
        #expect(BalanceScore.best([(temperature: 1, queries: [])], thresholds: [0], wanted: 2) == nil)
    }

    @Test("the monitor on two problems by hand")
    func monitor() {
        func group(_ id: String, _ samples: [BalanceScore.Sample]) -> EpisodeGroup {
            var group = EpisodeGroup(assignment: Assignment(problem: Problem(id: id, world: "w")), episodes: [])
            for (index, sample) in samples.enumerated() {
                group.episodes.append(
                    Episode(
                        id: "\(id)/\(index)", steps: [Step(role: .solver, context: [], move: Move(text: sample.answer))], returns: [.solver: sample.isRight ? 1 : 0]))
                group.verdicts.append(Verdict(on: .role(index, .solver), kind: "process", value: sample.reward))
            }
            return group
        }
        let found = BalanceMonitor(problems: [], samples: 2, cast: [:], judge: NoJudge(), kind: "process").findings(of: [
            group("p", [sample("a", true, 0.2), sample("b", true, 0.4)]), group("q", [sample("a", true, -0.1), sample("b", false, 0.3)]),
        ])
        #expect(isNear(found["pass@1"]?.mean, 0.75) && isNear(found["pass@2"]?.mean, 1) && isNear(found["unique correct"]?.mean, 1.5))
        #expect(isNear(found["best-of-2"]?.mean, 0.5) && isNear(found["selection gain"]?.mean, (0 - 0.5) / 2))
        #expect(isNear(found["selected right"]?.mean, 2.0 / 3), "three samples are above 0, two of them right")
    }
}
