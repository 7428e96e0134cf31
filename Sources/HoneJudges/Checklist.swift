import HoneCore

/// Asks every question of a checklist about each answer: the share of yes. Kind `checklist`, on each role that moved, from 0 to 1, with each
/// question and its verdict as critique.
///
/// The questions are given, or drawn once for each problem from the problem alone: one a line, empty and repeated ones left out, at most
/// `limit`. A problem for which no question was drawn cannot be judged, which is an error. Where words are scored a question counts as yes
/// above ½, or with `isSoft` by its probability; where they are drawn, by the majority, or softly by the share of votes.
///
/// Source: Cook et al. 2024, “TICKing All the Boxes: Generated Checklists Improve LLM Evaluation and Generation” (TICK), section 3.
public struct Checklist: Judge {
    public static let card = PartCard(
        name: "checklist", summary: "every question of a given or drawn checklist asked about each answer: the share of yes", source: "Cook et al. 2024, section 3")

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "checklist"
    /// Who answers the questions, and draws them where none are given.
    public var asker: VerdictAsker
    /// The questions; with none they are drawn.
    public var questions: [String]
    /// What stands behind the problem where a checklist is drawn.
    public var asking: String
    /// The most questions that are drawn.
    public var limit: Int
    /// Whether a question counts by its probability or share.
    public var isSoft: Bool
    /// How the question is laid out.
    public var prompt: VerdictPrompt

    /// The judge.
    public init(
        _ asker: VerdictAsker, questions: [String] = [], asking: String = "\n", limit: Int = 8, isSoft: Bool = false,
        prompt: VerdictPrompt = VerdictPrompt()
    ) {
        self.asker = asker
        self.questions = questions
        self.asking = asking
        self.limit = limit
        self.isSoft = isSoft
        self.prompt = prompt
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let plays = group.judgedPlays
        guard let problem = plays.first?.play.problem else { return Judgement([]) }
        let asked = questions.isEmpty ? try await drawn(for: problem, in: scope.child("checklist")) : questions
        let prompts = plays.flatMap { one in asked.map { prompt.text(problem: one.play.problem, answers: [one.play.answer], item: $0) } }
        let replies = try await asker.replies(to: prompts, in: scope)
        return Judgement(
            plays.enumerated().map { place, one in
                let own = replies[(place * asked.count)..<((place + 1) * asked.count)].map { isSoft ? $0.share : $0.share > 0.5 ? 1 : 0 }
                let critique = zip(asked, own).map { question, share in "\(question): \(share > 0.5 ? asker.words.yes : asker.words.no)" }
                return Verdict(
                    on: .role(one.episode, one.role), kind: Self.kind, value: own.reduce(0, +) / Double(own.count), critique: critique.joined(separator: "\n"))
            })
    }

    /// Questions that the asked model writes for a problem.
    private func drawn(for problem: String, in scope: Scope) async throws -> [String] {
        let view = View(role: .verdict, transcript: [.text(prompt.opening + problem + asking, from: .prompt)])
        let text = try await scope.services.policy(asker.player.policy).move(on: view, as: asker.player, in: scope).text
        var found: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let question = line.drop { $0.isWhitespace }
            if !question.isEmpty, found.count < limit, !found.contains(String(question)) { found.append(String(question)) }
        }
        guard !found.isEmpty else {
            throw CoreError.invalid("“\(asker.player.model)” wrote no question for the problem “\(problem.prefix(40))”; give the checklist's questions")
        }
        return found
    }
}
