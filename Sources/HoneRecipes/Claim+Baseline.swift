import HoneCore
import HoneNumerics

extension Claim {
    /// The claim of a recipe that learns from its own verified answers: it ends above its start, and above what the same compute buys by
    /// learning the demonstrations further.
    ///
    /// Differences of less than 5 points of pass@1 count as too small to matter. Improving may spend what the recipe
    /// spends by its own settings (nano on chains of sums, held-out problems of the same kind); the sizes differ in seeds and problems only.
    static func beatsSupervised(
        _ recipe: String, _ statement: String
    ) -> Claim {
        func size(seeds: Int, problems: Int) -> Size {
            Size(
                seeds: seeds, settings: ["evaluation.problems": .integer(problems), "evaluation.samples": .integer(4)], matching: recipe)
        }
        return Claim(
            statement,
            arms: [
                Arm(recipe, recipe: recipe), Arm("sft", recipe: "sft"),
                Arm("start", recipe: "sft", settings: ["iterations": .integer(0), "evaluation.every": .integer(1)]),
            ],
            checks: [
                Check("\(recipe) − sft, pass@1 at equal compute", from: "sft", to: recipe, measure: "pass@1", direction: .higher, smallest: 0.05),
                Check("\(recipe) − start, pass@1", from: "start", to: recipe, measure: "pass@1", direction: .higher, smallest: 0.05),
            ],
            control: Term("sft", "pass@1"), planted: 0.05,
            quick: size(seeds: 3, problems: 200), full: size(seeds: 5, problems: 500))
    }
}
