import HoneCore

/// Why credit could not be given, in one sentence.
public struct CreditError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}

/// Turns steps into rows: context and move, token by token.
public enum ExampleBuilder {
    /// Which tokens of a move are trained; those of a context never are.
    public enum Training: Hashable, Sendable {
        /// What the segments mark.
        case marked
        /// What the segments mark, and what was written as a demonstration.
        case markedAndDemonstrated
    }

    /// The row of one step: its exact context, then its move.
    ///
    /// With `needsLogProbs` each trained token must come with the sampler's log-probability: an unknown one is an error and
    /// never stands as a number. The first token of a row cannot be trained, as nothing comes before it.
    public static func example(
        of step: Step, group: Int, episode: EpisodeID, training: Training = .marked, needsLogProbs: Bool
    ) throws -> Example {
        var tokens: [TokenID] = []
        var isTrained: [Bool] = []
        var weights: [Float] = []
        var logProbs: [Float] = []
        for (segment, isMove) in step.context.map({ ($0, false) }) + step.move.segments.map({ ($0, true) }) {
            guard let own = segment.tokens else {
                throw CreditError(
                    "Episode “\(episode)” holds a segment without tokens (“\(segment.text.prefix(24))”); expected token "
                        + "segments, so let the engine tokenise the episode before credit is given")
            }
            let trains = isMove && (segment.isTrained || training == .markedAndDemonstrated && segment.origin == .demonstration)
            logProbs += try samplerLogProbs(of: segment, count: own.count, isTrained: trains && needsLogProbs, episode)
            tokens += own
            isTrained += [Bool](repeating: trains, count: own.count)
            weights += [Float](repeating: segment.weight, count: own.count)
        }
        if !isTrained.isEmpty { isTrained[0] = false }
        return Example(
            tokens: tokens, isTrained: isTrained, weights: weights, samplerLogProbs: needsLogProbs ? logProbs : [],
            group: group, episode: episode)
    }

    /// Refuses groups that are kept for measuring.
    public static func refuseHeldOut(_ group: EpisodeGroup) throws {
        if group.assignment.problem.isHeldOut {
            throw CreditError("Problem “\(group.assignment.problem.id)” is held out for measuring and must not be learned from")
        }
    }

    private static func samplerLogProbs(
        of segment: Segment, count: Int, isTrained: Bool, _ episode: EpisodeID
    ) throws -> [Float] {
        // Tokens that are not trained are masked in every objective; their 0 is never read.
        guard isTrained else { return [Float](repeating: 0, count: count) }
        guard let known = segment.samplerLogProbs else {
            throw CreditError(
                "Episode “\(episode)” has trained tokens without the sampler's log-probabilities; this credit cannot do without")
        }
        guard known.count == count else {
            throw CreditError(
                "Episode “\(episode)” has \(known.count) sampler log-probabilities for \(count) trained tokens; expected one each")
        }
        guard known.allSatisfy({ $0.isFinite }) else {
            throw CreditError("Episode “\(episode)” has a sampler log-probability that is not finite on a trained token")
        }
        return known
    }
}
