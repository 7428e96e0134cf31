import HoneCore
import HoneNumerics

extension GameTheoreticLLM {
    /// Steps beat the leap in choices, the belief makes better deals, and who adopts it alone is not better off than the other.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: String]) -> Claim.Arm {
            Claim.Arm(name, recipe: "game-theoretic-llm", settings: Dictionary(uniqueKeysWithValues: own.map { ("workflow." + $0, .string($1)) }))
        }
        func size(seeds: Int, characters: Int, splits: Int) -> Claim.Size {
            Claim.Size(seeds: seeds, settings: ["workflow.characters": .integer(characters), "workflow.splits": .integer(splits)])
        }
        func gain(_ measure: String) -> [Claim.Term] {
            [Claim.Term("division", "\(measure), both adopt"), Claim.Term("division", "\(measure), neither adopts", weight: -1)]
        }
        return Claim(
            "Taken step by step, a model chooses as the equilibrium says more often than when it is asked directly, at the same number of characters taught; with a belief over the other's values more "
                + "deals are Pareto optimal and free of envy; and who adopts it alone gets no more than the other.",
            arms: [
                arm("direct", ["way": "direct"]), arm("workflow", ["way": "workflow"]), arm("division", ["task": "division"]),
            ],
            checks: [
                Claim.Check(
                    "workflow − direct, equilibrium choices, at least 8 points", from: "direct", to: "workflow", measure: "equilibrium choices",
                    direction: .higherByMargin, smallest: 0.08),
                Claim.Check(
                    "workflow − direct, backward induction", from: "direct", to: "workflow", measure: "backward induction", direction: .notLower, smallest: 0),
                Claim.Check(
                    "the belief on both sides makes at least 10 points more deals Pareto optimal and envy-free", contrast: gain("Pareto optimal and envy-free"),
                    direction: .higherByMargin, smallest: 0.1),
                Claim.Check(
                    "a lone adopter gets no more than the other", contrast: [Claim.Term("division", "adopter less other")], direction: .notHigher, smallest: 0),
            ],
            control: Claim.Term("direct", "equilibrium choices"), planted: 0.08,
            quick: size(seeds: 3, characters: 100_000, splits: 200), full: size(seeds: 5, characters: 300_000, splits: 500))
    }()
}
