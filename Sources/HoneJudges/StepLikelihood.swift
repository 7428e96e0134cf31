import HoneCore

/// How likely a model finds each step of an answer, against the best it could say there: kind `step-likelihood`, on each step of the role and, the
/// least of them, on the role. 0 is best; −1 is a step e times less likely than its best.
///
/// A step's value is Σ (log p(token) − log p(likeliest token)) over its tokens, each behind what the answer said before it. Nothing is drawn. What a role
/// was shown first is no step; whatever comes between steps counts to the next one.
///
/// Source: the readout by likelihood is ours, for models too small to keep a prompt format; after Yuan et al. 2024, “Free Process Rewards without Process
/// Labels”, in asking the policy itself. The best is taken token by token, not over whole steps.
public struct StepLikelihood: Judge {
    public static let card = PartCard(
        name: "step-likelihood", summary: "how likely a model finds each step of an answer, against the best it could say there", source: "readout ours",
        needs: [.logProbs])

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "step-likelihood"
    /// Whose likelihood it is.
    public var scorer: ModelRef
    /// Whose steps are judged.
    public var role: Role

    /// The judge.
    public init(scorer: ModelRef, role: Role = .solver) {
        self.scorer = scorer
        self.role = role
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        var cost = Cost()
        cost.judgeCalls = group.episodes.count
        scope.services.charge(cost)
        // Each beginning is scored as a whole: what two have in common cancels, so nobody has to know where the prompt's tokens end.
        var beginnings: [Transcript] = []
        var places: [(episode: Int, step: Int?)] = []
        for (index, episode) in group.episodes.enumerated() {
            let own = episode.steps.indices.filter { episode.steps[$0].role == role }
            guard let first = own.first else { continue }
            beginnings.append(episode.steps[first].context)
            places.append((index, nil))
            for step in own {
                beginnings.append(episode.steps[step].context + episode.steps[step].move.segments)
                places.append((index, step))
            }
        }
        guard !beginnings.isEmpty else { return Judgement([]) }
        let said = try await scope.score(scorer, beginnings, .logProbs)
        let best = try await scope.score(scorer, beginnings, .distribution(top: 1))
        var verdicts: [Verdict] = []
        var (before, least) = (0.0, 0.0)
        for (number, place) in places.enumerated() {
            // Of each place the likeliest token and its log-probability.
            let likeliest = stride(from: 1, to: best[number].values.count, by: 2).map { Double(best[number].values[$0]) }
            let sum = said[number].values.reduce(0) { $0 + Double($1) } - likeliest.reduce(0, +)
            if let step = place.step {
                verdicts.append(Verdict(on: .step(place.episode, step), kind: Self.kind, value: sum - before))
                least = min(least, sum - before)
                let isLast = number + 1 == places.count || places[number + 1].step == nil
                if isLast { verdicts.append(Verdict(on: .role(place.episode, role), kind: Self.kind, value: least)) }
            } else {
                least = 0
            }
            before = sum
        }
        return Judgement(verdicts)
    }
}
