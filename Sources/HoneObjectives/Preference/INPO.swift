import HoneCore
import HoneModel
import HoneTensor

/// INPO: least squares onto the log-ratio of the next mirror-descent iterate, which needs no win rates. With pairs drawn from
/// π_t the minimiser is π_{t+1} ∝ exp(P(y ≻ π_t)/η) π_ref^(τ/η) π_t^(1−τ/η), whose last iterate converges.
public struct INPO: PairwiseObjective {
    public static let card = PartCard(
        name: "inpo", summary: "one step of mirror descent towards the Nash policy of a regularised preference game, by least squares",
        source: "Zhang et al. 2024 (INPO), the loss of Algorithm 1", needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean (h − 1/(2η))²,  h = log π(y_w)/π(y_l) − (τ/η) log π_ref(y_w)/π_ref(y_l) − (1 − τ/η) log π_t(y_w)/π_t(y_l)", margin: "h",
        departures: [
            "the numbers of the equations could not be confirmed; defaults are those of a re-implementation",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// η, the inverse of the step size.
        public var eta = 0.0075
        /// τ, the strength of the tie to the reference, from 0 to η.
        public var tau = 0.0025
        /// The fixed reference π_ref.
        public var reference = ModelRef("policy", snapshot: "base")
        /// The policy of the iteration before, π_t.
        public var previous = ModelRef("policy", snapshot: "previous")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference, settings.previous] }

    public func margin(of pairs: PairSides) throws -> Tensor {
        let share = settings.tau / settings.eta
        guard settings.eta > 0, (0...1).contains(share) else {
            throw ObjectiveError("INPO has eta \(settings.eta) and tau \(settings.tau); expected 0 ≤ tau ≤ eta and eta above 0")
        }
        func lead(_ side: PairSide) throws -> Tensor {
            try side.logProb - side.references[0] * share - side.references[1] * (1 - share)
        }
        return try lead(pairs.chosen) - lead(pairs.rejected)
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try PairLoss.square(margin, target: 1 / (2 * settings.eta))
    }
}
