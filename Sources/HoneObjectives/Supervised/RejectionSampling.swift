import HoneCore
import HoneModel
import HoneTensor

/// Cross-entropy on the model's own rows that were good enough; the others teach nothing.
public struct RejectionSampling: TokenObjective {
    public static let card = PartCard(
        name: "rejection-sampling", summary: "imitates the sampled answers whose reward is high enough",
        source: "Gulcehre et al. 2023, ReST, equation 3; Dong et al. 2023, RAFT, algorithm 1", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢ kᵢ Σₜ wᵢₜ log π(yᵢₜ) / Σᵢₜ |kᵢ wᵢₜ|,  k = 1[r ≥ threshold], for bestOfGroup only for rows with their group's largest reward",
        normaliser: TokenReduction.words + "; rows that were not kept have weight 0", reduction: "tokenMean unless set otherwise",
        metrics: ["logProb": "Σ w·log π / Σ w over kept tokens", "kept": "share of rows with trained tokens that were kept"],
        departures: [
            "a reward equal to the threshold is kept, where ReST asks for more",
            "rows that share their group's largest reward are all kept, where RAFT takes one of them",
        ])

    /// Which rows are kept.
    public enum Keeping: String, Codable, Hashable, Sendable, CaseIterable {
        /// All whose reward reaches the threshold.
        case all
        /// Of these, the best of each group.
        case bestOfGroup
    }

    /// What can be set.
    public struct Settings: TokenSettings {
        /// The least reward that is imitated.
        public var threshold = 0.5
        /// Which of the rows above it are imitated.
        public var keeps = Keeping.all
        /// How per-token terms become one number.
        public var reduction = TokenReduction.tokenMean

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds {
        RowNeeds(wholeGroups: settings.keeps == .bestOfGroup, scalars: ["reward": .init("the row's reward", -2...2)])
    }
    public var reads: Set<Quantity> { [.logProbs] }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let best = try best(inputs)
        return try settings.reduction.totals(try weights(inputs, best: best)).merging(best) { $1 }
    }

    public func weights(_ inputs: borrowing LossInputs) throws -> Tensor { try weights(inputs, best: inputs.totals) }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let losses = try Imitation.losses(inputs, weights: try weights(inputs))
        let filled = try Reading.areFilled(inputs)
        let kept = zip(filled, try keeps(inputs, best: inputs.totals)).filter { $0 && $1 > 0 }.count
        let tally = Tally(sum: Double(kept), count: Double(filled.filter { $0 }.count))
        return TokenLosses(losses.losses, metrics: losses.metrics.merging(["kept": tally]) { $1 })
    }

    private func weights(_ inputs: borrowing LossInputs, best: [String: Double]) throws -> Tensor {
        let keeps = try keeps(inputs, best: best)
        return try Reading.weights(inputs) * Tensor(keeps, shape: [keeps.count, 1]).to(inputs.mask.dataType)
    }

    /// 1 for each row that is kept, else 0.
    private func keeps(_ inputs: borrowing LossInputs, best: [String: Double]) throws -> [Double] {
        let groups = inputs.examples.map(\.group)
        return zip(try Reading.rowNumbers("reward", inputs), groups).map { reward, group in
            guard reward >= settings.threshold else { return 0 }
            return settings.keeps == .all || reward == best["best.\(group)"] ? 1 : 0
        }
    }

    /// The largest reward of each group's rows with trained tokens.
    private func best(_ inputs: borrowing LossInputs) throws -> [String: Double] {
        var best: [String: Double] = [:]
        let rows = zip(try Reading.rowNumbers("reward", inputs), try Reading.areFilled(inputs))
        for (example, (reward, isFilled)) in zip(inputs.examples, rows) where isFilled {
            best["best.\(example.group)"] = max(best["best.\(example.group)"] ?? reward, reward)
        }
        return best
    }
}
