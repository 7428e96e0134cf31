import HoneCore

/// Draws several verdicts of a model on each answer, or its beginning: the share of yes. Kind `votes`, on each role that moved, from 0 to 1,
/// with what was drawn as critique.
///
/// A drawn text may think first; its last verdict word counts. A text without one votes for neither, and where none can be read the share is ½.
///
/// Source: Zhang et al. 2024, “Generative Verifiers” (GenRM-CoT), section 3.3; Mahan et al. 2024, “Generative Reward Models”. Departure: each vote
/// counts whole, where GenRM averages the probabilities of the accepting word behind each drawn thought.
public struct GenerativeVotes: Judge {
    public static let card = PartCard(
        name: "votes", summary: "several verdicts drawn of a model on each answer: the share of yes", source: "Zhang et al. 2024, section 3.3; Mahan et al. 2024")

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "votes"
    /// Who is asked, and how it draws.
    public var voter: Player
    /// How many verdicts on each answer.
    public var votes: Int
    /// The words.
    public var words: VerdictWords
    /// How the question is laid out.
    public var prompt: VerdictPrompt

    /// The judge.
    public init(voter: Player, votes: Int = 5, words: VerdictWords = VerdictWords(), prompt: VerdictPrompt = VerdictPrompt()) {
        self.voter = voter
        self.votes = votes
        self.words = words
        self.prompt = prompt
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        guard votes >= 1 else { throw CoreError.invalid("A vote on an answer has \(votes) verdicts; expected 1 or more") }
        let plays = group.judgedPlays
        let replies = try await VerdictAsker(voter, words: words, votes: votes).replies(
            to: plays.map { prompt.text(problem: $0.play.problem, answers: [$0.play.answer]) }, in: scope)
        return Judgement(
            zip(plays, replies).map { Verdict(on: .role($0.episode, $0.role), kind: Self.kind, value: $1.share, critique: $1.critique) })
    }
}
