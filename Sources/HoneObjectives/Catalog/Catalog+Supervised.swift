import HoneModel

extension ObjectiveCatalog {
    /// Objectives that imitate tokens or distributions.
    static let supervised: [any ConfigurableObjective.Type] = [
        CrossEntropy.self, WeightedCrossEntropy.self, RejectionSampling.self, NegativeAwareTuning.self, MistakeTuning.self,
        ThoughtMask.self, ContrastiveRationale.self, ForwardDistillation.self, ReverseDistillation.self,
        JensenShannonDistillation.self, SampledDistillation.self, KLPenalty.self,
    ]
}
