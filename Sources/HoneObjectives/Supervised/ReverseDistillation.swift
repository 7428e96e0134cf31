import HoneCore
import HoneModel

/// Distillation by the reverse divergence KL(student‖teacher), which seeks what the teacher does most.
public struct ReverseDistillation: TokenObjective {
    public static let card = PartCard(
        name: "reverse-distillation", summary: "learns a teacher's distributions by reverse KL", source: "Gu et al. 2024, MiniLLM, equation 1; Agarwal et al. 2024, section 2", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = τ² Σᵢₜ wᵢₜ Σ_v Q_τ(v) (log Q_τ(v) − log P_τ(v)) / Σᵢₜ |wᵢₜ|",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: Divergence.metrics,
        departures: Divergence.departures + ["MiniLLM takes the divergence of whole sequences by a policy gradient; here it is the exact one at each token"])

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
        try Divergence.losses(inputs, teacher: settings.teacher, beta: 1, temperature: settings.temperature)
    }
}
