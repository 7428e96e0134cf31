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
}
