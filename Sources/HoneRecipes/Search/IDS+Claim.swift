import HoneCore
import HoneNumerics

extension IDS {
    /// Growing intervals beat votes at equal characters and even intervals, and not because there is more text.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            Claim.Arm(name, recipe: "ids", settings: Dictionary(uniqueKeysWithValues: own.map { ("ids." + $0, $1) }))
        }
        return Claim(
            "At equal decoded characters a vote over samples that are made to look back at growing intervals is right more often on hard questions than a vote over "
                + "plain samples and than one with triggers at even intervals; words that say nothing bring nothing.",
            arms: [
                arm("growing", [:]), arm("even", ["form": .string("even")]), arm("end", ["form": .string("end")]), arm("filler", ["form": .string("filler")]),
                arm("votes", ["form": .string("votes")]), arm("γ 1.2", ["growth": .number(1.2)]), arm("γ 3", ["growth": .number(3)]),
            ],
            checks: [
                Claim.Check(
                    "growing − votes on the hard half: at least 2 points", from: "votes", to: "growing", measure: "hard half", direction: .higherByMargin,
                    smallest: 0.02),
                Claim.Check(
                    "growing − even on the hard half: at least 1 point", from: "even", to: "growing", measure: "hard half", direction: .higherByMargin, smallest: 0.01),
                Claim.Check(
                    "words that say nothing gain at most half a point over votes", from: "votes", to: "filler", measure: "hard half", direction: .notHigher,
                    smallest: 0.005),
                Claim.Check(
                    "changes to right outnumber changes to wrong by at least 1.2 to 1",
                    contrast: [Claim.Term("growing", "changes to right"), Claim.Term("growing", "changes to wrong", weight: -1.2)], direction: .higher, smallest: 0),
                Claim.Check(
                    "growing draws at most a tenth more tokens than votes",
                    contrast: [Claim.Term("growing", "sampled tokens"), Claim.Term("votes", "sampled tokens", weight: -1.1)], direction: .notHigher, smallest: 0),
            ],
            control: Claim.Term("votes", "pass@1"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 100), full: Claim.Size(seeds: 6, problems: 150))
    }()
}
