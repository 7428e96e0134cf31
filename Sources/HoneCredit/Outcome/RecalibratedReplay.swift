import HoneCore
import HoneNumerics

/// SPEAR's credit: fresh groups by their mean, replayed episodes by what is usual today, and only those still above it.
///
/// Give it a route whose groups are fresh and replayed ones together: those sampled by the newest weights are fresh, have
/// A = r − mean of the group (left out unless `learnsFresh`), and the median reward of each goes into a buffer. A replayed episode
/// gets A = r − median of the buffer, is kept when A is above the threshold and its weights are at most `oldest` updates behind, and
/// keeps the sampler's own log-probabilities. The channel `replayed` is 1 in its rows, 0 in fresh ones. What is carried is the buffer.
///
/// Source: “SPEAR” (self-imitation with progressive exploration for agentic reinforcement learning), 2025, section on the
/// recalibrated advantage. Departure: age is counted in optimiser updates, which the segments record.
public struct RecalibratedReplay: Credit, Stateful {
    public static let card = PartCard(
        name: "recalibrated-replay", summary: "fresh groups by their mean, replayed episodes by what is usual today if still above it (SPEAR)",
        source: "SPEAR 2025, recalibrated advantage", gives: [.onPolicyLogProbs])

    /// What is carried from batch to batch.
    public struct Memo: Hashable, Sendable, Codable {
        /// Median rewards of recent fresh groups by role, oldest first.
        public var medians: [Role: [Double]] = [:]

        /// Nothing seen yet.
        public init() {}
    }

    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// An advantage must be larger than this.
    public var threshold: Double
    /// How many group medians are remembered.
    public var capacity: Int
    /// Whether fresh episodes are learned as well.
    public var learnsFresh: Bool
    /// How many updates a replayed episode may be behind the newest; 0 sets no bound.
    public var oldest: Int
    /// The medians.
    public var memo = Memo()

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, threshold: Double = 0, capacity: Int = 10_240, oldest: Int = 0, learnsFresh: Bool = true) {
        self.kind = kind
        self.threshold = threshold
        self.capacity = capacity
        self.oldest = oldest
        self.learnsFresh = learnsFresh
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        let ages = groups.map(\.newestUpdate)
        let newest = ages.compactMap { $0 }.max() ?? 0
        var learned = memo
        var fresh: [Role: [Double]] = [:]
        for (number, group) in groups.enumerated() where ages[number] == newest {
            for role in roles {
                let rewards = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind).map(\.reward)
                if let median = Statistics.quantile(rewards, 0.5) { fresh[role, default: []].append(median) }
            }
        }
        for (role, medians) in fresh { learned.medians[role] = Array(((learned.medians[role] ?? []) + medians).suffix(max(1, capacity))) }
        let baselines = learned.medians.compactMapValues { Statistics.quantile($0, 0.5) }
        let (oldest, threshold, learnsFresh) = (oldest, threshold, learnsFresh)
        var batch = try ExampleBuilder.batch(for: roles, from: groups, kind: kind) { role, plays in
            plays.enumerated().map { number, plays in
                if learnsFresh, ages[number] == newest { return GroupStatistics.centred(plays.map(\.reward)) }
                guard let age = ages[number], age < newest, oldest <= 0 || newest - age <= oldest, let baseline = baselines[role] else {
                    return plays.map { _ in nil }
                }
                return plays.map { $0.reward - baseline > threshold ? $0.reward - baseline : nil }
            }
        }
        batch.examples = batch.examples.map { $0.marked("replayed", ages[$0.group] == newest ? 0 : 1) }
        memo = learned
        return batch
    }
}

extension EpisodeGroup {
    /// The largest count of updates behind what models wrote here; nil when none did.
    var newestUpdate: Int? {
        episodes.flatMap(\.steps).flatMap(\.move.segments).compactMap { segment -> Int? in
            if case .model(_, let update) = segment.origin { update } else { nil }
        }.max()
    }
}
