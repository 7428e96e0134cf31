import HoneCore

extension JSONValue {
    /// The member of an object; nil also where it is null.
    func member(_ key: String) -> JSONValue? {
        guard let value = self[key], value != .null else { return nil }
        return value
    }

    /// The JSON of an answer's body.
    static func body(_ bytes: [UInt8]) throws(EndpointFault) -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw EndpointFault(.notText, "the answer is not UTF-8") }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw EndpointFault(.malformedJSON, "the answer is not JSON: \(error)")
        }
    }
}

/// Reads parts of answers that both interfaces share.
enum WireReading {
    static func finish(_ name: JSONValue) throws(EndpointFault) -> EndpointFinish {
        guard let text = name.text, let finish = EndpointFinish(named: text) else {
            throw EndpointFault(
                .unknownFinish, "a choice ended for the reason \(name.canonical.prefix(60)); known are stop, length, content_filter and tool_calls")
        }
        return finish
    }

    static func stopReason(_ choice: JSONValue) -> StopReason? {
        switch choice.member("stop_reason") {
        case .string(let text): .text(text)
        case .integer(let id): .token(id)
        default: nil
        }
    }

    static func usage(_ reply: JSONValue) throws(EndpointFault) -> EndpointReply.Usage? {
        guard let usage = reply.member("usage") else { return nil }
        let completion = usage.member("completion_tokens") ?? .integer(0)
        let cached = usage.member("prompt_tokens_details")?.member("cached_tokens") ?? .integer(0)
        // Sums of two such counts must stay within 64 bits.
        let limit = 1 << 48
        guard let prompt = usage.member("prompt_tokens")?.int, let sampled = completion.int, let saved = cached.int,
            0...limit ~= prompt, 0...limit ~= sampled, 0...prompt ~= saved
        else {
            throw EndpointFault(.malformedUsage, "the answer's usage is \(usage.canonical.prefix(120)); expected whole token counts of 0 or more")
        }
        return EndpointReply.Usage(prompt: prompt, completion: sampled, cached: saved)
    }

    static func tokens(_ value: JSONValue?) throws(EndpointFault) -> [TokenID]? {
        guard let value else { return nil }
        var ids: [TokenID] = []
        for element in value.elements ?? [.null] {
            guard let id = element.int.flatMap(TokenID.init(exactly:)), id >= 0 else {
                throw EndpointFault(
                    .tokenMismatch, "the answer's token ids hold \(element.canonical.prefix(40)); expected whole numbers of 0 or more")
            }
            ids.append(id)
        }
        return ids
    }

    /// Log-probabilities in the form of chats (`content`) or of completions (`tokens`, `token_logprobs`).
    static func logProbs(_ value: JSONValue?) throws(EndpointFault) -> [TokenLogProb]? {
        guard let value else { return nil }
        if let content = value.member("content") {
            guard let elements = content.elements else { throw malformed(content) }
            var all: [TokenLogProb] = []
            for element in elements { all.append(try entry(element)) }
            return all
        }
        guard let tokens = value.member("tokens")?.elements else { return nil }
        let numbers = value.member("token_logprobs")?.elements ?? []
        guard numbers.count == tokens.count else {
            throw EndpointFault(.malformedLogProbs, "the answer has \(numbers.count) log-probabilities for \(tokens.count) tokens")
        }
        let tops = value.member("top_logprobs")?.elements
        var all: [TokenLogProb] = []
        for (place, token) in tokens.enumerated() {
            guard let text = token.text else { throw malformed(token) }
            var entry = TokenLogProb(token: text, logProb: numbers[place] == .null ? nil : try checked(numbers[place]))
            if let tops, place < tops.count, case .object(let members) = tops[place] {
                var top: [TokenLogProb.Alternative] = []
                for (name, number) in members { top.append(.init(token: name, logProb: try checked(number))) }
                entry.top = top.sorted { ($1.logProb, $0.token) < ($0.logProb, $1.token) }
            }
            all.append(entry)
        }
        return all
    }

    private static func entry(_ element: JSONValue) throws(EndpointFault) -> TokenLogProb {
        guard let token = element.member("token")?.text, let number = element.member("logprob") else { throw malformed(element) }
        var entry = TokenLogProb(token: token, logProb: try checked(number))
        if let bytes = element.member("bytes")?.elements {
            var own: [UInt8] = []
            for byte in bytes {
                guard let value = byte.int.flatMap(UInt8.init(exactly:)) else { throw malformed(byte) }
                own.append(value)
            }
            entry.bytes = own
        }
        for other in element.member("top_logprobs")?.elements ?? [] {
            guard let name = other.member("token")?.text, let number = other.member("logprob") else { throw malformed(other) }
            entry.top.append(.init(token: name, logProb: try checked(number)))
        }
        return entry
    }

    /// vLLM's log-probabilities of a prompt: for each place null or an object from token ids to what is known of them. Of
    /// several, the drawn token is the one among `ids`, or else the first named.
    static func promptLogProbs(_ value: JSONValue?, ids: [TokenID]?) throws(EndpointFault) -> [TokenLogProb]? {
        guard let elements = value?.elements else { return nil }
        if let ids, ids.count != elements.count {
            throw EndpointFault(.malformedLogProbs, "the answer has \(elements.count) log-probabilities for a prompt of \(ids.count) tokens")
        }
        var all: [TokenLogProb] = []
        for (place, element) in elements.enumerated() {
            guard case .object(let members) = element else {
                all.append(TokenLogProb(token: "", logProb: nil))
                continue
            }
            let key = ids.map { String($0[place]) } ?? (members.count == 1 ? members.keys.first : nil)
            guard let key, let own = members[key], let number = own.member("logprob") else {
                throw EndpointFault(.malformedLogProbs, "the answer does not say which of \(members.count) tokens is the prompt's at place \(place)")
            }
            all.append(TokenLogProb(token: own.member("decoded_token")?.text ?? key, logProb: try checked(number)))
        }
        return all
    }

    /// A log-probability: finite and not above 0, rounding aside.
    private static func checked(_ value: JSONValue) throws(EndpointFault) -> Double {
        guard let number = value.double, number.isFinite, number <= 1e-3 else {
            throw EndpointFault(
                .malformedLogProbs, "the answer has the log-probability \(value.canonical.prefix(40)); expected a finite number of at most 0")
        }
        return min(0, number)
    }

    private static func malformed(_ value: JSONValue) -> EndpointFault {
        EndpointFault(.malformedLogProbs, "the answer's log-probabilities hold \(value.canonical.prefix(60)); expected tokens with their numbers")
    }

    static func toolCalls(_ value: JSONValue?) throws(EndpointFault) -> [ToolCall] {
        var calls: [ToolCall] = []
        for call in value?.elements ?? [] {
            guard let function = call.member("function"), let name = function.member("name")?.text else {
                throw EndpointFault(.wrongShape, "the answer asks for a tool without naming it")
            }
            calls.append(ToolCall(id: call.member("id")?.text ?? "", name: name, arguments: function.member("arguments")?.text ?? ""))
        }
        return calls
    }

    /// The text of a message: a text, or a list of text parts; nil when there is none.
    static func content(_ value: JSONValue?) -> String? {
        if let text = value?.text { return text }
        guard let parts = value?.elements else { return nil }
        var all = ""
        for part in parts {
            guard let text = part.member("text")?.text else { return nil }
            all += text
        }
        return all
    }

    /// The choices in order of index, once all of them are there.
    static func ordered(_ choices: [EndpointReply.Choice], asked: Int) throws(EndpointFault) -> [EndpointReply.Choice] {
        guard !choices.isEmpty else { throw EndpointFault(.noChoices, "the answer holds no choice") }
        guard choices.count <= asked else {
            throw EndpointFault(.tooManyChoices, "the answer holds \(choices.count) choices; \(asked) \(asked == 1 ? "was" : "were") asked for")
        }
        var seen: Set<Int> = []
        for choice in choices {
            guard 0..<asked ~= choice.index else {
                throw EndpointFault(.wrongIndex, "the answer holds a choice with index \(choice.index); expected 0 to \(asked - 1)")
            }
            guard seen.insert(choice.index).inserted else {
                throw EndpointFault(.duplicateIndex, "the answer holds two choices with index \(choice.index)")
            }
        }
        return choices.sorted { $0.index < $1.index }
    }
}
