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
}
