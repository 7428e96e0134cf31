import HoneCore
import HoneModel
import HoneTensor

/// NFT: maximum likelihood on right answers under the policy, and on wrong ones under the negative policy it implies.
///
/// Source: Chen et al. 2025, “Bridging Supervised Learning and Reinforcement Learning in Math Reasoning”, equation 8. With r
/// the share of right answers of a group, the sampler is r π⁺ + (1−r) π⁻; learning π for π⁺ implies
/// π⁻ = (π_sampler − r π)/(1 − r). On policy and weighted by √((1−r)/r) the gradient is GRPO's.
public struct NFT: ConfigurableObjective {
    public static let card = PartCard(
        name: "nft", summary: "likelihood of right answers, and of wrong ones under an implied negative policy",
        source: "Chen et al. 2025, equation 8", needs: [.onPolicyLogProbs, .groups, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −1/(R·M) Σᵢ u(rᵢ) Σₜ { log ρᵢₜ for right answers, ν log max_v((1 − rᵢ ρᵢₜ)/(1 − rᵢ), ε) for wrong ones },  "
            + "max_v: the value is held, the gradient passes,  u = 1−r, √((1−r)/r) or 1",
        normaliser: PolicyNormaliser.words, reduction: "constant unless set otherwise",
        metrics: [
            "ratio": "mean of ρ over trained tokens", "rate": "mean of r over rows of groups with right and wrong answers",
            "heldFraction": "share of trained tokens of wrong answers whose value max_v held",
        ],
        departures: [
            "groups without a right or without a wrong answer add nothing, as the paper leaves them out; r is held within 0.02 and 0.98, "
                + "as in the authors' code", "r is taken over the group's rows with trained tokens in the mini-batch of one step",
            PolicyCards.unconfirmed, PolicyCards.held, "the authors' code also holds ρ of right answers from below; the formula does not",
        ])

    /// How much a group counts, by its share of right answers r.
    public enum Weighting: String, Codable, Hashable, Sendable, CaseIterable {
        /// 1 − r: hard groups count more.
        case failures
        /// √((1−r)/r): the gradient on policy is that of GRPO.
        case standardised
        /// 1.
        case equal
    }

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// How much a group counts.
        public var weighting = Weighting.failures
        /// ε, the least value of the implied ratio of wrong answers, above 0.
        public var floor = 1.0
        /// ν, the weight of wrong answers; 0 is rejection sampling.
        public var negatives = 1.0
        /// How per-token terms become one number.
        public var normaliser = PolicyNormaliser.constant
        /// M, the fixed length of the `constant` normaliser, in tokens.
        public var length = 64

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var reads: Set<Quantity> { [.logProbs] }
    public var takes: RowNeeds { RowNeeds(samplerLogProbs: true, wholeGroups: true, scalars: ["reward": OutcomeRows.reward]) }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        var totals = try PolicyReduction.totals(inputs)
        for row in try OutcomeRows.filled(inputs) {
            totals["answers of \(row.group)", default: 0] += 1
            totals["right of \(row.group)", default: 0] += row.isRight ? 1 : 0
        }
        return totals
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let count = inputs.mask.size(0)
        var (right, wrong, rates) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count), [Double](repeating: 0.5, count: count))
        var rate = Tally(sum: 0, count: 0)
        for row in try OutcomeRows.filled(inputs) {
            let share = (inputs.totals["right of \(row.group)"] ?? 0) / max(1, inputs.totals["answers of \(row.group)"] ?? 1)
            guard share > 0, share < 1 else { continue }
            rates[row.index] = min(max(share, 0.02), 0.98)
            rate = rate + Tally(sum: share, count: 1)
            let weight = weight(of: rates[row.index])
            if row.isRight { right[row.index] = weight } else { wrong[row.index] = weight * settings.negatives }
        }
        func column(_ values: [Double]) throws -> Tensor { try Tensor(values, shape: [count, 1]).to(inputs.mask.dataType) }
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let gap = try (Reading.logProbs(inputs) - sampler).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
        let r = try column(rates)
        func implied(_ ratio: Tensor) throws -> Tensor { try (1 - ratio * r) / (1 - r) }
        let live = try implied(gap.exp())
        let fixed = try implied(Reading.ratio(Reading.held(.logProbs, "log-probabilities", inputs) - sampler))
        // The value is held from below while the gradient passes.
        let value = try live + (fixed.clamp(max(settings.floor, 1e-6), nil) - fixed)
        let terms = try (gap * column(right) + value.log() * column(wrong)) * inputs.mask
        let wrongTokens = try column(wrong).isGreater(than: 0).to(inputs.mask.dataType) * inputs.mask
        let isHeld = try fixed.isLess(than: settings.floor).to(inputs.mask.dataType) * wrongTokens
        let reduction = PolicyReduction(normaliser: settings.normaliser, length: settings.length)
        return Loss(
            total: try -reduction.reduce(terms * Reading.weights(inputs), inputs),
            metrics: [
                "ratio": try Reading.tally(gap.exp(), inputs), "rate": rate,
                "heldFraction": Tally(sum: try isHeld.sum().item(), count: try wrongTokens.sum().item()),
            ])
    }

    private func weight(of rate: Double) -> Double {
        switch settings.weighting {
        case .failures: 1 - rate
        case .standardised: ((1 - rate) / rate).squareRoot()
        case .equal: 1
        }
    }

    /// 1 for a right answer and 0 for a wrong one are advantages of no use here; rewards are read from the rows.
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] { rewards }
}

/// Rows of right and wrong answers.
enum OutcomeRows {
    /// What the number `reward` means.
    static let reward = RowNeeds.Number("above 0 for a right answer", 0...1, isWhole: true)

    /// The rows with trained tokens, by their place, their group and whether they are right.
    static func filled(_ inputs: borrowing LossInputs) throws -> [(index: Int, group: Int, isRight: Bool)] {
        guard inputs.mask.rank == 2, inputs.examples.count == inputs.mask.size(0) else {
            throw ObjectiveError(
                "There are \(inputs.examples.count) rows with rewards and a mask of shape \(inputs.mask.shape); expected one row of the mask each")
        }
        let lengths = try inputs.mask.sum(1).to(.float64).doubles()
        var rows: [(index: Int, group: Int, isRight: Bool)] = []
        for (index, example) in inputs.examples.enumerated() where lengths[index] > 0 {
            guard let reward = example.scalars["reward"] else {
                throw ObjectiveError("Row \(index) has no “reward”; expected a number above 0 for a right answer, else 0")
            }
            rows.append((index, example.group, reward > 0))
        }
        return rows
    }
}
