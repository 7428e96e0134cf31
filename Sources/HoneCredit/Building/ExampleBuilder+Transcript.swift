import HoneCore

extension ExampleBuilder {
    /// The rows of a role's steps to imitate, with the reward; no log-probabilities are asked for.
    static func imitations(of episode: Episode, role: Role, group: Int, reward: Double) throws -> [Example] {
        try episode.steps.filter { $0.role == role }.map {
            var row = try example(of: $0, group: group, episode: episode.id, needsLogProbs: false)
            row.scalars["reward"] = reward
            return row
        }
    }

    /// One row of some steps of one role: the last context and move, in which the earlier moves are trained as well.
    ///
    /// Each context must begin with the one before it and its move, token by token, as transcripts do that only grow. The
    /// sampler's log-probabilities are kept when all trained tokens have them.
    public static func transcript(
        of steps: [Step], group: Int, episode: EpisodeID, training: Training = .marked
    ) throws -> Example {
        let needsLogProbs = steps.allSatisfy { $0.hasLogProbs(training) }
        var row: Example?
        for (number, step) in steps.enumerated() {
            var next = try example(of: step, group: group, episode: episode, training: training, needsLogProbs: needsLogProbs)
            if let row {
                guard next.tokens.starts(with: row.tokens) else {
                    throw CreditError(
                        "The context of move \(number + 1) in episode “\(episode)” does not begin with all that came before it, so its moves "
                            + "are no single row; use a credit that learns from single steps")
                }
                next.isTrained.replaceSubrange(..<row.tokens.count, with: row.isTrained)
                next.weights.replaceSubrange(..<row.tokens.count, with: row.weights)
                if needsLogProbs { next.samplerLogProbs.replaceSubrange(..<row.tokens.count, with: row.samplerLogProbs) }
            }
            row = next
        }
        return row ?? Example(tokens: [], isTrained: [], group: group, episode: episode)
    }
}

extension Step {
    /// Whether every token that is trained comes with the sampler's log-probability.
    func hasLogProbs(_ training: ExampleBuilder.Training = .marked) -> Bool {
        move.segments.allSatisfy { segment in
            let trains = segment.isTrained || training == .markedAndDemonstrated && segment.origin == .demonstration
            return !trains || segment.samplerLogProbs != nil
        }
    }
}
