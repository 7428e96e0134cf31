import HoneCore
import HoneModel
import HoneTensor

/// The rows of a batch as whole responses: each row's sums over its trained tokens.
///
/// Token weights scale a token's part in the sums, so that a span can be left out of a comparison without leaving the row.
public struct Responses {
    /// log π(y) = Σₜ wₜ log π(yₜ), with gradient: [R].
    public let logProb: Tensor
    /// The same sums by other models, or by the sampler, in the order they were asked for: [R] each.
    public let references: [Tensor]
    /// |y| = Σₜ wₜ, and 1 where no token has weight: [R].
    public let length: Tensor
    /// Whether a row has a trained token.
    public let isFilled: [Bool]

    init(_ inputs: borrowing LossInputs, references models: [ModelRef], usesSampler: Bool) throws {
        let weights = try Reading.weights(inputs)
        logProb = try (Reading.logProbs(inputs) * weights).sum(1)
        var references: [Tensor] = []
        if usesSampler {
            let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
            references.append(try (sampler * weights).sum(1))
        }
        for model in models {
            let other = try Reading.constant(
                inputs.scores[Score(.logProbs, by: model)], "reference's log-probabilities (\(model))", inputs)
            references.append(try (other * weights).sum(1))
        }
        self.references = references
        let sums = try weights.sum(1)
        length = try sums.maskedFill(sums.isEqual(to: 0), 1)
        isFilled = try Reading.areFilled(inputs)
    }

    /// One number per row as a constant, [R].
    func constants(_ values: [Double]) throws -> Tensor {
        try Tensor(values, shape: [values.count]).to(logProb.dataType)
    }
}

/// One side of the pairs that count: all chosen rows, or all rejected ones.
public struct PairSide {
    /// log π(y), with gradient: [P].
    public let logProb: Tensor
    /// The same by the references, in order: [P] each.
    public let references: [Tensor]
    /// |y|, the sum of the row's token weights: [P].
    public let length: Tensor
    /// The rows.
    public let examples: [Example]

    init(_ responses: Responses, _ rows: [Int], _ examples: [Example]) throws {
        let index = try Tensor(rows.map(Int64.init), shape: [rows.count])
        logProb = try responses.logProb.indexSelect(0, index)
        references = try responses.references.map { try $0.indexSelect(0, index) }
        length = try responses.length.indexSelect(0, index)
        self.examples = examples.isEmpty ? [] : rows.map { examples[$0] }
    }

    /// log π(y) − log π_ref(y) against the first reference, or log π(y) where there is none: [P].
    public func logRatio() throws -> Tensor { try references.first.map { try logProb - $0 } ?? logProb }

    /// Minus the mean log-probability of the row's tokens: [P].
    public func negativeMeanLogProb() throws -> Tensor { try logProb / length * -1 }

    /// A number of each row, by name: [P]; 0 where it is missing.
    public func number(_ name: String) throws -> Tensor {
        try Tensor(examples.map { $0.scalars[name] ?? 0 }, shape: [examples.count]).to(logProb.dataType)
    }
}

/// The pairs of a batch that count, side by side.
///
/// A pair counts when both its rows have trained tokens.
public struct PairSides {
    /// The pairs.
    public let pairs: [Pair]
    /// Their preferred rows.
    public let chosen: PairSide
    /// Their other rows.
    public let rejected: PairSide

    init(_ pairs: [Pair], _ responses: Responses, _ examples: [Example]) throws {
        self.pairs = pairs
        chosen = try PairSide(responses, pairs.map(\.chosen), examples)
        rejected = try PairSide(responses, pairs.map(\.rejected), examples)
    }

    /// One number per pair as a constant: [P].
    public func numbers(_ number: (Pair) -> Double) throws -> Tensor {
        try Tensor(pairs.map(number), shape: [pairs.count]).to(chosen.logProb.dataType)
    }

    /// The chosen side's log-ratio minus the rejected side's: [P].
    public func logRatioDifference() throws -> Tensor { try chosen.logRatio() - rejected.logRatio() }

    /// Checks the pairs of a batch and keeps those whose rows both have trained tokens.
    static func counted(_ inputs: borrowing LossInputs, _ isFilled: [Bool]) throws -> [Pair] {
        var kept: [Pair] = []
        for (index, pair) in inputs.pairs.enumerated() {
            for row in [pair.chosen, pair.rejected] where !isFilled.indices.contains(row) {
                throw ObjectiveError("Pair \(index) names row \(row); expected a row from 0 to \(isFilled.count - 1)")
            }
            guard pair.weight >= 0, pair.weight.isFinite else {
                throw ObjectiveError("Pair \(index) has the weight \(pair.weight); expected a finite number of 0 or more")
            }
            guard (0...1).contains(pair.probability) else {
                throw ObjectiveError("Pair \(index) has the probability \(pair.probability); expected one from 0 to 1")
            }
            guard pair.margin.isFinite else {
                throw ObjectiveError("Pair \(index) has the margin \(pair.margin); expected a finite number")
            }
            if isFilled[pair.chosen], isFilled[pair.rejected] { kept.append(pair) }
        }
        return kept
    }
}
