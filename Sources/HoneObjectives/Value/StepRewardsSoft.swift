import HoneCore
import HoneModel
import HoneTensor

/// Process reward model from soft step labels, by logistic regression of a head at the steps' ends.
public struct StepRewardsSoft: TokenObjective {
    public static let card = PartCard(
        name: "process-reward-soft", summary: "teaches a step head how likely each step leads to a right answer",
        source: "Wang et al. 2024, Math-Shepherd, equations 4 and 5; Luo et al. 2024, OmegaPRM, section 3.4", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σ_steps w f / Σ_steps |w|,  f = −p log σ(s) − (1−p) log σ(−s),  or (σ(s) − p)² when squared",
        normaliser: TokenReduction.words + "; only labelled tokens have weight", reduction: "tokenMean unless set otherwise",
        metrics: StepLabels.metrics, departures: ["labels below 0 mark tokens that end no step"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = "step"
        /// Whether the squared error of the probability is taken instead of the cross-entropy.
        public var isSquared = false
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds(channels: ["steps": StepLabels.number]) }
    public var heads: [Head] { [Head(HeadName(settings.head))] }
    public var reads: Set<Quantity> { [.head(HeadName(settings.head))] }
    public var reduction: TokenReduction { settings.reduction }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor { try StepLabels.weights(inputs) }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let outputs = try Reading.quantity(.head(HeadName(settings.head)), "outputs of the head “\(settings.head)”", inputs)
        let steps = try StepLabels.steps(inputs)
        let losses = try LogisticFit.losses(outputs, steps, weights: try weights(inputs))
        return settings.isSquared ? TokenLosses(try (outputs.sigmoid() - steps).square(), metrics: losses.metrics) : losses
    }
}
