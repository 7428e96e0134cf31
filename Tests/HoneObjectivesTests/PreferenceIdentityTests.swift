import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import Testing

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-11) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

private func flat(_ value: JSONValue?) -> [Double] {
    guard let value else { return [] }
    return value.elements?.flatMap { flat($0) } ?? [value.double ?? .nan]
}

/// A line of the loss port with all that any preference objective asks for.
private struct Line {
    var members: [String: JSONValue]
    let pairs: [(Int, Int)]

    init(seed: UInt64, columns: Int = 4, rows: Int = 6) {
        var generator = Seed(seed).generator
        func table(_ number: () -> Double) -> JSONValue {
            .array((0..<rows).map { _ in .array((0..<columns).map { _ in .number(number()) }) })
        }
        let reference = table { -3 * generator.unit() - 0.01 }
        pairs = [(0, 1), (2, 3), (5, 4)]
        members = [
            "logProbs": table { -3 * generator.unit() - 0.01 }, "referenceLogProbs": reference, "samplerLogProbs": reference,
            "mask": .array(
                (0..<rows).map { _ in .array((0..<columns).map { $0 == 0 || generator.chance(0.6) ? .integer(1) : .integer(0) }) }),
            "scores": .object([
                "reference2": reference, "scope": .array([JSONValue](repeating: .integer(0), count: rows)),
                "grade": .array([JSONValue](repeating: .integer(-1), count: rows)),
                "degree": .array(
                    (0..<rows).map { _ in .array((0..<columns).map { _ in .array([JSONValue](repeating: .integer(0), count: 4)) }) }),
                "reward": table { 2 * generator.unit() - 1 }, "winShare": .array((0..<rows).map { _ in .number(generator.unit()) }),
            ]),
        ]
        setPairs()
    }

    mutating func setPairs(swapped: Bool = false, probability: Double = 1) {
        members["pairs"] = .array(
            pairs.map { chosen, rejected in
                .object([
                    "chosen": .integer(swapped ? rejected : chosen), "rejected": .integer(swapped ? chosen : rejected),
                    "probability": .number(probability), "margin": .number(0.7),
                ])
            })
    }

    func answer(_ objective: String, _ settings: [String: Setting] = [:]) throws -> JSONValue {
        var line = members
        line["settings"] = .object(settings.mapValues(\.json))
        return try LossPort(objective).answerLoss(.object(line))
    }

    func loss(_ objective: String, _ settings: [String: Setting] = [:]) throws -> Double {
        try #require(try answer(objective, settings)["loss"]?.double)
    }
}

@Suite("Identities of preference objectives", .serialized)
struct PreferenceIdentityTests {
    @Test("settings that switch a variant off leave the loss it varies: same loss, same gradient", arguments: [1, 2, 3] as [UInt64])
    func specialCases(_ seed: UInt64) throws {
        let line = Line(seed: seed)
        typealias Named = (name: String, settings: [String: Setting])
        let dpo: Named = ("dpo", ["beta": 0.3])
        let families: [[Named]] = [
            [
                dpo, ("cdpo", ["beta": 0.3, "smoothing": 0]), ("robust-dpo", ["beta": 0.3, "smoothing": 0]), ("osp", ["beta": 0.3, "least": 0]),
                ("spin", ["lambda": 0.3]), ("step-apo", ["beta": 0.3, "alpha": 0]), ("agent-q", ["beta": 0.3]), ("rpo", ["beta": 0.3, "alpha": 0]),
                ("mm-dpo", ["beta": 0.3, "scale": 0, "likelihood": 0]), ("dno", ["eta": 0.3, "usesHardLabels": true]), ("c3po", ["beta": 0.3]),
                ("spo-degree", ["beta": 0.3]),
            ],
            [("ipo", ["beta": 0.4]), ("inpo", ["eta": 0.4, "tau": 0]), ("inpo", ["eta": 0.4, "tau": 0.4]), ("inpo", ["eta": 0.4, "tau": 0.1])],
            [("orpo", ["lambda": 0.2]), ("preflexor", ["lambda": 0.2])],
            [("rpo", ["beta": 0.3, "alpha": 0.25]), ("mm-dpo", ["beta": 0.3, "scale": 0, "likelihood": 0.25])],
        ]
        for family in families {
            let first = try line.answer(family[0].name, family[0].settings)
            for other in family.dropFirst() {
                let answer = try line.answer(other.name, other.settings)
                #expect(isClose(answer["loss"]?.double ?? .nan, first["loss"]?.double ?? 0), "\(other.name) \(family[0].name)")
                #expect(zip(flat(answer["gradient"]), flat(first["gradient"])).allSatisfy { isClose($0, $1) }, "\(other.name) \(family[0].name)")
            }
        }
    }

    @Test("with rows of one token, per-token forms equal those of sums")
    func oneToken() throws {
        let line = Line(seed: 5, columns: 1)
        #expect(isClose(try line.loss("ln-dpo", ["beta": 0.3]), try line.loss("dpo", ["beta": 0.3])))
        #expect(isClose(try line.loss("simpo", ["beta": 0.3, "gamma": 0]), try line.loss("cpo", ["beta": 0.3, "lambda": 0])))
    }

    @Test("cDPO is the mean over flipped labels; robust DPO is the loss whose mean over flipped labels is DPO")
    func flippedLabels() throws {
        var line = Line(seed: 7)
        func both(_ objective: String, _ settings: [String: Setting]) throws -> (plain: Double, flipped: Double) {
            line.setPairs()
            let plain = try line.loss(objective, settings)
            line.setPairs(swapped: true)
            return (plain, try line.loss(objective, settings))
        }
        let dpo = try both("dpo", ["beta": 0.5])
        let smooth = try both("cdpo", ["beta": 0.5, "smoothing": 0.2])
        #expect(isClose(smooth.plain, 0.8 * dpo.plain + 0.2 * dpo.flipped))
        let robust = try both("robust-dpo", ["beta": 0.5, "smoothing": 0.2])
        #expect(isClose(0.8 * robust.plain + 0.2 * robust.flipped, dpo.plain))
        line.setPairs(probability: 0.8)
        #expect(isClose(try line.loss("osp", ["beta": 0.5]), smooth.plain), "a probability of 0.8 is a label that is flipped in one case of five")
        #expect(
            isClose(
                try #require(try line.answer("self-reference")["loss"]?.double),
                try #require(try line.answer("outcome-reward-pairs", ["usesProbability": true])["loss"]?.double)))
    }

    @Test("the implicit reward margin of the policy π_ref e^(r/β) is the difference of its rewards, and DPO rests there")
    func implicitReward() throws {
        let (reference, rewards, beta) = ([0.2, 0.5, 0.3], [1.3, -0.4, 0.6], 0.7)
        let world = PreferenceWorld(policies: ["base": reference])
        let logits = zip(reference, rewards).map { log($0) + $1 / beta }
        let objective = try preference("dpo", ["beta": 0.7])
        let rows = (0..<3).map { PreferenceWorld.Row(response: $0) }
        var pairs: [Pair] = []
        for i in 0..<3 {
            for j in 0..<3 where i != j {
                let margin = rewards[i] - rewards[j]
                let live = try world.margin(of: objective, at: logits, rows, [Pair(chosen: i, rejected: j)])
                #expect(isClose(live, margin), "\(i) against \(j): \(live), not \(margin)")
                // Bradley–Terry labels of these rewards.
                pairs.append(Pair(chosen: i, rejected: j, weight: 1 / (1 + exp(-margin))))
            }
        }
        let gradient = try world.gradient(of: objective, at: logits, rows, pairs).gradient
        #expect(gradient.allSatisfy { abs($0) < 1e-12 }, "\(gradient)")
        let moved = try world.gradient(of: objective, at: logits.map { $0 * 1.1 }, rows, pairs).gradient
        #expect(moved.contains { abs($0) > 1e-3 })
    }

    @Test("losses of differences push as much up as down; likelihood terms lift the chosen row on balance")
    func balance() throws {
        let line = Line(seed: 11)
        for objective in ["dpo", "hinge-dpo", "ipo", "cdpo", "robust-dpo", "osp", "exo", "spin", "step-apo", "agent-q", "dno", "inpo"] {
            let gradient = flat(try line.answer(objective)["gradient"])
            // Rows differ in length: compare one token of each row, whose gradients are those of the rows' sums.
            let columns = 4
            let sum = (0..<6).reduce(0) { $0 + gradient[$1 * columns] }
            #expect(abs(sum) < 1e-10 && gradient.contains { $0 != 0 }, "\(objective): \(sum)")
        }
        for objective in ["rpo", "cpo", "orpo", "mm-dpo"] {
            let gradient = flat(try line.answer(objective)["gradient"])
            #expect((0..<6).reduce(0) { $0 + gradient[$1 * 4] } < 0, "\(objective)")
        }
    }

    @Test("SPIN rests where the policy writes like the demonstrations, DNO where win shares are equal, SCIR where judges agree")
    func fixedPoints() throws {
        let policy = [0.5, 0.2, 0.3]
        let world = PreferenceWorld(policies: ["previous": policy])
        let logits = policy.map { log($0) }
        let rows = (0..<3).map { PreferenceWorld.Row(response: $0, numbers: ["winShare": 0.5, "isVerdict": 0]) }
        var drawn: [Pair] = []
        for i in 0..<3 { for j in 0..<3 where i != j { drawn.append(Pair(chosen: i, rejected: j, probability: 0.5, weight: policy[i] * policy[j])) } }
        let cases: [(String, [String: Setting])] = [("spin", ["lambda": 0.5]), ("dno", ["eta": 0.5]), ("scir", ["beta": 0.5, "entropy": 0])]
        for (name, settings) in cases {
            let objective = try preference(name, settings)
            #expect(try world.gradient(of: objective, at: logits, rows, drawn).gradient.allSatisfy { abs($0) < 1e-12 }, "\(name)")
            let away = try world.gradient(of: objective, at: [0, 0, 0], rows, drawn).gradient
            #expect(away.contains { abs($0) > 1e-4 }, "\(name) rests everywhere")
        }
    }

    @Test("a longer row of the same mean log-probability gains nothing under SimPO and length-normalised DPO, but does under DPO")
    func length() throws {
        let line = #"{"logProbs": [[-0.5, -0.5, -0.5], [-1, 0, 0], [-0.5, 0, 0]], "referenceLogProbs": [[-1, -1, -1], [-1, 0, 0], [-1, 0, 0]], "mask": [[1, 1, 1], [1, 0, 0], [1, 0, 0]], "pairs": [[ROW, 1]]}"#
        func margin(_ objective: String, row: String) throws -> Double {
            let answer = try LossPort(objective).answerLoss(try JSONValue(parsing: line.replacing("ROW", with: row)))
            return try #require(answer["metrics"]?["margin"]?.double)
        }
        for objective in ["simpo", "ln-dpo", "orpo"] { #expect(isClose(try margin(objective, row: "0"), try margin(objective, row: "2")), "\(objective)") }
        for objective in ["dpo", "ipo"] { #expect(isClose(try margin(objective, row: "0"), 3 * (try margin(objective, row: "2"))), "\(objective)") }
    }
}
