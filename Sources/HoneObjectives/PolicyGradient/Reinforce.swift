import HoneCore
import HoneModel
import HoneTensor

/// REINFORCE with a baseline: −Σ A·log π over trained tokens, mean over rows, with an optional entropy bonus.
///
/// Source: Williams 1992; the baseline is in the advantage, so a group's mean makes it RLOO-like.
public struct Reinforce: ConfigurableObjective {
    public static let card = PartCard(
        name: "reinforce", summary: "policy gradient with a baseline", source: "Williams 1992, equation 11",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ Σₜ wᵢₜ (Aᵢₜ log πᵢₜ + η Hᵢₜ)", normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        metrics: ["entropy": "mean entropy over trained tokens, in nats; only with η ≠ 0"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// η, the factor of the entropy bonus.
        public var entropyBonus = 0.0

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds(advantages: true) }
    public var reads: Set<Quantity> { settings.entropyBonus != 0 ? [.logProbs, .entropies] : [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        ["rows": try Reading.filledRows(inputs)]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        let rows = inputs.totals["rows"] ?? 0
        var terms = try logProbs * advantages
        var metrics: [String: Tally] = [:]
        if settings.entropyBonus != 0 {
            let entropies = try Reading.quantity(.entropies, "entropies", inputs)
            terms = try terms + entropies * settings.entropyBonus
            metrics["entropy"] = try Reading.tally(entropies, inputs)
        }
        return Loss(total: try (terms * Reading.weights(inputs)).sum() * (rows > 0 ? -1 / rows : 0), metrics: metrics)
    }
}
