import HoneCore
import HoneNumerics

extension AlphaLLM {
    /// The search beats votes and the outcome critic's choice of as many tokens; learning from it beats rejection sampling; its parts matter.
    static let claim: Claim = {
        func searched(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            Claim.Arm(name, recipe: "alphallm", settings: ["iterations": .integer(0)].merging(own) { $1 })
        }
        func taught(_ name: String, _ form: String) -> Claim.Arm {
            Claim.Arm(name, recipe: "alphallm", settings: ["alphallm.form": .string(form), "search.method": .string("greedy")])
        }
        func cheaper(than other: String) -> Claim.Check {
            Claim.Check(
                "eta-mcts samples at most a tenth more tokens than \(other)",
                contrast: [Claim.Term("eta-mcts", "sampled tokens"), Claim.Term(other, "sampled tokens", weight: -1.1)], direction: .notHigher, smallest: 0)
        }
        func part(_ ablation: String, _ what: String) -> Claim.Check {
            Claim.Check("eta-mcts is right more often than without \(what)", from: ablation, to: "eta-mcts", measure: "pass@1", direction: .higher, smallest: 0.01)
        }
        let plain: [String: JSONValue] = ["search.options.factor": .integer(0), "search.options.root": .integer(0), "search.options.distance": .integer(0), "search.options.redraws": .integer(0)]
        return Claim(
            "At equal sampled tokens a tree search over options by three critics is right more often than votes and than the outcome critic's choice of whole "
                + "answers; and a policy that imitates its answers to imagined questions is right more often, greedily, than before and than one that "
                + "imitates as many answers by rejection sampling.",
            arms: [
                searched("eta-mcts", [:]), searched("votes", ["search.method": .string("self-consistency")]),
                searched("best-of-n", ["search.method": .string("best-of-n")]), searched("start", ["search.method": .string("greedy")]),
                searched("no process critic", ["alphallm.step": .integer(0)]), searched("no rollouts", ["alphallm.outcome": .integer(0)]),
                searched("plain width", plain), taught("alphallm", "search"), taught("rejection sampling", "answers"),
            ],
            checks: [
                Claim.Check("eta-mcts − votes, at least 3 points", from: "votes", to: "eta-mcts", measure: "pass@1", direction: .higherByMargin, smallest: 0.03),
                Claim.Check(
                    "eta-mcts − best-of-n, at least 1.5 points", from: "best-of-n", to: "eta-mcts", measure: "pass@1", direction: .higherByMargin, smallest: 0.015),
                cheaper(than: "votes"), cheaper(than: "best-of-n"),
                Claim.Check(
                    "two iterations bring at least 4 points, greedily", from: "start", to: "alphallm", measure: "pass@1", direction: .higherByMargin, smallest: 0.04),
                Claim.Check(
                    "alphallm − rejection sampling, greedily, at least 1 point", from: "rejection sampling", to: "alphallm", measure: "pass@1",
                    direction: .higherByMargin, smallest: 0.01),
                part("no process critic", "the process critic"), part("no rollouts", "fast rollouts"),
                Claim.Check(
                    "adaptive width and redraws give more distinct children", from: "plain width", to: "eta-mcts", measure: "distinct children", direction: .higher,
                    smallest: 0.2),
            ],
            control: Claim.Term("votes", "pass@1"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 80), full: Claim.Size(seeds: 5, problems: 80))
    }()
}
