import HoneCore
import HoneModel

/// Distillation by the forward divergence KL(teacher‖student), which covers all that the teacher does.
public struct ForwardDistillation: TokenObjective {
    public static let card = PartCard(
        name: "forward-distillation", summary: "learns a teacher's distributions by forward KL", source: "Hinton et al. 2015, section 2; Agarwal et al. 2024, section 2", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = τ² Σᵢₜ wᵢₜ Σ_v P_τ(v) (log P_τ(v) − log Q_τ(v)) / Σᵢₜ |wᵢₜ|",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: Divergence.metrics,
        departures: Divergence.departures)

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The model whose distributions are learned.
        public var teacher = ModelRef("teacher")
        /// τ, the temperature of both distributions.
        public var temperature = 1.0
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
    public var takes: RowNeeds { RowNeeds() }
    public var reads: Set<Quantity> { [.allLogProbs] }
    public var needs: [Score] { [Score(.allLogProbs, by: settings.teacher)] }
    public var reduction: TokenReduction { settings.reduction }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        try Divergence.losses(inputs, teacher: settings.teacher, beta: 0, temperature: settings.temperature)
    }
}
