import HoneCore
import HoneNumerics

extension GPTBargaining {
    /// What a critic says moves the price, more than being told to do better or anything at random; sellers gain more; and better prices cost deals.
    static let claim: Claim = {
        func arm(_ name: String, _ feedback: String, _ coached: String = "seller") -> Claim.Arm {
            Claim.Arm(name, recipe: "gpt-bargaining", settings: ["bargaining.feedback": .string(feedback), "bargaining.coached": .string(coached)])
        }
        func size(seeds: Int, games: Int) -> Claim.Size { Claim.Size(seeds: seeds, settings: ["evaluation.problems": .integer(games)]) }
        return Claim(
            "A critic's advice raises the seller's price from round to round by more than constant or random advice does, the seller gains more than a coached buyer, and fewer talks end with a deal.",
            arms: [
                arm("critic", "critic"), arm("constant", "constant"), arm("random", "random"), arm("none", "none"), arm("buyer critic", "critic", "buyer"),
            ],
            checks: [
                Claim.Check("critic − constant, gain by round 2, at least 0.4", from: "constant", to: "critic", measure: "gain, round 2", direction: .higherByMargin, smallest: 0.4),
                Claim.Check("critic − constant, gain by round 5, at least 0.4", from: "constant", to: "critic", measure: "gain, round 5", direction: .higherByMargin, smallest: 0.4),
                Claim.Check("critic − random, gain by round 5", from: "random", to: "critic", measure: "gain, round 5", direction: .higher, smallest: 0.2),
                Claim.Check("seller − buyer, gain by round 5", from: "buyer critic", to: "critic", measure: "gain, round 5", direction: .higher, smallest: 0.2),
                Claim.Check(
                    "fewer deals in round 5 than in round 1", contrast: [Claim.Term("critic", "deal rate, round 5"), Claim.Term("critic", "deal rate, round 1", weight: -1)],
                    direction: .lower, smallest: 0.02),
            ],
            control: Claim.Term("constant", "payoff, round 5"), planted: 0.4, quick: size(seeds: 3, games: 80), full: size(seeds: 5, games: 300))
    }()
}
