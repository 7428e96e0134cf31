import HoneCore
import HoneModel
import HoneTensor

/// PPO: the clipped surrogate on the policy, a clipped squared error on a value head, and an entropy bonus.
///
/// Source: Schulman et al. 2017, equations 7 and 9. Advantages and returns are given in the rows, as generalised advantage
/// estimation (Schulman et al. 2016) makes them.
public struct PPO: ConfigurableObjective {
    public static let card = PartCard(
        name: "ppo", summary: "clipped policy gradient with a learned value", source: "Schulman et al. 2017, equation 9",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = 1/T Σᵢₜ [ −min(ρ A, clip(ρ, 1−ε, 1+ε) A) + c₁ ½ max((V − R)², (V̄ − R)²) − η H + β kl ],  "
            + "V̄ = clip(V, V_old − ε_V, V_old + ε_V)",
        normaliser: PolicyNormaliser.words, reduction: "tokenMean unless set otherwise",
        metrics: PolicyCards.metrics("ratio", "clipFraction", "kl", "entropy").merging([
            "valueLoss": "mean of ½ max((V − R)², (V̄ − R)²) over trained tokens; only with c₁ ≠ 0",
            "valueClipFraction": "share of trained tokens where the clipped error is the larger one; only with c₁ ≠ 0",
        ]) { $1 },
        departures: [
            "the paper's value loss is (V − R)² without ½ and without a clip; ½ and the clip are those of OpenAI's code, TRL and verl; "
                + "ε_V = 0 takes the clip away",
            "β kl is a penalty in the loss; with a penalty in the reward, the usual form, the credit charges it and β is 0",
            PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.2
        /// c₁, the factor of the value loss; with 0 no value head is made or asked for.
        public var valueFactor = 0.5
        /// ε_V, how far a value may move from what it was when advantages were made; 0 is no bound.
        public var valueClip = 0.2
        /// η, the factor of the entropy bonus.
        public var entropyBonus = 0.0
        /// β, the factor of a KL penalty in the loss.
        public var beta = 0.0
        /// How the KL penalty is estimated.
        public var estimator = KLEstimator.k3
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.tokenMean
        /// The fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clipLow, high: settings.clipHigh), normaliser: settings.normaliser,
            length: settings.length,
            penalty: PolicySurrogate.Penalty(settings.estimator, factor: settings.beta, reference: settings.reference),
            entropyBonus: settings.entropyBonus)
    }
    private static let value = HeadName("value")

    public var needs: [Score] { surrogate.needs }
    public var heads: [Head] { settings.valueFactor != 0 ? [Head(Self.value)] : [] }
    public var reads: Set<Quantity> { settings.valueFactor != 0 ? surrogate.reads.union([.head(Self.value)]) : surrogate.reads }
    public var takes: RowNeeds {
        var takes = surrogate.takes
        guard settings.valueFactor != 0 else { return takes }
        takes.channels["returns"] = RowNeeds.Number("what the value is to become: advantage + value, in units of reward")
        if settings.valueClip > 0 {
            takes.channels["oldValues"] = RowNeeds.Number("the value when advantages were made, in units of reward")
        }
        return takes
    }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try surrogate.totals(of: inputs) }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        var terms = try surrogate.terms(inputs)
        guard settings.valueFactor != 0 else { return try surrogate.loss(terms, inputs) }
        let value = try Reading.quantity(.head(Self.value), "values", inputs)
        let target = try Reading.constant(inputs.channels["returns"], "channel “returns”", inputs)
        var errors = try (value - target).square() * 0.5
        if settings.valueClip > 0 {
            let old = try Reading.constant(inputs.channels["oldValues"], "channel “oldValues”", inputs)
            let fit = try ValueFit.clipped(value, old: old, target, by: settings.valueClip)
            terms.metrics["valueClipFraction"] = try Reading.tally(fit.isClipped, inputs)
            errors = fit.losses
        }
        terms.metrics["valueLoss"] = try Reading.tally(errors, inputs)
        let charge = try errors * settings.valueFactor
        terms.charge = try terms.charge.map { try $0 + charge } ?? charge
        return try surrogate.loss(terms, inputs)
    }
}
