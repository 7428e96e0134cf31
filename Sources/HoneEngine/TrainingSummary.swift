import HoneCore
import HoneNumerics

/// What training saw of its own episodes.
enum TrainingSummary {
    /// The mean return, and for sampled moves their length and entropy, with intervals over problems.
    static func of(_ groups: [EpisodeGroup]) -> [String: Estimate] {
        var rewards: [[Double]] = []
        var lengths: [[Double]] = []
        var entropies: [[Double]] = []
        for group in groups where !group.episodes.isEmpty {
            rewards.append(
                group.episodes.map { episode in
                    let returns = episode.returns.sorted { $0.key < $1.key }.map(\.value)
                    return returns.isEmpty ? 0 : returns.reduce(0, +) / Double(returns.count)
                })
            var groupLengths: [Double] = []
            var groupEntropies: [Double] = []
            for segment in group.episodes.flatMap({ $0.steps.flatMap(\.move.segments) }) where segment.isTrained {
                groupLengths.append(Double(segment.tokens?.count ?? 0))
                if let values = segment.entropies, !values.isEmpty {
                    groupEntropies.append(values.reduce(0) { $0 + Double($1) } / Double(values.count))
                }
            }
            if !groupLengths.isEmpty { lengths.append(groupLengths) }
            if !groupEntropies.isEmpty { entropies.append(groupEntropies) }
        }
        var summary: [String: Estimate] = [:]
        if !rewards.isEmpty { summary["reward"] = Estimate.clustered(rewards, unit: "return") }
        if !lengths.isEmpty { summary["length"] = Estimate.clustered(lengths, unit: "tokens") }
        if !entropies.isEmpty { summary["entropy"] = Estimate.clustered(entropies, unit: "nats") }
        return summary
    }
}
