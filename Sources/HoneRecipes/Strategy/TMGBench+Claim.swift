import HoneCore
import HoneNumerics

extension TMGBench {
    /// The yardsticks are exact, stories and several games are harder than one table, and taking the other's view first helps.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: String]) -> Claim.Arm {
            Claim.Arm(name, recipe: "tmgbench", settings: Dictionary(uniqueKeysWithValues: own.map { ("tmgbench." + $0, .string($1)) }))
        }
        func size(seeds: Int, demonstrations: Int, model: String) -> Claim.Size {
            Claim.Size(seeds: seeds, settings: ["base.demonstrations": .integer(demonstrations), "model.size": .string(model)])
        }
        func zero(_ arm: String, _ measure: String) -> Claim.Check {
            Claim.Check("\(arm): \(measure) is 0", contrast: [Claim.Term(arm, measure)], direction: .equivalent, smallest: 0)
        }
        func harder(_ statement: String, than easy: String, _ hard: String, by smallest: Double, measure: String = "accuracy") -> Claim.Check {
            Claim.Check(statement, from: hard, to: easy, measure: measure, direction: smallest > 0 ? .higher : .notLower, smallest: smallest)
        }
        return Claim(
            "An exact solver has no inconsistency and no bias, and a row-biased one has both; of a taught model, answers worked out through the other's view are right more often than direct ones "
                + "on games it was not taught, and stories and games that hang together are harder than one table.",
            arms: [
                arm("oracle", ["answerer": "oracle"]), arm("biased", ["answerer": "biased"]), arm("mirrored", ["answerer": "mirrored"]),
                arm("direct", ["format": "direct"]), arm("chain", ["format": "chain"]), arm("first order", ["format": "first"]),
                arm("second order", ["format": "second"]), arm("story", ["format": "chain", "telling": "story"]),
                arm("sequential", ["format": "chain", "form": "sequential"]), arm("parallel", ["format": "chain", "form": "parallel"]),
                arm("nested", ["format": "chain", "form": "nested"]),
            ],
            checks: [
                zero("oracle", "ID"), zero("oracle", "BD"), zero("mirrored", "BD"),
                Claim.Check("a row-biased solver has a bias", contrast: [Claim.Term("biased", "BD")], direction: .higherByMargin, smallest: 0.05),
                Claim.Check(
                    "first-order theory of mind is right more often than direct answers, by at least 5 points", from: "direct", to: "first order", measure: "accuracy",
                    direction: .higherByMargin, smallest: 0.05),
                harder("tables are answered perfectly at least as often as stories", than: "chain", "story", by: 0, measure: "PAR"),
                harder("one game is right more often than two in sequence", than: "chain", "sequential", by: 0.02),
                harder("one game is right more often than two at once", than: "chain", "parallel", by: 0.02),
                harder("one game is right more often than two nested ones", than: "chain", "nested", by: 0.05),
            ],
            control: Claim.Term("direct", "accuracy"), planted: 0.05,
            quick: size(seeds: 3, demonstrations: 8000, model: "pico"), full: size(seeds: 5, demonstrations: 24_000, model: "pico"))
    }()
}
