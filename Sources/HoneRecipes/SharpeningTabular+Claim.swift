import HoneCore
import HoneNumerics

extension SharpeningTabular {
    /// What best-of-N needs grows with the coverage, and exploring needs at most half of it where coverage is worst.
    static let claim: Claim = {
        let forms = SharpeningForm.allCases.map(\.rawValue)
        func against(_ form: String, share: Double) -> [Claim.Term] {
            [Claim.Term(form, "queries at 80"), Claim.Term("sft", "queries at 80", weight: -share)]
        }
        return Claim(
            "SFT-sharpening needs queries in the order of the coverage; exploration needs at most half of them at a coverage of 80.",
            arms: forms.map { Claim.Arm($0, recipe: "sharpening-tabular", settings: ["tabular.form": .string($0)]) },
            checks: [
                Claim.Check(
                    "queries of SFT-sharpening rise with the coverage: rank correlation of at least 0.8", contrast: [Claim.Term("sft", "rank correlation")],
                    direction: .higherByMargin, smallest: 0.8),
                Claim.Check(
                    "exploration needs at most half the queries of SFT-sharpening at a coverage of 80", contrast: against("exploration", share: 0.5),
                    direction: .notHigher, smallest: 0),
                Claim.Check(
                    "exploration with a new base answer in every pair needs fewer queries than SFT-sharpening at a coverage of 80",
                    contrast: against("exploration-fresh", share: 1), direction: .lower, smallest: 0),
            ], control: Claim.Term("sft", "queries at 80"), planted: 10_000, quick: Claim.Size(seeds: 10), full: Claim.Size(seeds: 10, settings: ["tabular.tables": .integer(20)]))
    }()
}
