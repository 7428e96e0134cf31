import HoneCore
import HoneNumerics

extension FOBAR {
    /// Asking back beats more votes at equal samples, and is surer of what is right.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            Claim.Arm(name, recipe: "fobar", settings: Dictionary(uniqueKeysWithValues: own.map { ("fobar." + $0, $1) }))
        }
        return Claim(
            "Self-consistency saturates: the chains that ask back from candidate answers bring more than as many further votes, and the probability of both directions "
                + "is a better forecast of being right than the share of votes.",
            arms: [
                arm("fobar", [:]), arm("votes", ["spending": .string("forward")]), arm("few votes", ["spending": .string("nothing")]),
                arm("backward alone", ["alpha": .integer(0)]),
            ],
            checks: [
                Claim.Check(
                    "fobar − votes at equal samples, accuracy: at least 2 points", from: "votes", to: "fobar", measure: "pass@1", direction: .higherByMargin,
                    smallest: 0.02),
                Claim.Check(
                    "more votes bring less than 2 points over few", from: "few votes", to: "votes", measure: "pass@1", direction: .equivalent, smallest: 0.02),
                Claim.Check(
                    "fobar's probability has a lower Brier score than the share of votes", from: "votes", to: "fobar", measure: "Brier score", direction: .lower,
                    smallest: 0.01),
                Claim.Check(
                    "both directions are at least as right as backward alone, within 1 point", from: "backward alone", to: "fobar", measure: "pass@1",
                    direction: .notLower, smallest: 0.01),
                Claim.Check(
                    "fobar's answers cost at most a tenth more tokens than those of as many votes",
                    contrast: [Claim.Term("fobar", "tokens"), Claim.Term("votes", "tokens", weight: -1.1)], direction: .notHigher, smallest: 0),
            ],
            control: Claim.Term("votes", "pass@1"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 150), full: Claim.Size(seeds: 5, problems: 400))
    }()
}
