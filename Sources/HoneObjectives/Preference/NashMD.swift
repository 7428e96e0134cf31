import HoneCore
import HoneModel
import HoneTensor

/// Nash-MD: the policy gradient of the preference over an opponent between policy and reference, with a KL penalty. Its last
/// iterate approaches the Nash equilibrium of the regularised preference game.
public struct NashMD: ResponseObjective {
    public static let card = PartCard(
        name: "nash-md", summary: "policy gradient against a mixture of policy and reference", source: "Munos et al. 2023, section 7, Nash-MD-PG",
        needs: [.onPolicyLogProbs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −mean [ (P(y ≻ y′) − ½) log π(y) − τ/2 (log π(y)/μ(y))² ],  y by π, y′ by the geometric mixture π^(1−β) μ^β; "
            + "its gradient is −mean (P − ½ − τ log π/μ) ∇ log π",
        normaliser: "rows of the mini-batch with trained tokens",
        reduction: "log-probabilities are summed over a row's trained tokens, each times its weight; mean over rows",
        metrics: ["logRatio": "mean of log π/μ over rows, an estimate of the KL divergence", "preference": "mean of P(y ≻ y′) over rows"],
        departures: [
            "the number of the equation could not be confirmed", "the opponent's mixture is made where responses are drawn, not here",
            "the penalty is a squared log-ratio, whose gradient is the paper's",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// τ, the strength of the KL penalty.
        public var tau = 0.1
        /// μ, the model the penalty refers to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reference: ModelRef { settings.reference }
    public var takes: RowNeeds { RowNeeds(scalars: [WinShare.name: WinShare.number]) }

    public func terms(
        of responses: Responses, _ examples: [Example], totals: [String: Double]
    ) throws -> (cost: Tensor, metrics: [String: ResponseMean]) {
        let share = try responses.constants(examples.map { $0.scalars[WinShare.name] ?? 0.5 })
        let ratio = try responses.logProb - responses.references[0]
        let cost = try ratio.square() * (settings.tau / 2) - (share - 0.5) * responses.logProb
        return (cost, ["logRatio": .init(ratio), "preference": .init(share)])
    }
}
