import HoneCore
import HoneModel
import HoneTensor

/// Outcome reward model from preferences: Bradley–Terry on a head read at each row's last trained token.
public struct RewardPairs: HeadObjective {
    public static let card = PartCard(
        name: "outcome-reward-pairs", summary: "teaches a reward head which of two answers is better",
        source: "Ouyang et al. 2022, equation 1; Bradley and Terry 1952", needs: [.pairs, .training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σ_p w_p [ q_p f(d_p) + (1−q_p) f(−d_p) − c (r_chosen + r_rejected)² ] / Σ_p w_p,  d = r_chosen − r_rejected − μ·margin,  "
            + "f(d) = (1 − σ(d))^γ log σ(d)",
        normaliser: "the sum of weights of pairs whose rows both have trained tokens", reduction: "sum over pairs",
        metrics: [
            "accuracy": "share of pairs (by weight) with r_chosen > r_rejected", "margin": "mean of r_chosen − r_rejected",
            "reward": "mean of (r_chosen + r_rejected) / 2",
        ],
        departures: [
            "the loss is a mean over pairs; Ouyang et al. weigh the K(K−1)/2 pairs of a prompt together by their count",
            "pairs whose weights are all 0 give 0",
        ])

    /// What can be set.
    public struct Settings: HeadSettings {
        /// The head that is taught.
        public var head = "reward"
        /// Whether a pair's probability of being right is used; else it counts as certain.
        public var usesProbability = false
        /// μ, how much of a pair's margin the rewards are to differ by (Touvron et al. 2023, equation 2).
        public var marginFactor = 0.0
        /// c, the factor of the penalty that keeps rewards around 0 (Eisenstein et al. 2023; TRL's centring).
        public var centring = 0.0
        /// γ, the exponent of the focal weight; 0 is plain Bradley–Terry.
        public var focus = 0.0

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var takes: RowNeeds { RowNeeds(pairs: true) }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        ["weight": try pairs(inputs).reduce(0) { $0 + $1.weight }]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let outputs = try outputs(inputs)
        let rewards = try (outputs * Reading.lastTrained(inputs)).sum(1)
        let pairs = try pairs(inputs)
        let total = inputs.totals["weight"] ?? 0
        guard !pairs.isEmpty, total > 0 else { return Loss(total: try rewards.sum() * 0) }
        func numbers(_ number: (Pair) -> Double) throws -> Tensor {
            try Tensor(pairs.map(number), shape: [pairs.count]).to(rewards.dataType)
        }
        let chosen = try rewards.indexSelect(0, try Tensor(pairs.map { Int64($0.chosen) }, shape: [pairs.count]))
        let rejected = try rewards.indexSelect(0, try Tensor(pairs.map { Int64($0.rejected) }, shape: [pairs.count]))
        let weights = try numbers(\.weight)
        let gap = try chosen - rejected
        let shifted = try gap - numbers { settings.marginFactor * $0.margin }
        var terms = try -fit(shifted)
        if settings.usesProbability {
            let right = try numbers(\.probability)
            terms = try terms * right - fit(-shifted) * (1 - right)
        }
        let sum = try chosen + rejected
        if settings.centring != 0 { terms = try terms + sum.square() * settings.centring }
        func tally(_ tensor: Tensor) throws -> Tally { try Imitation.tally(tensor, weights) }
        return Loss(
            total: try (terms * weights).sum() * (1 / total),
            metrics: [
                "accuracy": try tally(try gap.detach().isGreater(than: 0).to(rewards.dataType)), "margin": try tally(gap),
                "reward": try tally(sum * 0.5),
            ])
    }

    private func fit(_ gap: Tensor) throws -> Tensor {
        let logSigmoid = try PairLoss.logistic(gap) * -1
        return settings.focus == 0 ? logSigmoid : try logSigmoid * (-gap).sigmoid().pow(settings.focus)
    }

    /// The pairs whose rows both have a trained token.
    private func pairs(_ inputs: borrowing LossInputs) throws -> [Pair] {
        try PairSides.counted(inputs, try Reading.areFilled(inputs)).filter { $0.weight > 0 }
    }
}
