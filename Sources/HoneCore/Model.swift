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
    /// A head's outputs.
    case head(HeadName)
    /// Hidden states of a layer.
    case hidden(layer: Int)
    /// Gradients with respect to the input embeddings.
    case inputGradient
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
    /// One completion per request, in order. A request's result depends on that request only.
    func complete(_ requests: [Completion.Request]) async throws -> [Completion]
    /// One set of scores per transcript, in order; for log-probabilities and entropies, of tokens 1…T−1.
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores]
}
