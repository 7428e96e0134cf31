import HoneCore
import HoneModel
import HoneTensor

/// Critique-GRPO: unclipped policy gradient on own answers, and refinements made with a critique learned under the original
/// prompt with the shaped probability p/(p + γ), which gives rare tokens the larger gradient.
///
/// Source: Zhang et al. 2025, “Critique-GRPO”, equation 5 (shaping after Yan et al. 2025, LUFFY, equation 7).
public struct CritiqueGRPO: SurrogateObjective {
    public static let card = PartCard(
        name: "critique-grpo", summary: "policy gradient on answers and on refinements with shaped weights",
        source: "Zhang et al. 2025, equation 5", needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/(R·M) Σᵢₜ { ρᵢₜ Aᵢ on own answers, p/(p+γ) Aᵢ with p = πᵢₜ on refinements, + η Hᵢₜ },  A = r − mean of the group",
        normaliser: "rows × `length`", reduction: "sum over tokens, divided by a constant",
        metrics: [
            "ratio": "mean of ρ over trained tokens of own answers", "shaped": "mean of p/(p+γ) over trained tokens of refinements",
            "entropy": "mean entropy over trained tokens, in nats; only with η ≠ 0",
        ],
        departures: [
            "formulas and γ are those of the authors' code", PolicyCards.unconfirmed,
            "refinements are marked by the channel `refinement`, and their rows carry the original prompt", PolicyCards.held,
            PolicyCards.rows,
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// γ of the shaping p/(p + γ).
        public var shaping = 0.1
        /// η, the factor of the entropy bonus.
        public var entropyBonus = 0.001
        /// M, the fixed length, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    /// The general form of its settings, on own answers.
    public var surrogate: PolicySurrogate {
        PolicySurrogate(normaliser: .constant, length: settings.length, entropyBonus: settings.entropyBonus)
    }

    public var takes: RowNeeds {
        var takes = surrogate.takes
        takes.channels["refinement"] = RowNeeds.Number("1 in a refinement made with a critique, else 0", 0...1, isWhole: true)
        return takes
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        var terms = try surrogate.terms(inputs)
        let isRefined = try Reading.constant(inputs.channels["refinement"], "channel “refinement”", inputs).isDifferent(from: 0)
        let refined = try isRefined.to(inputs.mask.dataType) * inputs.mask
        let own = try inputs.mask - refined
        let p = try Reading.logProbs(inputs).exp()
        let shaped = try p / (p + settings.shaping)
        let advantages = try Reading.constant(inputs.advantages, "advantages", inputs)
        terms.policy = try isRefined.choose(shaped * advantages, terms.policy)
        let ratio = try Reading.ratio(
            Reading.held(.logProbs, "log-probabilities", inputs)
                - Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs))
        terms.metrics["ratio"] = Tally(sum: try (ratio * own).sum().item(), count: try own.sum().item())
        terms.metrics["shaped"] = Tally(sum: try (shaped.detach() * refined).sum().item(), count: try refined.sum().item())
        return try surrogate.loss(terms, inputs)
    }
}
