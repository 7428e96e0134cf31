import HoneCore
import HoneModel
import HoneTensor

/// OREAL: imitation of right answers, a reshaped policy gradient on wrong ones, both weighted per token by a head that
/// learns from outcomes where an answer is decided.
///
/// Source: Lyu et al. 2025, “Exploring the Limit of Outcome Reward for Learning Mathematical Reasoning”, equations 7 and 11.
public struct OREAL: ConfigurableObjective {
    public static let card = PartCard(
        name: "oreal", summary: "imitates right answers and pushes wrong ones down where a learned head sees it decided",
        source: "Lyu et al. 2025, equations 7 and 11", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −a/T⁺ Σ_right A ω⁺ log π − b/T⁻ Σ_wrong ρ A ω⁻ + β/T Σ kl + c/R Σᵢ CE(σ(mean sᵢ), rightᵢ),  "
            + "p = sg[σ(mean of s up to the token)],  ω⁺ = max(0, (p−h)/(1−h)),  ω⁻ = max(0, (1−p−h)/(1−h))",
        normaliser: "T⁺, T⁻: trained tokens of right and of wrong rows; T: all of them; R: rows with trained tokens",
        reduction: "a mean for each part",
        metrics: [
            "rightWeight": "mean of ω⁺ over trained tokens of right rows", "wrongWeight": "mean of ω⁻ over trained tokens of wrong rows",
            "ratio": "mean of ρ over trained tokens of wrong rows", "kl": "mean of the estimate over trained tokens; only with β > 0",
            "headLoss": "mean of CE over rows; only with token weights",
        ],
        departures: [
            "the paper scores tokens with a second network whose state has seen the token; here a head of the policy scores the state "
                + "before it", "factors and the multiplication of right answers by A are those of the authors' code",
            "one right and one wrong answer per problem are kept by the credit", PolicyCards.unconfirmed, PolicyCards.miniBatch, PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// a, the factor of right answers.
        public var rightFactor = 1.0
        /// b, the factor of wrong answers.
        public var wrongFactor = 0.5
        /// Whether tokens are weighted by the head; without it ω is 1 and no head is made.
        public var weighsTokens = true
        /// h, the probability up to which a token has no weight.
        public var threshold = 0.5
        /// c, the factor of the head's loss.
        public var headFactor = 1.0
        /// β, the factor of the KL penalty.
        public var beta = 0.01
        /// How the KL penalty is estimated.
        public var estimator = KLEstimator.k3
        /// The model the KL penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private static let head = HeadName("credit")

    public var takes: RowNeeds { RowNeeds(advantages: true, samplerLogProbs: true, scalars: ["reward": OutcomeRows.reward]) }
    public var heads: [Head] { settings.weighsTokens ? [Head(Self.head)] : [] }
    public var reads: Set<Quantity> { settings.weighsTokens ? [.logProbs, .head(Self.head)] : [.logProbs] }
    public var needs: [Score] { settings.beta != 0 ? [Score(.logProbs, by: settings.reference)] : [] }

    /// 1 at trained tokens of right rows, and of wrong rows.
    private func sides(_ inputs: borrowing LossInputs) throws -> (right: Tensor, wrong: Tensor, isRight: Tensor) {
        var isRight = [Double](repeating: 0, count: inputs.examples.count)
        for row in try OutcomeRows.filled(inputs) where row.isRight { isRight[row.index] = 1 }
        let column = try Tensor(isRight, shape: [isRight.count, 1]).to(inputs.mask.dataType)
        let right = try inputs.mask * column
        return (right, try inputs.mask - right, column)
    }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let sides = try sides(inputs)
        var totals = try PolicyReduction.totals(inputs)
        totals["rightTokens"] = try sides.right.sum().item()
        totals["wrongTokens"] = try sides.wrong.sum().item()
        return totals
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let sides = try sides(inputs)
        let logProbs = try Reading.logProbs(inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs) * Reading.weights(inputs)
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let ratio = try Reading.ratio(logProbs - sampler)
        var (right, wrong) = (sides.right, sides.wrong)
        var total = try logProbs.sum() * 0
        var metrics = ["ratio": try part(ratio, sides.wrong)]
        if settings.weighsTokens {
            let counts = try inputs.mask.cumsum(1).clamp(1, nil)
            let p = try (Reading.held(.head(Self.head), "outputs of the head “credit”", inputs).cumsum(1) / counts).sigmoid()
            let (h, scale) = (settings.threshold, 1 / max(1e-9, 1 - settings.threshold))
            right = try right * ((p - h) * scale).relu()
            wrong = try wrong * ((1 - h - p) * scale).relu()
            metrics["rightWeight"] = try part(right, sides.right)
            metrics["wrongWeight"] = try part(wrong, sides.wrong)
            let errors = try headErrors(sides.isRight, inputs)
            total = try total + errors.sum() * share(settings.headFactor, inputs.totals["rows"])
            metrics["headLoss"] = Tally(sum: try errors.detach().sum().item(), count: try Reading.filledRows(inputs))
        }
        total = try total - (logProbs * advantages * right).sum() * share(settings.rightFactor, inputs.totals["rightTokens"])
        total = try total - (ratio * advantages * wrong).sum() * share(settings.wrongFactor, inputs.totals["wrongTokens"])
        if settings.beta != 0 {
            let reference = try Reading.constant(
                inputs.scores[Score(.logProbs, by: settings.reference)], "reference's log-probabilities", inputs)
            let kl = try settings.estimator.values(logProbs, against: reference)
            total = try total + (kl * Reading.weights(inputs)).sum() * share(settings.beta, inputs.totals["tokens"])
            metrics["kl"] = try Reading.tally(kl, inputs)
        }
        return Loss(total: total, metrics: metrics)
    }

    /// The cross-entropy of each row's mean score with its outcome, [R, 1], 0 for rows without trained tokens.
    private func headErrors(_ isRight: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor {
        let scores = try Reading.quantity(.head(Self.head), "outputs of the head “credit”", inputs)
        let counts = try inputs.mask.sum(1, keep: true)
        let mean = try scores.sum(1, keep: true) / counts.clamp(1, nil)
        let isFilled = try counts.isGreater(than: 0).to(inputs.mask.dataType)
        return try (mean.softplus() - mean * isRight) * isFilled
    }

    private func share(_ factor: Double, _ count: Double?) -> Double { (count ?? 0) > 0 ? factor / (count ?? 1) : 0 }

    private func part(_ values: Tensor, _ branch: Tensor) throws -> Tally {
        Tally(sum: try (values.detach() * branch).sum().item(), count: try branch.sum().item())
    }

    /// Rewards minus the mean of the group's other rewards; 0 in a group of one.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        PolicyCards.leaveOneOut(rewards, groups)
    }
}
