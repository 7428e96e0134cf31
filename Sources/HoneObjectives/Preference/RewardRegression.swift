import HoneCore
import HoneModel
import HoneTensor

/// Least squares of implicit reward differences onto reward differences, with optimism about what the base would not say.
///
/// With pairs that cover all answers the minimiser is π ∝ π_ref·exp(r/β), the optimum of the reward with a KL penalty β. The
/// optimism term lowers answers of the base where the regression leaves room, and so raises those nobody has seen.
public struct RewardRegression: ImplicitRewardObjective {
    public static let card = PartCard(
        name: "reward-regression", summary: "draws each pair's implicit reward difference to its reward difference, optimistically if asked",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, equation 4 and algorithm 1 (XPO with rewards); Gao et al. 2024 (REBEL), with β = 1/η",
        needs: [.pairs, .training])
    public static let formula = ObjectiveCard.implicit(
        "L = mean (m − (r_w − r_l))² + α mean Σ_{y in the pair, y of the base} log π(y)",
        departures: [
            "means over the mini-batch where the paper has sums, so α here is the paper's",
            "the sign of the squares is that of the paper's proof; its algorithm 1 prints a minus",
        ])

    /// What can be set.
    public struct Settings: ImplicitRewardSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// α, the factor of the optimism term; above 0 rows must say `isReference`.
        public var optimism = 0.0
        /// The model that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "base")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    private static let isReference = "isReference"
    public var takes: RowNeeds {
        RowNeeds(pairs: true, scalars: settings.optimism == 0 ? [:] : [Self.isReference: .init("1 for answers of the base, else 0", 0...1, isWhole: true)])
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        let squares = try (margin - pairs.numbers(\.margin)).square()
        guard settings.optimism != 0 else { return squares }
        func part(_ side: PairSide) throws -> Tensor { try side.logProb * side.number(Self.isReference) }
        return try squares + (part(pairs.chosen) + part(pairs.rejected)) * settings.optimism
    }
}
