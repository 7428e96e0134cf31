import HoneCore

/// How often a judge's preference between two answers to one problem is that of the world: win, tie or loss.
///
/// | measure | of |
/// |---|---|
/// | `agreement` | pairs in which the judge says win, tie or loss where the world's returns do |
/// | `order agreement` | pairs with a better answer by the returns in which the judge prefers it; a tie of the judge counts ½ |
/// | `ties` | pairs that are a tie to the judge |
/// | `true ties` | pairs that are a tie by the returns |
/// | `calls`, `tokens` | what judging an answer takes: questions asked, and tokens sampled and read by models |
///
/// All stand behind a prefix. The judge prefers by its verdicts of a kind on each answer, or by those on pairs, of which ½ is a tie; a pair that
/// it says nothing of is left out.
public struct PreferenceAgreement: Measure {
    public static let card = PartCard(
        name: "preference-agreement", summary: "three-way agreement of a judge's preferences with the world's returns, on pairs of answers to held-out problems",
        source: "Cook et al. 2024 (TICK), section 4; Zheng et al. 2023, section 4")

    /// What a judge says of pairs.
    public enum Kind: Hashable, Sendable {
        /// The larger verdict of a kind on answers is preferred.
        case answers(VerdictKind)
        /// More than ½ on a pair prefers its first.
        case pairs(VerdictKind)
    }

    /// The problems.
    public let problems: [Problem]
    /// Answers to each, 2 or more; every two are a pair.
    public let samples: Int
    /// Who answers.
    public let cast: Cast
    /// The judge.
    public let judge: any Judge
    /// Which of its verdicts count.
    public let kind: Kind
    /// What stands before each name.
    public let prefix: String

    /// The measure.
    public init(problems: [Problem], samples: Int = 2, cast: Cast, judge: any Judge, kind: Kind, prefix: String = "judge.") {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.kind = kind
        self.prefix = prefix
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast).groups(in: scope.child("answers"))
        let counted = CountedServices(scope.services)
        let own = scope.child("verdicts")
        let judged = try await groups.concurrently { index, group in
            var copy = group
            copy.verdicts = try await judge.judge(group, in: Scope(services: counted, seed: own.seed, path: own.path).child("problem", index)).verdicts
            return copy
        }
        var found = findings(of: judged)
        let count = groups.reduce(0) { $0 + $1.episodes.count }
        if count > 0 {
            for (name, unit, sum) in [("calls", "calls", counted.cost.judgeCalls), ("tokens", "tokens", counted.cost.tokens)] {
                let each = Double(sum) / Double(count)
                found.estimates[prefix + name] = Estimate(mean: each, low: each, high: each, count: count, unit: unit)
            }
        }
        return found
    }

    /// The measures of judged groups, without what judging cost.
    public func findings(of groups: [EpisodeGroup]) -> Findings {
        let rows = groups.map { (problem: $0.assignment.problem.id, pairs: preferences(in: $0)) }
        var found = Findings()
        func add(_ name: String, _ value: ((said: Int, true: Int)) -> Double?) {
            found.add(prefix + name, unit: "share", rows.map { ($0.problem, $0.pairs.compactMap(value)) })
        }
        add("agreement") { $0.said == $0.true ? 1 : 0 }
        add("order agreement") { $0.true == 0 ? nil : $0.said == $0.true ? 1 : $0.said == 0 ? 0.5 : 0 }
        add("ties") { $0.said == 0 ? 1 : 0 }
        add("true ties") { $0.true == 0 ? 1 : 0 }
        return found
    }

    /// For each pair of a group's answers: 1 where the earlier is preferred, −1 where the later is, 0 for a tie.
    func preferences(in group: EpisodeGroup) -> [(said: Int, true: Int)] {
        // Shares of a few questions are told apart; what rounding makes of one share is not.
        func sign(_ difference: Double) -> Int { difference > 1e-9 ? 1 : difference < -1e-9 ? -1 : 0 }
        var found: [(said: Int, true: Int)] = []
        for first in group.episodes.indices {
            for second in group.episodes.indices where second > first {
                let said: Double?
                switch kind {
                case .answers(let kind):
                    let values = [first, second].compactMap { group.value(of: kind, episode: $0, role: .solver) }
                    said = values.count == 2 ? values[0] - values[1] : nil
                case .pairs(let kind):
                    said = group.verdicts.last { $0.kind == kind && $0.on == .pair(first, over: second) }.map { $0.value - 0.5 }
                }
                guard let said else { continue }
                found.append((sign(said), sign((group.episodes[first].returns[.solver] ?? 0) - (group.episodes[second].returns[.solver] ?? 0))))
            }
        }
        return found
    }
}
