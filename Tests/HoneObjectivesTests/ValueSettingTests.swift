import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// −log σ(x).
private func logistic(_ x: Double) -> Double { log(1 + exp(-x)) }

private func loss(_ answer: JSONValue) -> Double { answer["loss"]?.double ?? .nan }

private func metrics(_ answer: JSONValue, _ names: String...) -> [Double] { names.map { answer["metrics"]?[$0]?.double ?? .nan } }

@Suite("Settings of objectives that teach heads", .serialized)
struct ValueSettingTests {
    /// Values 1, 0 | 2 against returns 3, 1 | 1 under weights 1, 2 | 1: gaps 2, 1 | −1.
    private func values(_ name: String, _ settings: String = "", more: String = "") throws -> JSONValue {
        try portAnswer(
            name,
            #"{"logProbs": [[-1, -1], [-1]], "weights": [[1, 2], [1]], "mask": [[1, 1], [1]], "scores": {"values": [[1, 0], [2]], "returns": [[3, 1], [1]]\#(more)}, "settings": {\#(settings)}}"#)
    }

    @Test("regression and expectiles: weighted means over tokens, or over rows and then over tokens")
    func regressions() throws {
        // Squared gaps 4, 1 | 1.
        let (tokens, rows) = (#""reduction": "tokenMean""#, #""reduction": "sequenceMean""#)
        #expect(areClose([loss(try values("value-regression", tokens))], [0.5 * (4 + 2 + 1) / 4]))
        #expect(areClose([loss(try values("value-regression", rows))], [0.5 * (6.0 / 3 + 1) / 2]))
        for tau in [0.1, 0.5, 0.9] {
            let found = try values("expectile-value", #""expectile": \#(tau)"#)
            #expect(areClose([loss(found)], [(tau * 4 + tau * 2 + (1 - tau)) / 4]))
            #expect(areClose(flatNumbers(found["gradients"]?["values"]), [-tau * 4 / 4, -tau * 2 * 2 / 4, (1 - tau) * 2 / 4]))
            #expect(areClose(metrics(found, "value", "return", "squaredError"), [1, 5.0 / 3, 2]))
        }
        #expect(areClose([loss(try values("expectile-value", #""expectile": 0.9, "reduction": "sequenceMean""#))], [(0.9 * 6 / 3 + 0.1) / 2]))
    }

    @Test("regression is the expectile of one half, loss and gradient, on any batch", arguments: 0..<4)
    func half(_ seed: Int) throws {
        var settings: [String: Setting] = [:]
        let regression = try AnyLine("value-regression", settings, seed: seed)
        settings["expectile"] = 0.5
        let line = regression.json()
        guard case .object(var members) = line else { return }
        members["settings"] = .object(["expectile": .number(0.5)])
        let (a, b) = (try LossPort("value-regression").answerLoss(line), try LossPort("expectile-value").answerLoss(.object(members)))
        #expect(a == b)
    }

    @Test("a clip as wide as the step changes nothing; one of 0 costs the larger of both errors without a gradient where it is the old one's")
    func clips() throws {
        let old = #", "values.target": [[0, 0.5], [3]]"#
        // Old gaps 3, 0.5 | −2: squares 9, ¼ | 4; plain ones 4, 1 | 1.
        #expect(areClose([loss(try values("clipped-value", #""clip": 10"#, more: old))], [0.5 * 7 / 4]))
        let still = try values("clipped-value", #""clip": 0"#, more: old)
        #expect(areClose([loss(still)], [0.5 * (9 + 2 * 1 + 4) / 4]) && areClose(flatNumbers(still["gradients"]?["values"]), [0, -0.5, 0]))
        #expect(areClose(metrics(still, "clipFraction"), [2.0 / 3]))
        // By rows: 0.5 · ((9 + 2)/3 + 4)/2.
        #expect(areClose([loss(try values("clipped-value", #""clip": 0, "reduction": "sequenceMean""#, more: old))], [0.25 * (11.0 / 3 + 4)]))
    }

    @Test("several values: the mean of their losses, each with its own returns and its own error")
    func several() throws {
        let line = #"{"logProbs": [[-1]], "mask": [[1]], "scores": {"criteria": [[[1, 2, 4]]], "returns1": [3], "returns2": [1], "returns3": [4]}, "settings": {"count": 3}}"#
        let found = try portAnswer("several-values", line)
        #expect(areClose([loss(found)], [0.5 * (4 + 1 + 0) / 3]) && areClose(flatNumbers(found["gradients"]?["criteria"]), [-2.0 / 3, 1.0 / 3, 0]))
        #expect(metrics(found, "squaredError1", "squaredError2", "squaredError3") == [4, 1, 0])
        let objective = try preference("several-values", ["count": 3])
        #expect(objective.heads == [Head("criteria", .several(3))] && objective.takes.channels.keys.sorted() == ["returns1", "returns2", "returns3"])
    }

    @Test("action values: α of the conservative term log Σ e^Q − Q(s, a), on Monte-Carlo returns and on fitted ones")
    func actions() throws {
        let line = #"{"logProbs": [[-1, -1]], "mask": [[1, 1]], "tokens": [[0, 1]], "scores": {"q": [[[1, 0], [2, 3]]], "q.target": [[[9, 9], [4, 2]]], "returns": [[2, 1]], "rewards": [[0.5, 1]]}, "settings": {SET}}"#
        let conservative: [Double] = [log(exp(1.0) + 1) - 1, log(exp(2.0) + exp(3.0)) - 3]
        let excess = conservative[0] + conservative[1]
        for alpha in [0.0, 0.5, 2] {
            let plain = try portAnswer("q-regression", line.replacing("SET", with: #""conservatism": \#(alpha)"#))
            #expect(areClose([loss(plain)], [(2.5 + alpha * excess) / 2]))
            #expect(areClose(metrics(plain, "q", "squaredError", "conservative"), [2, 2.5, excess / 2]))
            // Bellman: 0.5 + γ·4 after the first, 1 after the last.
            for gamma in [0.0, 0.9, 1] {
                let fitted = try portAnswer("cql", line.replacing("SET", with: #""conservatism": \#(alpha), "discount": \#(gamma)"#))
                let gap = 0.5 - gamma * 4
                let error = gap * gap
                #expect(areClose([loss(fitted)], [(0.5 * (error + 4) + alpha * excess) / 2]))
                #expect(areClose(metrics(fitted, "squaredError"), [(error + 4) / 2]))
            }
        }
    }

    @Test("ILQL: each term by its own setting, with two heads of action values or one")
    func implicit() throws {
        // One token: Q₁ = 1, Q₂ = 2 of (1, 0) and (2, 0); targets 3 and 2.5; V = 2, V̂ = 1.5; nothing follows the last token.
        let line = #"{"logProbs": [[-0.7]], "mask": [[1]], "tokens": [[0]], "scores": {"q1": [[[1, 0]]], "q2": [[[2, 0]]], "q1.target": [[[3, 9]]], "q2.target": [[[2.5, 9]]], "values": [[2]], "values.target": [[1.5]], "rewards": [[0.5]]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("ilql", line.replacing("SET", with: settings)) }
        let bellman = 0.25 + 2.25
        let conservative: Double = log(exp(1.0) + 1) - 1 + log(exp(2.0) + 1) - 2
        // Q̂ = min(3, 2.5), above V: τ (0.5)².
        for tau in [0.5, 0.9] { #expect(areClose([loss(try found(#""conservatism": 0, "expectile": \#(tau)"#))], [bellman + tau * 0.25])) }
        let plain = try found(#""conservatism": 0.3"#)
        #expect(areClose([loss(plain)], [bellman + 0.7 * 0.25 + 0.3 * conservative]))
        #expect(areClose(metrics(plain, "q", "v", "bellmanError", "valueError", "conservative"), [1, 2, bellman, 0.175, conservative]))
        // Imitation: −b e^{β(2.5 − 1.5)} log π.
        let imitated = try found(#""conservatism": 0, "imitation": 2, "temperature": 0.5"#)
        #expect(areClose([loss(imitated)], [bellman + 0.175 + 2 * exp(0.5) * 0.7]) && areClose(flatNumbers(imitated["gradient"]), [-2 * exp(0.5)]))
        let one = try found(#""conservatism": 0, "isTwin": false"#)
        // Q̂ = 3 alone: gap 1.
        #expect(areClose([loss(one)], [0.25 + 0.7]) && areClose(metrics(one, "q"), [1]))
        #expect(try preference("ilql", ["isTwin": false]).heads.map(\.name) == ["q1", "value"])
        #expect(try preference("ilql").reads == [.head("q1"), .head("q2"), .head("value")])
        #expect(try preference("ilql", ["imitation": 1]).reads.contains(.logProbs))
    }

    @Test("ILQL goes on from the value of the row's next trained token, by γ")
    func bootstrap() throws {
        let line = #"{"logProbs": [[-1, -1, -1]], "mask": [[1, 0, 1]], "tokens": [[0, 1, 0]], "scores": {"q1": [[[2, 0], [7, 7], [1, 0]]], "q1.target": [[[2, 9], [0, 0], [0, 9]]], "values": [[2, 7, 0]], "values.target": [[9, 5, 4]], "rewards": [[0.5, 9, 1]]}, "settings": {"isTwin": false, "conservatism": 0, "discount": GAMMA}}"#
        for gamma in [0.0, 0.5, 1] {
            let found = try portAnswer("ilql", line.replacing("GAMMA", with: "\(gamma)"))
            let first = 2 - 0.5 - gamma * 4
            #expect(areClose([loss(found)], [(first * first + 0) / 2]))
        }
    }

    @Test("reward pairs: margins by μ, probabilities where asked, centring by c, focus by γ")
    func rewardPairs() throws {
        // Rewards 1.5 over 0.5: a lead of 1, a sum of 2; the pair has margin 2 and probability 0.8.
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "outcome-reward-pairs",
                #"{"logProbs": [[-1, -1], [-1, -1]], "mask": [[1, 1], [1, 0]], "pairs": [{"chosen": 0, "rejected": 1, "margin": 2, "probability": 0.8, "weight": 5}], "scores": {"reward": [[9, 1.5], [0.5, 9]]}, "settings": {\#(settings)}}"#)
        }
        let cases: [(String, Double)] = [
            ("", logistic(1)), (#""marginFactor": 0.25"#, logistic(0.5)), (#""marginFactor": 1"#, logistic(-1)),
            (#""usesProbability": true"#, 0.8 * logistic(1) + 0.2 * logistic(-1)), (#""centring": 0.1"#, logistic(1) + 0.1 * 4),
            (#""focus": 2"#, sigmoid(-1) * sigmoid(-1) * logistic(1)),
            (#""focus": 1, "usesProbability": true"#, 0.8 * sigmoid(-1) * logistic(1) + 0.2 * sigmoid(1) * logistic(-1)),
            (#""usesProbability": true, "marginFactor": 0.5"#, log(2.0)),
        ]
        for (settings, expected) in cases { #expect(areClose([loss(try answer(settings))], [expected]), "{\(settings)}") }
        #expect(metrics(try answer(""), "accuracy", "margin", "reward") == [1, 1, 1])
        // Only the last trained tokens have a say.
        #expect(areClose(flatNumbers(try answer("")["gradients"]?["reward"]), [0, -sigmoid(-1), sigmoid(-1), 0]))
    }

    @Test("a pair that names no row of the batch is refused by every objective that learns from pairs, before anything is computed")
    func pairIndices() throws {
        for name in ["outcome-reward-pairs", "self-reference", "dpo", "scir"] {
            let entry = try ObjectiveCatalog.entry(name)
            for (pair, row) in [(Pair(chosen: 0, rejected: 2), 2), (Pair(chosen: -1, rejected: 0), -1)] {
                let sentence = "Pair 0 names row \(row); expected a row from 0 to 1"
                #expect(throws: ObjectiveError(sentence)) { try refused(try entry.make(entry.defaults), pair) }
            }
            #expect(throws: ObjectiveError("Pair 0 has the margin inf; expected a finite number")) {
                try refused(try entry.make(entry.defaults), Pair(chosen: 0, rejected: 1, margin: .infinity))
            }
        }
    }

    /// The loss of two rows of one token with this pair.
    private func refused(_ objective: any Objective, _ pair: Pair) throws {
        var world = PreferenceWorld(policies: ["base": [0.5, 0.5], "previous": [0.5, 0.5]])
        world.policies["sampler"] = [0.5, 0.5]
        _ = try world.gradient(of: objective, at: [0, 0], [0, 1].map { PreferenceWorld.Row(response: $0, numbers: ["isVerdict": 0]) }, [pair])
    }

    @Test("labels: the last trained token or all of them, by tokens or by rows; accuracy and probability by weight")
    func labels() throws {
        let line = #"{"logProbs": [[-1, -1], [-1, -1]], "mask": [[1, 1], [1, 0]], "weights": [[1, 3], [2, 0]], "labels": [1, 0.25], "scores": {"reward": [[2, -1], [0.5, 9]]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("outcome-reward-binary", line.replacing("SET", with: settings)) }
        let (first, last, soft) = (logistic(2), logistic(-1), 0.25 * logistic(0.5) + 0.75 * logistic(-0.5))
        #expect(areClose([loss(try found(""))], [(3 * last + 2 * soft) / 5]))
        #expect(areClose([loss(try found(#""reduction": "sequenceMean""#))], [(last + soft) / 2]))
        let all = try found(#""isEverywhere": true"#)
        #expect(areClose([loss(all)], [(first + 3 * last + 2 * soft) / 6]))
        // Right at the first token only: −1 against 1, 0.5 against ¼.
        #expect(areClose(metrics(all, "accuracy", "probability"), [1.0 / 6, (sigmoid(2) + 3 * sigmoid(-1) + 2 * sigmoid(0.5)) / 6]))
    }

    @Test("steps: the threshold cuts shares into labels, soft ones stay; only labelled tokens count")
    func steps() throws {
        let line = #"{"logProbs": [[-1, -1, -1], [-1, -1, -1]], "mask": [[1, 1, 1], [1, 0, 0]], "scores": {"step": [[1, 5, -1], [2, 0, 0]], "steps": [[0.4, -1, 0.6], [0, 0, 0]]}, "settings": {SET}}"#
        func found(_ name: String, _ settings: String) throws -> JSONValue { try portAnswer(name, line.replacing("SET", with: settings)) }
        // Scores 1, −1 | 2 with labels by threshold.
        for (threshold, labels) in [(0.0, [1.0, 1, 0]), (0.4, [0, 1, 0]), (0.6, [0, 0, 0])] {
            let costs = zip([1.0, -1, 2], labels).map { $1 * logistic($0) + (1 - $1) * logistic(-$0) }
            let hard = try found("process-reward-hard", #""threshold": \#(threshold)"#)
            #expect(areClose([loss(hard)], [costs.reduce(0, +) / 3]), "\(threshold)")
            let right = zip([1.0, -1, 2], labels).filter { ($0 > 0) == ($1 > 0.5) }.count
            #expect(areClose(metrics(hard, "accuracy", "probability"), [Double(right) / 3, (sigmoid(1) + sigmoid(-1) + sigmoid(2)) / 3]))
            let rows = try found("process-reward-hard", #""threshold": \#(threshold), "reduction": "sequenceMean""#)
            #expect(areClose([loss(rows)], [((costs[0] + costs[1]) / 2 + costs[2]) / 2]))
        }
        let soft = zip([1.0, -1, 2], [0.4, 0.6, 0]).map { $1 * logistic($0) + (1 - $1) * logistic(-$0) }
        #expect(areClose([loss(try found("process-reward-soft", ""))], [soft.reduce(0, +) / 3]))
        let squared = zip([1.0, -1, 2], [0.4, 0.6, 0]).map { (sigmoid($0) - $1) * (sigmoid($0) - $1) }
        let found = try found("process-reward-soft", #""isSquared": true"#)
        #expect(areClose([loss(found)], [squared.reduce(0, +) / 3]) && areClose(metrics(found, "accuracy"), [0]))
    }

    @Test("ranking: the margin moves wrong steps up, the threshold says which are wrong; a row of wrong steps alone pushes them below the start")
    func ranking() throws {
        let line = #"{"logProbs": [[-1, -1, -1]], "mask": [[1, 1, 1]], "scores": {"step": [[2, 1, 0.5]], "steps": [[1, 0.5, 0]]}, "settings": {SET}}"#
        func found(_ settings: String) throws -> JSONValue { try portAnswer("process-reward-ranking", line.replacing("SET", with: settings)) }
        for margin in [0.0, 2] {
            let (two, one, wrong) = (exp(2.0), exp(1.0), exp(0.5 + margin))
            let terms = [log(1 + wrong), log((1 + two + wrong) / two), log((1 + two + one + wrong) / one)]
            #expect(areClose([loss(try found(#""margin": \#(margin)"#))], [terms.reduce(0, +) / 3]))
        }
        // Above ½: one right step, two wrong ones.
        let (two, wrong) = (exp(2.0), exp(1.0) + exp(0.5))
        let strict = try found(#""margin": 0, "threshold": 0.5"#)
        #expect(areClose([loss(strict)], [(log(1 + wrong) + log((1 + two + wrong) / two)) / 2]) && metrics(strict, "accuracy") == [1])
        let all = try found(#""margin": 0, "threshold": 1"#)
        #expect(areClose([loss(all)], [log(1 + two + wrong)]))
        // Without a wrong step the start is no term.
        let none = try found(#""margin": 0, "threshold": -0.5"#)
        let (one, half) = (exp(1.0), exp(0.5))
        let ends: [Double] = [log((1 + two) / two), log((1 + two + one) / one), log((1 + two + one + half) / half)]
        #expect(areClose([loss(none)], [ends.reduce(0, +) / 3]))
    }
}
