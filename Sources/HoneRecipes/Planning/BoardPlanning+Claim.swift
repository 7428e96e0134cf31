import HoneCore
import HoneNumerics

extension BoardPlanning {
    /// A search with a model for the rules, and one written out by the model, decide better than the model alone, and the model's boards are good enough for it.
    static let claim: Claim = {
        func arm(_ name: String, _ own: [String: JSONValue]) -> Claim.Arm {
            // Games against plain decisions cost most, so one arm plays them.
            let games: [String: JSONValue] = name == "external" ? [:] : ["planning.games": .integer(0)]
            return Claim.Arm(name, recipe: "board-planning", settings: games.merging(own.map { ("planning." + $0, $1) }) { $1 })
        }
        func better(_ statement: String, _ first: String, _ second: String, _ direction: ClaimDirection, by smallest: Double) -> Claim.Check {
            Claim.Check(statement, from: first, to: second, measure: "optimal moves", direction: direction, smallest: smallest)
        }
        func atLeast(_ share: Double, _ measure: String, _ statement: String) -> Claim.Check {
            Claim.Check(statement, contrast: [Claim.Term("external", measure)], direction: .higherByMargin, smallest: share)
        }
        return Claim(
            "A tree search in which the model lists moves, values and next states decides better than the model alone and than as many votes; so does a search that the "
                + "model writes out, the more the further it looks; and the model knows the rules well enough for that.",
            arms: [
                arm("external", [:]), arm("plain", ["method": .string("plain")]),
                arm("written", ["method": .string("plain"), "decoding": .string("written")]), arm("internal", ["method": .string("internal")]),
                arm("internal at once", ["method": .string("internal"), "depth": .integer(1), "breadth": .integer(1)]), arm("votes", ["method": .string("votes")]),
                arm("true rules", ["transition": .string("rules")]),
            ],
            checks: [
                better("external − plain, optimal moves: at least 6 points", "plain", "external", .higherByMargin, by: 0.06),
                better("internal − plain: at least 3 points", "plain", "internal", .higherByMargin, by: 0.03),
                better("internal decides better the further it looks", "internal at once", "internal", .higher, by: 0.01),
                better("external − votes at equal calls: at least 3 points", "votes", "external", .higherByMargin, by: 0.03),
                better("means of values are no worse than letters, within 1 point", "written", "plain", .notLower, by: 0.01),
                better("the true rules bring at most 6 points more than the model's", "external", "true rules", .notHigher, by: 0.06),
                atLeast(0.97, "state tracking", "boards after a move are exactly right 97 times in 100"),
                atLeast(0.98, "legality", "98 in 100 listed moves are allowed"),
                atLeast(0.58, "points against plain", "external wins at least 58 points in 100 games against plain decisions"),
            ],
            control: Claim.Term("votes", "optimal moves"), planted: 0.1,
            quick: Claim.Size(seeds: 3, settings: ["evaluation.problems": .integer(150), "planning.games": .integer(40)]),
            full: Claim.Size(seeds: 5, settings: ["evaluation.problems": .integer(200), "planning.games": .integer(60)]))
    }()
}
