import HoneCore
import HoneModel
import HoneTensor

/// Expectile regression of a value head: with τ near 1 it learns the best of the returns that were seen.
public struct ExpectileValue: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "expectile-value", summary: "teaches a value head an expectile of the returns",
        source: "Kostrikov et al. 2021, IQL, equations 4 and 5; Newey and Powell 1987", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ |τ − 1[G < V]| (G − V)² / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise", metrics: ValueFit.metrics,
        departures: ["IQL's target is the least of two target action values; here it is what the channel “returns” holds (ilql has the former)"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "value"
        /// τ, between 0 and 1: ½ is the mean, near 1 the largest.
        public var expectile = 0.7
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        try ValueFit.losses(try outputs(inputs), expectile: settings.expectile, inputs)
    }
}
