import HoneCore
import HoneModel
import HoneTensor

/// GRPO: the clipped surrogate of PPO on per-token ratios to the sampler's policy, with advantages relative to the group.
///
/// Source: Shao et al. 2024, “DeepSeekMath”, equation 3; normalisers of DAPO (Yu et al. 2025) and Dr. GRPO (Liu et al. 2025).
/// The KL penalty is the k3 estimator of Schulman (2020), as in equation 4.
public struct GroupPolicyGradient: ConfigurableObjective {
    public static let card = PartCard(
        name: "grpo", summary: "clipped policy gradient with group-relative advantages",
        source: "Shao et al. 2024, equation 3", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/G Σᵢ 1/|oᵢ| Σₜ [ min(ρᵢₜ Aᵢₜ, clip(ρᵢₜ, 1−εₗ, 1+εₕ) Aᵢₜ) − β (e^{r−l} − (r−l) − 1) ],  ρ = π/π_sampler",
        normaliser: "sequenceMean: rows with trained tokens, each by its token count; tokenMean: all trained tokens; constant: rows × a fixed length",
        reduction: "sequenceMean unless set otherwise",
        metrics: [
            "ratio": "mean of ρ over trained tokens", "clipFraction": "share of trained tokens whose clipped term is the smaller one",
            "kl": "mean of e^{r−l} − (r−l) − 1 over trained tokens, against the reference; only with β > 0",
        ],
        departures: [
            "log-ratios beyond ±20 are held there, so that no ratio overflows",
            "on-policy updates leave ρ at 1 up to rounding; clipping acts from the second step on the same samples",
            "rows without any trained token do not count as rows",
        ])

    /// How per-token terms become one number.
    public enum Normaliser: String, Codable, Sendable, CaseIterable {
        /// Mean over each row's tokens, then over rows: GRPO.
        case sequenceMean
        /// Mean over all tokens: DAPO.
        case tokenMean
        /// Sum over tokens, divided by rows × `length`: Dr. GRPO.
        case constant
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.2
        /// The factor of the KL penalty.
        public var beta = 0.0
        /// How per-token terms become one number.
        public var normaliser = Normaliser.sequenceMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds(advantages: true, samplerLogProbs: true) }
    public var reads: Set<Quantity> { [.logProbs] }
    public var needs: [Score] { settings.beta > 0 ? [Score(.logProbs, by: settings.reference)] : [] }

    /// Rewards minus their group's mean, divided by its population deviation + 10⁻⁴ (section 4.1); equal rewards give 0.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        var members: [String: [Double]] = [:]
        for (reward, group) in zip(rewards, groups) { members[group, default: []].append(reward) }
        return zip(rewards, groups).map { reward, group in
            let own = members[group] ?? []
            guard own.contains(where: { $0 != own[0] }) else { return 0 }
            let mean = own.reduce(0, +) / Double(own.count)
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
            return (reward - mean) / (variance.squareRoot() + 1e-4)
        }
    }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        ["tokens": try inputs.mask.sum().item(), "rows": try Reading.filledRows(inputs)]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        let ratio = try Reading.ratio(logProbs - sampler)
        let plain = try ratio * advantages
        let clipped = try ratio.clamp(1 - settings.clipLow, 1 + settings.clipHigh) * advantages
        var terms = try plain.minimum(clipped)
        var metrics: [String: Tally] = [:]
        if settings.beta > 0 {
            let reference = try Reading.constant(
                inputs.scores[Score(.logProbs, by: settings.reference)], "reference's log-probabilities", inputs)
            let gap = try (reference - logProbs).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
            let kl = try gap.exp() - gap - 1
            terms = try terms - kl * settings.beta
            metrics["kl"] = try Reading.tally(kl, inputs)
        }
        let isClipped = try plain.detach().isGreater(than: clipped.detach()).to(inputs.mask.dataType)
        metrics["ratio"] = try Reading.tally(ratio, inputs)
        metrics["clipFraction"] = try Reading.tally(isClipped, inputs)
        return Loss(total: try reduce(terms * Reading.weights(inputs), inputs), metrics: metrics)
    }

    /// Minus the normalised sum of masked terms.
    private func reduce(_ terms: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor {
        let rows = inputs.totals["rows"] ?? 0
        let tokens = inputs.totals["tokens"] ?? 0
        switch settings.normaliser {
        case .sequenceMean:
            let lengths = try inputs.mask.sum(1).clamp(1, nil)
            return try (terms.sum(1) / lengths).sum() * (rows > 0 ? -1 / rows : 0)
        case .tokenMean: return try terms.sum() * (tokens > 0 ? -1 / tokens : 0)
        case .constant: return try terms.sum() * (rows > 0 ? -1 / (rows * Double(max(1, settings.length))) : 0)
        }
    }
}
