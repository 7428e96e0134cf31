/// A token of the vocabulary and its log-probability.
public struct TokenLogProb: Hashable, Sendable, Codable {
    /// The token.
    public var token: TokenID
    /// The natural logarithm of its probability.
    public var logProb: Float

    /// A token with its log-probability.
    public init(_ token: TokenID, _ logProb: Float) {
        self.token = token
        self.logProb = logProb
    }
}

/// One token of an answer, told as soon as it is drawn.
public struct StreamedToken: Hashable, Sendable, Codable {
    /// Which of the request's samples it belongs to, from 0.
    public var sample: Int
    /// The token.
    public var token: TokenID
    /// The text that is complete now that it has come, never half a character: often empty within one. The last token of a sample
    /// brings what was left. Joined, the pieces of a sample are the text of its segment in a `Completion`.
    public var text: String
    /// The natural logarithm of the probability with which the sampler drew it.
    public var logProb: Float
    /// The likeliest tokens in its place, likeliest first, as many as were asked for.
    public var top: [TokenLogProb]
    /// Why the sample ended, with its last token; nil before.
    public var finish: Completion.Finish?

    /// A token of an answer.
    public init(sample: Int, token: TokenID, text: String, logProb: Float, top: [TokenLogProb] = [], finish: Completion.Finish? = nil) {
        self.sample = sample
        self.token = token
        self.text = text
        self.logProb = logProb
        self.top = top
        self.finish = finish
    }
}

/// A model that tells its tokens while it draws them.
public protocol StreamingModel: Model {
    /// The tokens of all samples of a request, as they are drawn: in order within a sample, samples interleaved in any order.
    ///
    /// They are those that `complete` gives for the same request. The stream ends when each sample has had its `finish`, or throws what
    /// `complete` would have thrown. When its reader goes away or is cancelled, drawing stops and the work's place is free again.
    ///
    /// - Parameters:
    ///   - request: what to answer.
    ///   - top: how many of the likeliest tokens are told beside each drawn one.
    func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error>
}
