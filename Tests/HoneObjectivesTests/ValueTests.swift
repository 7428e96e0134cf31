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

    @Test("a clipped value pays for leaving the old one even where that brings it nearer to the return")
    func clipped() throws {
        func answer(_ value: Double) throws -> JSONValue {
            try portAnswer(
                "clipped-value",
                #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"values": [[\#(value)]], "values.target": [[0]], "returns": [[1]]}, "settings": {"clip": 0.5}}"#)
        }
        let inside = try answer(0.25)
        #expect(areClose([try #require(inside["loss"]?.double)], [0.5 * 0.75 * 0.75]))
        #expect(areClose(flatNumbers(inside["gradients"]?["values"]), [-0.75]) && inside["metrics"]?["clipFraction"]?.double == 0)
        // Beyond the clip the held value 0.5 is farther off than the value: no gradient.
        let beyond = try answer(0.75)
        #expect(beyond["loss"]?.double == 0.125 && flatNumbers(beyond["gradients"]?["values"]) == [0])
        #expect(beyond["metrics"]?["clipFraction"]?.double == 1)
        let away = try answer(-1)
        #expect(away["loss"]?.double == 2 && flatNumbers(away["gradients"]?["values"]) == [-2])
    }

    @Test("the expectile of a coin is τp / (τp + (1−τ)(1−p))", arguments: [0.1, 0.5, 0.7, 0.9, 0.99])
    func expectiles(_ expectile: Double) throws {
        var settings = ExpectileValue.Settings()
        settings.expectile = expectile
        var lesson = Lesson(mask: [[1], [1], [1], [1]])
        lesson.channels["returns"] = [[1], [0], [0], [0]]
        let value = try Tensor([0.3], shape: [1, 1])
        try descend([value], rate: 0.5, steps: 300) {
            try lesson.loss(of: ExpectileValue(settings), reads: [.head("value"): try value.expand([4, 1])])
        }
        #expect(areClose(try value.doubles(), [expectile * 0.25 / (expectile * 0.25 + (1 - expectile) * 0.75)], 1e-6))
    }

    @Test("one head learns several returns, and refuses a head of another width")
    func several() throws {
        let answer = try portAnswer(
            "several-values",
            #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"criteria": [[[1, 2]]], "returns1": [3], "returns2": [1]}}"#)
        #expect(answer["loss"]?.double == 1.25 && flatNumbers(answer["gradients"]?["criteria"]) == [-1, 0.5])
        #expect(throws: ObjectiveError("The head “criteria” has 3 outputs; expected 2, as “count” says")) {
            try portAnswer(
                "several-values", #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"criteria": [[[1, 2, 3]]], "returns1": [3], "returns2": [1]}}"#)
        }
    }

    @Test("action values: the backup skips the world's tokens, and nothing follows the last one")
    func backup() throws {
        let answer = try portAnswer(
            "cql",
            #"{"logProbs": [[-1, -1, -1]], "mask": [[1, 0, 1]], "tokens": [[1, 0, 0]], "scores": {"q": [[[9, 2], null, [1, 9]]], "q.target": [[[8, 8], null, [3, 5]]], "rewards": [[0.5, 7, 1]]}, "settings": {"discount": 0.5, "conservatism": 0}}"#)
        // 2 − (0.5 + 0.5·5) = −1, and 1 − 1 = 0.
        #expect(answer["loss"]?.double == 0.25)
        #expect(flatNumbers(answer["gradients"]?["q"]) == [0, -0.5, 0, 0, 0, 0])
        let unknown = #expect(throws: ObjectiveError.self) {
            try portAnswer("q-regression", #"{"logProbs": [[-1]], "mask": [[1]], "tokens": [[2]], "scores": {"q": [[[1, 2]]], "returns": [1]}}"#)
        }
        #expect("\(try #require(unknown))".contains("token 2, but the head has 2 outputs"))
    }
}

/// A chain of three states: token 1 goes on (and pays 1 at the end), token 0 stops for 0.3; token 2 is never taken.
private struct Chain {
    static let discount = 0.9
    /// The rows' tokens after the first, and how often each row comes.
    static let rows: [([TokenID], Double)] = [([1, 1, 1], 3), ([0], 2), ([1, 0], 1), ([1, 1, 0], 1)]

    static func lesson() -> Lesson {
        var lesson = Lesson(mask: rows.map { row, _ in (0..<3).map { $0 < row.count ? 1 : 0 } })
        lesson.weights = rows.map { row, weight in (0..<3).map { $0 < row.count ? weight : 0 } }
        lesson.tokens = rows.map { row, _ in [0] + row + [TokenID](repeating: 0, count: 3 - row.count) }
        lesson.channels["rewards"] = rows.map { row, _ in
            (0..<3).map { $0 >= row.count ? 0 : row[$0] == 0 ? 0.3 : $0 == 2 ? 1 : 0 }
        }
        return lesson
    }

    /// A table of states as what a head says of every row: column t is state t.
    static func spread(_ table: Tensor) throws -> Tensor {
        try table.unsqueeze(0).expand([rows.count] + table.shape).contiguous()
    }

    /// How often token 1 is taken in each state.
    static let going: [Double] = [5.0 / 7, 4.0 / 5, 3.0 / 4]

    /// State values for an expectile of the two actions' values.
    static func values(_ expectile: Double) -> (v: [Double], go: [Double]) {
        var (v, go) = ([0.0, 0, 0], [0.0, 0, 0])
        for state in [2, 1, 0] {
            go[state] = state == 2 ? 1 : discount * v[state + 1]
            // Going on is worth more than 0.3 in every state here.
            let (up, down) = (expectile * going[state], (1 - expectile) * (1 - going[state]))
            v[state] = (up * go[state] + down * 0.3) / (up + down)
        }
        return (v, go)
    }
}

@Suite("Offline action values", .serialized)
struct OfflineValueTests {
    @Test("ILQL recovers the expectile values of a chain, from the data's own policy to its best actions", arguments: [0.5, 0.8, 0.99])
    func ilql(_ expectile: Double) throws {
        var settings = ImplicitLanguageQ.Settings()
        settings.expectile = expectile
        settings.discount = Chain.discount
        settings.conservatism = 0
        let objective = ImplicitLanguageQ(settings)
        let q = [try Tensor.zeros([3, 3], type: .float64), try Tensor.full([3, 3], 0.5, type: .float64)]
        let v = try Tensor.zeros([3], type: .float64)
        var lesson = Chain.lesson()
        try descend(q + [v], rate: 1, steps: 600) {
            // Target copies are taken anew at every step.
            lesson.scores = [
                Score(.head("q1"), by: settings.target): try Chain.spread(q[0].detach()),
                Score(.head("q2"), by: settings.target): try Chain.spread(q[1].detach()),
                Score(.head("value"), by: settings.bootstrap): try Chain.spread(v.detach()),
            ]
            return try lesson.loss(
                of: objective,
                reads: [.head("q1"): try Chain.spread(q[0]), .head("q2"): try Chain.spread(q[1]), .head("value"): try Chain.spread(v)])
        }
        let expected = Chain.values(expectile)
        let (values, actions) = (try v.doubles(), try q[0].doubles())
        #expect(areClose(values, expected.v, 1e-3), "\(values), not \(expected.v)")
        #expect(areClose([actions[1], actions[4], actions[7]], expected.go, 1e-3))
        #expect(areClose([actions[0], actions[3], actions[6]], [0.3, 0.3, 0.3], 1e-3))
    }

    @Test("CQL without its conservative term finds the best values; with it, an action never taken is worth less than those taken")
    func cql() throws {
        func learned(_ conservatism: Double) throws -> [Double] {
            var settings = ConservativeQ.Settings()
            settings.discount = Chain.discount
            settings.conservatism = conservatism
            let objective = ConservativeQ(settings)
            let q = try Tensor([0, 0, 0.9, 0, 0, 0.9, 0, 0, 0.9], shape: [3, 3])
            var lesson = Chain.lesson()
            try descend([q], rate: 1.5, steps: 400) {
                lesson.scores = [objective.needs[0]: try Chain.spread(q.detach())]
                return try lesson.loss(of: objective, reads: [.head("q"): try Chain.spread(q)])
            }
            return try q.doubles()
        }
        let trusting = try learned(0)
        // The token that was never taken keeps its 0.9, and plain Q-learning trusts it: too high in every state.
        #expect(areClose([trusting[7], trusting[4], trusting[1]], [1, 0.9, 0.81], 1e-3), "\(trusting)")
        #expect(trusting[2] > trusting[1] && trusting[5] >= trusting[4] - 1e-3)
        let careful = try learned(0.05)
        for state in 0..<3 { #expect(careful[state * 3 + 2] < careful[state * 3 + 1], "\(careful)") }
    }
}
