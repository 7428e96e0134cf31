import HoneCore
import HoneText

/// Compares each episode's answer with the problem's: kind `correct`, with what was read and why as critique.
public struct AnswerJudge: Judge {
    public static let card = PartCard(name: "answer", summary: "whether the one final answer equals the reference answer")

    /// How answers are compared.
    public var checker: AnswerChecker

    /// The judge.
    public init(kind: AnswerChecker.Kind = .number) { checker = AnswerChecker(kind: kind) }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        guard let gold = group.assignment.problem.answer else {
            throw CoreError.unsupported("Problem “\(group.assignment.problem.id)” has no reference answer to compare with")
        }
        var cost = Cost()
        cost.judgeCalls = group.episodes.count
        scope.services.charge(cost)
        return Judgement(
            group.episodes.enumerated().map { index, episode in
                let verdict = checker.check(
                    gold: gold, response: episode.response(of: .solver), problem: group.assignment.problem.text)
                return Verdict(on: .episode(index), kind: "correct", value: verdict.correct ? 1 : 0, critique: verdict.reason)
            })
    }
}

/// The judges, by the names users write.
public enum JudgeCatalog {
    /// All of them.
    public static var entries: [(card: PartCard, make: @Sendable () -> any Judge)] {
        [(AnswerJudge.card, { AnswerJudge() }), (StepVerifier.card, { StepVerifier() }), (WorldReturns.card, { WorldReturns() })]
    }

    /// The judge of this name; throws with the nearest names.
    public static func make(_ name: String) throws -> any Judge {
        guard let entry = entries.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "judge", name: name, known: entries.map(\.card.name))
        }
        return entry.make()
    }
}
