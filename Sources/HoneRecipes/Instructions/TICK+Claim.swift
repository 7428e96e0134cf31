import HoneCore
import HoneNumerics

extension TICK {
    /// A checklist agrees with the truth more often than a mark, chooses better answers, and guides refinement better than a critique.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            Claim.Arm(name, recipe: "tick", settings: Dictionary(uniqueKeysWithValues: own.map { ("tick." + $0, $1) }))
        }
        func size(seeds: Int, problems: Int, pairs: Int) -> Claim.Size {
            Claim.Size(seeds: seeds, settings: ["evaluation.problems": .integer(problems), "tick.pairs": .integer(pairs)])
        }
        return Claim(
            "Judging by a checklist agrees with the verifier's preferences more often than a mark for the whole answer, by the same model after equal teaching; it "
                + "chooses better among as many answers; and refining behind its verdicts beats refining behind a critique at equal calls.",
            arms: [
                arm("checklist", ["judge": .string("checklist")]), arm("score", ["judge": .string("score")]),
                arm("pairwise", ["judge": .string("pairwise"), "method": .string("single")]), arm("stick", ["method": .string("stick")]),
                arm("self-refine", ["method": .string("self-refine")]),
            ],
            checks: [
                Claim.Check(
                    "checklist − mark, agreement with the verifier: at least 3 points", from: "score", to: "checklist", measure: "judge.agreement",
                    direction: .higherByMargin, smallest: 0.03),
                Claim.Check(
                    "best of 8 by checklist − by mark, all constraints met", from: "score", to: "checklist", measure: "accuracy", direction: .higher, smallest: 0.02),
                Claim.Check(
                    "best of 8 by checklist − one answer, all constraints met", from: "pairwise", to: "checklist", measure: "accuracy", direction: .higher,
                    smallest: 0.02),
                Claim.Check(
                    "refinement behind the checklist − behind a critique, all constraints met", from: "self-refine", to: "stick", measure: "accuracy",
                    direction: .higher, smallest: 0.02),
            ],
            control: Claim.Term("score", "accuracy"), planted: 0.05, quick: size(seeds: 3, problems: 150, pairs: 300),
            full: size(seeds: 6, problems: 200, pairs: 500))
    }()
}
