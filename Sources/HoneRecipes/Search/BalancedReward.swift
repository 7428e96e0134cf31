import HoneCore

/// What a step head says of whole answers, and that together with whether they are right: the rewards that B-STaR selects by.
///
/// `process` is the least of the head's log-odds over the ends of the steps, held to −5…5 and divided by 5; `balanced` is that plus 1 where the answer is right, so that
/// a right answer of bad looks and a wrong one of good looks compete. An answer without a step has −1.
///
/// Source: Zeng et al. 2024, “B-STaR”, and its published selection (a reward model's least step score divided by 5, plus 1 for the right answer).
struct BalancedReward: Judge {
    static let card = PartCard(
        name: "balanced-reward", summary: "the least step score of an answer, by a head, and whether it is right", source: "Zeng et al. 2024, “B-STaR”", needs: [.tokens])

    /// The reward without the answer.
    static let process: VerdictKind = "process"
    /// The reward with the answer.
    static let kind: VerdictKind = "balanced"

    /// The model with the head.
    let model: ModelRef
    /// The head, which gives log-odds.
    var head: HeadName = "step"

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        var places: [Int] = []
        var transcripts: [Transcript] = []
        for (index, episode) in group.episodes.enumerated() {
            for step in episode.steps where step.role == .solver {
                places.append(index)
                transcripts.append(step.context + step.move.segments)
            }
        }
        var least = [Double?](repeating: nil, count: group.episodes.count)
        if !transcripts.isEmpty {
            let scores = try await scope.score(model, transcripts, .head(head))
            for (place, score) in zip(places, scores) {
                guard let last = score.values.last else { throw CoreError.invalid("Head “\(head)” of “\(model)” gave no value") }
                least[place] = min(least[place] ?? Double.infinity, Double(last))
            }
        }
        return Judgement(
            group.episodes.indices.flatMap { index in
                let process = Self.reward(leastLogOdds: least[index] ?? -5)
                let isRight = (group.episodes[index].returns[.solver] ?? 0) >= 1
                return [
                    Verdict(on: .role(index, .solver), kind: Self.process, value: process),
                    Verdict(on: .role(index, .solver), kind: Self.kind, value: process + (isRight ? 1 : 0)),
                ]
            })
    }

    /// Log-odds as a reward from −1 to 1.
    static func reward(leastLogOdds value: Double) -> Double { min(max(value, -5), 5) / 5 }
}
