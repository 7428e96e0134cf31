import HoneCore
import HoneModel
import HoneTensor

/// SPPO: each response's log-ratio to the previous iterate is regressed on its win share, a step of multiplicative weights
/// whose average over iterations approaches the Nash equilibrium.
public struct SPPO: ResponseObjective {
    public static let card = PartCard(
        name: "sppo", summary: "draws each response to its win share against the previous policy", source: "Wu et al. 2024, equations 4.4 and 4.7",
        needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = mean [ log π(y)/π_t(y) − η (P(y ≻ π_t) − ½) ]²",
        normaliser: "rows of the mini-batch with trained tokens",
        reduction: "log-ratios are summed over a row's trained tokens, each times its weight; mean over rows",
        metrics: ["logRatio": "mean of log π/π_t over rows", "gap": "mean of log π/π_t − η (P − ½) over rows"],
        departures: [
            "the log-partition is taken to be η/2, as in the paper",
            "TRL (sppo_hard) takes P = 1 for the chosen row and 0 for the rejected one",
            "the authors' code regresses the best and the worst of five responses only; here every row counts, and the credit chooses the rows",
            "η is 5 unless set, for short responses; the authors set 1000 for long ones",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the step size of multiplicative weights, in nats per response.
        public var eta = 5.0
        /// The policy of the iteration before, against which log-ratios are taken.
        public var reference = ModelRef("policy", snapshot: "previous")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reference: ModelRef { settings.reference }
    public var takes: RowNeeds { RowNeeds(scalars: [WinShare.name: WinShare.number]) }

    public func terms(
        of responses: Responses, _ examples: [Example], totals: [String: Double]
    ) throws -> (cost: Tensor, metrics: [String: ResponseMean]) {
        let target = try responses.constants(examples.map { settings.eta * (($0.scalars[WinShare.name] ?? 0.5) - 0.5) })
        let ratio = try responses.logProb - responses.references[0]
        let gap = try ratio - target
        return (try gap.square(), ["logRatio": .init(ratio), "gap": .init(gap)])
    }
}
