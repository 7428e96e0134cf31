import HoneCore
import HoneNumerics

extension AucArena {
    /// The environment's own claims, the gain of planning anew, and a ranking that does not hang on the order of things.
    static let claim: Claim = {
        func ahead(_ suffix: String, _ words: String) -> Claim.Check {
            Claim.Check(
                "the trained bidder earns more than the rule bidders beside it, \(words)", contrast: [Claim.Term("replanning", "ahead of rule\(suffix)")], direction: .higher,
                smallest: 0)
        }
        return Claim(
            "Rule bidders earn something and those who always raise lose; a trained bidder that plans anew after each thing earns at least 5 % more than one that does not, and more than rule bidders "
                + "in every order of things.",
            arms: [
                Claim.Arm("replanning", recipe: "aucarena", settings: ["auction.replans": .bool(true)]),
                Claim.Arm("fixed plan", recipe: "aucarena", settings: ["auction.replans": .bool(false)]),
            ],
            checks: [
                Claim.Check("rule bidders earn something among themselves", contrast: [Claim.Term("replanning", "profit of rule bidders")], direction: .higher, smallest: 0),
                Claim.Check("who always raises, beside another who does, loses", contrast: [Claim.Term("replanning", "profit of raisers")], direction: .lower, smallest: 0),
                Claim.Check(
                    "and earns less than the rule bidder beside them",
                    contrast: [Claim.Term("replanning", "profit of raisers"), Claim.Term("replanning", "profit of rule beside raisers", weight: -1)], direction: .lower, smallest: 0),
                Claim.Check(
                    "who bids up to estimates that are too high loses on each thing", contrast: [Claim.Term("replanning", "profit per thing of estimate bidders")],
                    direction: .lower, smallest: 0),
                Claim.Check(
                    "planning anew earns at least 5 % more", contrast: [Claim.Term("replanning", "profit"), Claim.Term("fixed plan", "profit", weight: -1.05)],
                    direction: .higher, smallest: 0),
                ahead("", "in random order"), ahead(", ascending", "in ascending order"), ahead(", descending", "in descending order"),
            ],
            control: Claim.Term("fixed plan", "profit"), planted: 2,
            quick: Claim.Size(
                seeds: 3,
                settings: [
                    "iterations": .integer(12), "base.demonstrations": .integer(6000), "evaluation.problems": .integer(80), "evaluation.every": .integer(1000),
                ]),
            full: Claim.Size(seeds: 6, settings: ["evaluation.problems": .integer(500)]))
    }()
}
