import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

@Suite("Imitation", .serialized)
struct ImitationTests {
    @Test("weights of a channel decide each token's part; a negative one makes its token rarer")
    func tokenWeights() throws {
        let answer = try portAnswer(
            "weighted-cross-entropy",
            #"{"logProbs": [[-1, -2, -3]], "mask": [[1, 1, 0]], "scores": {"tokenWeights": [[3, -1, 100]]}}"#)
        // −(3·(−1) − 1·(−2)) / 4
        #expect(answer["loss"]?.double == 0.25)
        #expect(flatNumbers(answer["gradient"]) == [-0.75, 0.25, 0])
        #expect(answer["metrics"]?["weight"]?.double == 1)
        let perRow = try portAnswer(
            "weighted-cross-entropy", #"{"logProbs": [[-1, -3], [-5, -7]], "mask": [[1, 1], [1, 1]], "scores": {"tokenWeights": [1, 0]}}"#)
        #expect(perRow["loss"]?.double == 2)
    }

    @Test("weights of 1 are plain cross-entropy, and their scale does not matter")
    func scale() throws {
        func loss(_ weight: Double) throws -> Double? {
            try portAnswer(
                "weighted-cross-entropy",
                #"{"logProbs": [[-1, -2], [-4, -3]], "mask": [[1, 1], [0, 1]], "scores": {"tokenWeights": [\#(weight), \#(weight)]}}"#)["loss"]?.double
        }
        let plain = try portAnswer("sft", #"{"logProbs": [[-1, -2], [-4, -3]], "mask": [[1, 1], [0, 1]]}"#)["loss"]?.double
        let (one, half) = (try loss(1), try loss(0.5))
        #expect(one == plain && half == plain)
    }

    @Test("rejection sampling imitates what reaches the threshold, or of that the best of each group")
    func rejection() throws {
        func loss(_ settings: String) throws -> [Double] {
            let answer = try portAnswer(
                "rejection-sampling",
                #"{"logProbs": [[-1], [-2], [-4], [-8]], "mask": [[1], [1], [1], [1]], "rewards": [1, 0.5, 0.7, 0.2], "groups": ["a", "a", "b", "b"], "settings": {\#(settings)}}"#)
            return [answer["loss"], answer["metrics"]?["kept"]].compactMap { $0?.double }
        }
        #expect(areClose(try loss(""), [7.0 / 3, 0.75]))
        #expect(try loss(#""keeps": "bestOfGroup""#) == [2.5, 0.5])
        #expect(try loss(#""keeps": "bestOfGroup", "threshold": 0.8"#) == [1, 0.25])
        #expect(try loss(#""threshold": 2"#) == [0, 0])
    }

    @Test("negative-aware tuning weighs failures within one mean; mistake tuning gives each domain its own")
    func labels() throws {
        let line = #"{"logProbs": [[-1, -3], [-6, null]], "mask": [[1, 1], [1, 0]], "labels": [1, 0], "settings": {SETTINGS}}"#
        func loss(_ objective: String, _ settings: String = "") throws -> Double {
            try #require(try portAnswer(objective, line.replacing("SETTINGS", with: settings))["loss"]?.double)
        }
        #expect(areClose([try loss("negative-aware-tuning")], [10.0 / 3]))
        #expect(try loss("negative-aware-tuning", #""negativeWeight": 0"#) == 2)
        #expect(try loss("mistake-tuning") == 8)
        #expect(try loss("mistake-tuning", #""mistakeWeight": 0.5"#) == 5)
        // The failure is pushed away by a negative weight: −(−1 − 3 + ½·6)/(2 + ½)
        #expect(areClose([try loss("negative-aware-tuning", #""negativeWeight": -0.5"#)], [0.4]))
    }

    @Test("drafts carry no loss, whatever they say, and consistent rows count more")
    func thoughts() throws {
        let plain = try portAnswer(
            "thought-mask", #"{"logProbs": [[-9, -1, -2]], "mask": [[1, 1, 1]], "scores": {"thought": [[1, 0, 0]]}}"#)
        #expect(plain["loss"]?.double == 1.5 && flatNumbers(plain["gradient"]) == [0, -0.5, -0.5])
        #expect(areClose([try #require(plain["metrics"]?["thoughts"]?.double)], [1.0 / 3]))
        let weighed = try portAnswer(
            "thought-mask",
            #"{"logProbs": [[-1], [-4]], "mask": [[1], [1]], "scores": {"thought": [0, 0], "consistency": [1, 0]}, "settings": {"consistencyWeight": 2}}"#)
        #expect(areClose([try #require(weighed["loss"]?.double)], [7.0 / 4]))
        let confident = try portAnswer(
            "thought-mask", #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"thought": [0]}, "settings": {"answerWeight": 0, "confidenceWeight": 1}}"#)
        #expect(areClose([try #require(confident["loss"]?.double)], [1 - exp(-1.0)]))
    }

    @Test("of an item the nearest good rationale is pulled and the farthest bad one pushed, up to the margin")
    func rationales() throws {
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "contrastive-rationale",
                #"{"logProbs": [[-1], [-2], [-3], [-1], [-2.5]], "mask": [[1], [1], [1], [1], [1]], "labels": [2, 1, 1, 0, 0], "groups": [0, 0, 0, 0, 0], "scores": {"quality": [0, 0.8, 1, 0.5, 0.25]}, "settings": {\#(settings)}}"#)
        }
        // 1 + ½·0.8·2 + ½·(1 − 0.25)·(3 − 2.5)
        let far = try answer("")
        #expect(areClose([try #require(far["loss"]?.double)], [1 + 0.8 + 0.1875]))
        #expect(areClose(flatNumbers(far["gradient"]), [-1, -0.4, 0, 0, 0.375]))
        let near = try answer(#""negative": "nearest""#)
        #expect(areClose([try #require(near["loss"]?.double)], [1 + 0.8 + 0.5]))
        let calm = try answer(#""margin": 2"#)
        #expect(calm["loss"]?.double == 1.8 && calm["metrics"]?["pushed"]?.double == 0)
    }

    @Test("imitating the best of eight samples moves a bandit to its best arm; imitating all of them does not")
    func rejectionLearns() throws {
        // Exact expectation: rows are the arms, weighted by how often the policy draws them.
        func share(threshold: Double) throws -> Double {
            var settings = RejectionSampling.Settings()
            settings.threshold = threshold
            var lesson = Lesson(mask: [[1], [1], [1]])
            lesson.scalars = [["reward": 0], ["reward": 0.4], ["reward": 1]]
            let logits = try Tensor([0.5, 0.0, -0.5], shape: [3])
            for _ in 0..<40 {
                lesson.weights = try logits.detach().softmax(0).doubles().map { [$0] }
                try descend([logits], rate: 1, steps: 5) {
                    try lesson.loss(of: RejectionSampling(settings), reads: [.logProbs: try logits.logSoftmax(0).reshape([3, 1])])
                }
            }
            return try logits.softmax(0).doubles()[2]
        }
        let (chosen, all) = (try share(threshold: 0.5), try share(threshold: -1))
        #expect(chosen > 0.99 && abs(all - 0.186) < 0.01, "\(chosen), \(all)")
    }
}
