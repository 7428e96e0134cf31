import HoneCore
import HoneModel
import HoneObjectives
import HoneTestSupport
import Testing

/// Ways to set policy gradients that change their formula, for the checker.
enum PolicyVariants {
    /// Name, settings, and whether advantages of 0 must leave no gradient.
    static let list: [(String, String, Bool)] = [
        ("rloo", #"{"clip": 0.2}"#, true),
        ("rloo", #"{"beta": 0.1}"#, false),
        ("reinforce++", #"{"beta": 0.1}"#, false),
        ("reinforce++", #"{"whitens": false, "normaliser": "constant"}"#, true),
        ("ppo", #"{"valueFactor": 0}"#, true),
        ("ppo", #"{"valueClip": 0, "entropyBonus": 0.01}"#, false),
        ("ppo", #"{"beta": 0.1, "estimator": "k2"}"#, false),
        ("grpo", #"{"beta": 0.1, "estimator": "k1"}"#, false),
        ("gspo", #"{"clipLow": 0.3, "clipHigh": 0.3}"#, true),
        ("gspo", #"{"clipLow": 0.3, "clipHigh": 0.3, "perToken": true}"#, true),
        ("cispo", #"{"clipLow": 0.2, "clipHigh": 0.2}"#, true),
        ("dual-clip", #"{"floor": 1.3}"#, true),
        ("remax", #"{"beta": 0.1}"#, false),
        ("score-stage1", #"{"beta": 0}"#, false),
        ("score-stage1", #"{"beta": 0, "firstTurnBeta": 0}"#, true),
        ("score-stage2", #"{"beta": 0}"#, true),
        ("t1", #"{"entropyBonus": 0, "beta": 0}"#, true),
        ("kimi-mirror-descent", #"{"tau": 0}"#, true),
        ("critique-grpo", #"{"entropyBonus": 0}"#, true),
        ("spear", #"{"covarianceLow": -0.5, "covarianceHigh": 0.5, "covarianceShare": 0.3, "imitation": 0.3}"#, true),
        ("spear", #"{"covarianceShare": 0}"#, true),
        ("ssr-zero", #"{"beta": 0}"#, true),
        ("nft", #"{"weighting": "standardised", "floor": 0.1, "normaliser": "tokenMean"}"#, false),
        ("nft", #"{"weighting": "equal", "negatives": 0}"#, false),
        ("oreal", #"{"weighsTokens": false, "beta": 0}"#, true),
        ("oreal", #"{"threshold": 0.2}"#, false),
        ("mdpo", #"{"step": 0.1, "normaliser": "rowSum"}"#, false),
        ("magnetic-mirror-descent", #"{"alpha": 0}"#, false),
        ("r-nad", #"{"eta": 0, "largestWeight": 2}"#, true),
        ("awr", #"{"temperature": 0.2, "largestWeight": 3}"#, false),
    ]

    /// The objectives so set.
    static func all() throws -> [(String, any Objective, Bool)] {
        try list.map { ("\($0) \($1)", try objective($0, $1), $2) }
    }

    /// The objective with settings given as JSON.
    static func objective(_ name: String, _ settings: String) throws -> any Objective {
        let entry = try ObjectiveCatalog.entry(name)
        guard case .object(let members) = try JSONValue(parsing: settings) else { return try entry.make(entry.defaults) }
        let entries = members.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(path: [$0.key], value: $0.value, place: "test")
        }
        return try entry.make(try SettingsOverlay(defaults: entry.defaults).resolve(entries))
    }
}

@Suite("Policy gradients set otherwise", .serialized)
struct PolicyVariantTests {
    @Test("objectives keep what the checker knows under settings that change their formula")
    func variants() throws {
        for (name, objective, followsAdvantages) in try PolicyVariants.all() {
            let broken = try checkObjective(objective, seed: Seed(12), batches: 60, followsAdvantages: followsAdvantages)
            #expect(broken.isEmpty, "\(name): \(broken.joined(separator: "; "))")
        }
    }
}
