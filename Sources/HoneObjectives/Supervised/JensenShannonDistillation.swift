import HoneCore
import HoneModel

/// Distillation by the generalised Jensen–Shannon divergence between teacher and student.
public struct JensenShannonDistillation: DistillationObjective {
    public static let card = PartCard(
        name: "jensen-shannon-distillation", summary: "learns a teacher's distributions by Jensen–Shannon divergence", source: "Agarwal et al. 2024, equation 1", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = τ² Σᵢₜ wᵢₜ [β KL(P_τ‖M) + (1−β) KL(Q_τ‖M)] / Σᵢₜ |wᵢₜ|,  M = βP_τ + (1−β)Q_τ",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise", metrics: Divergence.metrics,
        departures: Divergence.departures + ["β = 0 and β = 1, where D_β is 0, stand for forward and reverse KL, as in TRL"])

    /// What can be set.
    public struct Settings: DistillationSettings {
        /// The model whose distributions are learned.
        public var teacher = ModelRef("teacher")
        /// τ, the temperature of both distributions.
        public var temperature = 1.0
        /// β, the teacher's share of the mixture, between 0 and 1.
        public var beta = 0.5
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var towardsReverse: Double { settings.beta }
}
