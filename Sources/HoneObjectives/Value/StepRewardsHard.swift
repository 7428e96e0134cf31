import HoneCore
import HoneModel
import HoneTensor

/// Process reward model from hard step labels, by logistic regression of a head at the steps' ends.
public struct StepRewardsHard: TokenObjective {
    public static let card = PartCard(
        name: "process-reward-hard", summary: "teaches a step head whether each step is right",
        source: "Lightman et al. 2023; Wang et al. 2024, Math-Shepherd, equations 3 and 5", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σ_steps w [−y log σ(s) − (1−y) log σ(−s)] / Σ_steps |w|,  y = 1[share of right completions > threshold]",
        normaliser: TokenReduction.words + "; only labelled tokens have weight", reduction: "tokenMean unless set otherwise",
        metrics: StepLabels.metrics, departures: ["labels of 0 and 1 serve as shares, so that annotated steps and estimated ones are one input"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = "step"
        /// A step is right when more than this share of its completions was right.
        public var threshold = 0.0
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
        let labels = try steps.isGreater(than: settings.threshold).to(inputs.mask.dataType)
        return try LogisticFit.losses(outputs, labels, weights: try weights(inputs))
    }
}

/// Labels of steps, given at the token that ends each.
enum StepLabels {
    /// What the channel `steps` means.
    static let number = RowNeeds.Number("the share of right completions at the token that ends a step, below 0 at all others", -1...1)

    /// What cards say of the metrics.
    static let metrics = [
        "accuracy": "share (by w) of steps at which σ(s) and the label are on the same side of ½", "probability": "mean of σ(s) over steps, by w",
    ]

    /// The labels, [R, T], below 0 where no step ends, 0 where masked.
    static func steps(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.channels["steps"], "channel “steps”", inputs)
    }

    /// The weights of tokens that end a step, [R, T], 0 elsewhere.
    static func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.weights(inputs) * steps(inputs).isAtLeast(0).to(inputs.mask.dataType)
    }
}
