import HoneCore
import HoneCredit
import HoneEvaluation

/// How far apart the two answers are of the preference pairs that a way of playing makes of held-out problems; nothing is learned from them.
///
/// `pair edits`: the mean edit distance in tokens over all pairs; `pairs`: how many a problem gives.
struct PairEdits: Measure {
    static let card = PartCard(
        name: "pair-edits", summary: "the edit distance of the pairs that a credit makes of held-out plays", source: "Cheng et al. 2024 (SPaR), section 2.1")

    /// The problems.
    let problems: [Problem]
    /// Plays of each.
    let samples: Int
    /// Who plays.
    let cast: Cast
    /// Says what plays are worth, where the credit asks.
    let judge: (any Judge)?
    /// What makes the pairs.
    let credit: any Credit

    func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: judge).groups(in: scope.child("pairs"))
        return try findings(of: groups)
    }

    /// The measures of groups.
    func findings(of groups: [EpisodeGroup]) throws -> Findings {
        let rows = try groups.map { group in
            var group = group
            // Credits refuse what is held out; here a batch is only looked at.
            group.assignment.problem.isHeldOut = false
            var credit = credit
            let batch = try credit.batch(for: [.solver], from: [group], scores: ScoreTable())
            let edits = batch.pairs.map { Double(EditDistance.count(batch.examples[$0.chosen].tokens, batch.examples[$0.rejected].tokens)) }
            return (problem: group.assignment.problem.id, numerator: edits.reduce(0, +), denominator: Double(edits.count))
        }
        var found = Findings()
        found.addRatio("pair edits", unit: "tokens", rows)
        found.add("pairs", unit: "pairs", rows.map { ($0.problem, [$0.denominator]) })
        return found
    }
}
