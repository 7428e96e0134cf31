import HoneCore
import HoneModel
import HoneTensor

/// Kimi k1.5's online mirror descent: a squared surrogate that fits τ times the log-ratio of whole answers to the advantage.
///
/// Source: Kimi Team 2025, “Kimi k1.5”, section 2.3.2, equation 3. The sampler of the iteration is the reference; resetting
/// it and the optimiser, and the length reward, belong to the plan and to the credit.
public struct KimiMirrorDescent: ConfigurableObjective {
    public static let card = PartCard(
        name: "kimi-mirror-descent", summary: "off-policy gradient with a squared penalty on the ratio of answers",
        source: "Kimi Team 2025, equation 3", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/R Σᵢ [ Σₜ Aᵢₜ dᵢₜ − τ/2 (Σₜ dᵢₜ)² ],  d = wₜ (log π − log π_sampler),  A = r − mean of the group",
        normaliser: "rows with trained tokens", reduction: "sum over tokens, mean over rows",
        metrics: ["logRatio": "mean over rows of Σₜ d", "squaredLogRatio": "mean over rows of (Σₜ d)²"],
        departures: [
            "the squared error (A − τ Σ d)² is divided by 2τ and freed of its constant A²/2τ, which gives the gradient that the paper "
                + "prints, and a value of 0 on policy",
            "with advantages of 0 the squared term still pulls back to the sampler", PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// τ, the strength of the regularisation.
        public var tau = 0.1

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(advantages: true, samplerLogProbs: true) }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try PolicyReduction.totals(inputs) }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        let gaps = try (Reading.logProbs(inputs) - sampler) * Reading.weights(inputs)
        let answers = try gaps.sum(1)
        let squares = try answers.square()
        let rows = inputs.totals["rows"] ?? 0
        let terms = try (advantages * gaps).sum() - squares.sum() * (settings.tau / 2)
        let own = try Reading.filledRows(inputs)
        return Loss(
            total: try terms * (rows > 0 ? -1 / rows : 0),
            metrics: [
                "logRatio": Tally(sum: try answers.detach().sum().item(), count: own),
                "squaredLogRatio": Tally(sum: try squares.detach().sum().item(), count: own),
            ])
    }
}
