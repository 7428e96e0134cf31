import HoneCore

/// Says of each pair of a group's answers which is better, asked in both orders.
///
/// Kind `better-as-shown` holds each order's reply: on the pair (first shown, over: second shown), the share for the first. Kind `better` holds
/// what both come to, once for each pair, on (earlier, over: later): with `combines` agreement 1 or 0 where both orders prefer the same
/// answer and ½, a tie, where they do not; with mean the mean share for the earlier. Its confidence is how far from undecided the mean is, 0 to 1.
///
/// Source: Zheng et al. 2023, “Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena”, section 3.4: a win counts where both orders agree, else
/// it is a tie. Departure: the reply to an order may be a probability and prefers the answer it gives more than half; exactly half is no preference.
public struct PairwiseJudge: Judge {
    public static let card = PartCard(
        name: "pairwise", summary: "which of two answers is better, asked in both orders; where the orders disagree it is a tie",
        source: "Zheng et al. 2023, section 3.4", gives: [.pairs])

    /// How both orders become one verdict.
    public enum Combination: String, Hashable, Sendable, Codable, CaseIterable {
        /// A win where both prefer the same answer, else a tie.
        case agreement
        /// The mean share.
        case mean
    }

    /// The kind of the verdict on a pair.
    public static let kind: VerdictKind = "better"
    /// The kind of the verdict on a pair in the order it was shown.
    public static let shownKind: VerdictKind = "better-as-shown"

    /// Who is asked, with the words for the first and the second.
    public var asker: VerdictAsker
    /// How the question is laid out.
    public var prompt: VerdictPrompt
    /// How both orders become one verdict.
    public var combines: Combination

    /// The judge.
    public init(_ asker: VerdictAsker, prompt: VerdictPrompt = VerdictPrompt(), combines: Combination = .agreement) {
        self.asker = asker
        self.prompt = prompt
        self.combines = combines
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let plays = group.judgedPlays
        let roles = Set(plays.map(\.role))
        guard roles.count <= 1 else {
            throw CoreError.unsupported("Pairs are compared of one role's answers, and here \(roles.sorted().map(\.text).joined(separator: ", ")) have moved")
        }
        var shown: [(first: Int, second: Int)] = []
        for (place, first) in plays.enumerated() {
            for second in plays[(place + 1)...] { shown += [(first.episode, second.episode), (second.episode, first.episode)] }
        }
        let answers = Dictionary(uniqueKeysWithValues: plays.map { ($0.episode, $0.play) })
        let prompts = shown.map { pair in
            prompt.text(problem: plays[0].play.problem, answers: [pair.first, pair.second].map { answers[$0]?.answer ?? "" })
        }
        let replies = try await asker.replies(to: prompts, in: scope)
        var verdicts: [Verdict] = []
        for (pair, reply) in zip(shown, replies) {
            verdicts.append(Verdict(on: .pair(pair.first, over: pair.second), kind: Self.shownKind, value: reply.share, critique: reply.critique))
        }
        for place in stride(from: 0, to: replies.count, by: 2) {
            let (there, back) = (replies[place].share, 1 - replies[place + 1].share)
            let mean = (there + back) / 2
            verdicts.append(
                Verdict(
                    on: .pair(shown[place].first, over: shown[place].second), kind: Self.kind, value: combined(there, back), confidence: abs(2 * mean - 1)))
        }
        return Judgement(verdicts)
    }

    /// What two shares for the same answer come to.
    private func combined(_ there: Double, _ back: Double) -> Double {
        switch combines {
        case .mean: return (there + back) / 2
        case .agreement:
            if there > 0.5, back > 0.5 { return 1 }
            if there < 0.5, back < 0.5 { return 0 }
            return 0.5
        }
    }
}
