import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

@Suite("Reward models", .serialized)
struct RewardModelTests {
    @Test("one pair costs −log σ of the difference at the rows' last trained tokens")
    func pairByHand() throws {
        let answer = try portAnswer(
            "outcome-reward-pairs",
            #"{"logProbs": [[-1, -1, -1], [-1, -1]], "mask": [[1, 1, 0], [0, 1]], "pairs": [[0, 1]], "scores": {"reward": [[9, 1.5, 9], [9, 0.5]]}}"#)
        let slope = 1 / (1 + exp(1.0))
        #expect(areClose([try #require(answer["loss"]?.double)], [log(1 + exp(-1.0))]))
        #expect(areClose(flatNumbers(answer["gradients"]?["reward"]), [0, -slope, 0, 0, slope]))
        #expect(flatNumbers(answer["gradient"]).allSatisfy { $0 == 0 })
        #expect(answer["metrics"]?["accuracy"]?.double == 1 && answer["metrics"]?["margin"]?.double == 1)
        #expect(answer["metrics"]?["reward"]?.double == 1)
    }

    @Test("a pair with an empty row counts nowhere, and without a pair the loss is 0")
    func emptyRows() throws {
        let line = #"{"logProbs": [[-1], [-1], [-1]], "mask": [[1], [1], [0]], "pairs": [PAIRS], "scores": {"reward": [[1], [0], [5]]}}"#
        func loss(_ pairs: String) throws -> Double? {
            try portAnswer("outcome-reward-pairs", line.replacing("PAIRS", with: pairs))["loss"]?.double
        }
        let (all, one, none) = (try loss("[0, 1], [2, 1], [0, 2]"), try loss("[0, 1]"), try loss("[2, 1]"))
        #expect(all == one && none == 0)
    }

    @Test("Bradley–Terry with the true probabilities recovers the scores that made them")
    func recoversScores() throws {
        let truth: [Double] = [1.2, 0.4, -0.3, -1.3]
        var settings = RewardPairs.Settings()
        settings.usesProbability = true
        var lesson = Lesson(mask: [[Double]](repeating: [1], count: 4))
        for first in 0..<4 {
            for second in first + 1..<4 {
                lesson.pairs.append(Pair(chosen: first, rejected: second, probability: 1 / (1 + exp(truth[second] - truth[first]))))
            }
        }
        let scores = try Tensor.zeros([4, 1], type: .float64)
        try descend([scores], rate: 2, steps: 300) {
            try lesson.loss(of: RewardPairs(settings), reads: [.head("reward"): scores])
        }
        // Gradients sum to 0 over the rows, so the mean of the scores stays where it began: at 0, as the truth's is.
        let learned = try scores.doubles()
        #expect(areClose(learned, truth, 1e-6), "\(learned)")
    }

    @Test("centring decides the level of the scores that preferences leave open")
    func centring() throws {
        var settings = RewardPairs.Settings()
        settings.usesProbability = true
        settings.centring = 0.1
        var lesson = Lesson(mask: [[1], [1]])
        lesson.pairs = [Pair(chosen: 0, rejected: 1, probability: 0.75)]
        let scores = try Tensor([5.0, 5.0], shape: [2, 1])
        try descend([scores], rate: 1, steps: 400) { try lesson.loss(of: RewardPairs(settings), reads: [.head("reward"): scores]) }
        #expect(areClose(try scores.doubles(), [0.5 * log(3.0), -0.5 * log(3.0)], 1e-6))
    }

    @Test("labels are learned by logistic regression at the last trained token, or at all of them")
    func labels() throws {
        let line = #"{"logProbs": [[-1, -1, -1]], "mask": [[1, 1, 0]], "labels": [1], "scores": {"reward": [[2, 0, 9]]}, "settings": {"isEverywhere": EVERYWHERE}}"#
        let last = try portAnswer("outcome-reward-binary", line.replacing("EVERYWHERE", with: "false"))
        #expect(areClose([try #require(last["loss"]?.double)], [log(2.0)]))
        #expect(areClose(flatNumbers(last["gradients"]?["reward"]), [0, -0.5, 0]))
        let all = try portAnswer("outcome-reward-binary", line.replacing("EVERYWHERE", with: "true"))
        #expect(areClose([try #require(all["loss"]?.double)], [(log(2.0) + log(1 + exp(-2.0))) / 2]))
        // Rows of one answer that is right three times of four: the probability is learned.
        var lesson = Lesson(mask: [[Double]](repeating: [1], count: 4))
        lesson.scalars = [1, 1, 1, 0].map { ["label": $0] }
        let reward = try Tensor.zeros([1, 1], type: .float64)
        try descend([reward], rate: 4, steps: 100) {
            try lesson.loss(of: RewardLabels(), reads: [.head("reward"): try reward.expand([4, 1])])
        }
        #expect(areClose(try reward.doubles(), [log(3.0)], 1e-6))
    }

    @Test("steps are taught where they end: hard labels by a threshold, soft ones as they are")
    func steps() throws {
        let line = #"{"logProbs": [[-1, -1, -1, -1]], "mask": [[1, 1, 1, 1]], "scores": {"step": [[5, 0, 7, 0]], "steps": [[-1, 0.25, -1, 0]]}, "settings": {SETTINGS}}"#
        func gradient(_ objective: String, _ settings: String = "") throws -> [Double] {
            flatNumbers(try portAnswer(objective, line.replacing("SETTINGS", with: settings))["gradients"]?["step"])
        }
        #expect(areClose(try gradient("process-reward-hard"), [0, -0.25, 0, 0.25]))
        #expect(areClose(try gradient("process-reward-hard", #""threshold": 0.5"#), [0, 0.25, 0, 0.25]))
        #expect(areClose(try gradient("process-reward-soft"), [0, 0.125, 0, 0.25]))
        // d/ds (σ(s) − p)² = 2 (σ − p) σ (1 − σ)
        #expect(areClose(try gradient("process-reward-soft", #""isSquared": true"#), [0, 0.0625, 0, 0.125]))
    }

    @Test("ranking: one right and one wrong step by hand")
    func rankingByHand() throws {
        let answer = try portAnswer(
            "process-reward-ranking",
            #"{"logProbs": [[-1, -1]], "mask": [[1, 1]], "scores": {"step": [[1, -1]], "steps": [[1, 0]]}, "settings": {"margin": 2}}"#)
        // The wrong step counts e^(−1+2); the start's terms: 1 against 1 + e, the right step's: e against 1 + e + e.
        let start = log(1 + exp(1.0))
        let right = log((1 + 2 * exp(1.0)) / exp(1.0))
        #expect(areClose([try #require(answer["loss"]?.double)], [(start + right) / 2]))
        #expect(answer["metrics"]?["accuracy"]?.double == 1)
        let correct = try portAnswer(
            "process-reward-ranking", #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"step": [[0]], "steps": [[1]]}}"#)
        #expect(areClose([try #require(correct["loss"]?.double)], [log(2.0)]))
    }

    @Test("ranking orders steps: right ones rise above the start in order, wrong ones fall below it by the margin")
    func rankingLearns() throws {
        var lesson = Lesson(mask: [[1, 1, 1, 1]])
        lesson.channels["steps"] = [[1, 1, 0, 0]]
        let steps = try Tensor.zeros([1, 4], type: .float64)
        try descend([steps], rate: 0.5, steps: 200) { try lesson.loss(of: StepRanking(), reads: [.head("step"): steps]) }
        let learned = try steps.doubles()
        #expect(learned[0] > 0 && learned[1] > learned[0] && learned[2] < -4 && learned[3] < -4, "\(learned)")
    }
}
