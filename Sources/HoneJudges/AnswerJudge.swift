import HoneCore
import HoneText

/// Compares each episode's answer with the problem's: kind `correct`, with what was read and why as critique.
public struct AnswerJudge: Judge {
    public static let card = PartCard(name: "answer", summary: "whether the one final answer equals the reference answer")

    /// How answers are compared.
    public var checker: AnswerChecker

    /// The judge.
    public init(kind: AnswerChecker.Kind = .number) { checker = AnswerChecker(kind: kind) }

    /// What can be set: the `kind` of answer.
    static let defaults = JSONValue.object(["kind": .string(AnswerChecker.Kind.number.rawValue)])

    /// The judge of resolved settings; throws with the nearest kinds.
    init(settings: JSONValue) throws {
        let name = settings["kind"]?.text ?? ""
        guard let kind = AnswerChecker.Kind(rawValue: name) else {
            throw CoreError.unknown(kind: "kind of answer", name: name, known: AnswerChecker.Kind.allCases.map(\.rawValue))
        }
        self.init(kind: kind)
    }

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
