import HoneCore

/// What an endpoint turned out to do when it was asked; servers ignore what they do not know, so only answers count.
public struct EndpointCapabilities: Hashable, Sendable, Codable {
    /// What a trial showed.
    public enum Finding: String, Hashable, Sendable, Codable {
        case yes, no
        /// It was not tried, or the model's answer did not tell.
        case unknown
    }

    /// How the log-probabilities of a given text can be had.
    public enum Scoring: String, Hashable, Sendable, Codable {
        case none
        /// Completions with `echo`, asking for no further token.
        case echo
        /// Completions with `echo`, which must draw one more token.
        case echoAndOne
        /// vLLM's `prompt_logprobs`.
        case promptLogProbs
    }

    /// Whether `/chat/completions` answers.
    public var chat = Finding.unknown
    /// Whether `/completions` answers.
    public var completions = Finding.unknown
    /// Whether messages of the role `system` are taken.
    public var systemRole = Finding.unknown
    /// Whether `n` gives as many choices.
    public var samples = Finding.unknown
    /// Whether `logprobs` gives the drawn tokens' log-probabilities.
    public var logProbs = Finding.unknown
    /// Whether `stop` ends answers.
    public var stop = Finding.unknown
    /// Whether the stop text can stay in the answer (`include_stop_str_in_output`).
    public var keepsStopText = Finding.unknown
    /// Whether `stop_reason` tells which stop text ended an answer.
    public var tellsStopText = Finding.unknown
    /// Whether the same `seed` gives the same answer.
    public var seed = Finding.unknown
    /// Whether `return_token_ids` gives the answer's tokens.
    public var tokenIDs = Finding.unknown
    /// Whether completions take tokens for a prompt.
    public var tokenPrompts = Finding.unknown
    /// Whether `top_k` of −1, which keeps all tokens whatever the server's own default, is taken.
    public var topK = Finding.unknown
    /// Whether answers come as well-formed streams.
    public var stream = Finding.unknown
    /// Whether `tools` are taken.
    public var tools = Finding.unknown
    /// Whether an assistant's last message can be continued (`continue_final_message`).
    public var continuesLastMessage = Finding.unknown
    /// Whether answers say how many tokens they cost.
    public var usage = Finding.unknown
    /// The field that limits tokens.
    public var limitField = EndpointRequest.LimitField.maxTokens
    /// How given texts are scored.
    public var scoring = Scoring.none
    /// Why something is not there, by name: what the server said, or how its answer differed.
    public var notes: [String: String] = [:]

    /// Nothing known.
    public init() {}

    /// The findings with their names, in order, for people.
    public var findings: [(name: String, finding: Finding)] {
        [
            ("chat", chat), ("completions", completions), ("system role", systemRole), ("n", samples), ("logprobs", logProbs), ("stop", stop),
            ("stop text kept", keepsStopText), ("stop text told", tellsStopText), ("seed", seed), ("token ids", tokenIDs),
            ("token prompts", tokenPrompts), ("top_k", topK), ("stream", stream), ("tools", tools), ("continues", continuesLastMessage),
            ("usage", usage),
        ]
    }
}
