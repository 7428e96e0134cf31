import HoneCore
import HoneNumerics

/// The exploration and exploitation monitor of self-improvement, on held-out problems.
///
/// | measure | of |
/// |---|---|
/// | `pass@1`, `pass@k` | samples that are right; problems where one of k samples is |
/// | `unique correct` | different right answers among k samples |
/// | `best-of-k` | problems where the sample with the largest reward is right; of equals the first |
/// | `selection gain` | `best-of-k` less `pass@1` |
/// | `selected right` | of all samples with a reward above `above`, the share that are right |
///
/// k is the count of samples. The first three say how well is explored, the last three how well a reward that does not know the answer exploits it.
/// Source: Zeng et al. 2024, “B-STaR”, section 2.
public struct BalanceMonitor: Measure {
    public static let card = PartCard(
        name: "balance-monitor", summary: "exploration (pass@k, different right answers) and exploitation (best-of-k by a reward, share of selected that are right)",
        source: "Zeng et al. 2024, “B-STaR”, section 2")

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Gives the reward.
    public let judge: any Judge
    /// The kind of its verdicts, on each episode's role.
    public let kind: VerdictKind
    /// What a reward has to be above to be selected.
    public let above: Double

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, judge: any Judge, kind: VerdictKind, above: Double = 0) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.kind = kind
        self.above = above
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: judge).groups(in: scope)
        var found = findings(of: groups)
        let spent = Cost(answering: groups, in: scope)
        let answers = groups.reduce(0) { $0 + $1.episodes.count }
        if found["pass@1"] != nil { found.answering["pass@1"] = Findings.Answering(cost: spent, answers: answers) }
        return found
    }

    /// The measures of groups that were judged.
    public func findings(of groups: [EpisodeGroup]) -> Findings {
        var found = Findings()
        let rows = groups.filter { !$0.episodes.isEmpty }.map { group in
            (
                problem: group.assignment.problem.id, isRight: group.episodes.map(SampleMeasures.isCorrect), said: group.episodes.map { $0.response(of: .solver) },
                rewards: group.episodes.indices.map { group.value(of: kind, episode: $0, role: .solver) ?? -Double.infinity }
            )
        }
        func share(_ isRight: [Bool]) -> Double { Double(isRight.count { $0 }) / Double(isRight.count) }
        func best(_ rewards: [Double]) -> Int { rewards.indices.max { (rewards[$0], -$0) < (rewards[$1], -$1) } ?? 0 }
        found.add("pass@1", unit: "share", rows.map { ($0.problem, $0.isRight.map { $0 ? 1 : 0 }) })
        found.add("pass@\(samples)", unit: "share", rows.map { ($0.problem, [$0.isRight.contains(true) ? 1 : 0]) })
        found.add(
            "unique correct", unit: "answers",
            rows.map { row in (row.problem, [Double(Set(zip(row.said, row.isRight).filter(\.1).map { Array($0.0.utf8) }).count)]) })
        found.add("best-of-\(samples)", unit: "share", rows.map { ($0.problem, [$0.isRight[best($0.rewards)] ? 1 : 0]) })
        found.add("selection gain", unit: "points/100", rows.map { ($0.problem, [($0.isRight[best($0.rewards)] ? 1 : 0) - share($0.isRight)]) })
        found.addRatio(
            "selected right", unit: "share",
            rows.map { row in
                let selected = zip(row.isRight, row.rewards).filter { $0.1 > above }
                return (row.problem, Double(selected.count { $0.0 }), Double(selected.count))
            })
        return found
    }
}
