import HoneCore
import HoneNumerics

extension Sharpening {
    /// Best-of-N by likelihood helps, one forward sample of the sharpened model keeps most of it, and no form finds what the base
    /// could not say.
    ///
    /// Recovery is (pass@1 of the arm − pass@1 of the base) / (best-of-16 − pass@1 of the base), written as a sum so that it is tested
    /// without dividing by a gain that may be near 0.
    static let claim: Claim = {
        func recovery(_ share: Double) -> [Claim.Term] {
            [Claim.Term("sft", "pass@1"), Claim.Term("base", "pass@1", weight: share - 1), Claim.Term("base", "best-of-16", weight: -share)]
        }
        func arm(_ name: String, _ form: String, isWeak: Bool = false) -> Claim.Arm {
            var settings: [String: JSONValue] = ["sharpening.form": .string(form == "base" ? "sft" : form)]
            if form == "base" { settings["iterations"] = .integer(0) }
            if form == "rlhf" || form == "exploration" { settings["sharpening.beta"] = .number(1) }
            // As in the paper: a pair of base answers a prompt, or one answer of the policy beside one of the base.
            if form == "rlhf" { settings["play.samples"] = .integer(2) }
            if form == "exploration" { settings["play.samples"] = .integer(1) }
            if isWeak { settings["base.passes"] = .integer(8) }
            return Claim.Arm(name, recipe: "sharpening", settings: settings)
        }
        let forms = ["base", "sft", "rlhf", "exploration"]
        return Claim(
            "Best-of-16 by the model's own likelihood beats sampling and greedy decoding, SFT-sharpening recovers most of its gain in one sample, and "
                + "from a base below 10 % no form exceeds the base's pass@64.",
            arms: forms.map { arm($0, $0) } + forms.map { arm("weak \($0)", $0, isWeak: true) },
            checks: [
                Claim.Check(
                    "best-of-16 by likelihood is right more often than a sample of the base",
                    contrast: [Claim.Term("base", "best-of-16"), Claim.Term("base", "pass@1", weight: -1)], direction: .higher, smallest: 0),
                Claim.Check(
                    "best-of-16 by likelihood is right more often than greedy decoding of the base",
                    contrast: [Claim.Term("base", "best-of-16"), Claim.Term("base", "greedy", weight: -1)], direction: .higher, smallest: 0),
                Claim.Check("SFT-sharpening recovers at least 30 % of the gain of best-of-16", contrast: recovery(0.3), direction: .higher, smallest: 0),
                Claim.Check("SFT-sharpening recovers at least 60 % of the gain of best-of-16", contrast: recovery(0.6), direction: .higher, smallest: 0),
                Claim.Check(
                    "the weak base is right in less than 10 % of its samples", contrast: [Claim.Term("weak base", "pass@1")], direction: .notHigher,
                    smallest: 0.1),
            ]
                + forms.dropFirst().map { form in
                    Claim.Check(
                        "from a weak base, \(form) is not right more often than the base is once in 64",
                        contrast: [Claim.Term("weak \(form)", "pass@1"), Claim.Term("weak base", "pass@64", weight: -1)], direction: .notHigher, smallest: 0)
                },
            control: Claim.Term("base", "pass@1"), planted: 0.1,
            quick: Claim.Size(seeds: 3, settings: ["evaluation.problems": .integer(100)]),
            full: Claim.Size(seeds: 5))
    }()
}
