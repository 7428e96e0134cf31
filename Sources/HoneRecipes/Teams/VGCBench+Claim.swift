import HoneCore
import HoneNumerics

extension VGCBench {
    /// Exploiters win less against agents that trained against their past; and, with more teams, less is won of the rule player, and more of it
    /// is lost on unseen teams. Smallest effects: 5 points for the exploiters as in the entry's bar, 0 elsewhere.
    static let claim = Claim(
        "With one team, agents that trained against a mixture of their past are less exploitable than cloned ones and plain self-play; at a fixed "
            + "budget points against the rule player fall with the number of teams, and unseen teams cost points",
        arms: [
            Claim.Arm("bench", recipe: "vgc-bench", settings: ["bench.sheets": .integer(1), "bench.opponents": .array([.string("rules")])]),
            scaling(1), scaling(2), scaling(4), scaling(8),
        ],
        checks: [
            exploited("oracle", below: "bc", .lowerByMargin, 0.05), exploited("fictitious", below: "bc", .lower, 0),
            exploited("oracle", below: "self-play", .lower, 0), exploited("fictitious", below: "self-play", .lower, 0),
            Claim.Check(
                "points of self-play against the rule player fall with every doubling of the teams",
                contrast: zip([1, 2, 4, 8], [-0.3, -0.1, 0.1, 0.3]).map { Claim.Term("teams \($0)", "self-play against rules", weight: $1) },
                direction: .lower, smallest: 0),
            Claim.Check(
                "with 8 teams, self-play wins more with teams it has seen", contrast: [Claim.Term("teams 8", "gap of self-play against rules")],
                direction: .higher, smallest: 0),
        ],
        control: Claim.Term("teams 1", "self-play against rules"), planted: 0.1,
        quick: Claim.Size(
            seeds: 2,
            settings: [
                "iterations": .integer(8), "bench.exploiting": .integer(4), "bench.warmUp": .integer(1), "bench.keepEvery": .integer(2),
                "bench.trials": .integer(12), "base.passes": .integer(80), "play.problems": .integer(8), "evaluation.problems": .integer(100),
            ]),
        full: Claim.Size(seeds: 5))

    /// An arm with so many teams, in which plain self-play is all that is trained.
    private static func scaling(_ teams: Int) -> Claim.Arm {
        Claim.Arm(
            "teams \(teams)", recipe: "vgc-bench",
            settings: [
                "bench.sheets": .integer(teams), "bench.methods": .array([.string("self-play")]), "bench.exploiting": .integer(0),
                "bench.opponents": .array([.string("rules")]),
            ])
    }

    private static func exploited(_ agent: String, below other: String, _ direction: ClaimDirection, _ smallest: Double) -> Claim.Check {
        Claim.Check(
            "exploiters win less against \(agent) than against \(other)",
            contrast: [Claim.Term("bench", "exploiter of \(agent)"), Claim.Term("bench", "exploiter of \(other)", weight: -1)],
            direction: direction, smallest: smallest)
    }
}
