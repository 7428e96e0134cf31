import HoneCore

/// One of the two interfaces of OpenAI-compatible servers.
public enum EndpointRoute: String, Hashable, Sendable, Codable, CaseIterable {
    /// `/chat/completions`: messages, which the server puts into its model's template.
    case chat
    /// `/completions`: plain text or tokens, continued as they are.
    case completions

    var path: String { self == .chat ? "/chat/completions" : "/completions" }
}

/// One call of an endpoint, without the model's name.
public struct EndpointRequest: Hashable, Sendable, Codable {
    /// What is continued.
    public enum Prompt: Hashable, Sendable, Codable {
        case chat([ChatMessage])
        case text(String)
        case tokens([TokenID])
    }

    /// Which field names the limit on tokens: newer OpenAI models refuse the older one.
    public enum LimitField: String, Hashable, Sendable, Codable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    /// What is continued.
    public var prompt: Prompt
    /// How many choices are wanted.
    public var count = 1
    /// Divides the logits; nil leaves it to the server.
    public var temperature: Double?
    /// The mass that is kept; nil leaves it to the server.
    public var topP: Double?
    /// How many likeliest tokens are kept, −1 for all; not part of OpenAI's interface. nil leaves it to the server.
    public var topK: Int?
    /// The most tokens of a choice; nil leaves it to the server.
    public var limit: Int?
    /// The field that names the limit.
    public var limitField = LimitField.maxTokens
    /// Texts that end a choice.
    public var stop: [String] = []
    /// The server's random seed.
    public var seed: Int?
    /// How many likeliest tokens are reported at each place; 0 asks for the drawn ones only, nil for none.
    public var logProbs: Int?
    /// Tools the model may call.
    public var tools: [ToolSpecification] = []
    /// Whether it may call them; nil leaves it to the server.
    public var toolChoice: ToolChoice?
    /// The form of the answer; nil leaves it to the server.
    public var responseFormat: ResponseFormat?
    /// Whether the answer comes as a stream, with usage at its end.
    public var isStreamed = false
    /// vLLM: whether token ids are reported.
    public var asksTokenIDs = false
    /// vLLM: how many likeliest tokens are reported at each place of the prompt; nil for none.
    public var promptLogProbs: Int?
    /// Completions: whether the prompt is part of the text and of the log-probabilities.
    public var echoesPrompt = false
    /// vLLM: whether the stop text stays in the answer.
    public var keepsStopText = false
    /// vLLM: whether the last message, an assistant's, is continued rather than followed by another.
    public var continuesLastMessage = false
    /// Further fields of the body.
    public var extra: [String: JSONValue] = [:]

    /// A call with the server's own defaults.
    public init(_ prompt: Prompt) { self.prompt = prompt }

    /// The interface it goes to.
    public var route: EndpointRoute { if case .chat = prompt { .chat } else { .completions } }

    /// The body for a model.
    public func body(model: String) -> JSONValue {
        var members = extra
        members["model"] = .string(model)
        switch prompt {
        case .chat(let messages): members["messages"] = .array(messages.map(\.json))
        case .text(let text): members["prompt"] = .string(text)
        case .tokens(let tokens): members["prompt"] = .array(tokens.map { .integer(Int($0)) })
        }
        if count != 1 { members["n"] = .integer(count) }
        if let temperature { members["temperature"] = .number(temperature) }
        if let topP { members["top_p"] = .number(topP) }
        if let topK { members["top_k"] = .integer(topK) }
        if let limit { members[limitField.rawValue] = .integer(limit) }
        if !stop.isEmpty { members["stop"] = .array(stop.map { .string($0) }) }
        if let seed { members["seed"] = .integer(seed) }
        if let logProbs {
            switch route {
            case .chat:
                members["logprobs"] = .bool(true)
                if logProbs > 0 { members["top_logprobs"] = .integer(logProbs) }
            case .completions: members["logprobs"] = .integer(logProbs)
            }
        }
        if !tools.isEmpty { members["tools"] = .array(tools.map(\.json)) }
        if let toolChoice { members["tool_choice"] = toolChoice.json }
        if let responseFormat { members["response_format"] = responseFormat.json }
        if isStreamed {
            members["stream"] = .bool(true)
            members["stream_options"] = .object(["include_usage": .bool(true)])
        }
        if asksTokenIDs { members["return_token_ids"] = .bool(true) }
        if let promptLogProbs { members["prompt_logprobs"] = .integer(promptLogProbs) }
        if echoesPrompt { members["echo"] = .bool(true) }
        if keepsStopText { members["include_stop_str_in_output"] = .bool(true) }
        if continuesLastMessage {
            members["continue_final_message"] = .bool(true)
            members["add_generation_prompt"] = .bool(false)
        }
        return .object(members)
    }

    /// The body's fields that this type sets itself, and so must not be among the further ones.
    public static let ownFields: Set<String> = [
        "model", "messages", "prompt", "n", "temperature", "top_p", "top_k", "max_tokens", "max_completion_tokens", "stop", "seed", "logprobs",
        "top_logprobs", "tools", "tool_choice", "response_format", "stream", "stream_options", "return_token_ids", "prompt_logprobs",
        "echo", "include_stop_str_in_output", "continue_final_message", "add_generation_prompt",
    ]
}

/// How many tokens a call can cost at least and at most.
public struct TokenBounds: Hashable, Sendable, Codable {
    /// Tokens of prompts.
    public var prompt: ClosedRange<Int>
    /// Tokens of answers.
    public var sampled: ClosedRange<Int>

    /// Bounds.
    public init(prompt: ClosedRange<Int>, sampled: ClosedRange<Int>) {
        self.prompt = prompt
        self.sampled = sampled
    }
}

extension EndpointRequest {
    /// Tokens assumed to be written by a template around a chat, and around each of its messages, at most.
    static let templateTokens = (whole: 128, message: 16)

    /// The tokens it can cost, `unlimited` standing for an answer without a limit.
    ///
    /// A token spells at least one byte, so a text has no more tokens than bytes; tools and formats count as their JSON. The lower
    /// bound takes eight bytes for a token, twice the usual of English, and answers that end at once.
    public func bounds(unlimited: Int = 32_768) -> TokenBounds {
        let prompt: ClosedRange<Int>
        func range(bytes: Int, around: Int) -> ClosedRange<Int> { (bytes + 7) / 8...bytes + around }
        switch self.prompt {
        case .tokens(let tokens): prompt = tokens.count...tokens.count + 1
        case .text(let text): prompt = range(bytes: text.utf8.count, around: 1)
        case .chat(let messages):
            let attached = (tools.map(\.json) + [responseFormat?.json].compactMap(\.self)).reduce(0) { $0 + $1.canonical.utf8.count }
            let said = messages.reduce(0) { sum, message in
                sum + message.text.utf8.count + message.toolCalls.reduce(0) { $0 + $1.json.canonical.utf8.count }
            }
            prompt = range(bytes: said + attached, around: Self.templateTokens.whole + messages.count * Self.templateTokens.message)
        }
        return TokenBounds(prompt: prompt, sampled: 0...max(0, limit ?? unlimited) * max(1, count))
    }
}
