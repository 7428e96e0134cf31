import HoneCore
import HoneNumerics

extension SPaR {
    /// Pairs of a failure and its repair teach more than independent ones, are nearer to each other, and a tree finds more repairs.
    static let claim: Claim = {
        func arm(_ name: String, _ form: String, _ more: [String: JSONValue] = [:]) -> Claim.Arm {
            Claim.Arm(name, recipe: "spar", settings: ["spar.form": .string(form)].merging(more) { $1 })
        }
        // Who repairs alone learns nothing, so that both ways to repair are those of the same models.
        let untaught: [String: JSONValue] = ["iterations": .integer(0), "evaluation.every": .integer(1)]
        func size(seeds: Int, problems: Int, repaired: Int) -> Claim.Size {
            Claim.Size(seeds: seeds, settings: ["evaluation.problems": .integer(problems), "spar.repaired": .integer(repaired)])
        }
        return Claim(
            "With as many pairs and steps, preferences between a failed answer and its repair by tree search teach more than those between answers drawn "
                + "independently; their two answers are nearer to each other; and a tree repairs more answers than as many single refinements.",
            arms: [
                arm("spar", "tree"), arm("independent", "independent"), arm("start", "independent", untaught), arm("tree", "tree", untaught),
                arm("one-shot", "one-shot", untaught),
            ],
            checks: [
                Claim.Check(
                    "spar − independent pairs, all constraints met: at least 3 points", from: "independent", to: "spar", measure: "pass@1",
                    direction: .higherByMargin, smallest: 0.03),
                Claim.Check("spar ends above its start", from: "start", to: "spar", measure: "pass@1", direction: .higher, smallest: 0.03),
                Claim.Check(
                    "the edit distance of pairs is at most half that of independent ones, from the same models",
                    contrast: [Claim.Term("tree", "pair edits"), Claim.Term("start", "pair edits", weight: -0.5)], direction: .lower, smallest: 0),
                Claim.Check(
                    "a tree repairs at least 10 points more failed answers than single refinements", from: "one-shot", to: "tree", measure: "repaired",
                    direction: .higherByMargin, smallest: 0.1),
            ],
            control: Claim.Term("independent", "pass@1"), planted: 0.05, quick: size(seeds: 3, problems: 150, repaired: 60),
            full: size(seeds: 6, problems: 200, repaired: 100))
    }()
}
