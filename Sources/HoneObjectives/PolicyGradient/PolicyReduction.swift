import HoneModel
import HoneTensor

/// How per-token terms of a policy gradient become one number.
public enum PolicyNormaliser: String, Codable, Hashable, Sendable, CaseIterable {
    /// Mean over each row's tokens, then over rows: GRPO.
    case sequenceMean
    /// Mean over all tokens: DAPO.
    case tokenMean
    /// Sum over tokens, divided by rows × `length`: Dr. GRPO.
    case constant
    /// Sum over each row's tokens, mean over rows: REINFORCE, whose score is that of the whole row.
    case rowSum

    /// The normalisers in words, for cards.
    static let words = "sequenceMean: rows with trained tokens, each by its token count; tokenMean: all trained tokens; "
        + "constant: rows × a fixed length; rowSum: rows"
}

/// A normaliser with its length, on the whole batch's totals.
struct PolicyReduction {
    var normaliser: PolicyNormaliser
    /// The fixed length of `constant`, in tokens.
    var length = 1

    /// What `reduce` needs of the whole batch.
    static func totals(_ inputs: borrowing LossInputs) throws -> [String: Double] {
        ["tokens": try inputs.mask.sum().item(), "rows": try Reading.filledRows(inputs)]
    }

    /// The normalised sum of terms [R, T] that are 0 where masked.
    func reduce(_ terms: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor {
        let rows = inputs.totals["rows"] ?? 0
        let tokens = inputs.totals["tokens"] ?? 0
        switch normaliser {
        case .sequenceMean:
            let lengths = try inputs.mask.sum(1).clamp(1, nil)
            return try (terms.sum(1) / lengths).sum() * (rows > 0 ? 1 / rows : 0)
        case .tokenMean: return try terms.sum() * (tokens > 0 ? 1 / tokens : 0)
        case .constant: return try terms.sum() * (rows > 0 ? 1 / (rows * Double(max(1, length))) : 0)
        case .rowSum: return try terms.sum() * (rows > 0 ? 1 / rows : 0)
        }
    }
}
