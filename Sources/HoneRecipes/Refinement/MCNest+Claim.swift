import HoneCore
import HoneNumerics

extension MCNest {
    /// The tree beats a chain of as many calls, is no worse than MCTSr and than a vote, and looks at more different answers.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: String]) -> Claim.Arm {
            Claim.Arm(name, recipe: "mc-nest", settings: Dictionary(uniqueKeysWithValues: own.map { ("mcnest." + $0, .string($1)) }))
        }
        return Claim(
            "With as many calls, a refinement tree with importance sampling over its candidates answers rightly more often than a chain of refinements, about as "
                + "often as MCTSr and at least as often as a vote, and looks at more different answers than MCTSr.",
            arms: [
                arm("importance", ["selection": "importance"]), arm("pairwise", ["selection": "pairwise"]), arm("greedy", ["selection": "greedy"]),
                arm("mctsr", ["method": "mctsr"]), arm("self-refine", ["method": "self-refine"]), arm("self-consistency", ["method": "self-consistency"]),
                arm("single", ["method": "single"]),
            ],
            checks: [
                Claim.Check(
                    "importance sampling beats a chain of as many calls by at least 2 points", from: "self-refine", to: "importance", measure: "accuracy",
                    direction: .higherByMargin, smallest: 0.02),
                Claim.Check(
                    "importance sampling loses at most 1 point to MCTSr", from: "mctsr", to: "importance", measure: "accuracy", direction: .notLower, smallest: 0.01),
                Claim.Check(
                    "importance sampling is right at least as often as a vote over as many answers", from: "self-consistency", to: "importance", measure: "accuracy",
                    direction: .notLower, smallest: 0),
                Claim.Check(
                    "importance sampling looks at 10 % more different answers than MCTSr",
                    contrast: [Claim.Term("importance", "distinct answers"), Claim.Term("mctsr", "distinct answers", weight: -1.1)], direction: .higher, smallest: 0),
            ],
            control: Claim.Term("mctsr", "accuracy"), planted: 0.02, quick: Claim.Size(seeds: 3, problems: 100), full: Claim.Size(seeds: 6, problems: 300))
    }()
}
