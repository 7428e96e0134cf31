import HoneCore
import HoneModel
import HoneTensor

/// SPEAR: clipped policy gradient on fresh rows and on replayed successes, without the tokens whose log-probability and
/// advantage move together too strongly.
///
/// Source: Qin et al. 2025, “Learn the Ropes, Then Trust the Wins”, section 4 (self-imitation with recalibrated advantages,
/// covariance clipping after Cui et al. 2025, “The Entropy Mechanism”, equation 10). Recalibrating the advantages of replayed
/// rows and the schedule of their weight belong to credit and plan.
public struct SPEAR: SurrogateObjective {
    public static let card = PartCard(
        name: "spear", summary: "policy gradient with self-imitation and covariance clipping", source: "Qin et al. 2025, section 4",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/(R·M) Σ_fresh kᵢₜ g(ρᵢₜ, Aᵢₜ) − ω/(R′·M) Σ_replayed [A ≥ 0] kᵢₜ g(ρᵢₜ, Aᵢₜ),  "
            + "g = min(ρA, clip(ρ, 1−εₗ, 1+εₕ) A),  k = 1 − min(1, n/|B|) for tokens in B, else 1,  "
            + "B = unclipped tokens with (A − mean A)(log π − mean log π) in (low, high),  n = max(1, ⌊share × tokens⌋)",
        normaliser: "rows × `length`, fresh (R) and replayed (R′) rows by themselves", reduction: "sum over tokens, divided by a constant",
        metrics: [
            "ratio": "mean of ρ over trained tokens", "clipFraction": "share of trained tokens whose term the clip replaced",
            "covarianceFraction": "share of trained tokens in B", "imitationFraction": "share of trained tokens replayed with A ≥ 0",
        ],
        departures: [
            "n tokens of B are left out at random in the authors' code; here all of B are weighted by the probability of being kept, "
                + "the same in expectation and free of chance",
            "means and B are taken over fresh and replayed tokens by themselves, as in the code, and over the mini-batch of one step",
            "replayed tokens are marked by the channel `replayed`", PolicyCards.held,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How far the ratio may fall.
        public var clipLow = 0.2
        /// How far it may rise.
        public var clipHigh = 0.28
        /// ω, the weight of replayed rows; a plan lets it rise from 0.
        public var imitation = 1.0
        /// The covariance above which a token may lose its gradient.
        public var covarianceLow = 1.0
        /// The covariance above which it keeps it.
        public var covarianceHigh = 40.0
        /// The share of all tokens that may lose it; 0 clips none.
        public var covarianceShare = 0.02
        /// M, the fixed length, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    /// The general form of its settings, without covariance clipping.
    public var surrogate: PolicySurrogate {
        PolicySurrogate(
            limit: .clip(low: settings.clipLow, high: settings.clipHigh), normaliser: .constant, length: settings.length)
    }

    public var takes: RowNeeds {
        var takes = surrogate.takes
        takes.channels["replayed"] = RowNeeds.Number("1 in a replayed success, 0 in a fresh row", 0...1, isWhole: true)
        return takes
    }
    public var totalsReadModel: Bool { settings.covarianceShare > 0 }

    /// Fresh tokens, and replayed ones that are imitated, as masks.
    private func branches(_ inputs: borrowing LossInputs) throws -> [Tensor] {
        let type = inputs.mask.dataType
        let replayed = try Reading.constant(inputs.channels["replayed"], "channel “replayed”", inputs).isDifferent(from: 0).to(type)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        return [
            try inputs.mask - replayed * inputs.mask, try replayed * advantages.isAtLeast(0).to(type) * inputs.mask,
        ]
    }

    /// Which tokens of a branch are in B, 1 or 0.
    private func band(
        _ branch: Tensor, meanAdvantage: Double, meanLogProb: Double, _ inputs: borrowing LossInputs
    ) throws -> Tensor {
        let logProbs = try Reading.held(.logProbs, "log-probabilities", inputs)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        let ratio = try Reading.ratio(logProbs - Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs))
        let isFree = try (ratio * advantages).isAtMost(ratio.clamp(1 - settings.clipLow, 1 + settings.clipHigh) * advantages)
        let covariance = try (advantages - meanAdvantage) * (logProbs - meanLogProb)
        let isInside = try covariance.isGreater(than: settings.covarianceLow)
            .logicalAnd(covariance.isLess(than: settings.covarianceHigh)).logicalAnd(isFree)
        return try isInside.to(inputs.mask.dataType) * branch
    }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        var totals: [String: Double] = [:]
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        for (index, branch) in try branches(inputs).enumerated() {
            let tokens = try branch.sum().item()
            totals["rows\(index)"] = try branch.sum(1).isGreater(than: 0).to(branch.dataType).sum().item()
            guard settings.covarianceShare > 0 else { continue }
            let (a, l) = (
                try (advantages * branch).sum().item() / max(1, tokens),
                try (Reading.held(.logProbs, "log-probabilities", inputs) * branch).sum().item() / max(1, tokens)
            )
            let inside = try band(branch, meanAdvantage: a, meanLogProb: l, inputs).sum().item()
            let chosen = max(1, (settings.covarianceShare * tokens).rounded(.down))
            totals["advantage\(index)"] = a
            totals["logProb\(index)"] = l
            totals["lost\(index)"] = inside > 0 ? min(1, chosen / inside) : 0
        }
        return totals
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let terms = try surrogate.terms(inputs)
        let branches = try branches(inputs)
        var sum = try terms.policy * 0
        var metrics = terms.metrics
        metrics["imitationFraction"] = try Reading.tally(branches[1], inputs)
        for (index, branch) in branches.enumerated() {
            let rows = inputs.totals["rows\(index)"] ?? 0
            let weight = (index == 0 ? 1 : settings.imitation) / (max(1, rows) * Double(max(1, settings.length)))
            var kept = branch
            if settings.covarianceShare > 0 {
                let inside = try band(
                    branch, meanAdvantage: inputs.totals["advantage\(index)"] ?? 0, meanLogProb: inputs.totals["logProb\(index)"] ?? 0,
                    inputs)
                kept = try branch - inside * (inputs.totals["lost\(index)"] ?? 0)
                let tally = try Reading.tally(inside, inputs)
                metrics["covarianceFraction"] = Tally(
                    sum: tally.sum + (metrics["covarianceFraction"]?.sum ?? 0), count: tally.count)
            }
            sum = try sum + terms.policy * kept * weight
        }
        return Loss(total: try -(sum * Reading.weights(inputs)).sum(), metrics: metrics)
    }
}
