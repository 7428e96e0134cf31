import Foundation
import HoneCore
import HoneEvaluation
import HoneTestSupport
import Testing

private func answer(_ problem: String, _ score: Double, _ isRight: Bool, length: Double = 1) -> JudgeScorecard.Answer {
    JudgeScorecard.Answer(problem: problem, score: score, isRight: isRight, length: length)
}

private func isNear(_ value: Double?, _ expected: Double) -> Bool { value.map { abs($0 - expected) < 1e-12 } ?? false }

@Suite("The judge's scorecard")
struct JudgeScorecardTests {
    @Test("accuracy, AUROC, calibration and length bias of single answers, by hand")
    func answers() {
        let card = JudgeScorecard(answers: [
            answer("p", 0.9, true, length: 4), answer("p", 0.3, false, length: 2), answer("q", 0.6, false, length: 3), answer("q", 0.4, true, length: 1),
        ])
        // Right at 0.9 and 0.3; 0.9 is above both wrong ones, 0.4 above one of them.
        #expect(card.accuracy == 0.5 && card.areaUnderROC == 0.75)
        // Each in a bin of its own: (0.1 + 0.3 + 0.6 + 0.6) / 4.
        #expect(isNear(card.expectedCalibrationError, 0.4))
        // Ranks 4, 1, 3, 2 against 4, 2, 3, 1: 1 − 6·2/(4·15).
        #expect(isNear(card.lengthBias, 0.8))
        #expect(card.positionBias == nil && card.orderConsistency == nil)
    }

    @Test("scores that are no probabilities have an area and a length bias only")
    func logProbs() {
        let card = JudgeScorecard(answers: [answer("p", -1, true, length: 1), answer("q", -3, false, length: 5)])
        #expect(card.accuracy == nil && card.expectedCalibrationError == nil && card.areaUnderROC == 1 && card.lengthBias == -1)
        let empty = JudgeScorecard(answers: [])
        #expect(empty.accuracy == nil && empty.areaUnderROC == nil && empty.expectedCalibrationError == nil && empty.lengthBias == nil)
    }

    @Test("position bias, order consistency and accuracy of pairs, by hand")
    func pairs() {
        func pair(_ whenFirst: Double, _ whenSecond: Double, _ isBetter: Bool?) -> JudgeScorecard.Pair {
            JudgeScorecard.Pair(problem: "p", whenFirst: whenFirst, whenSecond: whenSecond, isBetter: isBetter)
        }
        // Liked wherever it stands; liked only when first; disliked wherever it stands; no preference.
        let card = JudgeScorecard(answers: [], pairs: [pair(1, 0.8, true), pair(0.9, 0.1, true), pair(0.2, 0.4, true), pair(0.5, 0.5, nil)])
        #expect(card.accuracy == 0.5, "1, a tie, 0; the last has no better answer")
        #expect(card.orderConsistency == 0.75)
        // What stands first has 1 and 0.2, 0.9 and 0.9, 0.2 and 0.6, ½ and ½: 0.1 + 0.4 − 0.1 + 0 over four.
        #expect(isNear(card.positionBias, 0.1))
    }

    @Test("estimates have intervals over problems, the same with the same seed, and names behind the prefix")
    func estimates() {
        let answers = (0..<20).map { (number: Int) -> JudgeScorecard.Answer in
            answer("p\(number)", number < 15 ? 0.8 : 0.2, number % 3 != 0, length: Double(number))
        }
        let found = JudgeScorecard.estimates(answers: answers, seed: Seed(1))
        #expect(found.keys.sorted() == ["judge.AUROC", "judge.ECE", "judge.accuracy", "judge.length bias"])
        #expect(found == JudgeScorecard.estimates(answers: answers, seed: Seed(1)))
        for estimate in found.values {
            #expect(estimate.low <= estimate.mean && estimate.mean <= estimate.high && estimate.low < estimate.high && estimate.count == 20)
        }
    }

    @Test("a measure plays, has the answers judged, and says what judging cost for each answer")
    func measure() async throws {
        struct Loud: Judge {
            static let card = PartCard(name: "loud")
            func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
                var cost = Cost()
                (cost.judgeCalls, cost.scoredTokens) = (2, 10)
                scope.services.charge(cost)
                return Judgement([
                    Verdict(on: .role(0, .solver), kind: "loud", value: 0.9), Verdict(on: .role(1, .solver), kind: "loud", value: 0.1),
                    Verdict(on: .pair(0, over: 1), kind: "shown", value: 1), Verdict(on: .pair(1, over: 0), kind: "shown", value: 1),
                ])
            }
        }
        let services = ScriptedServices(player: { assignment, _ in
            EpisodeGroup(
                assignment: assignment,
                episodes: (0..<assignment.samples).map { number in
                    Episode(
                        id: "e\(number)", steps: [Step(role: .solver, context: [], move: Move(text: number == 0 ? "loud" : "low"))],
                        returns: [.solver: number == 0 ? 1 : 0], ending: .completed)
                })
        })
        let problems = ["p", "q"].map { Problem(id: $0, world: "w", isHeldOut: true) }
        let measure = JudgeMeasure(problems: problems, samples: 2, cast: [:], judge: Loud(), kind: "loud", pairKind: "shown")
        let found = try await measure.measure(in: services.scope()).estimates
        // Four answers are told apart; in both pairs the first is liked wherever it stands, a tie.
        #expect(isNear(found["judge.accuracy"]?.mean, 5.0 / 6) && found["judge.AUROC"]?.mean == 1 && isNear(found["judge.ECE"]?.mean, 0.1))
        #expect(found["judge.position bias"]?.mean == 0.5 && found["judge.order consistency"]?.mean == 0 && found["judge.length bias"]?.mean == 1)
        #expect(found["judge.calls"]?.mean == 1 && found["judge.tokens"]?.mean == 5)
    }
}
