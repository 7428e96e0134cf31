/// How many tokens a completion took by the account of a server, whose transcripts hold text that nobody here has tokenised.
public struct ReportedTokens: Hashable, Sendable, Codable {
    /// Tokens of the prompt.
    public var prompt: Int
    /// Tokens of each sample.
    public var sampled: [Int]
    /// Whether the server counted nothing, so that they are estimated from the length of the texts.
    public var isEstimated: Bool

    /// Counts.
    public init(prompt: Int, sampled: [Int], isEstimated: Bool = false) {
        self.prompt = prompt
        self.sampled = sampled
        self.isEstimated = isEstimated
    }
}

extension Cost {
    /// What one sample of a completion costs: by its tokens, or, where the transcript holds text, by what was reported.
    public init(of completion: Completion, sample index: Int, arithmetic: ModelArithmetic?) {
        self.init(answering: completion.context, with: completion.samples[index].segments, arithmetic: arithmetic)
        guard let reported = completion.reported else { return }
        promptTokens = reported.prompt
        if index < reported.sampled.count { sampledTokens = reported.sampled[index] }
    }
}
