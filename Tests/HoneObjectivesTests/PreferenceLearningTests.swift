import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func logit(_ p: Double) -> Double { log(p / (1 - p)) }
private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// Where a function that rises through 0 does so.
private func root(_ slope: (Double) -> Double) -> Double {
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<200 {
        let middle = (low + high) / 2
        if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
}

/// What an objective makes of two responses of which the first is preferred with probability 0.8.
private struct PairLesson {
    var objective: String
    var settings: [String: Setting]
    var rows: [PreferenceWorld.Row]
    var pairs: [Pair]
    /// The log-odds of the first response at the optimum.
    var logOdds: Double
}

private let p = 0.8
private let base = [0.4, 0.6]
private let previous = [0.3, 0.7]
private let world = PreferenceWorld(policies: ["base": base, "previous": previous, "sampler": base])

/// Both labels of the pair, as often as they occur, with the first one's margin.
private func labelled(_ first: Double = p, _ second: Double = 1 - p, margin: Double = 0, mirrored: Bool = false) -> [Pair] {
    [
        Pair(chosen: 0, rejected: 1, margin: margin, weight: first),
        Pair(chosen: 1, rejected: 0, margin: mirrored ? -margin : margin, weight: second),
    ]
}

/// All preference objectives whose optimum on two responses is finite, with its closed form, or where that is the root of the
/// loss's derivative, that root.
private func lessons() -> [PairLesson] {
    let (tie, old) = (logit(base[0]), logit(previous[0]))
    let plain = [PreferenceWorld.Row(response: 0), PreferenceWorld.Row(response: 1)]
    func rows(_ name: String, _ first: Double, _ second: Double) -> [PreferenceWorld.Row] {
        [.init(response: 0, numbers: [name: first]), .init(response: 1, numbers: [name: second])]
    }
    let shares = rows("winShare", previous[0] / 2 + previous[1] * p, previous[0] * (1 - p) + previous[1] / 2)
    let target = shares.map { 2 * (($0.numbers["winShare"] ?? 0) - 0.5) }
    let known = [Pair(chosen: 0, rejected: 1, probability: p)]
    let certain = [Pair(chosen: 0, rejected: 1)]
    func lesson(
        _ objective: String, _ settings: [String: Setting], _ logOdds: Double, _ pairs: [Pair] = labelled(), _ rows: [PreferenceWorld.Row]? = nil
    ) -> PairLesson { PairLesson(objective: objective, settings: settings, rows: rows ?? plain, pairs: pairs, logOdds: logOdds) }
    // SimPO: with x = e^{βu} and g = e^{−γ}, (1−p) g x² − (2p−1) x − p g = 0.
    let g = exp(-0.5)
    let x = ((2 * p - 1) + ((2 * p - 1) * (2 * p - 1) + 4 * p * (1 - p) * g * g).squareRoot()) / (2 * (1 - p) * g)
    return [
        lesson("dpo", ["beta": 0.5], tie + logit(p) / 0.5), lesson("agent-q", ["beta": 0.5], tie + logit(p) / 0.5),
        lesson("hinge-dpo", ["beta": 0.5], tie + 1 / 0.5), lesson("ipo", ["beta": 0.25], tie + (2 * p - 1) / (2 * 0.25)),
        lesson("cdpo", ["beta": 0.5, "smoothing": 0.1], tie + logit(p * 0.9 + (1 - p) * 0.1) / 0.5),
        lesson("robust-dpo", ["beta": 1, "smoothing": 0.1], tie + logit((p - 0.1) / 0.8)),
        lesson("ln-dpo", ["beta": 0.5], tie + logit(p) / 0.5), lesson("simpo", ["beta": 2, "gamma": 0.5], log(x) / 2),
        lesson("rpo", ["beta": 0.5, "alpha": 0.3], root { 0.5 * (sigmoid(0.5 * ($0 - tie)) - p) + 0.3 * (sigmoid($0) - p) }),
        lesson("cpo", ["beta": 1, "lambda": 0.4], logit(p)),
        lesson("orpo", ["lambda": 0.5], root { 0.5 * 2 * (sigmoid(2 * $0) - p) + sigmoid($0) - p }),
        lesson("preflexor", ["lambda": 0.5], root { 0.5 * 2 * (sigmoid(2 * $0) - p) + sigmoid($0) - p }),
        // Demonstrations have the first response with probability p, the opponent with its own: with λ = 1 the optimum is p.
        lesson("spin", ["lambda": 1], logit(p), labelled(p * previous[1], (1 - p) * previous[0])),
        lesson("step-apo", ["beta": 0.5, "alpha": 0.7], tie + (0.7 * 1.2 + logit(p)) / 0.5, labelled(margin: 1.2, mirrored: true)),
        lesson("reward-regression", ["beta": 0.5], tie + 1.2 / 0.5, labelled(margin: 1.2, mirrored: true)),
        lesson("osp", ["beta": 0.5], tie + logit(p) / 0.5, known), lesson("exo", ["beta": 0.5, "smoothing": 0.1], tie + logit(0.9) / 0.5, certain),
        lesson(
            "mm-dpo", ["beta": 0.5, "scale": 1, "rate": 2, "likelihood": 0], tie + logit(p) / (0.5 * (2 - exp(-2.4))), labelled(margin: 1.2)),
        lesson("dno", ["eta": 0.25], old + (p - 0.5) / 0.25, certain, shares),
        lesson("inpo", ["eta": 0.4, "tau": 0.1], 0.25 * tie + 0.75 * old + (2 * p - 1) / 0.8),
        // d/du of [log σ(u) − log π_t(a) − t_a]² + [log σ(−u) − log π_t(b) − t_b]², halved.
        lesson(
            "sppo", ["eta": 2],
            root { u in
                (log(sigmoid(u)) - log(previous[0]) - target[0]) * sigmoid(-u) - (log(sigmoid(-u)) - log(previous[1]) - target[1]) * sigmoid(u)
            }, [], shares),
        lesson("self-reference", [:], logit(p), known), lesson("c3po", ["beta": 0.5], tie + logit(p) / 0.5, labelled(), rows("scope", 0, 0)),
        lesson("spo-degree", ["beta": 0.5], tie + logit(p) / 0.5, labelled(), rows("grade", -1, -1)),
        // Judges that need agree on nothing else are least inconsistent where they are equal.
        lesson("scir", ["beta": 0.5, "entropy": 0, "confidence": 1], old + logit(p) / 0.5, known, rows("isVerdict", 0, 0)),
    ]
}

/// Preference objectives without a finite optimum on a fixed batch, or whose optimum is of the policy's own samples.
private let others: Set<String> = ["kto", "spo", "nash-md"]

@Suite("Learning two responses", .serialized)
struct PreferenceLearningTests {
    @Test("every preference objective of the catalogue is among those that are learned here")
    func everyone() throws {
        let known = Set(lessons().map(\.objective)).union(others)
        #expect(lessons().count == known.count - others.count)
        for entry in try ObjectiveCatalog.entries() {
            let objective = try entry.make(entry.defaults)
            let isPreference = objective.reads.contains(.logProbs) && objective.takes.pairs || objective.takes.scalars["winShare"] != nil
            if isPreference { #expect(known.contains(entry.card.name), "\(entry.card.name) is not learned") }
        }
    }

    @Test("a preference of 0.8 between two responses is learned to the closed form", arguments: 0..<25)
    func closedForm(_ number: Int) throws {
        let lesson = lessons()[number]
        let objective = try preference(lesson.objective, lesson.settings)
        let logits = try world.learned(objective, from: [-0.3, 0.3], lesson.rows, lesson.pairs)
        let found = logits[0] - logits[1]
        #expect(abs(found - lesson.logOdds) < 2e-3, "\(lesson.objective): \(found), not \(lesson.logOdds)")
    }

    @Test("a certain preference drives DPO on without end, but not IPO, cDPO, hinge, EXO and soft labels")
    func runaway() throws {
        let rows = [PreferenceWorld.Row(response: 0), PreferenceWorld.Row(response: 1)]
        let pairs = [Pair(chosen: 0, rejected: 1)]
        let cases: [(String, [String: Setting], Double)] = [
            ("ipo", ["beta": 0.25], 2), ("cdpo", ["beta": 0.5, "smoothing": 0.1], logit(0.9) / 0.5), ("hinge-dpo", ["beta": 0.5], 2),
            ("osp", ["beta": 0.5, "least": 0.05], logit(0.95) / 0.5),
        ]
        for (name, settings, distance) in cases {
            let logits = try world.learned(try preference(name, settings), from: [0, 0], rows, pairs)
            // Hinge stops anywhere beyond its kink.
            let found = logits[0] - logits[1] - logit(base[0])
            #expect(name == "hinge-dpo" ? found >= distance - 1e-9 && found < distance + 2 : abs(found - distance) < 2e-3, "\(name): \(found)")
        }
        let objective = try preference("dpo", ["beta": 0.5])
        var last = 0.0
        for steps in [100, 200, 400, 800] {
            let logits = try world.learned(objective, from: [0, 0], rows, pairs, steps: steps)
            #expect(logits[0] - logits[1] > last + 2)
            last = logits[0] - logits[1]
        }
    }

    @Test("KTO moves towards the good response, and its loss falls to the limit ½ (1 − π_ref^β/(1 + π_ref^β))")
    func kto() throws {
        let rows = [PreferenceWorld.Row(response: 0, numbers: ["label": 1]), PreferenceWorld.Row(response: 1, numbers: ["label": 0])]
        let objective = try preference("kto", ["beta": 1])
        // The good log-ratio cannot exceed −log π_ref, the bad one has no floor, and the baseline is 0 by then.
        let limit = sigmoid(log(base[0])) / 2
        var last = try world.gradient(of: objective, at: [0, 0], rows).loss
        for steps in [50, 100, 200] {
            let logits = try world.learned(objective, from: [0, 0], rows, steps: steps)
            let loss = try world.gradient(of: objective, at: logits, rows).loss
            #expect(loss < last && loss > limit && logits[0] > logits[1])
            last = loss
        }
        #expect(last - limit < 1e-3)
        let start = try world.gradient(of: objective, at: [0, 0], rows).gradient
        #expect(start[0] < 0 && start[1] > 0)
    }

    @Test("SPO moves the policy to the preferred response: p ≥ 0.99")
    func spo() throws {
        let objective = try preference("spo")
        var logits = [-0.5, 0.5]
        for _ in 0..<400 {
            let policy = softmax(logits)
            // The exact expectation: rows weighted by their probability, win shares against the policy itself.
            let rows = [
                PreferenceWorld.Row(response: 0, advantage: policy[1] * (p - 0.5), weight: 2 * policy[0]),
                PreferenceWorld.Row(response: 1, advantage: policy[0] * (0.5 - p), weight: 2 * policy[1]),
            ]
            let gradient = try world.gradient(of: objective, at: logits, rows).gradient
            logits = zip(logits, zip(gradient, policy)).map { $0 - $1.0 / $1.1 * 0.1 }
        }
        #expect(softmax(logits)[0] >= 0.99)
    }

    @Test("Nash-MD on its own samples ends where log π/μ differs by (p − ½)/τ")
    func nashMD() throws {
        let objective = try preference("nash-md", ["tau": 0.2])
        var logits = [0.0, 0]
        for _ in 0..<300 {
            let policy = softmax(logits)
            // The opponent is the even geometric mixture of policy and reference; who it is does not matter for the difference.
            let mixed = zip(policy, base).map { ($0 * $1).squareRoot() }
            let opponent = mixed.map { $0 / mixed.reduce(0, +) }
            let shares = [opponent[0] / 2 + opponent[1] * p, opponent[0] * (1 - p) + opponent[1] / 2]
            var expected = [0.0, 0]
            for response in 0...1 {
                let row = PreferenceWorld.Row(response: response, numbers: ["winShare": shares[response]])
                let own = try world.gradient(of: objective, at: logits, [row]).gradient
                for index in 0...1 { expected[index] += policy[response] * own[index] }
            }
            logits = zip(logits, zip(expected, policy)).map { $0 - $1.0 / $1.1 }
        }
        #expect(abs(logits[0] - logits[1] - logit(base[0]) - (p - 0.5) / 0.2) < 1e-6)
    }
}
