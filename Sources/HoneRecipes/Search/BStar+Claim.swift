import HoneCore
import HoneNumerics

extension BStar {
    /// Choosing anew beats every fixed choice at equal compute, and fixed choices lose what they can explore.
    static let claim: Claim = {
        func fixed(_ temperature: Double, _ threshold: Double) -> [String: JSONValue] {
            ["bstar.form": .string("fixed"), "play.temperature": .number(temperature), "bstar.threshold": .number(threshold)]
        }
        let cells: [(name: String, settings: [String: JSONValue])] = [
            ("t 1, τ 0", fixed(1, 0)), ("t 1, τ 0.5", fixed(1, 0.5)), ("t 0.5, τ 0.5", fixed(0.5, 0.5)), ("t 1, right only", fixed(1, 1)),
        ]
        func above(_ cell: String, _ measure: String, by smallest: Double) -> Claim.Check {
            Claim.Check(
                "b-star − \(cell), \(measure), at least \(smallest * 100) points", from: cell, to: "b-star", measure: measure,
                direction: .higherByMargin, smallest: smallest)
        }
        return Claim(
            "What can be explored shrinks under a fixed temperature and threshold; choosing both anew by the balance score ends above every fixed choice at "
                + "equal compute, in what one sample and in what 16 samples reach.",
            arms: [Claim.Arm("b-star", recipe: "b-star")] + cells.map { Claim.Arm($0.name, recipe: "b-star", settings: $0.settings) } + [
                Claim.Arm("start", recipe: "b-star", settings: ["iterations": .integer(0), "bstar.form": .string("fixed"), "evaluation.every": .integer(1)])
            ],
            checks: [
                Claim.Check(
                    "fixed t 1, τ 0.5: pass@16 − pass@1 ends at least a fifth below its start",
                    contrast: [
                        Claim.Term("t 1, τ 0.5", "pass@16"), Claim.Term("t 1, τ 0.5", "pass@1", weight: -1), Claim.Term("start", "pass@16", weight: -0.8),
                        Claim.Term("start", "pass@1", weight: 0.8),
                    ], direction: .lower, smallest: 0)
            ] + cells.map { above($0.name, "pass@1", by: 0.015) } + cells.map { above($0.name, "pass@16", by: 0.02) },
            control: Claim.Term("t 1, τ 0.5", "pass@1"), planted: 0.05,
            quick: Claim.Size(seeds: 3, problems: 100, matching: "b-star"), full: Claim.Size(seeds: 5, problems: 150, matching: "b-star"))
    }()
}
