import HoneCore
import HoneModel
import HoneTensor

/// Cross-entropy on trained tokens: −Σ w·log p / Σ w over the whole batch.
public struct CrossEntropy: ConfigurableObjective {
    public static let card = PartCard(
        name: "cross-entropy", summary: "imitates the trained tokens", source: "maximum likelihood", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢₜ wᵢₜ log π(yᵢₜ | y₍ᵢ,<ₜ₎) / Σᵢₜ wᵢₜ",
        normaliser: "tokenMean: the sum of weights of all trained tokens of the mini-batch; sequenceMean: each row by the sum of "
            + "its weights, then rows whose weights are not all 0",
        reduction: "tokenMean unless set otherwise", metrics: ["logProb": "Σ w·log π / Σ w over trained tokens"])

    /// How per-token terms become one number.
    public enum Reduction: String, Codable, Hashable, Sendable, CaseIterable {
        /// Weighted mean over all tokens.
        case tokenMean
        /// Weighted mean over each row's tokens, then over rows: short rows count as much as long ones.
        case sequenceMean
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How per-token terms become one number.
        public var reduction = Reduction.tokenMean

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds() }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let perRow = try Reading.weights(inputs).sum(1)
        return [
            "weight": try perRow.sum().item(),
            "rows": try perRow.isGreater(than: 0).to(inputs.mask.dataType).sum().item(),
        ]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let weights = try Reading.weights(inputs)
        let terms = try logProbs * weights
        let metrics = ["logProb": Tally(sum: try terms.detach().sum().item(), count: try weights.sum().item())]
        switch settings.reduction {
        case .tokenMean:
            let weight = inputs.totals["weight"] ?? 0
            return Loss(total: try terms.sum() * (weight > 0 ? -1 / weight : 0), metrics: metrics)
        case .sequenceMean:
            let perRow = try weights.sum(1)
            let divisors = try perRow.maskedFill(perRow.isAtMost(0), 1)
            let rows = inputs.totals["rows"] ?? 0
            return Loss(total: try (terms.sum(1) / divisors).sum() * (rows > 0 ? -1 / rows : 0), metrics: metrics)
        }
    }
}
