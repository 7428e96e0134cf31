import HoneCore
import HoneNumerics

extension CPL {
    /// Pairs of plan steps with margins carry further than right ways alone, and no less far than pairs without margins.
    static let claim: Claim = {
        func arm(_ name: String, _ settings: [String: JSONValue] = [:]) -> Claim.Arm { Claim.Arm(name, recipe: "cpl", settings: settings) }
        return Claim(
            "After one round from the same trees, pairs of plan steps that ask margins as large as their difference in value make greedy answers right more "
                + "often outside the domain than right ways alone, learned as long, and no less often than pairs without margins; and margins follow the values.",
            arms: [
                arm("step-apo"), arm("step-dpo", ["cpl.alpha": .number(0)]),
                // More passes than the budget allows: it ends where Step-APO does.
                arm("paths", ["cpl.form": .string("paths"), "cpl.passes": .integer(20)]),
                arm("start", ["iterations": .integer(0)]),
            ],
            checks: [
                Claim.Check(
                    "step-apo − paths out of domain, at least 3 points", from: "paths", to: "step-apo", measure: "out of domain", direction: .higherByMargin,
                    smallest: 0.03),
                Claim.Check(
                    "step-apo not below step-dpo out of domain", from: "step-dpo", to: "step-apo", measure: "out of domain", direction: .notLower, smallest: 0.01),
                Claim.Check("step-apo not below paths in the domain", from: "paths", to: "step-apo", measure: "in domain", direction: .notLower, smallest: 0.01),
                Claim.Check(
                    "step-apo ends above its start out of domain", from: "start", to: "step-apo", measure: "out of domain", direction: .higher, smallest: 0.01),
                Claim.Check(
                    "margins follow values under step-apo, by 0.3 or more", contrast: [Claim.Term("step-apo", "margin order")], direction: .higherByMargin,
                    smallest: 0.3),
            ],
            control: Claim.Term("paths", "out of domain"), planted: 0.05,
            quick: Claim.Size(seeds: 3, problems: 150, matching: "step-apo"), full: Claim.Size(seeds: 6, problems: 200, matching: "step-apo"))
    }()
}
