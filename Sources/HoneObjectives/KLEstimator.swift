import HoneModel
import HoneTensor

/// Estimates of the divergence KL(π‖reference) from tokens that π drew, one number per token.
///
/// Source: Schulman 2020, “Approximating KL divergence”. With d = log π − log reference: k1 = d is unbiased and may be
/// negative; k2 = d²/2 is biased and has the divergence's own gradient on policy; k3 = e^(−d) + d − 1 is unbiased and never
/// negative. In a loss, the gradient of k1 averages to 0 on policy, so k1 belongs into rewards; the gradient of k3 is that
/// of the forward divergence KL(reference‖π).
public enum KLEstimator: String, Codable, Hashable, Sendable, CaseIterable {
    /// d.
    case k1
    /// d² / 2.
    case k2
    /// e^(−d) + d − 1.
    case k3

    /// The formula in plain text.
    public var formula: String {
        switch self {
        case .k1: "d"
        case .k2: "d²/2"
        case .k3: "e^(−d) + d − 1"
        }
    }

    /// The estimate at each token, with gradient by `logProbs`; log-ratios beyond ±20 are held there.
    ///
    /// Both tensors have one shape and hold equal numbers (such as 0) where masked, which gives 0 there.
    public func values(_ logProbs: Tensor, against reference: Tensor) throws -> Tensor {
        try reference.expect(logProbs.shape, "the reference's log-probabilities")
        let gap = try (logProbs - reference).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
        switch self {
        case .k1: return gap
        case .k2: return try gap.square() * 0.5
        case .k3: return try (-gap).exp() + gap - 1
        }
    }

    /// Means of all estimates over trained tokens, as the metrics `k1`, `k2` and `k3`.
    static func tallies(
        _ logProbs: Tensor, against reference: Tensor, _ inputs: borrowing LossInputs
    ) throws -> [String: Tally] {
        var tallies: [String: Tally] = [:]
        for estimator in allCases {
            tallies[estimator.rawValue] = try Reading.tally(try estimator.values(logProbs.detach(), against: reference), inputs)
        }
        return tallies
    }
}
