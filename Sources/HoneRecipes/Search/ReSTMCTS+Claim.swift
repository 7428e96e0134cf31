import HoneCore
import HoneNumerics

extension ReSTMCTS {
    /// The search beats votes and best-of-n of as many tokens, and learning from its trees beats learning from right answers.
    static let claim: Claim = {
        func searched(_ name: String, _ method: String) -> Claim.Arm {
            Claim.Arm(name, recipe: "rest-mcts", settings: ["iterations": .integer(0), "search.method": .string(method), "evaluation.every": .integer(1)])
        }
        func taught(_ name: String, _ form: String) -> Claim.Arm {
            Claim.Arm(name, recipe: "rest-mcts", settings: ["restmcts.form": .string(form), "search.method": .string("greedy")])
        }
        func cheaper(than other: String) -> Claim.Check {
            Claim.Check(
                "mcts samples at most a tenth more tokens than \(other)",
                contrast: [Claim.Term("mcts", "sampled tokens"), Claim.Term(other, "sampled tokens", weight: -1.1)], direction: .notHigher, smallest: 0)
        }
        return Claim(
            "At equal sampled tokens the tree search by a value of partial solutions is right more often than best-of-n by the same value and than votes; "
                + "and a policy that learns its right plays of high value is right more often, greedily, than one that learns right answers, at equal compute.",
            arms: [
                searched("mcts", "mcts"), searched("best-of-n", "best-of-n"), searched("votes", "self-consistency"), searched("start", "greedy"),
                taught("rest-mcts", "trees"), taught("rest-em", "answers"),
            ],
            checks: [
                Claim.Check("mcts − best-of-n, at least 2 points", from: "best-of-n", to: "mcts", measure: "pass@1", direction: .higherByMargin, smallest: 0.02),
                Claim.Check("mcts − votes, at least 3 points", from: "votes", to: "mcts", measure: "pass@1", direction: .higherByMargin, smallest: 0.03),
                cheaper(than: "best-of-n"), cheaper(than: "votes"),
                Claim.Check(
                    "rest-mcts − rest-em, greedy, at least 1.5 points", from: "rest-em", to: "rest-mcts", measure: "pass@1", direction: .higherByMargin, smallest: 0.015),
                Claim.Check("rest-mcts ends above its start, greedy", from: "start", to: "rest-mcts", measure: "pass@1", direction: .higher, smallest: 0.015),
            ],
            control: Claim.Term("votes", "pass@1"), planted: 0.05,
            quick: Claim.Size(seeds: 3, problems: 100, matching: "rest-mcts"), full: Claim.Size(seeds: 5, problems: 400, matching: "rest-mcts"))
    }()
}
