import HoneCore
import HoneNumerics

extension DonorCulture {
    /// Cooperation grows in some base models and not in others, by selection and transmission together, with more reciprocity, and differently from culture to culture.
    static let claim: Claim = {
        func arm(_ name: String, _ settings: [String: JSONValue]) -> Claim.Arm { Claim.Arm(name, recipe: "donor-culture", settings: settings) }
        func within(_ name: String) -> [Claim.Check] {
            [
                Claim.Check("with \(name), resources end at no more than 1.15 times those of the first generation", contrast: [Claim.Term(name, "growth")], direction: .notHigher, smallest: 1.15),
                Claim.Check("with \(name), they end at no less than 0.9 times these", contrast: [Claim.Term(name, "growth")], direction: .higherByMargin, smallest: 0.9),
                Claim.Check("they grow more with selection and transmission than with \(name)", from: name, to: "altruist", measure: "growth", direction: .higher, smallest: 0),
            ]
        }
        let growing = [
            Claim.Check("altruists: resources grow to at least 1.5 times", contrast: [Claim.Term("altruist", "growth")], direction: .higherByMargin, smallest: 1.5),
            Claim.Check("free-riders: resources grow to no more than 1.1 times", contrast: [Claim.Term("free-rider", "growth")], direction: .notHigher, smallest: 1.1),
        ]
        let differing = [
            Claim.Check("altruists give more and more by what the recipient gave", contrast: [Claim.Term("altruist", "slope change")], direction: .higher, smallest: 0),
            Claim.Check(
                "cultures of altruists differ more than a culture's generations do",
                contrast: [Claim.Term("altruist", "spread between"), Claim.Term("altruist", "spread within", weight: -1)], direction: .higher, smallest: 0),
        ]
        return Claim(
            "Generosity grows over generations with one temperament and not with another; without selection or without transmission it does not; where it grows, so does reciprocity; and cultures differ "
                + "more from each other than from generation to generation.",
            arms: [
                arm("altruist", ["culture.temperament": .string("altruist")]), arm("imitator", ["culture.temperament": .string("imitator")]),
                arm("free-rider", ["culture.temperament": .string("free-rider")]), arm("random survivors", ["culture.selection": .string("random")]),
                arm("no transmission", ["culture.transmission": .string("none")]),
            ],
            checks: growing + within("random survivors") + within("no transmission") + differing,
            control: Claim.Term("altruist", "generosity, generation 10"), planted: 0.2,
            quick: Claim.Size(seeds: 3, settings: ["base.demonstrations": .integer(6000), "evaluation.problems": .integer(12)]),
            full: Claim.Size(seeds: 5))
    }()
}
