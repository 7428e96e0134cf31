import HoneCore
import HoneModel
import HoneTensor

/// An objective of pairs: each pair has a margin by which its chosen row leads, and costs a function of it.
///
/// A conforming type says what the margin is and what it costs; reading the rows, the normaliser and the metrics are the same
/// for all: L = Σ w·ℓ / Σ w over all pairs of the mini-batch that count.
public protocol PairwiseObjective: ConfigurableObjective {
    /// Models whose log-probabilities it refers to; log-ratios are against the first.
    var references: [ModelRef] { get }
    /// Whether log-ratios are against the sampler's stored log-probabilities.
    var usesSampler: Bool { get }
    /// The sums of the rows that margins are made of.
    func responses(_ inputs: borrowing LossInputs) throws -> Responses
    /// Whether a pair of rows with trained tokens counts.
    func counts(_ pair: Pair, _ examples: [Example]) -> Bool
    /// The margins: [P].
    func margin(of pairs: PairSides) throws -> Tensor
    /// What each pair costs, [P]; −log σ of its margin unless said otherwise.
    func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor
    /// Totals of what is learned beside the pairs.
    func restTotals(of inputs: borrowing LossInputs) throws -> [String: Double]
    /// What is learned beside the pairs.
    func rest(_ inputs: borrowing LossInputs) throws -> Loss?
}

extension PairwiseObjective {
    public var references: [ModelRef] { [] }
    public var usesSampler: Bool { false }
    public var takes: RowNeeds { RowNeeds(samplerLogProbs: usesSampler, pairs: true) }
    public var reads: Set<Quantity> { [.logProbs] }
    public var needs: [Score] {
        references.reduce(into: []) { list, model in
            let score = Score(.logProbs, by: model)
            if !list.contains(score) { list.append(score) }
        }
    }

    public func counts(_ pair: Pair, _ examples: [Example]) -> Bool { true }
    public func terms(margin: Tensor, of pairs: PairSides) throws -> Tensor { try PairLoss.logistic(margin) }
    public func restTotals(of inputs: borrowing LossInputs) throws -> [String: Double] { [:] }
    public func rest(_ inputs: borrowing LossInputs) throws -> Loss? { nil }

    public func responses(_ inputs: borrowing LossInputs) throws -> Responses {
        try Responses(inputs, references: references, usesSampler: usesSampler)
    }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let examples = inputs.examples
        let pairs = try PairSides.counted(inputs, try Reading.areFilled(inputs)).filter { counts($0, examples) }
        var totals = try restTotals(of: inputs)
        totals["pairs"] = pairs.reduce(0) { $0 + $1.weight }
        return totals
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let examples = inputs.examples
        let responses = try responses(inputs)
        let pairs = try PairSides.counted(inputs, responses.isFilled).filter { counts($0, examples) }
        var total = try responses.logProb.sum() * 0
        var metrics: [String: Tally] = [:]
        if !pairs.isEmpty {
            let sides = try PairSides(pairs, responses, examples)
            let margin = try margin(of: sides)
            let weight = inputs.totals["pairs"] ?? 0
            let sum = try (terms(margin: margin, of: sides) * sides.numbers(\.weight)).sum()
            total = try total + sum * (weight > 0 ? 1 / weight : 0)
            metrics = try Self.metrics(margin, sides)
        }
        if let rest = try rest(inputs) {
            total = try total + rest.total
            metrics.merge(rest.metrics) { _, new in new }
        }
        return Loss(total: total, metrics: metrics)
    }

    static func metrics(_ margin: Tensor, _ pairs: PairSides) throws -> [String: Tally] {
        let count = Double(pairs.pairs.count)
        let isRight = try margin.detach().isGreater(than: 0).to(margin.dataType)
        func tally(_ tensor: Tensor) throws -> Tally { Tally(sum: try tensor.detach().sum().item(), count: count) }
        return [
            "margin": try tally(margin), "accuracy": try tally(isRight), "chosen": try tally(pairs.chosen.logProb),
            "rejected": try tally(pairs.rejected.logProb),
        ]
    }
}

extension ObjectiveCard {
    /// The card of an objective of pairs: normaliser, reduction and metrics are those all of them share.
    static func pairwise(
        _ formula: String, margin: String, metrics: [String: String] = [:], departures: [String] = []
    ) -> ObjectiveCard {
        let shared = [
            "margin": "mean over pairs of the margin \(margin)", "accuracy": "share of pairs whose margin is above 0",
            "chosen": "mean over pairs of Σ w log π over the chosen row's trained tokens",
            "rejected": "mean over pairs of Σ w log π over the rejected row's trained tokens",
        ]
        return ObjectiveCard(
            formula: formula,
            normaliser: "the sum of the weights of all pairs of the mini-batch whose rows both have trained tokens",
            reduction: "log-probabilities are summed over a row's trained tokens, each times its weight; weighted mean over pairs",
            metrics: shared.merging(metrics) { _, own in own }, departures: departures)
    }
}
