import Foundation
import HoneCore

/// Pairs together with graded versions of the better response, for objectives that also learn how damaged a response is.
///
/// Each group's best episode against its worst is a pair (rows of grade −1, margin = difference of the rewards). The better
/// response comes again in `degrees` versions: version d has lost the share d/`degrees` of its key tokens and has `grade` d. Key
/// tokens are those that are frequent in the response and rare in the others of the batch: count · log((1 + N) / (1 + n)) with n
/// of N responses holding the token, the first of equals; half of the response's different tokens count as key. Graded rows make
/// no pair.
///
/// Source: Li et al. 2024, “Self-supervised Preference Optimization”, section 3.1 (degrees by removing key content). Departure:
/// the paper extracts key content with a tool; tokens are ranked by frequency here.
public struct PreferenceDegrees: Credit {
    public static let card = PartCard(
        name: "preference-degrees", summary: "best against worst, and versions of the best that lost ever more of their key tokens (SPO-degree)",
        source: "Li et al. 2024, section 3.1", gives: [.pairs, .groups], needs: [.groups])

    /// Which verdict is the reward, or the preference between two.
    public var kind: VerdictKind
    /// How many degrees there are, the undamaged one included.
    public var degrees: Int
    /// The difference must be larger than this.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, degrees: Int = 4, threshold: Double = 0) {
        self.kind = kind
        self.degrees = degrees
        self.threshold = threshold
    }

    /// The tokens of a response from the most to the least telling, given in how many of `count` responses each token occurs.
    public static func keyTokens(_ tokens: [TokenID], occurrences: [TokenID: Int], count: Int) -> [TokenID] {
        var counts: [TokenID: Int] = [:]
        for token in tokens { counts[token, default: 0] += 1 }
        var different: [TokenID] = []
        for token in tokens where !different.contains(token) { different.append(token) }
        let weights = different.map { token in
            Double(counts[token] ?? 0) * log(Double(1 + count) / Double(1 + (occurrences[token] ?? 0)))
        }
        let order = different.indices.sorted { (-weights[$0], $0) < (-weights[$1], $1) }
        return order.prefix((different.count + 1) / 2).map { different[$0] }
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var general = BestVersusWorst(kind: kind, threshold: threshold)
        var batch = try general.batch(for: roles, from: groups, scores: scores)
        for row in batch.examples.indices { batch.examples[row].scalars["grade"] = -1 }
        let ordinary = batch.examples
        var occurrences: [TokenID: Int] = [:]
        for row in ordinary { for token in Set(row.trainedTokens) { occurrences[token, default: 0] += 1 } }
        for pair in batch.pairs {
            let best = ordinary[pair.chosen]
            let key = Self.keyTokens(best.trainedTokens, occurrences: occurrences, count: ordinary.count)
            for degree in 0..<max(0, degrees) {
                let lost = Set(key.prefix((key.count * degree + degrees - 1) / degrees))
                var version = best.without { lost.contains($0) }
                version.scalars["grade"] = Double(degree)
                if version.trainedCount > 0 { batch.examples.append(version) }
            }
        }
        return batch
    }
}

extension Example {
    /// The trained tokens, in order.
    fileprivate var trainedTokens: [TokenID] { tokens.indices.filter { isTrained[$0] }.map { tokens[$0] } }

    /// The row without those trained tokens that `isLost` names; log-probabilities would no longer be the sampler's.
    fileprivate func without(_ isLost: (TokenID) -> Bool) -> Example {
        let kept = tokens.indices.filter { !isTrained[$0] || !isLost(tokens[$0]) }
        return Example(
            tokens: kept.map { tokens[$0] }, isTrained: kept.map { isTrained[$0] }, weights: kept.map { weights[$0] }, scalars: scalars,
            group: group, episode: episode)
    }
}
