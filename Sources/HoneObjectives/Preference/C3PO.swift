import HoneCore
import HoneModel
import HoneTensor

/// C3PO: DPO on prompts that a piece of feedback is about, and keeping what the model said on all others.
///
/// Rows say by `scope` where they belong: 0 the feedback applies (these come in pairs), 1 near it, 2 far from it; on the last
/// two the row is the model's own earlier answer.
public struct C3PO: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "c3po", summary: "learns feedback where it applies and keeps the old answers elsewhere",
        source: "Stephan et al. 2024 (RLVF), the C3PO loss", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = −mean log σ(m) + Σ_s k_s mean over rows of scope s of [ (1−λ) NLL + λ T² KL(π_ref^(1/T) ‖ π^(1/T)) ],  "
            + "s near or far, NLL and KL means over the row's tokens",
        metrics: ["keepNear": "mean keep-loss over rows of scope 1", "keepFar": "mean keep-loss over rows of scope 2"],
        departures: [
            "pairs count where both rows have scope 0; each keep-loss has its own mean over the mini-batch's rows of its scope",
            "weights 0.2 and 0.1, λ 0 and T 1 are those of the authors' configuration; the number of the equation could not be confirmed",
            "the divergence is a mean over tokens; the authors' code sums it over the row unless use_avg_kl is set, and takes the likelihood over all tokens of the batch",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// k₁, the factor of the keep-loss on rows near the scope.
        public var near = 0.2
        /// k₂, the factor of the keep-loss on rows far from it.
        public var far = 0.1
        /// λ, the share of the keep-loss that is divergence from the reference's distribution instead of likelihood.
        public var distillation = 0.0
        /// T, the temperature of both distributions in the divergence.
        public var temperature = 1.0
        /// The model before the feedback.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private static let scopes: [(number: Double, total: String, metric: String)] = [(1, "near", "keepNear"), (2, "far", "keepFar")]
    private var distils: Bool { settings.distillation != 0 }
    public var needs: [Score] {
        [Score(.logProbs, by: settings.reference)] + (distils ? [Score(.allLogProbs, by: settings.reference)] : [])
    }
    public var reads: Set<Quantity> { distils ? [.logProbs, .allLogProbs] : [.logProbs] }
    public var takes: RowNeeds {
        RowNeeds(pairs: true, scalars: ["scope": .init("0 the feedback applies, 1 near its scope, 2 far from it", 0...2, isWhole: true)])
    }

    public func counts(_ pair: Pair, _ examples: [Example]) -> Bool {
        [pair.chosen, pair.rejected].allSatisfy { (examples[$0].scalars["scope"] ?? 0) == 0 }
    }

    public func restTotals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        var totals: [String: Double] = [:]
        for scope in Self.scopes { totals[scope.total] = try isKept(scope.number, inputs).reduce(0, +) }
        return totals
    }

    public func rest(_ inputs: borrowing LossInputs) throws -> Loss? {
        let responses = try responses(inputs)
        var keep = try responses.logProb / responses.length * -(1 - settings.distillation)
        if distils {
            keep = try keep + divergence(inputs) / responses.length * (settings.distillation * settings.temperature * settings.temperature)
        }
        var total = try keep.sum() * 0
        var metrics: [String: Tally] = [:]
        for scope in Self.scopes {
            let isKept = try isKept(scope.number, inputs)
            let sum = try (keep * responses.constants(isKept)).sum()
            let rows = inputs.totals[scope.total] ?? 0
            let factor = scope.number == 1 ? settings.near : settings.far
            total = try total + sum * (rows > 0 ? factor / rows : 0)
            metrics[scope.metric] = Tally(sum: try sum.detach().item(), count: isKept.reduce(0, +))
        }
        return Loss(total: total, metrics: metrics)
    }

    /// Σₜ wₜ KL(π_ref^(1/T) ‖ π^(1/T)) of each row, [R].
    private func divergence(_ inputs: borrowing LossInputs) throws -> Tensor {
        let own = try Reading.wide(inputs.reads[.allLogProbs], "distributions", inputs)
        let other = try Reading.wide(inputs.scores[Score(.allLogProbs, by: settings.reference)], "reference's distributions", inputs)
        try other.expect(own.shape, "reference's distributions")
        let (mine, theirs) = (try (own / settings.temperature).logSoftmax(2), try (other / settings.temperature).logSoftmax(2))
        return try ((theirs.exp() * (theirs - mine)).sum(2) * Reading.weights(inputs)).sum(1)
    }

    /// 1 for rows with trained tokens of this scope, else 0.
    private func isKept(_ scope: Double, _ inputs: borrowing LossInputs) throws -> [Double] {
        let examples = inputs.examples
        return try Reading.areFilled(inputs).enumerated().map { $0.element && examples[$0.offset].scalars["scope"] == scope ? 1 : 0 }
    }
}
