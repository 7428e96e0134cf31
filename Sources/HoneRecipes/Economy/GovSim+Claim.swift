import HoneCore
import HoneNumerics

extension GovSim {
    /// Talk and generalising keep a commons longer, a greedy newcomer shorter; who understands it keeps it; and learning on the group's gain saves it.
    static let claim: Claim = {
        func arm(_ name: String, _ settings: [String: JSONValue] = [:]) -> Claim.Arm { Claim.Arm(name, recipe: "govsim", settings: settings) }
        func learned(_ name: String, _ reward: String) -> Claim.Arm { arm(name, ["iterations": .integer(30), "commons.reward": .string(reward)]) }
        func survival(_ statement: String, from first: String, to second: String, _ direction: ClaimDirection) -> Claim.Check {
            Claim.Check(statement, from: first, to: second, measure: "survival time", direction: direction, smallest: 0)
        }
        return Claim(
            "A commons lasts longer with talk than without, longer where its users are told what happens if all take more than their share, and shorter with a greedy newcomer; understanding it goes "
                + "with keeping it; learning on the group's gain keeps it nearly always, and learning on one's own gain no more often.",
            arms: [
                arm("default"), arm("silent", ["task.settings.talk": .string("none")]), arm("universal", ["task.settings.universalises": .bool(true)]),
                arm("newcomer", ["task.settings.newcomerRound": .integer(3)]),
                arm("checkpoints", ["commons.checkpoints": .integer(8), "base.demonstrations": .integer(6000), "base.passes": .integer(2)]),
                learned("group gain", "group"), learned("own gain", "own"),
            ],
            checks: [
                survival("speech − none, survival time", from: "silent", to: "default", .higher),
                survival("generalising − default, survival time", from: "default", to: "universal", .higher),
                survival("newcomer − default, survival time", from: "default", to: "newcomer", .lower),
                Claim.Check(
                    "sub-skills and survival over 8 moments of teaching: rank correlation of at least 0.5", contrast: [Claim.Term("checkpoints", "skills and survival")],
                    direction: .higherByMargin, smallest: 0.5),
                Claim.Check(
                    "after learning on the group's gain at least 90 % survive", contrast: [Claim.Term("group gain", "survival rate")], direction: .higherByMargin, smallest: 0.9),
                Claim.Check(
                    "after learning on the own gain not more survive than after learning on the group's", from: "group gain", to: "own gain", measure: "survival rate",
                    direction: .notHigher, smallest: 0),
            ],
            control: Claim.Term("default", "survival time"), planted: 1,
            // The arms learn for 30 iterations at every size: with 512 rows these are 60 optimiser steps; a quick check plays less in each.
            quick: Claim.Size(
                seeds: 2,
                settings: [
                    "evaluation.problems": .integer(40), "evaluation.every": .integer(1000), "commons.skills": .integer(40), "commons.checkpointPlays": .integer(20),
                    "play.problems": .integer(2), "play.samples": .integer(6), "learner.rows": .integer(512),
                ]),
            full: Claim.Size(seeds: 5, settings: ["evaluation.every": .integer(1000)]))
    }()
}
