import HoneCore

/// How probable a model finds it that an answer, or its beginning, is right: the probability of the accepting word behind problem and answer,
/// against that of the refusing one. Kind `p-true`, on each role that moved, from 0 to 1. Words are scored; nothing is drawn.
///
/// Source: Kadavath et al. 2022, “Language Models (Mostly) Know What They Know”, section 3. Departures: the two verdicts are words of the
/// settings instead of lettered options, and no other samples are shown beside the answer.
public struct TrueProbability: Judge {
    public static let card = PartCard(
        name: "p-true", summary: "the probability a model gives to the word for right behind problem and answer, against the word for wrong",
        source: "Kadavath et al. 2022, section 3", needs: [.logProbs])

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "p-true"
    /// Whose probability it is, and how its prompts are made.
    public var scorer: Player
    /// The words.
    public var words: VerdictWords
    /// How the question is laid out.
    public var prompt: VerdictPrompt

    /// The judge.
    public init(scorer: Player, words: VerdictWords = VerdictWords(), prompt: VerdictPrompt = VerdictPrompt()) {
        self.scorer = scorer
        self.words = words
        self.prompt = prompt
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let plays = group.judgedPlays
        let replies = try await VerdictAsker(scorer, words: words).replies(
            to: plays.map { prompt.text(problem: $0.play.problem, answers: [$0.play.answer]) }, in: scope)
        return Judgement(zip(plays, replies).map { Verdict(on: .role($0.episode, $0.role), kind: Self.kind, value: $1.share) })
    }
}
