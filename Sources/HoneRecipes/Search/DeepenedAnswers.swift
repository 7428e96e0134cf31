import HoneCore
import HoneEvaluation
import HoneSearch

/// What `SearchedConfidence` measures, on the harder half of the problems too, and what looking back does inside samples.
///
/// | measure | of |
/// |---|---|
/// | `hard half` | answers to the harder half of the problems that are right |
/// | `changes to right` | how often a sample that had ended wrongly ends rightly the next time, for each sample |
/// | `changes to wrong` | how often one that had ended rightly ends wrongly |
///
/// Changes are counted in samples whose search noted where they had ended (`look`).
struct DeepenedAnswers: Measure {
    static let card = PartCard(
        name: "deepened-answers", summary: "accuracy also on the harder half, and how answers change inside samples", source: "after Chen, Koenig and Dilkina 2025")

    /// What is measured on all problems.
    let all: SearchedConfidence
    /// How hard a problem is; of equals the earlier is harder.
    let hardness: @Sendable (Problem) -> Int

    func measure(in scope: Scope) async throws -> Findings { findings(of: try await all.played(in: scope)) }

    /// The measures of groups with what each cost.
    func findings(of played: [(group: EpisodeGroup, cost: Cost)]) -> Findings {
        var found = all.findings(of: played)
        let ranked = played.indices.sorted { first, second in
            let (one, other) = (hardness(played[first].group.assignment.problem), hardness(played[second].group.assignment.problem))
            return one == other ? first < second : one > other
        }
        found.add("hard half", unit: "share", ranked.prefix((played.count + 1) / 2).sorted().map { index in
            let group = played[index].group
            return (group.assignment.problem.id, group.episodes.map { SampleMeasures.isCorrect($0) ? 1 : 0 })
        })
        let changes = played.map { own in
            let problem = own.group.assignment.problem
            return (problem: problem.id, samples: own.group.episodes.flatMap { looks(in: $0, problem) })
        }
        for (name, after) in [("changes to right", true), ("changes to wrong", false)] {
            found.add(name, unit: "per sample", changes.map { row in
                (row.problem, row.samples.map { looks in Double(zip(looks, looks.dropFirst()).count { $0 != after && $1 == after }) })
            })
        }
        return found
    }

    /// Of each sample, whether it was right each time it had ended.
    private func looks(in episode: Episode, _ problem: Problem) -> [[Bool]] {
        guard let tree = episode.steps.lazy.compactMap(\.move.tree).first else { return [] }
        return tree.nodes.compactMap { node in
            let looks = node.verdicts.filter { $0.kind == .look }
            return looks.isEmpty ? nil : looks.map { all.isRight($0.critique ?? "", problem) }
        }
    }
}
