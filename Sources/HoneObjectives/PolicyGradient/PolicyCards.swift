import HoneModel
import HoneNumerics

/// What the cards of policy gradients say alike.
enum PolicyCards {
    /// Meanings of the metrics of the general surrogate.
    static let metrics = [
        "ratio": "mean of ρ over trained tokens",
        "clipFraction": "share of trained tokens whose term the clip replaced",
        "kl": "mean of the estimate of KL(π‖reference) over trained tokens; only with a penalty",
        "entropy": "mean entropy over trained tokens, in nats; only with η ≠ 0",
        "samplerKL": "mean of ρ log ρ − ρ + 1 over trained tokens; only with a proximity term",
    ]

    /// The meanings of these metrics.
    static func metrics(_ names: String...) -> [String: String] { metrics.filter { names.contains($0.key) } }

    /// How numbers are kept from overflowing.
    static let held = "log-ratios beyond ±20 are held there, so that no ratio overflows"
    /// Which rows count.
    static let rows = "rows without any trained token do not count as rows"
    /// What is known of the number in `source`.
    static let unconfirmed = "the number of the equation could not be confirmed against the paper's text"
    /// How far a batch reaches.
    static let miniBatch = "batch means are taken over the mini-batch of one optimiser step"

    /// Rewards minus their group's mean, divided by its population deviation + ε; equal rewards give 0.
    static func standardised(_ rewards: [Double], _ groups: [String], epsilon: Double = 0) -> [Double] {
        GroupStatistics.byGroup(rewards, groups: groups) { GroupStatistics.standardised($0, epsilon: epsilon) }
    }

    /// Rewards minus the mean of the others of their group; 0 in a group of one.
    static func leaveOneOut(_ rewards: [Double], _ groups: [String]) -> [Double] {
        GroupStatistics.byGroup(rewards, groups: groups) { own in zip(own, GroupStatistics.leaveOneOutMeans(own)).map { $0 - $1 } }
    }
}
