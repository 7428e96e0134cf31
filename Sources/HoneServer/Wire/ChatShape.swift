import HoneCore
import HoneText

/// A choice whose parts have come so far.
struct ChoiceSoFar {
    var piece = AnswerText.Piece()
    var finish: Completion.Finish?
    var stopReason: JSONValue?

    mutating func add(_ part: Generation.Part) {
        piece.text += part.piece.text
        piece.tokens += part.piece.tokens
        finish = part.finish
        stopReason = part.stopReason
    }
}

/// How answers of `/v1/chat/completions` are written.
struct ChatShape: Sendable {
    let id: String
    let created: Int
    let model: String
    let hosted: HostedModel
    let settings: GenerationSettings
    let prompt: [TokenID]

    /// An answer as a whole.
    func whole(_ choices: [ChoiceSoFar], _ usage: Generation.Usage) -> JSONValue {
        let listed = choices.enumerated().map { index, choice in
            var members: [String: JSONValue] = [
                "index": .integer(index), "logprobs": logProbs(choice.piece.tokens),
                "message": .object(["role": .string("assistant"), "content": .string(choice.piece.text), "refusal": .null]),
                "finish_reason": finish(choice.finish), "stop_reason": choice.stopReason ?? .null,
            ]
            if settings.returnsTokenIDs { members["token_ids"] = ids(choice.piece.tokens) }
            return JSONValue.object(members)
        }
        var members = head("chat.completion")
        members["choices"] = .array(listed)
        members["usage"] = usage.json
        if settings.returnsTokenIDs { members["prompt_token_ids"] = .array(prompt.map { .integer(Int($0)) }) }
        return .object(members)
    }

    /// The first event of a choice: whose message it is.
    func opening(of choice: Int) -> JSONValue {
        var members = head("chat.completion.chunk")
        let delta = JSONValue.object(["role": .string("assistant"), "content": .string("")])
        members["choices"] = .array([.object(["index": .integer(choice), "delta": delta, "logprobs": .null, "finish_reason": .null])])
        if settings.includesUsage { members["usage"] = .null }
        if settings.returnsTokenIDs { members["prompt_token_ids"] = .array(prompt.map { .integer(Int($0)) }) }
        return .object(members)
    }

    /// The events of a part: its text, and its end when it has one.
    func events(of part: Generation.Part) -> [JSONValue] {
        var events: [JSONValue] = []
        if !part.piece.isEmpty {
            var choice: [String: JSONValue] = [
                "index": .integer(part.choice), "delta": .object(["content": .string(part.piece.text)]), "logprobs": logProbs(part.piece.tokens),
                "finish_reason": .null,
            ]
            if settings.returnsTokenIDs { choice["token_ids"] = ids(part.piece.tokens) }
            events.append(event(choice))
        }
        if let end = part.finish {
            events.append(
                event([
                    "index": .integer(part.choice), "delta": .object([:]), "logprobs": .null, "finish_reason": finish(end),
                    "stop_reason": part.stopReason ?? .null,
                ]))
        }
        return events
    }

    /// The last event, with what was used.
    func closing(_ usage: Generation.Usage) -> JSONValue {
        var members = head("chat.completion.chunk")
        members["choices"] = .array([])
        members["usage"] = usage.json
        return .object(members)
    }

    private func event(_ choice: [String: JSONValue]) -> JSONValue {
        var members = head("chat.completion.chunk")
        members["choices"] = .array([.object(choice)])
        if settings.includesUsage { members["usage"] = .null }
        return .object(members)
    }

    private func head(_ kind: String) -> [String: JSONValue] {
        ["id": .string(id), "object": .string(kind), "created": .integer(created), "model": .string(model), "system_fingerprint": .null]
    }

    private func logProbs(_ tokens: [AnswerText.Token]) -> JSONValue {
        guard settings.topLogProbs != nil else { return .null }
        let content = tokens.map { token in
            var members = told(token.drawn.token, token.drawn.logProb)
            members["top_logprobs"] = .array(token.drawn.top.prefix(settings.topLogProbs ?? 0).map { .object(told($0.token, $0.logProb)) })
            return JSONValue.object(members)
        }
        return .object(["content": .array(content), "refusal": .null])
    }

    private func told(_ token: TokenID, _ logProb: Float) -> [String: JSONValue] {
        let bytes = hosted.shownBytes(of: token)
        return [
            "token": .string(String(decoding: bytes, as: UTF8.self)), "bytes": .array(bytes.map { .integer(Int($0)) }),
            "logprob": WireNumber.logProb(logProb),
        ]
    }
}

/// The reason for an ending, as it is written.
func finish(_ finish: Completion.Finish?) -> JSONValue { finish.map { .string($0.rawValue) } ?? .null }

/// The ids of tokens.
func ids(_ tokens: [AnswerText.Token]) -> JSONValue { .array(tokens.map { .integer(Int($0.drawn.token)) }) }

/// Numbers as JSON can hold them.
enum WireNumber {
    /// A log-probability; those below −9999, minus infinity among them, are written as −9999 as OpenAI does. One that the model did not
    /// tell is null.
    static func logProb(_ value: Float) -> JSONValue {
        if value.isNaN { return .null }
        return .number(max(-9999, Double(value.description) ?? Double(value)))
    }
}
