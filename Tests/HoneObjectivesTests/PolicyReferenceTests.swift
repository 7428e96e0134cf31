import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

/// A case of Tests/References/objectives_policy.py.
private struct Reference: Decodable {
    var objective: String
    var line: JSONValue
    var loss: Double
    var gradient: [[Double]]
    var gradients: [String: [[Double]]]
    var metrics: [String: Double]
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-10) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

private func numbers(_ value: JSONValue?) -> [Double] {
    (value?.elements ?? []).flatMap { $0.elements?.compactMap(\.double) ?? [] }
}

private func answer(_ objective: String, _ line: String) throws -> JSONValue {
    try LossPort(objective).answerLoss(try JSONValue(parsing: line))
}

@Suite("Policy gradients against their formulas", .serialized)
struct PolicyReferenceTests {
    @Test("losses, gradients and metrics equal the reference script's to ten digits")
    func references() throws {
        let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/objectives_policy.json")
        let cases = try JSONDecoder().decode([Reference].self, from: try Data(contentsOf: url))
        #expect(cases.count > 140)
        for (index, reference) in cases.enumerated() {
            let result = try LossPort(reference.objective).answerLoss(reference.line)
            let name = "case \(index), \(reference.objective) with \(reference.line["settings"]?.canonical ?? "defaults")"
            let loss = try #require(result["loss"]?.double)
            #expect(isClose(loss, reference.loss), "\(name): \(loss), not \(reference.loss)")
            var pairs = [("logProbs", numbers(result["gradient"]), reference.gradient.flatMap { $0 })]
            for (key, table) in reference.gradients { pairs.append((key, numbers(result["gradients"]?[key]), table.flatMap { $0 })) }
            for (key, found, expected) in pairs {
                #expect(
                    found.count == expected.count && zip(found, expected).allSatisfy { isClose($0, $1) },
                    "\(name), gradient by \(key): \(found), not \(expected)")
            }
            for (metric, value) in reference.metrics {
                #expect(isClose(try #require(result["metrics"]?[metric]?.double), value), "\(name), \(metric)")
            }
        }
    }

    /// A line, the loss and the gradient by `logProbs` in row order, worked out by hand.
    static let byHand: [(objective: String, line: String, loss: Double, gradient: [Double])] = {
        let (up, down) = (exp(0.5), exp(-0.5))
        return [
            // Rows sum to −3 and −4: −(2·(−3) − 1·(−4))/2.
            ("rloo", #"{"logProbs": [[-1, -2], [-4]], "advantages": [2, -1], "mask": [[1, 1], [1]]}"#, 1, [-1, -1, 0.5]),
            // Rewards 1, 0, 0: the others' means are 0, ½, ½; so the advantages are 1, −½, −½.
            (
                "rloo", #"{"logProbs": [[-1], [-2], [-3]], "rewards": [1, 0, 0], "mask": [[1], [1], [1]]}"#, -0.5,
                [-1.0 / 3, 1.0 / 6, 1.0 / 6]
            ),
            // Whole answers: ρ = e^(½) is clipped at 1.2 for A = 1; ρ = e^(−½) is not for A = 2 (its clipped term is larger).
            (
                "rloo",
                #"{"logProbs": [[-1, -1], [-1, -1]], "samplerLogProbs": [[-1.25, -1.25], [-0.75, -0.75]], "advantages": [1, 2], "mask": [[1, 1], [1, 1]], "settings": {"clip": 0.2}}"#,
                -(1.2 + 2 * down) / 2, [0, 0, -down, -down]
            ),
            // Advantages 3 and 1 have mean 2 and deviation 1: they become 1 and −1, whatever their size.
            (
                "reinforce++", #"{"logProbs": [[-1], [-2]], "samplerLogProbs": [[-1], [-2]], "advantages": [3, 1], "mask": [[1], [1]]}"#, 0,
                [-0.5, 0.5]
            ),
            // The sampler is 0.5 and 0.1 above the reference: returns fall by 0.6 and 0.1 times β = 1.
            (
                "reinforce++",
                #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1, -1]], "referenceLogProbs": [[-1.5, -1.1]], "advantages": [1], "mask": [[1, 1]], "settings": {"beta": 1, "whitens": false}}"#,
                -(0.4 + 0.9) / 2, [-0.2, -0.45]
            ),
            // Policy −1; value 1 against return 2: ½·1; it moved from 0.5 to 1, held at 0.7: ½·1.69 is larger; half of it counts.
            (
                "ppo",
                #"{"logProbs": [[-1]], "samplerLogProbs": [[-1]], "advantages": [1], "mask": [[1]], "scores": {"values": [[1]], "returns": [[2]], "oldValues": [[0.5]]}}"#,
                -1 + 0.5 * 0.5 * 1.69, [-1]
            ),
            // Three tokens of advantage ½ and −½, divided by 2 rows × 10.
            (
                "dr-grpo",
                #"{"logProbs": [[-1, -1], [-1]], "samplerLogProbs": [[-1, -1], [-1]], "rewards": [1, 0], "mask": [[1, 1], [1]], "settings": {"length": 10}}"#,
                -0.025, [-0.025, -0.025, 0.025]
            ),
            // Rewards 1 and 0 have deviation ½: advantages 1 and −1; three tokens; e^0.5 is above 1.28 and loses its gradient.
            (
                "dapo",
                #"{"logProbs": [[-1, -1], [-1]], "samplerLogProbs": [[-1.5, -1], [-1]], "rewards": [1, 0], "mask": [[1, 1], [1]]}"#,
                -(1.28 + 1 - 1) / 3, [0, -1.0 / 3, 1.0 / 3]
            ),
            // The mean log-ratio of 0.6 and 0.4 is 0.5: both tokens get half of e^0.5.
            (
                "gspo",
                #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1.6, -1.4]], "advantages": [-1], "mask": [[1, 1]], "settings": {"clipLow": 0.1, "clipHigh": 0.1}}"#,
                up, [up / 2, up / 2]
            ),
            // The weight e^0.5 is held at 1.2 and has no gradient; the token keeps its own.
            (
                "cispo",
                #"{"logProbs": [[-2]], "samplerLogProbs": [[-2.5]], "advantages": [1], "mask": [[1]], "settings": {"clipHigh": 0.2}}"#, 2.4,
                [-1.2]
            ),
            // A = −1: e^2 is beyond the floor of 3, e^0.5 is not.
            (
                "dual-clip", #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-3, -1.5]], "advantages": [-1], "mask": [[1, 1]]}"#,
                (3 + up) / 2, [0, up / 2]
            ),
        ]
    }()

    @Test("hand-computed cases through the loss port")
    func hands() throws {
        for item in Self.byHand {
            let result = try answer(item.objective, item.line)
            let loss = try #require(result["loss"]?.double)
            #expect(isClose(loss, item.loss, 1e-12), "\(item.objective): \(loss), not \(item.loss)")
            let found = numbers(result["gradient"])
            #expect(
                found.count == item.gradient.count && zip(found, item.gradient).allSatisfy { isClose($0, $1, 1e-12) },
                "\(item.objective): \(found), not \(item.gradient)")
        }
    }

    @Test("PPO's value gradient stops where the value has moved beyond its clip and the error there is the larger one")
    func valueClip() throws {
        let line = #"{"logProbs": [[-1, -1]], "samplerLogProbs": [[-1, -1]], "advantages": [0], "mask": [[1, 1]], "scores": {"values": [[1, 4]], "returns": [[2, 2]], "oldValues": [[0.5, 0.5]]}}"#
        let result = try answer("ppo", line)
        // The first is nearer to its return than its held value (1 against 0.7) and stops; the second overshot and goes back.
        #expect(numbers(result["gradients"]?["values"]) == [0, 0.5 * 0.5 * 2])
        #expect(result["metrics"]?["valueClipFraction"]?.double == 0.5)
        #expect(numbers(result["gradient"]) == [0, 0])
    }
}
