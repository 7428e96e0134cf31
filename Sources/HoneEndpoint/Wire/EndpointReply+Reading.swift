import HoneCore

extension EndpointReply {
    /// Reads a whole answer to a request; everything it should hold and does not is a fault.
    ///
    /// Fewer choices than asked for are left to the caller: servers that ignore `n` give one.
    public init(parsing body: [UInt8], to request: EndpointRequest) throws(EndpointFault) {
        let json = try JSONValue.body(body)
        guard case .object = json else { throw EndpointFault(.wrongShape, "the answer is \(json.kind); expected an object with choices") }
        if let error = json.member("error") {
            throw EndpointFault(.errorInReply, "the answer is an error with status 200: \(ServerMessage(error).quoted)")
        }
        guard let list = json.member("choices")?.elements else { throw EndpointFault(.noChoices, "the answer has no list of choices") }
        var choices: [Choice] = []
        for (place, choice) in list.enumerated() { choices.append(try Self.choice(choice, place, request)) }
        self.choices = try WireReading.ordered(choices, asked: request.count)
        usage = try WireReading.usage(json)
        model = json.member("model")?.text
        let first = list[0]
        promptTokenIDs = try WireReading.tokens(json.member("prompt_token_ids") ?? first.member("prompt_token_ids"))
        let known: [TokenID]? = if case .tokens(let own) = request.prompt { own } else { promptTokenIDs }
        promptLogProbs = try WireReading.promptLogProbs(json.member("prompt_logprobs") ?? first.member("prompt_logprobs"), ids: known)
    }

    private static func choice(_ json: JSONValue, _ place: Int, _ request: EndpointRequest) throws(EndpointFault) -> Choice {
        let index = json.member("index").map { $0.int ?? -1 } ?? place
        guard let reason = json.member("finish_reason") else {
            throw EndpointFault(.missingFinish, "choice \(index) does not say why it ended; expected a finish_reason")
        }
        var choice = Choice(index: index, finish: try WireReading.finish(reason))
        if request.route == .chat {
            guard let message = json.member("message") else { throw EndpointFault(.missingContent, "choice \(index) has no message") }
            if let role = message.member("role"), role.text != "assistant" {
                throw EndpointFault(.wrongRole, "choice \(index) is a message of the role \(role.canonical.prefix(40)); expected assistant")
            }
            choice.toolCalls = try WireReading.toolCalls(message.member("tool_calls"))
            choice.refusal = message.member("refusal")?.text
            if let text = WireReading.content(message.member("content")) {
                choice.text = text
            } else if choice.finish == .stop, choice.toolCalls.isEmpty, choice.refusal == nil {
                throw EndpointFault(.missingContent, "choice \(index) has no content")
            }
        } else {
            guard let text = json.member("text")?.text else { throw EndpointFault(.missingContent, "choice \(index) has no text") }
            choice.text = text
        }
        choice.stopReason = WireReading.stopReason(json)
        choice.tokenIDs = try WireReading.tokens(json.member("token_ids"))
        choice.logProbs = try WireReading.logProbs(json.member("logprobs"))
        return choice
    }
}

/// What a server says about an error, in whichever of the usual forms.
struct ServerMessage {
    /// The message, type and code; empty when the server says none.
    var text = ""
    var type = ""
    var code = ""

    /// Of the `error` member of an answer, or of a whole error body.
    init(_ json: JSONValue) {
        let inner = json.member("error") ?? json
        if let plain = inner.text {
            text = plain
        } else {
            text = inner.member("message")?.text ?? inner.member("detail")?.text ?? inner.member("detail")?.canonical ?? ""
            type = inner.member("type")?.text ?? ""
            code = inner.member("code")?.text ?? inner.member("code")?.int.map(String.init) ?? ""
        }
    }

    /// Of an error's body, which need not be JSON.
    init(body: [UInt8]) {
        let json: JSONValue
        do { json = try JSONValue.body(body) } catch {
            let plain = String(decoding: body.prefix(400), as: UTF8.self)
            let start = plain.drop(while: \.isWhitespace).prefix(15).lowercased()
            json = .string(start.hasPrefix("<!doctype html") || start.hasPrefix("<html") ? "an HTML page" : plain)
        }
        self.init(json)
    }

    /// The message in quotation marks, on one line and not too long.
    var quoted: String {
        let line = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : String($0) }.joined()
        let short = line.count > 240 ? line.prefix(240) + "…" : line[...]
        return short.isEmpty ? "it says nothing" : "“\(short)”"
    }

    /// Whether one of the words occurs in message, type or code, in whatever case.
    func mentions(_ words: String...) -> Bool {
        let all = "\(text) \(type) \(code)".lowercased()
        return words.contains { all.contains($0) }
    }
}
