import HoneCore
import HoneModel
import HoneTensor

/// SCIR: a model's inner judges – its implicit reward and its own verdicts – are drawn together on pairs without labels, and
/// the policy learns only from pairs on which they agree.
///
/// A group holds one comparison: its responses (pairs of rows with `isVerdict` 0) and, beside them, pairs of verdicts (rows
/// with `isVerdict` 1), where the chosen row says that the chosen response is better and the rejected row the opposite; one
/// pair for each order in which the responses were shown. A group without verdicts takes the pair's probability instead.
public struct SCIR: PairwiseObjective {
    public static let card = PartCard(
        name: "scir", summary: "draws the model's inner judges together and learns where they agree",
        source: "Zhou et al. 2025, “Self-Consistency of the Internal Reward Models”, consistency loss and dynamic selection",
        needs: [.pairs, .training])
    public static let formula = ObjectiveCard.pairwise(
        "L = mean [ 1[a] · −log σ(s m) + λ_c ( JS(p, q) + λ_H (H(p) + H(q)) ) ],  m = β [ log π(y₁)/π_ref(y₁) − log π(y₂)/π_ref(y₂) ],  "
            + "p = σ(m),  q = mean over orders of σ(log π(v₁) − log π(v₂)),  s = ±1 the common decision,  "
            + "a: p and q decide alike, both with at least the set confidence",
        margin: "m",
        metrics: ["agreement": "share of pairs learned from", "divergence": "mean Jensen–Shannon divergence of p and q, in nats"],
        departures: [
            "Jensen–Shannon divergence, λ_H = 0.1 and the confidence 0.6 are our choice: the paper's exact form could not be confirmed",
            "implicit rewards are sums over tokens unless set to means",
            "a verdict's log-probability is summed over its trained tokens",
        ])

    /// What can be set.
    public struct Settings: ObjectiveSettings {
        /// β, the strength of the tie to the reference.
        public var beta = 0.1
        /// λ_c, the factor of the consistency penalty.
        public var consistency = 1.0
        /// λ_H, the factor of the judges' entropies in it.
        public var entropy = 0.1
        /// The confidence both judges need for a pair to be learned from, from ½ to 1.
        public var confidence = 0.6
        /// Whether implicit rewards are per token.
        public var isLengthNormalised = false
        /// The policy of the iteration before, that implicit rewards refer to.
        public var reference = ModelRef("policy", snapshot: "previous")

        public init() {}
    }

    public var settings = Settings()
    public init() {}

    public var references: [ModelRef] { [settings.reference] }
    public var takes: RowNeeds {
        RowNeeds(
            pairs: true, wholeGroups: true,
            scalars: ["isVerdict": .init("1 for a verdict on the group's responses, 0 for a response", 0...1, isWhole: true)])
    }

    private static func isVerdict(_ example: Example) -> Bool { example.scalars["isVerdict"] == 1 }

    public func counts(_ pair: Pair, _ examples: [Example]) -> Bool {
        let (first, second) = (examples[pair.chosen], examples[pair.rejected])
        return first.group == second.group && !Self.isVerdict(first) && !Self.isVerdict(second)
    }

    public func margin(of pairs: PairSides) throws -> Tensor {
        guard settings.isLengthNormalised else { return try pairs.logRatioDifference() * settings.beta }
        let (chosen, rejected) = (pairs.chosen, pairs.rejected)
        return try (chosen.logRatio() / chosen.length - rejected.logRatio() / rejected.length) * settings.beta
    }

    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor {
        try terms(margin, verdicts: pairs.numbers(\.probability)).cost
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let examples = inputs.examples
        let responses = try responses(inputs)
        let counted = try PairSides.counted(inputs, responses.isFilled)
        let pairs = counted.filter { counts($0, examples) }
        let zero = try responses.logProb.sum() * 0
        guard !pairs.isEmpty else { return Loss(total: zero) }
        let sides = try PairSides(pairs, responses, examples)
        let margin = try margin(of: sides)
        let verdicts = try verdicts(on: pairs, among: counted, responses, examples)
        let (cost, agreed, divergence) = try terms(margin, verdicts: verdicts)
        var metrics = try Self.metrics(margin, sides)
        for (name, values) in [("agreement", agreed), ("divergence", divergence)] {
            metrics[name] = Tally(sum: try values.detach().sum().item(), count: Double(pairs.count))
        }
        let weight = inputs.totals["pairs"] ?? 0
        return Loss(total: try zero + (cost * sides.numbers(\.weight)).sum() * (weight > 0 ? 1 / weight : 0), metrics: metrics)
    }

    /// What the model's own verdicts say of each pair: [P].
    private func verdicts(on pairs: [Pair], among counted: [Pair], _ responses: Responses, _ examples: [Example]) throws -> Tensor {
        let judging = counted.filter {
            Self.isVerdict(examples[$0.chosen]) && Self.isVerdict(examples[$0.rejected]) && examples[$0.chosen].group == examples[$0.rejected].group
        }
        // q = S·v + c with S the mean over the verdicts of a pair's group, and c its own probability where there are none.
        var share = [Double](repeating: 0, count: pairs.count * judging.count)
        var constants = [Double](repeating: 0, count: pairs.count)
        for (row, pair) in pairs.enumerated() {
            let own = judging.indices.filter { examples[judging[$0].chosen].group == examples[pair.chosen].group }
            if own.isEmpty { constants[row] = pair.probability }
            for column in own { share[row * judging.count + column] = 1 / Double(own.count) }
        }
        let constant = try responses.constants(constants)
        guard !judging.isEmpty else { return constant }
        let sides = try PairSides(judging, responses, examples)
        let votes = try (sides.chosen.logProb - sides.rejected.logProb).sigmoid()
        let mean = try Tensor(share, shape: [pairs.count, judging.count]).to(constant.dataType)
        return try mean.matmul(votes.unsqueeze(1)).squeeze(1) + constant
    }

    private func terms(_ margin: Tensor, verdicts: Tensor) throws -> (cost: Tensor, agreed: Tensor, divergence: Tensor) {
        let implicit = try margin.sigmoid()
        let (p, q) = (try implicit.detach().doubles(), try verdicts.detach().doubles())
        let isSure: (Double) -> Bool = { max($0, 1 - $0) >= settings.confidence }
        let signs = zip(p, q).map { p, q in isSure(p) && isSure(q) && (p > 0.5) == (q > 0.5) && p != 0.5 && q != 0.5 ? (p > 0.5 ? 1.0 : -1) : 0 }
        let sign = try Tensor(signs, shape: [signs.count]).to(margin.dataType)
        let agreed = try sign.abs()
        let entropies = try PairLoss.coinEntropy(implicit) + PairLoss.coinEntropy(verdicts)
        let divergence = try PairLoss.coinEntropy((implicit + verdicts) * 0.5) - entropies * 0.5
        let penalty = try divergence + entropies * settings.entropy
        return (try PairLoss.logistic(margin * sign) * agreed + penalty * settings.consistency, agreed, divergence)
    }
}
