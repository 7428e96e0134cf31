import HoneTensor

/// How the divergence of the policy from another model is estimated from one sampled token.
///
/// Source: Schulman 2020, “Approximating KL divergence”, estimators k1, k2 and k3; l and r are the log-probabilities of the
/// policy and of the other model. Values are per token; none needs the whole distribution.
public enum KLEstimator: String, Codable, Hashable, Sendable, CaseIterable {
    /// l − r: unbiased in value, but as a loss its gradient has mean 0 on policy, so it belongs into rewards.
    case k1
    /// (l − r)²/2: biased in value; on policy its gradient is that of the divergence.
    case k2
    /// e^(r−l) − (r−l) − 1: unbiased, never negative; the form of GRPO.
    case k3
    /// ρ(l − r) − (ρ − 1) with ρ the ratio to the sampler: value and gradient unbiased also for a sampler that lags behind.
    case weighted

    /// The estimate at each place; `ratio` is ρ and only read by `weighted`.
    func estimate(_ logProbs: Tensor, from reference: Tensor, ratio: Tensor?) throws -> Tensor {
        switch self {
        case .k1: return try logProbs - reference
        case .k2: return try (logProbs - reference).square() * 0.5
        case .k3:
            let gap = try (reference - logProbs).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
            return try gap.exp() - gap - 1
        case .weighted:
            let gap = try (logProbs - reference).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
            guard let ratio else { return gap }
            return try ratio * gap - (ratio - 1)
        }
    }
}
