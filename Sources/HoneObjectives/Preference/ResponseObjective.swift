import HoneCore
import HoneModel
import HoneTensor

/// An objective of single responses: each row with trained tokens costs a function of its sums.
///
/// L = Σ ℓ / R over the rows of the mini-batch that count.
public protocol ResponseObjective: ConfigurableObjective {
    /// The model log-ratios are against.
    var reference: ModelRef { get }
    /// Whether a row with trained tokens counts.
    func counts(_ example: Example) -> Bool
    /// What each row costs, [R], and the means that are reported.
    func terms(
        of responses: Responses, _ examples: [Example], totals: [String: Double]
    ) throws -> (cost: Tensor, metrics: [String: ResponseMean])
}

/// A mean over responses that is reported beside a loss.
public struct ResponseMean {
    /// One number per row: [R].
    public let values: Tensor
    /// 1 for rows it is taken over, else 0, [R]; nil for all that count.
    public let over: Tensor?

    /// The mean of these numbers over the chosen rows that count.
    public init(_ values: Tensor, over: Tensor? = nil) {
        self.values = values
        self.over = over
    }
}

extension ResponseObjective {
    public var reads: Set<Quantity> { [.logProbs] }
    public var needs: [Score] { [Score(.logProbs, by: reference)] }
    public func counts(_ example: Example) -> Bool { true }

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let examples = inputs.examples
        return ["rows": try Reading.areFilled(inputs).enumerated().reduce(0) { $0 + ($1.element && counts(examples[$1.offset]) ? 1 : 0) }]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let examples = inputs.examples
        let responses = try Responses(inputs, references: [reference], usesSampler: false)
        let kept = responses.isFilled.enumerated().map { $0.element && counts(examples[$0.offset]) ? 1.0 : 0 }
        let isKept = try responses.constants(kept)
        let rows = inputs.totals["rows"] ?? 0
        let (cost, reported) = try terms(of: responses, examples, totals: inputs.totals)
        var metrics: [String: Tally] = [:]
        for (name, mean) in reported {
            let over = try mean.over.map { try $0 * isKept } ?? isKept
            metrics[name] = Tally(sum: try (mean.values.detach() * over).sum().item(), count: try over.sum().item())
        }
        return Loss(total: try (cost * isKept).sum() * (rows > 0 ? 1 / rows : 0), metrics: metrics)
    }
}
