import HoneCore
import HoneModel
import HoneTensor

/// Outcome reward model from labels: whether an answer was right, by logistic regression of a head.
public struct RewardLabels: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "outcome-reward-binary", summary: "teaches a reward head whether an answer is right",
        source: "Cobbe et al. 2021, Training verifiers, section 4", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ vᵢₜ [−y log σ(r) − (1−y) log σ(−r)] / Σᵢₜ |vᵢₜ|,  v = w at the row's last trained token (everywhere: at each), else 0",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: [
            "accuracy": "share (by v) of places at which σ(r) and y are on the same side of ½", "probability": "mean of σ(r), by v",
        ],
        departures: ["Cobbe et al. regress on 0 and 1 by squared error at every token, beside a language-model loss; here it is the logistic loss alone"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "reward"
        /// Whether every trained token is taught the row's label; else the last one only.
        public var isEverywhere = false
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(scalars: ["label": .init("1 for a right answer, 0 for a wrong one, or how likely it is right", 0...1)]) }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor {
        let weights = try Reading.weights(inputs)
        return settings.isEverywhere ? weights : try weights * Reading.lastTrained(inputs)
    }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let outputs = try outputs(inputs)
        return try LogisticFit.losses(outputs, try Reading.scalars("label", inputs), weights: try weights(inputs))
    }
}

/// Logistic regression of scores on labels between 0 and 1.
enum LogisticFit {
    /// log(1 + e^x) − y·x at each place: the cross-entropy between y and σ(x).
    static func losses(_ outputs: Tensor, _ labels: Tensor, weights: Tensor) throws -> TokenLosses {
        let (still, type) = (try outputs.detach(), outputs.dataType)
        let agrees = try still.isGreater(than: 0).to(type).isEqual(to: try labels.isGreater(than: 0.5).to(type)).to(type)
        return TokenLosses(
            try outputs.softplus() - labels * outputs,
            metrics: ["accuracy": try Imitation.tally(agrees, weights), "probability": try Imitation.tally(still.sigmoid(), weights)])
    }
}
