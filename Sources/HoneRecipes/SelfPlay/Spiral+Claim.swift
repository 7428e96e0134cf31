import HoneCore
import HoneNumerics

extension Spiral {
    /// Self-play leads nearer to equilibrium than a fixed opponent or an expert's games at equal compute, and advantages conditioned on the seat
    /// play better than one baseline for all seats, or none.
    ///
    /// The first part is on Kuhn poker, where exploitability is exact. The second is on tic-tac-toe, whose first seat has the better of it; in Kuhn
    /// poker the seats' values differ by 1/9 only, so that the ablation could hardly be seen.
    static let claim: Claim = {
        func kuhn(_ name: String, _ settings: [String: JSONValue] = [:]) -> Claim.Arm {
            Claim.Arm(name, recipe: "spiral", settings: ["task.world": .string("kuhn-poker"), "yardsticks.against": .array([])].merging(settings) { $1 })
        }
        // More is taught, as of a model that was taught 150 times 32 plays more than half of all plays end with an illegal move; it learns from fewer plays at once.
        func noughts(_ name: String, _ settings: [String: JSONValue] = [:]) -> Claim.Arm {
            Claim.Arm(
                name, recipe: "spiral",
                settings: [
                    "task.world": .string("tic-tac-toe"), "yardsticks.against": .array([.string("random")]), "yardsticks.isExact": .bool(false),
                    "base.passes": .integer(600), "play.problems": .integer(32), "learner.rate": .number(3e-4),
                ].merging(settings) { $1 })
        }
        func size(seeds: Int, iterations: Int, plays: Int, teaching: Int) -> Claim.Size {
            Claim.Size(
                seeds: seeds,
                settings: [
                    "iterations": .integer(iterations), "evaluation.every": .integer(iterations), "play.problems": .integer(64), "learner.miniBatch": .integer(0),
                    "learner.rate": .number(1e-4), "yardsticks.plays": .integer(plays), "base.passes": .integer(teaching),
                ])
        }
        return Claim(
            "Self-play ends less exploitable than training against a random opponent and than imitating a searching player's games; with an advantage for each "
                + "seat, play is stronger than with one baseline for all seats or with none.",
            arms: [
                kuhn("self-play"), kuhn("random opponent", ["opponents.scheme": .string("fixed"), "opponents.player": .string("random")]),
                kuhn("expert games", ["opponents.teacher": .string("mcts:200"), "learner.rate": .number(1e-9)]),
                noughts("each seat"), noughts("all seats", ["selfPlay.baseline": .string("all")]), noughts("no baseline", ["selfPlay.decay": .number(1)]),
            ],
            checks: [
                Claim.Check(
                    "self-play − random opponent, exploitability in Kuhn poker", from: "random opponent", to: "self-play", measure: "exploitability",
                    direction: .lower, smallest: 0.05),
                Claim.Check(
                    "self-play − imitation of expert games, exploitability in Kuhn poker", from: "expert games", to: "self-play", measure: "exploitability",
                    direction: .lower, smallest: 0.05),
                Claim.Check(
                    "a baseline for each seat − one for all, return against random play in tic-tac-toe", from: "all seats", to: "each seat",
                    measure: "return against random", direction: .higher, smallest: 0.02),
                Claim.Check(
                    "a baseline for each seat − none, return against random play in tic-tac-toe", from: "no baseline", to: "each seat",
                    measure: "return against random", direction: .higher, smallest: 0.02),
            ],
            control: Claim.Term("each seat", "return against random"), planted: 0.2,
            quick: size(seeds: 3, iterations: 30, plays: 400, teaching: 150), full: size(seeds: 6, iterations: 150, plays: 1000, teaching: 400))
    }()
}
