import HoneCore
import HoneText

/// How answers of `/v1/completions` are written.
struct CompletionShape: Sendable {
    let id: String
    let created: Int
    let model: String
    let hosted: HostedModel
    let settings: GenerationSettings
    let prompts: [CompletionPrompt]
    let echoes: Bool

    /// An answer as a whole; `echoed` has the tokens of each prompt where prompts are repeated.
    func whole(_ choices: [ChoiceSoFar], _ echoed: [[StreamedToken]], _ usage: Generation.Usage) -> JSONValue {
        let listed = choices.enumerated().map { index, choice in
            let prompt = index / settings.choices
            let answer = told(choice.piece.tokens, after: echoes ? prompts[prompt].text.unicodeScalars.count : 0)
            let before = echoes ? told(echoed[prompt]) : []
            var members: [String: JSONValue] = [
                "index": .integer(index), "text": .string((echoes ? prompts[prompt].text : "") + choice.piece.text),
                "logprobs": logProbs(before + answer), "finish_reason": finish(choice.finish), "stop_reason": choice.stopReason ?? .null,
            ]
            if settings.returnsTokenIDs {
                members["token_ids"] = ids(choice.piece.tokens)
                members["prompt_token_ids"] = .array(prompts[prompt].tokens.map { .integer(Int($0)) })
            }
            return JSONValue.object(members)
        }
        var members = head
        members["choices"] = .array(listed)
        members["usage"] = usage.json
        return .object(members)
    }

    /// The event that repeats a choice's prompt.
    func echo(of choice: Int, _ tokens: [StreamedToken], ends: Bool) -> JSONValue {
        event([
            "index": .integer(choice), "text": .string(prompts[choice / settings.choices].text), "logprobs": logProbs(told(tokens)),
            "finish_reason": ends ? finish(.length) : .null,
        ])
    }

    /// The event of a part of a choice.
    func event(of part: Generation.Part) -> JSONValue {
        let prompt = prompts[part.choice / settings.choices]
        var choice: [String: JSONValue] = [
            "index": .integer(part.choice), "text": .string(part.piece.text), "finish_reason": finish(part.finish),
            "logprobs": logProbs(told(part.piece.tokens, after: echoes ? prompt.text.unicodeScalars.count : 0)), "stop_reason": part.stopReason ?? .null,
        ]
        if settings.returnsTokenIDs { choice["token_ids"] = ids(part.piece.tokens) }
        return event(choice)
    }

    /// The last event, with what was used.
    func closing(_ usage: Generation.Usage) -> JSONValue {
        var members = head
        members["choices"] = .array([])
        members["usage"] = usage.json
        return .object(members)
    }

    private func event(_ choice: [String: JSONValue]) -> JSONValue {
        var members = head
        members["choices"] = .array([.object(choice)])
        if settings.includesUsage { members["usage"] = .null }
        return .object(members)
    }

    private var head: [String: JSONValue] {
        ["id": .string(id), "object": .string("text_completion"), "created": .integer(created), "model": .string(model), "system_fingerprint": .null]
    }

    /// A token as the lists of log-probabilities have it.
    private struct Told {
        var token: TokenID
        var logProb: Float
        var top: [TokenLogProb]
        var offset: Int
    }

    private func told(_ tokens: [AnswerText.Token], after start: Int) -> [Told] {
        tokens.map { Told(token: $0.drawn.token, logProb: $0.drawn.logProb, top: $0.drawn.top, offset: start + $0.scalarOffset) }
    }

    private func told(_ tokens: [StreamedToken]) -> [Told] {
        var offset = 0
        return tokens.map { token in
            defer { offset += token.text.unicodeScalars.count }
            return Told(token: token.token, logProb: token.logProb, top: token.top, offset: offset)
        }
    }

    private func logProbs(_ tokens: [Told]) -> JSONValue {
        guard let top = settings.topLogProbs else { return .null }
        func text(_ token: TokenID) -> String { String(decoding: hosted.shownBytes(of: token), as: UTF8.self) }
        let likeliest = tokens.map { told -> JSONValue in
            guard top > 0, !told.logProb.isNaN else { return .null }
            var members: [String: JSONValue] = [:]
            // Tokens that look the same share a place, which the likelier one has.
            for entry in told.top.prefix(top).reversed() { members[text(entry.token)] = WireNumber.logProb(entry.logProb) }
            if members[text(told.token)] == nil { members[text(told.token)] = WireNumber.logProb(told.logProb) }
            return .object(members)
        }
        return .object([
            "tokens": .array(tokens.map { .string(text($0.token)) }), "token_logprobs": .array(tokens.map { WireNumber.logProb($0.logProb) }),
            "top_logprobs": top > 0 ? .array(likeliest) : .null, "text_offset": .array(tokens.map { .integer($0.offset) }),
        ])
    }
}
