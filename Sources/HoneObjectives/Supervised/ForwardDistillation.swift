import HoneCore
import HoneModel

/// Distillation by the forward divergence KL(teacher‖student), which covers all that the teacher does.
public struct ForwardDistillation: DistillationObjective {
    public static let card = PartCard(
        name: "forward-distillation", summary: "learns a teacher's distributions by forward KL", source: "Hinton et al. 2015, section 2; Agarwal et al. 2024, section 2", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = τ² Σᵢₜ wᵢₜ Σ_v P_τ(v) (log P_τ(v) − log Q_τ(v)) / Σᵢₜ |wᵢₜ|",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: Divergence.metrics,
        departures: Divergence.departures)

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

    public var towardsReverse: Double { 0 }
}
