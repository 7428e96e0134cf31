import HoneCore
import HoneModel
import HoneTensor

/// How weighted per-token terms become one number.
public enum TokenReduction: String, Codable, Hashable, Sendable, CaseIterable {
    /// Weighted mean over all tokens.
    case tokenMean
    /// Weighted mean over each row's tokens, then over rows: short rows count as much as long ones.
    case sequenceMean

    /// What cards say of the divisor.
    static let words =
        "tokenMean: the sum of |weights| of all trained tokens of the mini-batch; sequenceMean: each row by the sum of its "
        + "|weights|, then rows whose weights are not all 0"

    /// The divisors of the whole batch, under names that begin with the prefix.
    func totals(_ weights: Tensor, prefix: String = "") throws -> [String: Double] {
        let perRow = try weights.abs().sum(1)
        return [
            prefix + "weight": try perRow.sum().item(),
            prefix + "rows": try perRow.isGreater(than: 0).to(weights.dataType).sum().item(),
        ]
    }

    /// The mean of per-token terms [R, T] of some rows, by the divisors of the whole batch; 0 where no token has weight.
    func mean(_ terms: Tensor, weights: Tensor, totals: [String: Double], prefix: String = "") throws -> Tensor {
        let weighted = try terms * weights
        switch self {
        case .tokenMean:
            let weight = totals[prefix + "weight"] ?? 0
            return try weighted.sum() * (weight > 0 ? 1 / weight : 0)
        case .sequenceMean:
            let perRow = try weights.abs().sum(1)
            let rows = totals[prefix + "rows"] ?? 0
            return try (weighted.sum(1) / perRow.maskedFill(perRow.isAtMost(0), 1)).sum() * (rows > 0 ? 1 / rows : 0)
        }
    }
}

/// The losses of the tokens of some rows, and what is reported beside them.
public struct TokenLosses {
    /// The loss of each token, [R, T], to be made small.
    public let losses: Tensor
    /// Detached numbers, by the names the objective's card explains.
    public let metrics: [String: Tally]

    /// Losses.
    public init(_ losses: Tensor, metrics: [String: Tally] = [:]) {
        self.losses = losses
        self.metrics = metrics
    }
}

/// Settings of an objective whose loss is a weighted mean over trained tokens.
public protocol TokenSettings: ObjectiveSettings {
    /// How per-token terms become one number.
    var reduction: TokenReduction { get }
}

/// An objective whose loss is a weighted mean of one number per trained token.
public protocol TokenObjective: ConfigurableObjective where Settings: TokenSettings {
    /// The weight of each token, [R, T], 0 where masked; those of the rows where nothing else is said.
    func weights(_ inputs: borrowing LossInputs) throws -> Tensor
    /// The loss of each token, before weights.
    func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses
}

extension TokenObjective {
    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor { try Reading.weights(inputs) }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        try settings.reduction.totals(try weights(inputs))
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let losses = try losses(inputs)
        let total = try settings.reduction.mean(losses.losses, weights: try weights(inputs), totals: inputs.totals)
        return Loss(total: total, metrics: losses.metrics)
    }
}
