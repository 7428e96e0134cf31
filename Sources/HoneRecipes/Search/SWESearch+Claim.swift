import HoneCore
import HoneNumerics

extension SWESearch {
    /// Search beats independent runs of as many moves, reasons help, more moves help, and values foretell what hidden tests say.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            Claim.Arm(name, recipe: "swe-search", settings: Dictionary(uniqueKeysWithValues: own.map { ("swe." + $0, $1) }))
        }
        return Claim(
            "With as many tokens of the actor, a tree over the states of a repair with hindsight resolves more than independent runs, more with reasons than "
                + "without feedback, and no less the more moves it has; and what states are valued at foretells what hidden tests say.",
            arms: [
                arm("full", [:]), arm("numbers", ["hindsight": .string("values")]), arm("no feedback", ["hindsight": .string("nothing")]),
                arm("independent", ["method": .string("independent")]), arm("single", ["method": .string("single")]),
                arm("full, 6 moves", ["iterations": .integer(6)]), arm("full, 12 moves", ["iterations": .integer(12)]), arm("debate", ["choice": .string("debate")]),
            ],
            checks: [
                Claim.Check(
                    "full − independent runs: at least 5 points", from: "independent", to: "full", measure: "resolved", direction: .higherByMargin, smallest: 0.05),
                Claim.Check(
                    "full spends at most a tenth more actor tokens than independent runs",
                    contrast: [Claim.Term("full", "actor tokens"), Claim.Term("independent", "actor tokens", weight: -1.1)], direction: .notHigher, smallest: 0),
                Claim.Check(
                    "full − no feedback: at least 2 points", from: "no feedback", to: "full", measure: "resolved", direction: .higherByMargin, smallest: 0.02),
                Claim.Check("12 moves lose at most 1 point to 6", from: "full, 6 moves", to: "full, 12 moves", measure: "resolved", direction: .notLower, smallest: 0.01),
                Claim.Check("24 moves lose at most 1 point to 12", from: "full, 12 moves", to: "full", measure: "resolved", direction: .notLower, smallest: 0.01),
                Claim.Check(
                    "values of states correlate with hidden tests by at least 0.3", contrast: [Claim.Term("full", "value correlation")], direction: .higherByMargin,
                    smallest: 0.3),
            ],
            control: Claim.Term("independent", "resolved"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 40), full: Claim.Size(seeds: 5, problems: 60))
    }()
}
