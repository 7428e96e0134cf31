import HoneCore
import HoneModel
import HoneTensor

/// Regression of a value head on Monte-Carlo returns.
public struct ValueRegression: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "value-regression", summary: "teaches a value head the returns that followed",
        source: "Sutton and Barto 2018, equation 9.1 with Monte-Carlo returns", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = ½ Σᵢₜ wᵢₜ (V(sᵢₜ) − Gᵢₜ)² / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise", metrics: ValueFit.metrics,
        departures: ["V at a token is computed from the state before it, so the return includes the reward of that token"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "value"
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        // The expectile of ½ is the mean: |½ − 1[…]| = ½ on both sides.
        try ValueFit.losses(try outputs(inputs), expectile: 0.5, inputs)
    }
}
