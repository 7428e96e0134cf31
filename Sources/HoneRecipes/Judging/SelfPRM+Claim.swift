import HoneCore
import HoneNumerics

extension SelfPRM {
    /// Solving and judging rise together, and the own judgement chooses about as well as a vote.
    static let claim: Claim = {
        func within(_ statement: String, _ first: String, _ second: String, _ direction: ClaimDirection, _ smallest: Double) -> Claim.Check {
            Claim.Check(statement, contrast: [Claim.Term("learned", first), Claim.Term("learned", second, weight: -1)], direction: direction, smallest: smallest)
        }
        return Claim(
            "A model that learns from outcomes only comes to judge steps as it comes to solve; by its own judgement of steps it chooses among 32 samples about as "
                + "well as a vote, and on hard problems what it accepts is less often right.",
            arms: [Claim.Arm("learned", recipe: "self-prm"), Claim.Arm("start", recipe: "self-prm", settings: ["iterations": .integer(0)])],
            checks: [
                Claim.Check(
                    "accuracy and judging rise together over checkpoints: ρ of at least 0.6 by likelihood",
                    contrast: [Claim.Term("learned", "rank correlation (likelihood)")], direction: .higherByMargin, smallest: 0.6),
                within("its own choice of 32 loses at most 1 point to the vote", "self@32", "majority@32", .notLower, 0.01),
                within("its own choice of 32 beats one sample by at least 5 points", "self@32", "pass@1", .higherByMargin, 0.05),
                within(
                    "what it accepts is right at least 20 points less often in the hardest third than in the easiest", "accepted right, easy", "accepted right, hard",
                    .higherByMargin, 0.2),
            ],
            control: Claim.Term("learned", "pass@1"), planted: 0.05, quick: Claim.Size(seeds: 3, problems: 60), full: Claim.Size(seeds: 6, problems: 100))
    }()
}
