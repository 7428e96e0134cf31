/// What a model answers to one request.
public struct Completion: Hashable, Sendable, Codable {
    /// One thing to answer.
    public struct Request: Hashable, Sendable, Codable {
        /// What the model is shown.
        public var context: Transcript
        /// How tokens are drawn.
        public var sampling: Sampling
        /// The key of its random stream; sample i draws from `seed.child("sample", i)`.
        public var seed: Seed
        /// How many independent samples; they share the computation of the context.
        public var count: Int

        /// A request.
        public init(context: Transcript, sampling: Sampling, seed: Seed, count: Int = 1) {
            self.context = context
            self.sampling = sampling
            self.seed = seed
            self.count = count
        }
    }

    /// Why a sample ended.
    public enum Finish: String, Hashable, Sendable, Codable {
        /// The model drew its end-of-text token or completed a stop text.
        case stop
        /// It reached the limit on tokens or on the context.
        case length
    }

    /// One sampled answer.
    public struct Sample: Hashable, Sendable, Codable {
        /// What was sampled, with exact tokens and log-probabilities.
        public var segments: [Segment]
        /// Why it ended.
        public var finish: Finish

        /// A sample.
        public init(segments: [Segment], finish: Finish) {
            self.segments = segments
            self.finish = finish
        }
    }

    /// The context with the exact tokens that were used.
    public var context: Transcript
    /// The samples, in order.
    public var samples: [Sample]
    /// Tokens of the prompt and of the samples that really were computed, after sharing.
    public var computedTokens: Int
    /// Counts that a server reported; nil of models that tell their tokens.
    public var reported: ReportedTokens?

    /// A completion.
    public init(context: Transcript, samples: [Sample], computedTokens: Int = 0) {
        self.context = context
        self.samples = samples
        self.computedTokens = computedTokens
    }
}

/// Something a model can say about tokens it is given.
public enum Quantity: Hashable, Sendable, Codable {
    /// Natural log-probability of each token after the first.
    case logProbs
    /// Entropy, in nats, of the distribution before each token after the first.
    case entropies
    /// The likeliest tokens and their log-probabilities.
    case distribution(top: Int)
    /// Natural log-probabilities of every token of the vocabulary, before each token after the first.
    case allLogProbs
    /// A head's outputs.
    case head(HeadName)
    /// Hidden states of a layer.
    case hidden(layer: Int)
    /// Gradients with respect to the input embeddings.
    case inputGradient
}

/// A linear head on a model's final hidden state, and how many numbers it gives.
public struct Head: Hashable, Sendable, Codable, ExpressibleByStringLiteral {
    /// How many numbers a head gives at each place.
    public enum Outputs: Hashable, Sendable, Codable {
        /// One, such as a value.
        case one
        /// Several, such as values of several criteria.
        case several(Int)
        /// One for each token of the vocabulary, such as action values.
        case vocabulary
    }

    /// Its name.
    public var name: HeadName
    /// How many numbers it gives.
    public var outputs: Outputs

    /// A head.
    public init(_ name: HeadName, _ outputs: Outputs = .one) {
        self.name = name
        self.outputs = outputs
    }

    public init(stringLiteral name: String) { self.init(HeadName(name)) }

    /// The count of its outputs in a model with this vocabulary.
    public func count(vocabulary: Int) -> Int {
        switch outputs {
        case .one: 1
        case .several(let count): count
        case .vocabulary: vocabulary
        }
    }
}

/// Numbers with a shape, in row-major order.
public struct Scores: Hashable, Sendable, Codable {
    /// The numbers.
    public var values: [Float]
    /// Their shape.
    public var shape: [Int]

    /// Scores.
    public init(values: [Float], shape: [Int]) {
        self.values = values
        self.shape = shape
    }
}

/// A language model, a small network or an endpoint: something that completes and scores.
public protocol Model: Sendable {
    /// What it can do; an endpoint lacks some abilities.
    var abilities: Set<Trait> { get }
    /// How its work is counted in operations; nil where nobody knows, as of endpoints.
    var arithmetic: ModelArithmetic? { get }
    /// The token that ends a text; nil where nobody knows, as of endpoints.
    var textEnd: TokenID? { get }
    /// One completion per request, in order. A request's result depends on that request only.
    func complete(_ requests: [Completion.Request]) async throws -> [Completion]
    /// One set of scores per transcript, in order; for log-probabilities and entropies, of tokens 1…T−1.
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores]
}

extension Model {
    public var arithmetic: ModelArithmetic? { nil }
    public var textEnd: TokenID? { nil }
}
