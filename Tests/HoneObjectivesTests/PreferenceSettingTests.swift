import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// −log σ(x).
private func logistic(_ x: Double) -> Double { log(1 + exp(-x)) }

/// Two pairs of weights 1 and 3: rows of two tokens and of one against each other; formulas are written out beside it.
private struct Pairs {
    /// Sums of log π and of the references by row; lengths.
    static let p = [-3.0, -1, -0.5, -2.5]
    static let r = [-3.5, -0.8, -1, -2]
    static let n = [2.0, 1, 1, 2]
    /// Log-ratio differences of (0, 1) and (3, 2): 0.5 + 0.2 and −0.5 − 0.5.
    static let d = [0.7, -1.0]
    static let weights = [1.0, 3]
    static let margins = [0.4, 1.5]
    static let probabilities = [0.9, 0.6]

    static func answer(_ name: String, _ settings: String = "", scores: String = "") throws -> JSONValue {
        try portAnswer(
            name,
            #"{"logProbs": [[-1, -2], [-1, null], [-0.5, null], [-1.5, -1]], "referenceLogProbs": [[-1.5, -2], [-0.8, 0], [-1, 0], [-1.2, -0.8]], "samplerLogProbs": [[-1.5, -2], [-0.8, 0], [-1, 0], [-1.2, -0.8]], "mask": [[1, 1], [1, 0], [1, 0], [1, 1]], "pairs": [{"chosen": 0, "rejected": 1, "weight": 1, "margin": 0.4, "probability": 0.9}, {"chosen": 3, "rejected": 2, "weight": 3, "margin": 1.5, "probability": 0.6}], "settings": {\#(settings)}, "scores": {\#(scores)}}"#)
    }

    static func mean(_ cost: (Int) -> Double) -> Double { (weights[0] * cost(0) + weights[1] * cost(1)) / 4 }
}

@Suite("Settings of preference objectives", .serialized)
struct PreferenceSettingTests {
    /// Name, settings, margin of a pair, cost of a pair by its number and margin.
    private struct Formula {
        var name: String
        var settings: String
        var scores = ""
        var margin: (Int) -> Double
        var cost: (Int, Double) -> Double
    }

    private static func formulas() -> [Formula] {
        let (d, p, n) = (Pairs.d, Pairs.p, Pairs.n)
        let (chosen, rejected) = ([0, 3], [1, 2])
        func imitation(_ pair: Int) -> Double { -p[chosen[pair]] / n[chosen[pair]] }
        func odds(_ row: Int) -> Double { p[row] / n[row] - log(1 - exp(p[row] / n[row])) }
        let share = #""winShare": [0.9, 0.3, 0.5, 0.6]"#
        let shares = [sigmoid(0.6), sigmoid(0.1)]
        // 2 (0.25 + 0.2) and 2 (−0.25 − 0.5): each log-ratio by its own length.
        let perToken: [Double] = [0.9, -1.5]
        let held: [Double] = [0.8, 0.6]
        func soft(_ q: Double, _ m: Double) -> Double { q * logistic(m) + (1 - q) * logistic(-m) }
        return [
            Formula(name: "dpo", settings: #""beta": 2"#, margin: { 2 * d[$0] }, cost: { logistic($1) }),
            Formula(name: "dpo", settings: #""beta": 1e-9"#, margin: { 1e-9 * d[$0] }, cost: { _, _ in log(2) }),
            Formula(name: "spin", settings: #""lambda": 0.5"#, margin: { 0.5 * d[$0] }, cost: { logistic($1) }),
            Formula(name: "agent-q", settings: #""beta": 3"#, margin: { 3 * d[$0] }, cost: { logistic($1) }),
            Formula(name: "hinge-dpo", settings: #""beta": 2"#, margin: { 2 * d[$0] }, cost: { max(0, 1 - $1) }),
            Formula(name: "ipo", settings: #""beta": 0.5"#, margin: { d[$0] }, cost: { ($1 - 1) * ($1 - 1) }),
            Formula(name: "cdpo", settings: #""beta": 2, "smoothing": 0.3"#, margin: { 2 * d[$0] }, cost: { soft(0.7, $1) }),
            Formula(
                name: "robust-dpo", settings: #""beta": 2, "smoothing": 0.3"#, margin: { 2 * d[$0] },
                cost: { (0.7 * logistic($1) - 0.3 * logistic(-$1)) / 0.4 }),
            Formula(name: "osp", settings: #""beta": 2"#, margin: { 2 * d[$0] }, cost: { soft(Pairs.probabilities[$0], $1) }),
            // Probabilities 0.9 and 0.6 are held within 0.2 and 0.8; with 0.7 all are ½.
            Formula(name: "osp", settings: #""beta": 2, "least": 0.2"#, margin: { 2 * d[$0] }, cost: { soft(held[$0], $1) }),
            Formula(name: "osp", settings: #""beta": 2, "least": 0.7"#, margin: { 2 * d[$0] }, cost: { soft(0.5, $1) }),
            Formula(
                name: "step-apo", settings: #""beta": 2, "alpha": 0.5"#, margin: { 2 * d[$0] }, cost: { logistic($1 - 0.5 * Pairs.margins[$0]) }),
            Formula(
                name: "rpo", settings: #""beta": 2, "alpha": 0.3"#, margin: { 2 * d[$0] }, cost: { logistic($1) + 0.3 * imitation($0) }),
            Formula(
                name: "mm-dpo", settings: #""beta": 2, "scale": 0.5, "rate": 3, "likelihood": 0.2"#,
                margin: { 2 * (1 + 0.5 * (1 - exp(-3 * Pairs.margins[$0]))) * d[$0] }, cost: { logistic($1) + 0.2 * imitation($0) }),
            Formula(
                name: "mm-dpo", settings: #""beta": 2, "scale": 0.5, "rate": 0, "likelihood": 0"#, margin: { 2 * 1.0005 * d[$0] }, cost: { logistic($1) }),
            Formula(
                name: "ln-dpo", settings: #""beta": 2"#, margin: { perToken[$0] }, cost: { logistic($1) }),
            Formula(
                name: "simpo", settings: #""beta": 2, "gamma": 0.3"#,
                margin: { 2 * (p[chosen[$0]] / n[chosen[$0]] - p[rejected[$0]] / n[rejected[$0]]) }, cost: { logistic($1 - 0.3) }),
            Formula(
                name: "cpo", settings: #""beta": 0.5, "lambda": 0.2"#, margin: { 0.5 * (p[chosen[$0]] - p[rejected[$0]]) },
                cost: { logistic($1) - 0.2 * p[chosen[$0]] }),
            Formula(
                name: "orpo", settings: #""lambda": 0.7"#, margin: { odds(chosen[$0]) - odds(rejected[$0]) },
                cost: { imitation($0) + 0.7 * logistic($1) }),
            Formula(
                name: "preflexor", settings: #""lambda": 2"#, margin: { odds(chosen[$0]) - odds(rejected[$0]) },
                cost: { imitation($0) + 2 * logistic($1) }),
            Formula(
                name: "exo", settings: #""beta": 2, "smoothing": 0.2"#, margin: { 2 * d[$0] },
                cost: { sigmoid($1) * log(sigmoid($1) / 0.8) + sigmoid(-$1) * log(sigmoid(-$1) / 0.2) }),
            Formula(name: "dno", settings: #""eta": 2"#, scores: share, margin: { 2 * d[$0] }, cost: { soft(shares[$0], $1) }),
            Formula(
                name: "dno", settings: #""eta": 2, "usesHardLabels": true, "likelihood": 0.4"#, margin: { 2 * d[$0] },
                cost: { logistic($1) + 0.4 * imitation($0) }),
            // The previous iterate is 0.1 below the policy at each token: its differences are those of log π less 0.1 a token.
            Formula(
                name: "inpo", settings: #""eta": 0.5, "tau": 0.2"#,
                scores: #""reference2": [[-1.1, -2.1], [-1.1, 0], [-0.6, 0], [-1.6, -1.1]]"#,
                margin: { pair in
                    let (w, l) = (chosen[pair], rejected[pair])
                    func lead(_ row: Int) -> Double { p[row] - 0.4 * Pairs.r[row] - 0.6 * (p[row] - 0.1 * n[row]) }
                    return lead(w) - lead(l)
                }, cost: { ($1 - 1) * ($1 - 1) }),
        ]
    }

    @Test("losses, margins, accuracies and both sides' log-probabilities follow their formulas under other settings", arguments: 0..<24)
    func formulas(_ number: Int) throws {
        let all = Self.formulas()
        try #require(all.count == 24)
        let formula = all[number]
        let margins = [formula.margin(0), formula.margin(1)]
        let found = try Pairs.answer(formula.name, formula.settings, scores: formula.scores)
        let expected = Pairs.mean { formula.cost($0, margins[$0]) }
        #expect(areClose([found["loss"]?.double ?? .nan], [expected], 1e-9), "\(formula.name) {\(formula.settings)}: \(found.canonical), not \(expected)")
        let metrics = ["margin", "accuracy", "chosen", "rejected"].map { found["metrics"]?[$0]?.double ?? .nan }
        let right = margins.filter { $0 > 0 }.count
        #expect(areClose(metrics, [(margins[0] + margins[1]) / 2, Double(right) / 2, (-3 - 2.5) / 2, (-1 - 0.5) / 2]), "\(formula.name): \(metrics)")
    }

    @Test("settings at their ends: cDPO of ½ is even, hinge pairs beyond 1 cost nothing, EXO of ½ is drawn to even odds")
    func ends() throws {
        // At ε = ½ both sides count alike: the loss is even in the margins, and least at 0.
        let even = try Pairs.answer("cdpo", #""beta": 2, "smoothing": 0.5"#)
        #expect(areClose([even["loss"]?.double ?? .nan], [Pairs.mean { 0.5 * (logistic(2 * Pairs.d[$0]) + logistic(-2 * Pairs.d[$0])) }]))
        let gradient = flatNumbers(even["gradient"])
        #expect(gradient[0] > 0 && gradient[6] < 0, "a lead is pulled back, a lag is made up")
        let sure = try Pairs.answer("hinge-dpo", #""beta": 100"#)
        #expect(areClose([sure["loss"]?.double ?? .nan], [0.75 * 101]) && flatNumbers(sure["gradient"])[0] == 0)
        let drawn = try Pairs.answer("exo", #""beta": 2, "smoothing": 0.5"#)
        #expect(flatNumbers(drawn["gradient"])[0] > 0 && flatNumbers(drawn["gradient"])[6] < 0)
        let free = try Pairs.answer("robust-dpo", #""beta": 2, "smoothing": 0"#)
        #expect(areClose([free["loss"]?.double ?? .nan], [Pairs.mean { logistic(2 * Pairs.d[$0]) }]))
    }

    @Test("references: which models are asked for, once each, and none where the formula has none")
    func references() throws {
        let base = Score(.logProbs, by: ModelRef("policy", snapshot: "base"))
        let previous = Score(.logProbs, by: ModelRef("policy", snapshot: "previous"))
        let expected: [String: [Score]] = [
            "cpo": [], "simpo": [], "orpo": [], "preflexor": [], "agent-q": [], "self-reference": [], "spo": [], "spin": [previous], "dno": [previous],
            "sppo": [previous], "scir": [previous], "inpo": [base, previous],
        ]
        for entry in try ObjectiveCatalog.entries() where entry.card.needs.contains(.pairs) || ["kto", "sppo", "nash-md", "spo"].contains(entry.card.name) {
            guard entry.card.name != "outcome-reward-pairs" else { continue }
            #expect(try entry.make(entry.defaults).needs == expected[entry.card.name] ?? [base], "\(entry.card.name)")
        }
        var same = INPO.Settings()
        same.previous = same.reference
        #expect(INPO(same).needs == [base], "one model is scored once")
    }

    @Test("KTO: λ weigh good and bad rows, β scales the lead over z₀; means are over their own rows")
    func kto() throws {
        // Log-ratios 0.5 and 1 (good), −1 (bad): z₀ = max(0, ⅙).
        func answer(_ settings: String, labels: String = "[1, 1, 0]") throws -> JSONValue {
            try portAnswer(
                "kto",
                #"{"logProbs": [[-1], [-1], [-2]], "referenceLogProbs": [[-1.5], [-2], [-1]], "mask": [[1], [1], [1]], "labels": \#(labels), "settings": {\#(settings)}}"#)
        }
        let z = 1.0 / 6
        func expected(_ beta: Double, _ good: Double, _ bad: Double) -> Double {
            (good * sigmoid(-beta * (0.5 - z)) + good * sigmoid(-beta * (1 - z)) + bad * sigmoid(beta * (-1 - z))) / 3
        }
        for (settings, beta, good, bad) in [("", 0.1, 1.0, 1.0), (#""beta": 2"#, 2, 1, 1), (#""good": 3"#, 0.1, 3, 1), (#""bad": 0"#, 0.1, 1, 0)] {
            #expect(areClose([try answer(settings)["loss"]?.double ?? .nan], [expected(beta, good, bad)]), "{\(settings)}")
        }
        let found = try answer(#""beta": 2"#)
        #expect(areClose(["goodReward", "badReward", "baseline"].map { found["metrics"]?[$0]?.double ?? .nan }, [1.5, -2, z]))
        // All rows serve the baseline only: nothing is learned.
        let none = try answer("", labels: "[2, 2, 2]")
        #expect(none["loss"]?.double == 0 && flatNumbers(none["gradient"]) == [0, 0, 0])
    }

    @Test("SPPO regresses on η (P − ½), Nash-MD weighs by P − ½ and pulls back by τ")
    func responses() throws {
        // Log-ratios 0.5 and −1; shares 0.8 and 0.3.
        let line = #"{"logProbs": [[-1], [-2]], "referenceLogProbs": [[-1.5], [-1]], "mask": [[1], [1]], "scores": {"winShare": [0.8, 0.3]}, "settings": {SET}}"#
        for eta in [0, 1, 10] {
            let found = try portAnswer("sppo", line.replacing("SET", with: #""eta": \#(eta)"#))
            let gaps = [0.5 - Double(eta) * 0.3, -1 + Double(eta) * 0.2]
            #expect(areClose([found["loss"]?.double ?? .nan], [(gaps[0] * gaps[0] + gaps[1] * gaps[1]) / 2]))
            #expect(areClose(["logRatio", "gap"].map { found["metrics"]?[$0]?.double ?? .nan }, [-0.25, (gaps[0] + gaps[1]) / 2]))
        }
        for tau in [0, 0.5, 2] {
            let found = try portAnswer("nash-md", line.replacing("SET", with: #""tau": \#(tau)"#))
            #expect(areClose([found["loss"]?.double ?? .nan], [(tau / 2 * 0.25 + 0.3 * 1 + tau / 2 - 0.2 * 2) / 2]))
            // −(P − ½ − τ log π/μ) over two rows.
            #expect(areClose(flatNumbers(found["gradient"]), [-(0.3 - tau * 0.5) / 2, -(-0.2 + tau) / 2]))
            #expect(areClose(["logRatio", "preference"].map { found["metrics"]?[$0]?.double ?? .nan }, [-0.25, 0.55]))
        }
    }

    @Test("C3PO: factors, the share of divergence λ and its temperature T on rows outside the scope")
    func scoped() throws {
        // One near row of one token: −log π = 2; distributions (0.5, 0.5) against (0.2, 0.8).
        func answer(_ settings: String) throws -> JSONValue {
            let (own, other) = ("[\(log(0.5)), \(log(0.5))]", "[\(log(0.2)), \(log(0.8))]")
            return try portAnswer(
                "c3po",
                #"{"logProbs": [[-2], [-1], [-1]], "referenceLogProbs": [[-1], [-1], [-1]], "mask": [[1], [1], [1]], "pairs": [[1, 2]], "scores": {"scope": [1, 0, 0], "distribution": [[\#(own)], [\#(own)], [\#(own)]], "teacherDistribution": [[\#(other)], [\#(other)], [\#(other)]]}, "settings": {\#(settings)}}"#)
        }
        let pair = log(2.0)
        let kl = 0.2 * log(0.2 / 0.5) + 0.8 * log(0.8 / 0.5)
        // At T = ½ the reference is (1, 16)/17.
        let cold = 1.0 / 17 * log(2.0 / 17) + 16.0 / 17 * log(32.0 / 17)
        for (settings, keep) in [
            ("", 0.2 * 2), (#""near": 1"#, 2), (#""far": 9"#, 0.4), (#""distillation": 1, "near": 1"#, kl), (#""distillation": 0.25, "near": 1"#, 1.5 + 0.25 * kl),
            (#""distillation": 1, "temperature": 0.5, "near": 1"#, 0.25 * cold),
        ] {
            let found = try answer(settings)
            #expect(areClose([found["loss"]?.double ?? .nan], [pair + keep]), "{\(settings)}: \(found.canonical)")
        }
        #expect(areClose([try answer("")["metrics"]?["keepNear"]?.double ?? .nan], [2]))
    }

    @Test("SCIR: the penalty's factors, the confidence that a pair needs, and means instead of sums")
    func consistency() throws {
        // p = σ(β d) with d = 1 over two tokens each; the judge says 0.9.
        func answer(_ settings: String) throws -> JSONValue {
            try portAnswer(
                "scir",
                #"{"logProbs": [[-1, -1], [-1, -1]], "referenceLogProbs": [[-1.5, -1], [-1, -0.5]], "mask": [[1, 1], [1, 1]], "pairs": [{"chosen": 0, "rejected": 1, "probability": 0.9}], "scores": {"isVerdict": [0, 0]}, "settings": {\#(settings)}}"#)
        }
        func entropy(_ p: Double) -> Double { -p * log(p) - (1 - p) * log(1 - p) }
        func penalty(_ p: Double, _ share: Double) -> Double {
            entropy((p + 0.9) / 2) - (entropy(p) + entropy(0.9)) / 2 + share * (entropy(p) + entropy(0.9))
        }
        for (settings, p, factor, share, isLearned) in [
            (#""beta": 1"#, sigmoid(1), 1.0, 0.1, true), (#""beta": 1, "consistency": 0"#, sigmoid(1), 0, 0.1, true),
            (#""beta": 1, "consistency": 3, "entropy": 0"#, sigmoid(1), 3, 0, true), (#""beta": 1, "confidence": 0.8"#, sigmoid(1), 1, 0.1, false),
            (#""beta": 1, "isLengthNormalised": true"#, sigmoid(0.5), 1, 0.1, true), (#""beta": 1, "confidence": 0.95"#, sigmoid(1), 1, 0.1, false),
        ] {
            let found = try answer(settings)
            let expected = (isLearned ? -log(p) : 0) + factor * penalty(p, share)
            #expect(areClose([found["loss"]?.double ?? .nan], [expected]), "{\(settings)}: \(found.canonical), not \(expected)")
            #expect(areClose(["agreement", "divergence"].map { found["metrics"]?[$0]?.double ?? .nan }, [isLearned ? 1 : 0, penalty(p, 0)]))
        }
    }

    @Test("preference degrees: γ weighs the head's loss, and only rows with a grade are taught it")
    func degrees() throws {
        func answer(_ settings: String, grades: String = "[-1, -1, 0, 1]") throws -> JSONValue {
            try portAnswer(
                "spo-degree",
                #"{"logProbs": [[-1], [-1], [-1], [-1]], "referenceLogProbs": [[-1], [-1], [-1], [-1]], "mask": [[1], [1], [1], [1]], "pairs": [[0, 1], [2, 0]], "scores": {"grade": \#(grades), "degree": [[[5, 5]], [[5, 5]], [[1, 0]], [[1, 0]]]}, "settings": {"degrees": 2, \#(settings)}}"#)
        }
        let right = logistic(1)
        for gamma in [0.0, 0.5, 2] {
            let found = try answer(#""gamma": \#(gamma)"#)
            // The pair (2, 0) has a graded row and is not compared.
            #expect(areClose([found["loss"]?.double ?? .nan], [log(2.0) + gamma * (right + 1 + right) / 2]))
            #expect(areClose(["degreeLoss", "degreeAccuracy", "margin"].map { found["metrics"]?[$0]?.double ?? .nan }, [right + 0.5, 0.5, 0]))
        }
        let none = try answer(#""gamma": 2"#, grades: "[-1, -1, -1, -1]")
        #expect(areClose([none["loss"]?.double ?? .nan], [log(2.0)]) && none["metrics"]?["degreeLoss"] == nil)
        let found = portRefusal(
            "spo-degree",
            #"{"logProbs": [[-1]], "referenceLogProbs": [[-1]], "mask": [[1]], "pairs": [], "scores": {"grade": [0], "degree": [[[1, 0, 0]]]}, "settings": {"degrees": 2}}"#)
        #expect(found == "The head “degree” has 3 outputs; expected 2, one for each degree")
    }

    @Test("settings that make no sense are refused in a whole sentence")
    func refusals() throws {
        let cases: [(String, String, String)] = [
            ("robust-dpo", #""smoothing": 0.5"#, "Robust DPO has the smoothing 0.5; expected a probability from 0 to below 0.5"),
            ("robust-dpo", #""smoothing": -0.1"#, "Robust DPO has the smoothing -0.1; expected a probability from 0 to below 0.5"),
            ("exo", #""smoothing": 0"#, "EXO has the smoothing 0.0; expected a probability between 0 and 1"),
            ("exo", #""smoothing": 1"#, "EXO has the smoothing 1.0; expected a probability between 0 and 1"),
            ("ipo", #""beta": 0"#, "IPO has the beta 0.0; expected a number above 0"),
        ]
        for (name, settings, sentence) in cases {
            do {
                _ = try Pairs.answer(name, settings)
                Issue.record("\(name) accepted {\(settings)}")
            } catch { #expect("\(error)" == sentence) }
        }
        let previous = #""reference2": [[-1, -2], [-1, 0], [-1, 0], [-1, -1]]"#
        for settings in [#""eta": 0.1, "tau": 0.2"#, #""eta": 0, "tau": 0"#, #""eta": 1, "tau": -0.5"#] {
            do {
                _ = try Pairs.answer("inpo", settings, scores: previous)
                Issue.record("INPO accepted {\(settings)}")
            } catch { #expect("\(error)".hasPrefix("INPO has eta ") && "\(error)".hasSuffix("expected 0 ≤ tau ≤ eta and eta above 0")) }
        }
    }
}
