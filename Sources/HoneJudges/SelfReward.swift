import HoneCore

/// Scores answers by the model's own certainty, without any outside signal: kind `self-reward`, on each role that spoke.
///
/// The scorer is a fixed model, usually the base the policy started from. With `references` above 0 that many answers of the scorer
/// itself are played, scored in the same way and filed as a child, for credits that compare the policy with its base.
///
/// Source: Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, equation 2; length-normalised
/// likelihood and majority agreement are the alternatives its appendix names.
public struct SelfReward: Judge {
    public static let card = PartCard(
        name: "self-reward", summary: "how certain the model itself is of an answer: its likelihood, per token or whole, or agreement",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, equation 2")

    /// What certainty is.
    public enum Certainty: String, Hashable, Sendable, Codable, CaseIterable {
        /// log π(y), summed over the tokens the role wrote, in nats.
        case likelihood
        /// The same divided by the count of tokens.
        case perToken
        /// The share of the group's other answers with the same text; 0 for a single answer.
        case agreement
    }

    /// The kind of its verdicts.
    public static let kind: VerdictKind = "self-reward"
    /// The model whose certainty counts.
    public let scorer: ModelRef
    /// What certainty is.
    public let certainty: Certainty
    /// How many answers of the scorer are played for comparison.
    public let references: Int

    /// The judge.
    public init(scorer: ModelRef = ModelRef("policy", snapshot: "base"), certainty: Certainty = .likelihood, references: Int = 0) {
        self.scorer = scorer
        self.certainty = certainty
        self.references = references
    }

    public func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        var children: [EpisodeGroup] = []
        if references > 0 {
            var assignment = group.assignment
            assignment.samples = references
            // Cast as in the group's own episodes, but for the model.
            assignment.cast = (group.episodes.first?.cast ?? assignment.cast).mapValues { player in
                var copy = player
                copy.model = scorer
                return copy
            }
            let own = scope.child("references")
            var child = try await own.services.play(assignment, in: own)
            child.verdicts = try await verdicts(on: child, in: own)
            children = [child]
        }
        return Judgement(try await verdicts(on: group, in: scope), children: children)
    }

    private func verdicts(on group: EpisodeGroup, in scope: Scope) async throws -> [Verdict] {
        var cost = Cost()
        cost.judgeCalls = group.episodes.count
        scope.services.charge(cost)
        let parts = group.episodes.enumerated().flatMap { index, episode in
            Set(episode.steps.map(\.role)).sorted().map { (index: index, role: $0, steps: episode.steps) }
        }
        let values: [Double]
        switch certainty {
        case .agreement:
            let texts = parts.map { Array(group.episodes[$0.index].response(of: $0.role).utf8) }
            values = parts.indices.map { place in
                let peers = parts.indices.filter { $0 != place && parts[$0].role == parts[place].role }
                return peers.isEmpty ? 0 : Double(peers.filter { texts[$0] == texts[place] }.count) / Double(peers.count)
            }
        case .likelihood, .perToken:
            var transcripts: [Transcript] = []
            var places: [(part: Int, first: Int, count: Int)] = []
            for (number, part) in parts.enumerated() {
                for step in part.steps where step.role == part.role {
                    guard let context = step.context.tokens, let move = step.move.segments.tokens else {
                        throw CoreError.invalid("Episode “\(group.episodes[part.index].id)” has text that was never tokenised, so its likelihood is unknown")
                    }
                    places.append((number, context.count, move.count))
                    transcripts.append(step.context + step.move.segments)
                }
            }
            let scores = try await scope.score(scorer, transcripts, .logProbs)
            var sums = [Double](repeating: 0, count: parts.count)
            var counts = [Int](repeating: 0, count: parts.count)
            for (place, score) in zip(places, scores) {
                // Entry t−1 is about token t; a first token has nothing before it and no score.
                let from = max(0, place.first - 1)
                for value in score.values[min(from, score.values.count)..<min(place.first + place.count - 1, score.values.count)] {
                    sums[place.part] += Double(value)
                }
                counts[place.part] += place.count
            }
            values = zip(sums, counts).map { certainty == .perToken ? $0 / Double(max(1, $1)) : $0 }
        }
        return zip(parts, values).map { Verdict(on: .role($0.index, $0.role), kind: Self.kind, value: $1) }
    }
}
