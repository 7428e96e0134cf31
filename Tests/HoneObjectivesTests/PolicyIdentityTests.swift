import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTestSupport
import Testing

/// A random line of the loss port with everything policy gradients ask for.
private func line(
    seed: Int, rows: Int = 5, columns: Int = 4, onPolicy: Bool = false, perRow: Bool = true, advantage: Double? = nil,
    settings: String = "{}", more: String = "{}"
) throws -> JSONValue {
    var generator = Seed(UInt64(seed)).generator
    var tables: [String: [[Double]]] = [:]
    let shape = (0..<rows).map { _ in [Double](repeating: 0, count: columns) }
    func table(_ number: () -> Double) -> [[Double]] { shape.map { $0.map { _ in number() } } }
    tables["logProbs"] = table { -3 * generator.unit() - 0.01 }
    let own = tables["logProbs"] ?? []
    tables["samplerLogProbs"] = onPolicy ? own : own.map { $0.map { min(-1e-3, $0 + generator.unit() - 0.5) } }
    tables["mask"] = shape.enumerated().map { row, places in places.indices.map { $0 <= (row + seed) % columns ? 1 : 0 } }
    tables["advantages"] = (0..<rows).map { _ in
        let value = 4 * generator.unit() - 2
        return (0..<columns).map { _ in advantage ?? (perRow ? value : 4 * generator.unit() - 2) }
    }
    var line = tables.mapValues { JSONValue.array($0.map { .array($0.map { .number($0) }) }) }
    line["settings"] = try JSONValue(parsing: settings)
    if case .object(let members) = try JSONValue(parsing: more) { line.merge(members) { $1 } }
    return .object(line)
}

private func result(_ objective: String, _ line: JSONValue) throws -> (loss: Double, gradient: [Double]) {
    let answer = try LossPort(objective).answerLoss(line)
    let gradient = (answer["gradient"]?.elements ?? []).flatMap { $0.elements?.compactMap(\.double) ?? [] }
    return (try #require(answer["loss"]?.double), gradient)
}

private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0)) }
}

private func isSame(_ a: (loss: Double, gradient: [Double]), _ b: (loss: Double, gradient: [Double])) -> Bool {
    isClose([a.loss] + a.gradient, [b.loss] + b.gradient)
}

@Suite("Identities between policy gradients", .serialized)
struct PolicyIdentityTests {
    @Test("DAPO is GRPO with its clip and a token mean; Dr. GRPO is GRPO with a constant length", arguments: 0..<5)
    func relatives(seed: Int) throws {
        let dapo = try result("dapo", line(seed: seed, settings: #"{"clipHigh": 0.2}"#))
        #expect(isSame(dapo, try result("grpo", line(seed: seed, settings: #"{"normaliser": "tokenMean"}"#))))
        let fixed = try result("dr-grpo", line(seed: seed, settings: #"{"length": 9}"#))
        #expect(isSame(fixed, try result("grpo", line(seed: seed, settings: #"{"normaliser": "constant", "length": 9}"#))))
    }

    @Test("GSPO with one token per row has PPO's ratio", arguments: 0..<5)
    func oneToken(seed: Int) throws {
        let clip = #"{"clipLow": 0.2, "clipHigh": 0.2}"#
        let perToken = #"{"clipLow": 0.2, "clipHigh": 0.2, "perToken": true}"#
        let ppo = try result("ppo", line(seed: seed, columns: 1, settings: #"{"valueFactor": 0}"#))
        #expect(isSame(try result("gspo", line(seed: seed, columns: 1, settings: clip)), ppo))
        #expect(isSame(try result("gspo", line(seed: seed, columns: 1, settings: perToken)), ppo))
    }

    @Test("GSPO-token equals GSPO in value and gradient where an answer's tokens share their advantage", arguments: 0..<5)
    func perToken(seed: Int) throws {
        let clip = #"{"clipLow": 0.2, "clipHigh": 0.2}"#
        let perToken = #"{"clipLow": 0.2, "clipHigh": 0.2, "perToken": true}"#
        let whole = try result("gspo", line(seed: seed, settings: clip))
        #expect(isSame(try result("gspo", line(seed: seed, settings: perToken)), whole))
    }

    @Test("on policy all ratios are 1: clipped, dual-clipped and weighted forms have REINFORCE's gradient", arguments: 0..<5)
    func onPolicy(seed: Int) throws {
        let given = try line(seed: seed, onPolicy: true, perRow: false)
        let dapo = try result("dapo", given).gradient
        #expect(isClose(try result("cispo", given).gradient, dapo))
        #expect(isClose(try result("dual-clip", given).gradient, dapo))
        #expect(isClose(try result("ppo", line(seed: seed, onPolicy: true, perRow: false, settings: #"{"valueFactor": 0}"#)).gradient, dapo))
        let rows = try result("reinforce", given).gradient
        #expect(isClose(try result("rloo", given).gradient, rows))
        let grpo = try line(seed: seed, onPolicy: true, perRow: false, settings: #"{"normaliser": "rowSum"}"#)
        #expect(isClose(try result("grpo", grpo).gradient, rows))
    }

    @Test("dual clip differs from PPO only where the advantage is negative and the ratio beyond the floor")
    func floor() throws {
        for seed in 0..<5 {
            let wide = try line(seed: seed, settings: #"{"floor": 100}"#)
            let plain = try result("ppo", line(seed: seed, settings: #"{"valueFactor": 0}"#))
            #expect(isSame(try result("dual-clip", wide), plain))
            let positive = try line(seed: seed, advantage: 1, settings: #"{"floor": 1.01}"#)
            #expect(isSame(try result("dual-clip", positive), try result("ppo", line(seed: seed, advantage: 1, settings: #"{"valueFactor": 0}"#))))
        }
    }

    @Test("REINFORCE++ does not change when all advantages are moved or stretched", arguments: 0..<3)
    func whitened(seed: Int) throws {
        let plain = try line(seed: seed, perRow: false)
        guard case .object(var members) = plain else { return }
        members["advantages"] = .array(
            (plain["advantages"]?.elements ?? []).map { .array(($0.elements ?? []).map { .number(($0.double ?? 0) * 7 - 3) }) })
        let (a, b) = (try result("reinforce++", plain), try result("reinforce++", .object(members)))
        #expect(isClose([a.loss] + a.gradient, [b.loss] + b.gradient, 1e-9))
        #expect(a.gradient.contains { $0 != 0 })
    }

    @Test("NFT weighted by √((1−r)/r) has GRPO's gradient strictly on policy", arguments: 0..<5)
    func negativeAware(seed: Int) throws {
        // Groups with 1 of 3 and 2 of 4 right: GRPO's advantages are (reward − r)/√(r(1−r)), without any ε.
        let rewards: [Double] = [1, 0, 0, 1, 0, 1, 0]
        let rates: [Double] = [1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5, 0.5, 0.5]
        let advantages = zip(rewards, rates).map { "\(($0 - $1) / ($1 * (1 - $1)).squareRoot())" }.joined(separator: ", ")
        let outcomes = #""rewards": [1, 0, 0, 1, 0, 1, 0], "groups": [0, 0, 0, 1, 1, 1, 1]"#
        for normaliser in ["tokenMean", "sequenceMean", "rowSum"] {
            let nft = try result(
                "nft",
                line(
                    seed: seed, rows: 7, onPolicy: true, settings: #"{"weighting": "standardised", "normaliser": "\#(normaliser)"}"#,
                    more: "{\(outcomes)}"))
            let grpo = try result(
                "grpo",
                line(seed: seed, rows: 7, onPolicy: true, settings: #"{"normaliser": "\#(normaliser)"}"#, more: "{\"advantages\": [\(advantages)]}"))
            #expect(isClose(nft.gradient, grpo.gradient) && nft.gradient.contains { $0 != 0 }, "\(normaliser)")
        }
    }

    @Test("off policy NFT and GRPO part, and without negatives NFT is rejection sampling", arguments: 0..<3)
    func offPolicy(seed: Int) throws {
        let outcomes = #"{"rewards": [1, 0, 0, 1, 0], "groups": [0, 0, 0, 0, 0]}"#
        let settings = #"{"weighting": "equal", "negatives": 0, "normaliser": "rowSum"}"#
        let nft = try result("nft", line(seed: seed, settings: settings, more: outcomes))
        let imitation = try result("reinforce", line(seed: seed, more: #"{"advantages": [1, 0, 0, 1, 0]}"#))
        #expect(isClose(nft.gradient, imitation.gradient))
    }

    @Test("settings at their ends: MDPO without divergence is the plain ratio, R-NaD without η and SPEAR without replay are others' cases")
    func ends() throws {
        for seed in 0..<3 {
            let plain = try result("grpo", line(seed: seed, settings: #"{"clipLow": 1, "clipHigh": 1e9, "normaliser": "tokenMean"}"#))
            #expect(isClose(try result("mdpo", line(seed: seed, settings: #"{"step": 1e15}"#)).gradient, plain.gradient))
            let own = #"{"scores": {"replayed": [0, 0, 0, 0, 0], "refinement": [0, 0, 0, 0, 0]}}"#
            let spear = try result("spear", line(seed: seed, settings: #"{"covarianceShare": 0, "clipHigh": 0.2}"#, more: own))
            #expect(isSame(spear, try result("dr-grpo", line(seed: seed))))
            #expect(isSame(try result("spiral", line(seed: seed)), try result("dr-grpo", line(seed: seed))))
            let critique = try result("critique-grpo", line(seed: seed, settings: #"{"entropyBonus": 0}"#, more: own))
            #expect(isSame(critique, try result("grpo", line(seed: seed, settings: #"{"clipLow": 1, "clipHigh": 1e9, "normaliser": "constant"}"#))))
            let weighted = try result("r-nad", line(seed: seed, settings: #"{"eta": 0, "normaliser": "tokenMean"}"#))
            #expect(isSame(weighted, try result("cispo", line(seed: seed, settings: #"{"clipHigh": 0}"#))))
            let kimi = try result("kimi-mirror-descent", line(seed: seed, settings: #"{"tau": 0}"#)).gradient
            #expect(isClose(kimi, try result("reinforce", line(seed: seed)).gradient))
            let cold = try result("awr", line(seed: seed, advantage: 0))
            #expect(isSame(cold, try result("sft", line(seed: seed))))
        }
    }

    @Test("on policy Kimi's squared surrogate has REINFORCE's gradient, whatever τ is", arguments: 0..<3)
    func kimi(seed: Int) throws {
        let kimi = try result("kimi-mirror-descent", line(seed: seed, onPolicy: true, settings: #"{"tau": 3}"#))
        let plain = try result("reinforce", line(seed: seed, onPolicy: true))
        #expect(kimi.loss == 0 && isClose(kimi.gradient, plain.gradient))
    }
}
