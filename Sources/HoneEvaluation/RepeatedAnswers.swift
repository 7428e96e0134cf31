import HoneCore
import HoneNumerics

/// How far answering again leads: success within the cap on answers, and what a critic in between takes for right.
///
/// | measure | of |
/// |---|---|
/// | `success` | episodes whose last answer is right |
/// | `first answer` | episodes whose first answer is right |
/// | `answers` | mean count of answers |
/// | `lost` | episodes in which some answer is right and the last one wrong |
/// | `false accepts` | wrong answers that the critic accepts, of all wrong ones it judged |
/// | `false rejects` | right answers that the critic refuses, of all right ones it judged |
public struct RepeatedAnswers: Measure {
    public static let card = PartCard(
        name: "repeated-answers", summary: "success within a cap on answers, answers used, and a critic's false accepts and rejects",
        source: "Stechly et al. 2023, “GPT-4 Doesn't Know It's Wrong”")

    /// The problems.
    public let problems: [Problem]
    /// Episodes of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Says of each step of the solver whether it is right.
    public let judge: any Judge
    /// The kind of its verdicts.
    public let kind: VerdictKind
    /// Whether a critic's words accept an answer.
    public let accepts: @Sendable (String) -> Bool

    /// The measure.
    public init(
        problems: [Problem], samples: Int, cast: Cast, judge: any Judge, kind: VerdictKind = "correct",
        accepts: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.judge = judge
        self.kind = kind
        self.accepts = accepts
    }

    public func measure(in scope: Scope) async throws -> Findings {
        findings(of: try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: judge).groups(in: scope))
    }

    /// The measures of groups whose answers were judged.
    public func findings(of groups: [EpisodeGroup]) -> Findings {
        var found = Findings()
        let rows = groups.map { (problem: $0.assignment.problem.id, answers: $0.answers(judged: kind).filter { !$0.isEmpty }) }
        func add(_ name: String, _ unit: String, _ value: ([Bool]) -> Double) {
            found.add(name, unit: unit, rows.map { ($0.problem, $0.answers.map(value)) })
        }
        add("success", "share") { $0.last == true ? 1 : 0 }
        add("first answer", "share") { $0.first == true ? 1 : 0 }
        add("answers", "answers") { Double($0.count) }
        add("lost", "share") { $0.contains(true) && $0.last != true ? 1 : 0 }
        let judged = groups.map { (problem: $0.assignment.problem.id, pairs: critiqued($0)) }
        guard judged.contains(where: { !$0.pairs.isEmpty }) else { return found }
        func rate(_ name: String, of isRight: Bool, where isCounted: @escaping (Bool) -> Bool) {
            found.addRatio(
                name, unit: "share",
                judged.map { row in
                    let own = row.pairs.filter { $0.isRight == isRight }
                    return (row.problem, Double(own.filter { isCounted($0.isAccepted) }.count), Double(own.count))
                })
        }
        rate("false accepts", of: false) { $0 }
        rate("false rejects", of: true) { !$0 }
        return found
    }

    /// Each answer that a critic spoke about: the critic's step is the one behind it.
    private func critiqued(_ group: EpisodeGroup) -> [(isRight: Bool, isAccepted: Bool)] {
        group.episodes.enumerated().flatMap { index, episode in
            episode.steps.indices.dropFirst().compactMap { step in
                guard episode.steps[step].role == "critic", episode.steps[step - 1].role == .solver,
                    let verdict = group.verdicts.last(where: { $0.kind == kind && $0.on == .step(index, step - 1) })
                else { return nil }
                return (verdict.value >= 1, accepts(episode.steps[step].move.text))
            }
        }
    }
}

/// Lets a critic judge answers of several kinds, right and wrong ones, and counts how often it is right of each.
///
/// Measures are `critic on <kind>`: the share of correct verdicts, for the kinds that the problems carry in their details under `kind`.
public struct CriticTrial: Measure {
    public static let card = PartCard(
        name: "critic-trial", summary: "how often a critic is right of answers of several kinds", source: "Stechly et al. 2023")

    /// The problems; each carries the answer to be judged as its demonstration, or none for the solver's own.
    public let problems: [Problem]
    /// Episodes of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: nil).groups(in: scope)
        var found = Findings()
        for kind in Set(groups.compactMap { $0.assignment.problem.details["kind"] }).sorted() {
            found.add(
                "critic on \(kind)", unit: "share",
                groups.filter { $0.assignment.problem.details["kind"] == kind }.map { group in
                    (group.assignment.problem.id, group.episodes.compactMap { $0.returns["critic"] })
                })
        }
        return found
    }
}
