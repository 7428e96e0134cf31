import HoneCore

/// Why a choice ended, as servers say it.
public enum EndpointFinish: String, Hashable, Sendable, Codable {
    /// At the end of text or at a stop text.
    case stop
    /// At a limit.
    case length
    /// The server withheld the rest.
    case contentFilter = "content_filter"
    /// The model asks for tools to be called.
    case toolCalls = "tool_calls"

    /// The reason a server names; some servers have names of their own for the first two.
    init?(named name: String) {
        switch name {
        case "stop", "eos", "eos_token", "stop_sequence", "end_turn": self = .stop
        case "length", "max_tokens": self = .length
        case "content_filter": self = .contentFilter
        case "tool_calls", "function_call": self = .toolCalls
        default: return nil
        }
    }
}

/// What ended a choice, as vLLM says it beside the finish.
public enum StopReason: Hashable, Sendable, Codable {
    case text(String)
    case token(Int)
}

/// A token with its log-probability.
public struct TokenLogProb: Hashable, Sendable, Codable {
    /// Another token that was likely there.
    public struct Alternative: Hashable, Sendable, Codable {
        /// The token as the server spells it.
        public var token: String
        /// Its natural log-probability.
        public var logProb: Double
    }

    /// The token as the server spells it; not always the text it stands for.
    public var token: String
    /// The bytes it stands for, when the server says.
    public var bytes: [UInt8]?
    /// Its natural log-probability; nil where there is none, as for the first token of a prompt.
    public var logProb: Double?
    /// The likeliest tokens there, likeliest first.
    public var top: [Alternative] = []
}

/// A complete answer of an endpoint: checked, in order of index.
public struct EndpointReply: Hashable, Sendable, Codable {
    /// One answer among those asked for.
    public struct Choice: Hashable, Sendable, Codable {
        /// Its place, from 0.
        public var index: Int
        /// Its text.
        public var text = ""
        /// Why it ended.
        public var finish: EndpointFinish
        /// What ended it, when the server says.
        public var stopReason: StopReason?
        /// Its tokens, when the server says.
        public var tokenIDs: [TokenID]?
        /// Its tokens' log-probabilities, when the server says.
        public var logProbs: [TokenLogProb]?
        /// The tools it asks for.
        public var toolCalls: [ToolCall] = []
        /// Why the model declines to answer, when the server tells that apart from the text.
        public var refusal: String?
    }

    /// What the server counted.
    public struct Usage: Hashable, Sendable, Codable {
        /// Tokens of the prompt.
        public var prompt: Int
        /// Tokens of all choices.
        public var completion: Int
        /// Tokens of the prompt that a cache saved.
        public var cached: Int

        /// Counts.
        public init(prompt: Int, completion: Int, cached: Int = 0) {
            self.prompt = prompt
            self.completion = completion
            self.cached = cached
        }
    }

    /// The choices, by index.
    public var choices: [Choice]
    /// What the server counted, when it says.
    public var usage: Usage?
    /// The prompt's tokens, when the server says.
    public var promptTokenIDs: [TokenID]?
    /// The prompt's log-probabilities, when the server says.
    public var promptLogProbs: [TokenLogProb]?
    /// The model that answered, by the server's account.
    public var model: String?
    /// The count of weight updates behind the model that answered.
    public var update = 0
}
