import HoneCore
import HoneModel
import HoneTensor

/// Process reward model from hard step labels, by logistic regression of a head at the steps' ends.
public struct StepRewardsHard: StepRewardObjective {
    public static let card = PartCard(
        name: "process-reward-hard", summary: "teaches a step head whether each step is right",
        source: "Lightman et al. 2023; Wang et al. 2024, Math-Shepherd, equations 3 and 5", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σ_steps w [−y log σ(s) − (1−y) log σ(−s)] / Σ_steps |w|,  y = 1[share of right completions > threshold]",
        normaliser: TokenReduction.words + "; only labelled tokens have weight", reduction: "tokenMean unless set otherwise",
        metrics: StepLabels.metrics, departures: ["labels of 0 and 1 serve as shares, so that annotated steps and estimated ones are one input"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "step"
        /// A step is right when more than this share of its completions was right.
        public var threshold = 0.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        try fit(StepLabels.steps(inputs).isGreater(than: settings.threshold).to(inputs.mask.dataType), inputs)
    }
}
