import HoneCore
import HoneNumerics

/// A judge's scorecard on held-out problems: it judges answers of a player, and what it says is held against the world's returns.
///
/// The names are those of the scorecard behind a prefix (`judge.accuracy`, `judge.AUROC`, …), with `judge.calls` and `judge.tokens`, what it asks and
/// what models work on for it, for each answer. An answer is right where the solver's return is 1 or more; its length counts tokens, or characters
/// of text that has none. Pairs are read where a verdict on a pair in each order is given; answers without a verdict are left out.
public struct JudgeMeasure: Measure {
    public static let card = PartCard(
        name: "judge-scorecard", summary: "accuracy, AUROC, calibration, position and length bias, order consistency and cost of a judge on held-out problems",
        source: "Zheng et al. 2023, sections 3.3 and 3.4; Guo et al. 2017")

    /// The problems.
    public let problems: [Problem]
    /// Answers to each; judges of pairs need 2 or more.
    public let samples: Int
    /// Who answers.
    public let cast: Cast
    /// The judge.
    public let judge: any Judge
    /// The kind of its verdicts on single answers.
    public let kind: VerdictKind
    /// The kind of its verdicts on a pair in the order shown: how much is for the first.
    public let pairKind: VerdictKind?
    /// What stands before each name.
    public let prefix: String

    /// The measure.
    public init(
        problems: [Problem], samples: Int, cast: Cast, judge: any Judge, kind: VerdictKind, pairKind: VerdictKind? = nil, prefix: String = "judge."
    ) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.kind = kind
        self.pairKind = pairKind
        self.prefix = prefix
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast).groups(in: scope.child("answers"))
        let counted = CountedServices(scope.services)
        let own = scope.child("verdicts")
        let judged = try await groups.concurrently { index, group in
            try await judge.judge(group, in: Scope(services: counted, seed: own.seed, path: own.path).child("problem", index)).verdicts
        }
        var answers: [JudgeScorecard.Answer] = []
        var pairs: [JudgeScorecard.Pair] = []
        for (group, verdicts) in zip(groups, judged) {
            var copy = group
            copy.verdicts = verdicts
            answers += Self.answers(of: copy, kind: kind)
            if let pairKind { pairs += Self.pairs(of: copy, kind: pairKind) }
        }
        var found = Findings(estimates: JudgeScorecard.estimates(answers: answers, pairs: pairs, prefix: prefix, seed: scope.seed))
        let count = groups.reduce(0) { $0 + $1.episodes.count }
        if count > 0 {
            for (name, unit, sum) in [("calls", "calls", counted.cost.judgeCalls), ("tokens", "tokens", counted.cost.tokens)] {
                let each = Double(sum) / Double(count)
                found.estimates[prefix + name] = Estimate(mean: each, low: each, high: each, count: count, unit: unit)
            }
        }
        return found
    }

    /// The verdicts of a kind on the solver's answers in a group.
    public static func answers(of group: EpisodeGroup, kind: VerdictKind) -> [JudgeScorecard.Answer] {
        group.episodes.enumerated().compactMap { index, episode in
            group.value(of: kind, episode: index, role: .solver).map { score in
                let length = episode.steps.filter { $0.role == .solver }.flatMap(\.move.segments).reduce(0) { $0 + ($1.tokens?.count ?? $1.text.count) }
                return JudgeScorecard.Answer(
                    problem: group.assignment.problem.id, score: score, isRight: SampleMeasures.isCorrect(episode), length: Double(length))
            }
        }
    }

    /// The verdicts of a kind on the pairs of a group that were asked about in both orders; the better answer is the one with the higher return.
    public static func pairs(of group: EpisodeGroup, kind: VerdictKind) -> [JudgeScorecard.Pair] {
        func share(_ first: Int, _ second: Int) -> Double? { group.verdicts.last { $0.kind == kind && $0.on == .pair(first, over: second) }?.value }
        var found: [JudgeScorecard.Pair] = []
        for first in group.episodes.indices {
            for second in group.episodes.indices where second > first {
                guard let there = share(first, second), let back = share(second, first) else { continue }
                let (own, other) = (group.episodes[first].returns[.solver] ?? 0, group.episodes[second].returns[.solver] ?? 0)
                found.append(
                    JudgeScorecard.Pair(
                        problem: group.assignment.problem.id, whenFirst: there, whenSecond: 1 - back, isBetter: own == other ? nil : own > other))
            }
        }
        return found
    }
}
