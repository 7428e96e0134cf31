import HoneCore
import HoneEvaluation

/// What `SearchedAttempts` measures of answers that are criticised and refined, with votes, and on the hardest quarter.
///
/// | measure | of |
/// |---|---|
/// | `majority@n` | the most frequent last answer of all samples |
/// | `hard` | last answers to the hardest quarter of the problems that are right |
/// | `reached, hard` | problems of that quarter with a right last answer among the samples |
/// | `sampled tokens` | for each sample, with its critiques and refinements |
struct CritiquedAnswers: Measure {
    static let card = PartCard(
        name: "critiqued-answers", summary: "last answers after critiques, with votes and on the hardest quarter",
        source: "“Enhancing LLM Reasoning via Critique Models”")

    /// What is measured on all problems.
    let attempts: SearchedAttempts
    /// How hard a problem is; of equals the earlier is harder.
    let hardness: @Sendable (Problem) -> Int

    func measure(in scope: Scope) async throws -> Findings {
        findings(of: try await HeldOutPlay(problems: attempts.problems, samples: attempts.samples, cast: attempts.cast).groups(in: scope))
    }

    /// The measures of groups.
    func findings(of groups: [EpisodeGroup]) -> Findings {
        var found = attempts.findings(of: groups)
        let rows = groups.map { group in
            let problem = group.assignment.problem
            return (
                problem: problem, isRight: group.episodes.map(SampleMeasures.isCorrect),
                answers: group.episodes.map { $0.steps.last { $0.role == .solver }.flatMap { attempts.reading($0.move.text, problem).answer } }
            )
        }
        if attempts.samples > 1 {
            found.add("majority@\(attempts.samples)", unit: "share", rows.map { row in
                let vote = ScoredSamples.majorityAtK(answers: row.answers, isRight: row.isRight, k: row.isRight.count, seed: Seed(0))
                return (row.problem.id, vote.map { [$0] } ?? [])
            })
        }
        let ranked = rows.indices.sorted { first, second in
            let (one, other) = (hardness(rows[first].problem), hardness(rows[second].problem))
            return one == other ? first < second : one > other
        }
        let hard = ranked.prefix((rows.count + 3) / 4).sorted().map { rows[$0] }
        found.add("hard", unit: "share", hard.map { ($0.problem.id, $0.isRight.map { $0 ? 1 : 0 }) })
        found.add("reached, hard", unit: "share", hard.map { ($0.problem.id, [$0.isRight.contains(true) ? 1 : 0]) })
        found.add("sampled tokens", unit: "tokens", groups.map { group in
            (group.assignment.problem.id, group.episodes.map { episode in
                Double(episode.steps.flatMap(\.move.segments).reduce(0) { $0 + ($1.tokens?.count ?? 0) })
            })
        })
        return found
    }
}
