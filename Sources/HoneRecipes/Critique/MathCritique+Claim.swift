import HoneCore
import HoneNumerics

extension MathCritique {
    /// A critic helps at test time and in training, most on hard questions, and only where critiques were kept by their effect.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue], iterations: Int? = nil) -> Claim.Arm {
            var settings = Dictionary(uniqueKeysWithValues: own.map { ("mathcritique." + $0, $1) })
            if let iterations { settings["iterations"] = .integer(iterations) }
            return Claim.Arm(name, recipe: "math-critique", settings: settings)
        }
        return Claim(
            "A critic whose critiques were kept by the refinements they led to raises accuracy on hard questions at test time, and a self-training that asks it ends "
                + "above one that does not, at equal compute, with more hard questions within reach.",
            arms: [
                arm("in the loop", [:]), arm("vanilla", ["loop": .string("answers"), "critiques": .integer(0)]), arm("unfiltered in the loop", ["bar": .integer(0)]),
                arm("no critic", ["critiques": .integer(0)], iterations: 0), arm("critic", ["test": .string("critic")], iterations: 0),
                arm("unfiltered critic", ["test": .string("critic"), "bar": .integer(0)], iterations: 0),
                arm("oracle", ["test": .string("oracle"), "critiques": .integer(0)], iterations: 0),
            ],
            checks: [
                Claim.Check("critic − no critic, hard: at least 5 points", from: "no critic", to: "critic", measure: "hard", direction: .higherByMargin, smallest: 0.05),
                Claim.Check("critic − unfiltered critic, hard", from: "unfiltered critic", to: "critic", measure: "hard", direction: .higher, smallest: 0.01),
                Claim.Check(
                    "in the loop − vanilla, hard: at least 3 points", from: "vanilla", to: "in the loop", measure: "hard", direction: .higherByMargin, smallest: 0.03),
                Claim.Check("in the loop − vanilla, reached, hard", from: "vanilla", to: "in the loop", measure: "reached, hard", direction: .higher, smallest: 0.02),
                Claim.Check(
                    "in the loop − unfiltered in the loop, hard", from: "unfiltered in the loop", to: "in the loop", measure: "hard", direction: .higher, smallest: 0.01),
            ],
            control: Claim.Term("vanilla", "hard"), planted: 0.05,
            quick: Claim.Size(seeds: 3, problems: 120, matching: "in the loop"), full: Claim.Size(seeds: 5, problems: 400, matching: "in the loop"))
    }()
}
