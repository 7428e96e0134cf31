import Foundation
import HoneCore
import HoneEvaluation
import Testing

private func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { a.map { abs($0 - b) <= tolerance } ?? false }

/// All ways to choose k of n places, by the bits of a number.
private func subsets(of n: Int, size k: Int) -> [[Int]] {
    (0..<(1 << n)).map { bits in (0..<n).filter { bits >> $0 & 1 == 1 } }.filter { $0.count == k }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

@Suite("Self-correction")
struct SelfCorrectionTests {
    private func random(_ seed: Int) -> [[SelfCorrection.Attempt]] {
        var generator = Seed(1).child("attempts", seed).generator
        return (0..<30).map { _ in
            let (first, second) = (generator.unit(), generator.unit())
            return (0..<generator.integer(in: 1...10)).map { _ in
                .init(first: generator.chance(first), second: generator.chance(second))
            }
        }
    }

    @Test("two problems by hand")
    func byHand() throws {
        // P_a ½ and 1; both right ½ and ½; corrected ½ of the answers of the first, none of the second.
        let found = try #require(
            SelfCorrection([
                [.init(first: true, second: true), .init(first: false, second: true)],
                [.init(first: true, second: true), .init(first: true, second: false)], [],
            ]))
        #expect(found.problems == 2 && found.firstAccuracy == 0.75 && found.secondAccuracy == 0.75)
        #expect(isNear(found.confidence, 2.0 / 3) && found.critique == 1)
        #expect(isNear(found.rightToWrong, 0.25) && isNear(found.wrongToRight, 0.25))
        #expect(isNear(found.relativeScore, 0.5))
    }

    @Test("Acc₂ = Acc₁·CL + (1 − Acc₁)·CS, and the gain is what was corrected less what was spoilt", arguments: 0..<50)
    func identity(seed: Int) throws {
        let attempts = random(seed)
        let found = try #require(SelfCorrection(attempts))
        let (confidence, critique) = (try #require(found.confidence), try #require(found.critique))
        #expect(isNear(found.firstAccuracy * confidence + (1 - found.firstAccuracy) * critique, found.secondAccuracy))
        #expect(isNear(found.secondAccuracy - found.firstAccuracy, found.wrongToRight - found.rightToWrong))
        let score = try #require(found.relativeScore)
        if abs(found.secondAccuracy - found.firstAccuracy) > 1e-9 { #expect((score > 0.5) == (found.secondAccuracy > found.firstAccuracy)) }
        let estimates = SelfCorrection.estimates(of: attempts)
        #expect(isNear(estimates["right to wrong"]?.mean, found.rightToWrong) && isNear(estimates["wrong to right"]?.mean, found.wrongToRight))
        #expect(isNear(estimates["second accuracy"]?.mean, found.secondAccuracy) && estimates["first accuracy"]?.count == 30)
    }

    @Test("repeating the first answer has full confidence, no critique and a relative score of ½", arguments: 0..<5)
    func repeating(seed: Int) throws {
        let found = try #require(SelfCorrection(random(seed).map { $0.map { .init(first: $0.isFirstRight, second: $0.isFirstRight) } }))
        #expect(found.confidence == 1 && found.critique == 0 && isNear(found.relativeScore, 0.5))
    }

    @Test("what is not defined is nil: nothing wrong has no critique, nothing right no confidence")
    func undefined() throws {
        let right = try #require(SelfCorrection([[.init(first: true, second: false)]]))
        #expect(right.critique == nil && right.confidence == 0 && right.relativeScore == nil && right.rightToWrong == 1)
        let wrong = try #require(SelfCorrection([[.init(first: false, second: true)]]))
        #expect(wrong.confidence == nil && wrong.critique == 1 && wrong.wrongToRight == 1)
        #expect(SelfCorrection([[]]) == nil)
    }
}

@Suite("Scored samples")
struct ScoredSamplesTests {
    @Test("best-of-k, reward@k and maj@k are the means over all draws", arguments: 0..<12, [1, 2, 3, 5, 7])
    func bruteForce(seed: Int, k: Int) {
        var generator = Seed(4).child("samples", seed).generator
        let scores = (0..<7).map { _ in Double(generator.integer(in: 0...3)) }
        let right = (0..<7).map { _ in generator.chance(0.4) }
        let answers = right.map { $0 ? "4" : ["1", "2"][generator.integer(in: 0...1)] }
        let draws = subsets(of: 7, size: k)
        let best = draws.map { places in
            let top = places.map { scores[$0] }.max() ?? 0
            return mean(places.filter { scores[$0] == top }.map { right[$0] ? 1 : 0 })
        }
        #expect(isNear(ScoredSamples.bestOfK(scores: scores, isRight: right, k: k), mean(best)))
        #expect(isNear(ScoredSamples.rewardAtK(scores, k: k), mean(draws.map { $0.map { scores[$0] }.max() ?? 0 })))
        let votes = draws.map { places in
            let counts = Dictionary(grouping: places) { answers[$0] }.mapValues(\.count)
            let most = counts.values.max() ?? 0
            return mean(counts.filter { $0.value == most }.map { $0.key == "4" ? 1 : 0 })
        }
        #expect(isNear(ScoredSamples.majorityAtK(answers: answers, isRight: right, k: k, seed: Seed(0)), mean(votes)))
    }

    @Test("an oracle's best-of-k is pass@k, a blind one's pass@1")
    func ends() {
        let right = [true, false, false, true, false]
        // 1 − C(3,2)/C(5,2) = 0.7
        #expect(isNear(ScoredSamples.bestOfK(scores: right.map { $0 ? 1 : 0 }, isRight: right, k: 2), 0.7))
        #expect(isNear(ScoredSamples.rewardAtK(right.map { $0 ? 1 : 0 }, k: 2), 0.7))
        #expect(isNear(ScoredSamples.bestOfK(scores: right.map { _ in 0 }, isRight: right, k: 4), 0.4))
        #expect(ScoredSamples.bestOfK(scores: [], isRight: [], k: 1) == nil && ScoredSamples.rewardAtK([1], k: 2) == nil)
        #expect(ScoredSamples.majorityAtK(answers: ["a"], isRight: [true], k: 0, seed: Seed(1)) == nil)
    }

    @Test("too many draws are sampled, near the truth and the same for the same seed")
    func sampledMajority() {
        // 40 samples, half right and all wrong ones different: any draw of 15 with two right ones or more elects them.
        let answers = (0..<40).map { $0 < 20 ? "yes" : "no \($0)" }
        let right = (0..<40).map { $0 < 20 }
        let found = ScoredSamples.majorityAtK(answers: answers, isRight: right, k: 15, seed: Seed(2))
        #expect(isNear(found, 1, 0.001))
        #expect(found == ScoredSamples.majorityAtK(answers: answers, isRight: right, k: 15, seed: Seed(2)))
    }

    @Test("the gap is what the model's choice gains over sampling")
    func gap() {
        let (scores, rewards): ([Double], [Double]) = ([0.9, 0.1, 0.8, 0.2], [1, 0, 0, 0])
        #expect(ScoredSamples.generationVerificationGap(scores: scores, rewards: rewards, quantile: 1) == 0.75)
        #expect(ScoredSamples.generationVerificationGap(scores: scores, rewards: rewards, quantile: 0.5) == 0.25)
        #expect(ScoredSamples.generationVerificationGap(scores: scores, rewards: rewards, quantile: 0) == 0)
        #expect(ScoredSamples.generationVerificationGap(scores: [], rewards: [], quantile: 0) == nil)
    }
}

@Suite("Diversity and scaling")
struct DiversityAndScalingTests {
    @Test("distinct-n and the entropy of answers by hand")
    func diversity() {
        #expect(Diversity.distinct([[1, 2, 1], [1, 2]], n: 1) == 0.4)
        #expect(isNear(Diversity.distinct([[1, 2, 1], [1, 2]], n: 2), 2.0 / 3))
        #expect(Diversity.distinct([[1], []], n: 2) == nil)
        #expect(Diversity.words(" a  b\r\nc ") == [Array("a".utf8), Array("b".utf8), Array("c".utf8)])
        #expect(isNear(Diversity.answerEntropy(["4", "4", "5", "5"]), log(2)))
        #expect(Diversity.answerEntropy(["4", "4"]) == 0 && Diversity.answerEntropy([]) == nil)
        // The same letter in two spellings of bytes is two answers.
        #expect(isNear(Diversity.answerEntropy(["\u{e0}", "a\u{300}"]), log(2)))
    }

    @Test("a scaling curve has the powers of two and the end, costs k samples, and rises for the oracle")
    func scaling() {
        let problems = [
            ScalingCurve.Samples(
                answers: ["a", "b", "c", "a", "a", "d"], isRight: [true, false, false, true, true, false],
                scores: [3, 1, 0, 2, 2, 5], costs: [1, 2, 3, 4, 5, 3]),
            ScalingCurve.Samples(answers: ["x", "y", "z", "z", "z", "z", "z"], isRight: [true] + Array(repeating: false, count: 6), costs: Array(repeating: 1, count: 7)),
        ]
        let pass = ScalingCurve.points(problems, method: .oracle, seed: Seed(1))
        #expect(pass.map(\.k) == [1, 2, 4, 6] && pass.map(\.cost) == [2, 4, 8, 12])
        // Problem 1: ½ then 1 − 3/15; problem 2: 1/7 and 2/7.
        #expect(isNear(pass[0].accuracy.mean, (0.5 + 1.0 / 7) / 2) && isNear(pass[1].accuracy.mean, (0.8 + 2.0 / 7) / 2))
        #expect(zip(pass, pass.dropFirst()).allSatisfy { $0.accuracy.mean < $1.accuracy.mean })
        for method in ScalingCurve.Method.allCases {
            let points = ScalingCurve.points(problems, method: method, seed: Seed(1))
            #expect(isNear(points[0].accuracy.mean, pass[0].accuracy.mean), "one sample is one sample: \(method)")
            #expect(zip(points, pass).allSatisfy { $0.accuracy.mean <= $1.accuracy.mean + 1e-12 }, "nothing beats the oracle")
        }
        // Of all six the best score is wrong, and the vote right; the second problem's blind choice stays at 1/7.
        #expect(isNear(ScalingCurve.points([problems[0]], method: .best, seed: Seed(1)).last?.accuracy.mean, 0))
        #expect(isNear(ScalingCurve.points([problems[0]], method: .majority, seed: Seed(1)).last?.accuracy.mean, 1))
        #expect(ScalingCurve.points([], method: .oracle, seed: Seed(1)).isEmpty)
    }
}

@Suite("Transfer and ranking")
struct TransferAndRankingTests {
    @Test("transfer and forgetting of three tasks by hand")
    func transfer() {
        let matrix = TransferMatrix(scores: [[0.8, 0.2, 0.1], [0.9, 0.7, 0.3], [0.5, 0.6, 0.9]], untrained: [0.1, 0.1, 0.2])
        #expect(isNear(matrix.finalAccuracy, 2.0 / 3))
        // (0.5 − 0.8 + 0.6 − 0.7) / 2, (0.9 − 0.5 + 0.7 − 0.6) / 2, (0.2 − 0.1 + 0.3 − 0.2) / 2
        #expect(isNear(matrix.backwardTransfer, -0.2) && isNear(matrix.forgetting, 0.25) && isNear(matrix.forwardTransfer, 0.1))
        let one = TransferMatrix(scores: [[0.5]], untrained: [0])
        #expect(one.finalAccuracy == 0.5 && one.forgetting == nil && one.backwardTransfer == nil && one.forwardTransfer == nil)
    }

    private let candidates: [CostAwareRanking.Candidate] = [
        .init(name: "large", first: 0.8, refined: 0.8, cost: 16), .init(name: "small", first: 0.4, refined: 0.6, cost: 1),
        .init(name: "middle", first: 0.6, refined: 0.7, cost: 4), .init(name: "dear", first: 0.4, refined: 0.5, cost: 4),
    ]

    @Test("the ranking by hand, with and without cost")
    func ranking() {
        let found = CostAwareRanking(candidates)
        // p̂: 1 0 ½ 0; Δ̂: 0 1 ½ ½; r̂: 1 ⅓ ⅔ 0; divided by 4 1 2 2.
        #expect(found.places.map(\.candidate.name) == ["small", "middle", "large", "dear"])
        #expect(zip(found.places, [4.0 / 3, 5.0 / 6, 0.5, 0.25]).allSatisfy { isNear($0.score, $1, 1e-9) })
        #expect(found.places.map(\.isOnFrontier) == [true, true, true, false])
        var weights = CostAwareRanking.Weights()
        weights.cost = 0
        weights.refinement = 0
        #expect(CostAwareRanking(candidates, weights: weights).places.first?.candidate.name == "large")
    }

    @Test("the unit of the cost and the order of candidates change nothing")
    func invariance() {
        let scaled = candidates.reversed().map {
            CostAwareRanking.Candidate(name: $0.name, first: $0.first, refined: $0.refined, cost: $0.cost * 8)
        }
        let (one, two) = (CostAwareRanking(candidates), CostAwareRanking(scaled))
        #expect(one.places.map(\.score) == two.places.map(\.score) && one.places.map(\.candidate.name) == two.places.map(\.candidate.name))
        #expect(CostAwareRanking([]).places.isEmpty)
    }
}
