import HoneCore
import HoneModel
import HoneTensor

/// Expectile regression of a value head: with τ near 1 it learns the best of the returns that were seen.
public struct ExpectileValue: TokenObjective {
    public static let card = PartCard(
        name: "expectile-value", summary: "teaches a value head an expectile of the returns",
        source: "Kostrikov et al. 2021, IQL, equations 4 and 5; Newey and Powell 1987", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = Σᵢₜ wᵢₜ |τ − 1[G < V]| (G − V)² / Σᵢₜ |wᵢₜ|", normaliser: TokenReduction.words,
        reduction: "tokenMean unless set otherwise", metrics: ValueFit.metrics,
        departures: ["IQL's target is the least of two target action values; here it is what the channel “returns” holds (ilql has the former)"])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The head that is taught.
        public var head = "value"
        /// τ, between 0 and 1: ½ is the mean, near 1 the largest.
        public var expectile = 0.7
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public var settings: Settings

    /// The objective.
    public init(_ settings: Settings = Settings()) { self.settings = settings }

    public static let defaults = Settings()
    public var takes: RowNeeds { RowNeeds(channels: ["returns": ValueFit.returns]) }
    public var heads: [Head] { [Head(HeadName(settings.head))] }
    public var reads: Set<Quantity> { [.head(HeadName(settings.head))] }
    public var reduction: TokenReduction { settings.reduction }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let (values, returns) = try ValueFit.read(settings.head, inputs)
        return TokenLosses(
            try ValueFit.expectile(returns - values, settings.expectile), metrics: try ValueFit.tallies(values, returns, inputs))
    }
}

extension ValueFit {
    /// |τ − 1[u < 0]| u² at each place.
    static func expectile(_ gap: Tensor, _ expectile: Double) throws -> Tensor {
        let isBelow = try gap.detach().isLess(than: 0).to(gap.dataType)
        return try gap.square() * (isBelow * (1 - 2 * expectile) + expectile)
    }
}
