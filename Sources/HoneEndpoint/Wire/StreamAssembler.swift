import HoneCore

/// A piece of text of a stream, for those who want to see it as it comes.
public struct StreamPiece: Hashable, Sendable {
    /// The choice it belongs to.
    public var index: Int
    /// The text.
    public var text: String

    /// A piece.
    public init(index: Int, text: String) {
        self.index = index
        self.text = text
    }
}

/// Puts the events of a stream together into a whole answer.
///
/// The stream is whole only if every choice says why it ended and `[DONE]` came; anything less is a fault, never an answer.
public struct StreamAssembler: Sendable {
    private struct Partial {
        var text = ""
        var finish: EndpointFinish?
        var stopReason: StopReason?
        var tokenIDs: [TokenID]?
        var logProbs: [TokenLogProb]?
        var calls: [Int: ToolCall] = [:]
        var refusal: String?
    }

    private let request: EndpointRequest
    private var partials: [Int: Partial] = [:]
    private var usage: EndpointReply.Usage?
    private var model: String?
    private var promptTokenIDs: [TokenID]?
    private var promptLogProbs: JSONValue?
    /// Whether `[DONE]` came.
    public private(set) var isDone = false

    /// An assembler for the answer to a request.
    public init(_ request: EndpointRequest) { self.request = request }

    /// Takes in one event and gives the text it adds.
    public mutating func take(_ event: ServerSentEvent) throws(EndpointFault) -> [StreamPiece] {
        guard !isDone else { return [] }
        let data = event.data.trimmingSpaces
        if data == "[DONE]" {
            isDone = true
            return []
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: data) } catch {
            throw EndpointFault(.malformedEvent, "an event of the stream is not JSON: \(error)")
        }
        if event.type == "error" || json.member("error") != nil {
            throw EndpointFault(.errorInStream, "the server broke off the stream: \(ServerMessage(json).quoted)")
        }
        guard case .object = json else { throw EndpointFault(.malformedEvent, "an event of the stream is \(json.kind); expected an object") }
        if let told = try WireReading.usage(json) { usage = told }
        model = model ?? json.member("model")?.text
        if promptTokenIDs == nil { promptTokenIDs = try WireReading.tokens(json.member("prompt_token_ids")) }
        promptLogProbs = promptLogProbs ?? json.member("prompt_logprobs")
        var pieces: [StreamPiece] = []
        for choice in json.member("choices")?.elements ?? [] {
            let index = choice.member("index").map { $0.int ?? -1 } ?? 0
            guard index >= 0 else { throw EndpointFault(.wrongIndex, "an event of the stream has a choice without a proper index") }
            guard index < request.count else {
                throw EndpointFault(
                    .tooManyChoices,
                    "the stream holds a choice with index \(index); \(request.count) \(request.count == 1 ? "was" : "were") asked for")
            }
            var partial = partials[index] ?? Partial()
            if partial.finish != nil, Self.adds(choice) {
                throw EndpointFault(.duplicateIndex, "the stream goes on with choice \(index) after that has ended")
            }
            let text = try Self.add(choice, to: &partial)
            if promptTokenIDs == nil { promptTokenIDs = try WireReading.tokens(choice.member("prompt_token_ids")) }
            partials[index] = partial
            if !text.isEmpty { pieces.append(StreamPiece(index: index, text: text)) }
        }
        return pieces
    }

    private static func adds(_ choice: JSONValue) -> Bool {
        let text = WireReading.content(choice.member("delta")?.member("content")) ?? choice.member("text")?.text ?? ""
        return !text.isEmpty || choice.member("finish_reason") != nil
    }

    private static func add(_ choice: JSONValue, to partial: inout Partial) throws(EndpointFault) -> String {
        let delta = choice.member("delta")
        if let role = delta?.member("role"), role.text != "assistant", role.text != "" {
            throw EndpointFault(.wrongRole, "the stream speaks as the role \(role.canonical.prefix(40)); expected assistant")
        }
        let text = WireReading.content(delta?.member("content")) ?? choice.member("text")?.text ?? ""
        partial.text += text
        if let refusal = delta?.member("refusal")?.text { partial.refusal = (partial.refusal ?? "") + refusal }
        for call in delta?.member("tool_calls")?.elements ?? [] {
            let place = call.member("index")?.int ?? 0
            var own = partial.calls[place] ?? ToolCall(id: "", name: "", arguments: "")
            if let id = call.member("id")?.text { own.id = id }
            own.name += call.member("function")?.member("name")?.text ?? ""
            own.arguments += call.member("function")?.member("arguments")?.text ?? ""
            partial.calls[place] = own
        }
        if let ids = try WireReading.tokens(choice.member("token_ids")) { partial.tokenIDs = (partial.tokenIDs ?? []) + ids }
        if let more = try WireReading.logProbs(choice.member("logprobs")) { partial.logProbs = (partial.logProbs ?? []) + more }
        if let reason = choice.member("finish_reason") {
            partial.finish = try WireReading.finish(reason)
            partial.stopReason = WireReading.stopReason(choice)
        }
        return text
    }

    /// The whole answer, once the connection has ended.
    public func finish() throws(EndpointFault) -> EndpointReply {
        var choices: [EndpointReply.Choice] = []
        for (index, partial) in partials.sorted(by: { $0.key < $1.key }) {
            guard let finish = partial.finish else {
                throw EndpointFault(.truncatedStream, "the stream ended before choice \(index) said why it ended; what came of it is thrown away")
            }
            choices.append(
                EndpointReply.Choice(
                    index: index, text: partial.text, finish: finish, stopReason: partial.stopReason, tokenIDs: partial.tokenIDs,
                    logProbs: partial.logProbs, toolCalls: partial.calls.sorted { $0.key < $1.key }.map(\.value), refusal: partial.refusal))
        }
        guard isDone else { throw EndpointFault(.truncatedStream, "the stream ended without [DONE]; what came of it is thrown away") }
        let known: [TokenID]? = if case .tokens(let own) = request.prompt { own } else { promptTokenIDs }
        return EndpointReply(
            choices: try WireReading.ordered(choices, asked: request.count), usage: usage, promptTokenIDs: promptTokenIDs,
            promptLogProbs: try WireReading.promptLogProbs(promptLogProbs, ids: known), model: model)
    }
}
