import HoneCore
import HoneTensor

/// What an objective is given: the rows of a batch (or of a micro-batch) as tensors, padded on the right.
///
/// R rows, T columns; column t stands for token t+1 of the row, so a row of n tokens fills n−1 columns.
/// Padding and untrained tokens have `mask` 0; values there are 0 and must not change a loss.
public struct LossInputs {
    /// The rows' examples.
    public let examples: [Example]
    /// Preferences between these rows, by their index in `examples`.
    public let pairs: [Pair]
    /// 1 where a token is trained, else 0: [R, T].
    public let mask: Tensor
    /// Weights of the tokens, 0 where masked: [R, T].
    public let weights: Tensor
    /// Advantages: [R, T]; nil when the credit gave none.
    public let advantages: Tensor?
    /// The sampler's log-probabilities: [R, T]; nil when unknown for any trained token.
    public let samplerLogProbs: Tensor?
    /// Scores of other models that the objective asked for in `needs`, constant to the gradient: [R, T], or [R, T, K] for
    /// `allLogProbs` (K the vocabulary) and heads of K > 1 outputs.
    public let scores: [Score: Tensor]
    /// More numbers per token, by name: [R, T].
    public let channels: [String: Tensor]
    /// Quantities of the model in training, with gradient, for all that `reads` names: [R, T], or [R, T, K] as in `scores`.
    public let reads: [Quantity: Tensor]
    /// Where factors that carry no gradient (stop-gradients of a formula) are taken instead of at `reads`; empty in training.
    /// A check by finite differences moves `reads` and leaves these in place.
    public let held: [Quantity: Tensor]
    /// What `totals` returned for the whole batch; empty while totals are taken.
    public let totals: [String: Double]

    /// Inputs of a loss; see the properties for shapes.
    public init(
        examples: [Example], pairs: [Pair] = [], mask: Tensor, weights: Tensor, advantages: Tensor? = nil,
        samplerLogProbs: Tensor? = nil, scores: [Score: Tensor] = [:], channels: [String: Tensor] = [:],
        reads: [Quantity: Tensor] = [:], held: [Quantity: Tensor] = [:], totals: [String: Double] = [:]
    ) {
        self.examples = examples
        self.pairs = pairs
        self.mask = mask
        self.weights = weights
        self.advantages = advantages
        self.samplerLogProbs = samplerLogProbs
        self.scores = scores
        self.channels = channels
        self.reads = reads
        self.held = held
        self.totals = totals
    }
}
