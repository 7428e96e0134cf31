import HoneCore

/// Why credit could not be given, in one sentence.
public struct CreditError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}

/// Turns steps into rows: context and move, token by token.
enum ExampleBuilder {
    /// The row of one step. Trained are the move's segments marked so, or all of the move when `trainsAll`; tokens of the
    /// context never are.
    static func example(
        of step: Step, group: Int, episode: EpisodeID, trainsAll: Bool = false, needsLogProbs: Bool
    ) throws -> Example {
        var tokens: [TokenID] = []
        var isTrained: [Bool] = []
        var weights: [Float] = []
        var logProbs: [Float] = []
        for (segment, isMove) in step.context.map({ ($0, false) }) + step.move.segments.map({ ($0, true) }) {
            guard let own = segment.tokens else {
                throw CreditError("Episode \(episode) holds a segment without tokens; only token transcripts can be learned from")
            }
            let trains = isMove && (segment.isTrained || trainsAll)
            if trains, needsLogProbs {
                guard let known = segment.samplerLogProbs, known.count == own.count else {
                    throw CreditError(
                        "Episode \(episode) has trained tokens without the sampler's log-probabilities; this credit cannot do without")
                }
                logProbs += known
            } else {
                logProbs += [Float](repeating: 0, count: own.count)
            }
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
    static func refuseHeldOut(_ group: EpisodeGroup) throws {
        if group.assignment.problem.isHeldOut {
            throw CreditError("Problem “\(group.assignment.problem.id)” is held out for measuring and must not be learned from")
        }
    }
}
