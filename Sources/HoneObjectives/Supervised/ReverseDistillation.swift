import HoneCore
import HoneModel

/// Distillation by the reverse divergence KL(student‖teacher), which seeks what the teacher does most.
public struct ReverseDistillation: DistillationObjective {
    public static let card = PartCard(
        name: "reverse-distillation", summary: "learns a teacher's distributions by reverse KL", source: "Gu et al. 2024, MiniLLM, equation 1; Agarwal et al. 2024, section 2", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = τ² Σᵢₜ wᵢₜ Σ_v Q_τ(v) (log Q_τ(v) − log P_τ(v)) / Σᵢₜ |wᵢₜ|",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: Divergence.metrics,
        departures: Divergence.departures + ["MiniLLM takes the divergence of whole sequences by a policy gradient; here it is the exact one at each token"])

    /// What can be set.
    public struct Settings: DistillationSettings {
        /// The model whose distributions are learned.
        public var teacher = ModelRef("teacher")
        /// τ, the temperature of both distributions.
        public var temperature = 1.0
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var towardsReverse: Double { 1 }
}
