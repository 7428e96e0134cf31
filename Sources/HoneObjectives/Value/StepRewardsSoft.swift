import HoneCore
import HoneModel
import HoneTensor

/// Process reward model from soft step labels, by logistic regression of a head at the steps' ends.
public struct StepRewardsSoft: StepRewardObjective {
    public static let card = PartCard(
        name: "process-reward-soft", summary: "teaches a step head how likely each step leads to a right answer",
        source: "Wang et al. 2024, Math-Shepherd, equations 4 and 5; Luo et al. 2024, OmegaPRM, section 3.4", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σ_steps w f / Σ_steps |w|,  f = −p log σ(s) − (1−p) log σ(−s),  or (σ(s) − p)² when squared",
        normaliser: TokenReduction.words + "; only labelled tokens have weight", reduction: "tokenMean unless set otherwise",
        metrics: StepLabels.metrics, departures: ["labels below 0 mark tokens that end no step"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "step"
        /// Whether the squared error of the probability is taken instead of the cross-entropy.
        public var isSquared = false
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let steps = try StepLabels.steps(inputs)
        let losses = try fit(steps, inputs)
        return settings.isSquared ? TokenLosses(try (outputs(inputs).sigmoid() - steps).square(), metrics: losses.metrics) : losses
    }
}
