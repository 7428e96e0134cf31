import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

@Suite("Value heads", .serialized)
struct ValueTests {
    @Test("regression costs half the squared error, and teaches the mean of the returns")
    func regression() throws {
        let answer = try portAnswer(
            "value-regression",
            #"{"logProbs": [[-1, -1, -1]], "mask": [[1, 0, 1]], "scores": {"values": [[1, 9, 2]], "returns": [[3, 9, 1]]}}"#)
        #expect(answer["loss"]?.double == 1.25)
        #expect(flatNumbers(answer["gradients"]?["values"]) == [-1, 0, 0.5])
        #expect(answer["metrics"]?["squaredError"]?.double == 2.5)
        var lesson = Lesson(mask: [[1], [1], [1]])
        lesson.channels["returns"] = [[1], [2], [6]]
        let value = try Tensor([0.0], shape: [1, 1])
        try descend([value], rate: 0.5, steps: 60) {
            try lesson.loss(of: ValueRegression(), reads: [.head("value"): try value.expand([3, 1])])
        }
        #expect(areClose(try value.doubles(), [3], 1e-6))
    }
}
