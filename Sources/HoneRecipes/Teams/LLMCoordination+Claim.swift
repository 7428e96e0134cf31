import HoneCore
import HoneNumerics

extension LLMCoordination {
    /// The entry's three bars: questions that cannot be answered blind, a cross-play drop that is 10 points larger for self-play, and fewer unsound
    /// moves under a check.
    static let claim = Claim(
        "Questions are not answered blind; a policy that learned by playing with itself loses at least 10 points more of its score with strangers than an agent "
            + "taught a convention with a line on its partner; and checking moves makes fewer unsound ones",
        arms: [
            arm("partner", [:]), arm("no partner", ["modules.partner": .bool(false)]),
            arm("checked by rules", ["modules.verification": .string("rules")]), arm("checked by itself", ["modules.verification": .string("model")]),
            arm("self-play", ["learning": .string("self-play"), "modules.partner": .bool(false)]),
        ],
        checks: [
            Claim.Check(
                "a constant answer gets at most 30 % of the questions", contrast: [Claim.Term("partner", "blind accuracy")], direction: .notHigher, smallest: 0.3),
            Claim.Check(
                "the taught agent answers questions better than chance", contrast: [Claim.Term("partner", "corrected accuracy")], direction: .higher, smallest: 0),
            Claim.Check(
                "self-play loses at least 10 points more of its score with strangers", from: "partner", to: "self-play", measure: "cross-play drop",
                direction: .higherByMargin, smallest: 0.1),
            Claim.Check(
                "a check by the rules makes fewer unsound moves", from: "partner", to: "checked by rules", measure: "unsound moves", direction: .lower, smallest: 0),
            Claim.Check(
                "a check by the model itself makes fewer unsound moves", from: "partner", to: "checked by itself", measure: "unsound moves", direction: .lower,
                smallest: 0),
            Claim.Check(
                "the line on the partner raises the score", from: "no partner", to: "partner", measure: "self-play score", direction: .higher, smallest: 0),
        ],
        control: Claim.Term("partner", "self-play score"), planted: 0.5,
        quick: Claim.Size(
            seeds: 2,
            settings: [
                "base.demonstrations": .integer(1500), "base.passes": .integer(4), "questions.taught": .integer(600), "questions.measured": .integer(120),
                "evaluation.problems": .integer(60), "iterations": .integer(12),
            ]),
        full: Claim.Size(seeds: 5))

    private static func arm(_ name: String, _ settings: [String: JSONValue]) -> Claim.Arm {
        Claim.Arm(name, recipe: "llm-coordination", settings: settings)
    }
}
