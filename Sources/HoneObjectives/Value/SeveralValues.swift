import HoneCore
import HoneModel
import HoneTensor

/// Regression of a head of several outputs, each on returns of its own: several criteria, rewards or horizons.
public struct SeveralValues: TokenObjective, HeadObjective {
    public static let card = PartCard(
        name: "several-values", summary: "teaches one head several kinds of returns",
        source: "Monte-Carlo regression, once for each criterion", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = ½ Σᵢₜ wᵢₜ 1/K Σ_k (V_k(sᵢₜ) − G_kᵢₜ)² / Σᵢₜ |wᵢₜ|,  G_k from the channels “returns1”, “returns2”, …",
        normaliser: TokenReduction.words, reduction: "tokenMean unless set otherwise",
        metrics: ["squaredError1": "mean of (V₁ − G₁)² over trained tokens; likewise squaredError2, …"])

    /// What can be set.
    public struct Settings: TokenSettings, HeadSettings {
        /// The head that is taught.
        public var head = "criteria"
        /// K, how many outputs it has: 2 or more.
        public var count = 2
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private var count: Int { max(2, settings.count) }
    public var takes: RowNeeds {
        RowNeeds(channels: Dictionary(uniqueKeysWithValues: (1...count).map { ("returns\($0)", ValueFit.returns) }))
    }
    public var heads: [Head] { [Head(head, .several(count))] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let outputs = try wideOutputs(inputs)
        guard outputs.size(2) == count else {
            throw ObjectiveError("The head “\(settings.head)” has \(outputs.size(2)) outputs; expected \(count), as “count” says")
        }
        var losses = try outputs.select(2, 0) * 0
        var metrics: [String: Tally] = [:]
        for index in 1...count {
            let returns = try Reading.constant(inputs.channels["returns\(index)"], "channel “returns\(index)”", inputs)
            let errors = try (outputs.select(2, index - 1) - returns).square()
            losses = try losses + errors * (0.5 / Double(count))
            metrics["squaredError\(index)"] = try Reading.tally(errors, inputs)
        }
        return TokenLosses(losses, metrics: metrics)
    }
}
