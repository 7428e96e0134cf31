import HoneCore
import HoneText

/// A prompt of `/v1/completions`.
struct CompletionPrompt: Sendable {
    var tokens: [TokenID]
    /// The text, given or spelled by the tokens.
    var text: String
}

extension ModelService {
    /// `/v1/completions`.
    func complete(_ fields: RequestFields, to sink: Sink) async throws {
        let (hosted, strategy) = try model(of: fields)
        var settings = try GenerationSettings(fields, for: hosted, limits: limits, limitFields: ["max_tokens"])
        settings.topLogProbs = try fields.int("logprobs", in: 0...limits.topLogProbs)
        let echoes = try fields.bool("echo") ?? false
        let draws = settings.limit != 0
        if !draws, !echoes { throw ServerRefusal.invalid("“max_tokens” is 0; without “echo” there is nothing to answer", param: "max_tokens") }
        let prompts = try prompts(fields, for: hosted)
        // What was asked for when nothing was said, by OpenAI's documentation.
        let generation = try generation(hosted, strategy, prompts.map(\.tokens), settings, usualLimit: 16)
        let shape = CompletionShape(
            id: name("cmpl-"), created: unixSeconds(), model: try fields.string("model") ?? hosted.name, hosted: hosted, settings: settings,
            prompts: prompts, echoes: echoes)
        try await admission.run {
            let echoed = echoes ? try await echoedTokens(prompts, of: hosted, top: settings.topLogProbs) : []
            let used = Generation.Usage(prompt: prompts.reduce(0) { $0 + $1.tokens.count })
            let count = prompts.count * settings.choices
            if settings.streams {
                // What fails before the first token is told by the status.
                var isOpen = false
                func open() {
                    guard !isOpen else { return }
                    isOpen = true
                    sink.yield(.events)
                    guard echoes else { return }
                    for choice in 0..<count { sink.yield(.event(shape.echo(of: choice, echoed[choice / settings.choices], ends: !draws))) }
                }
                if !draws { open() }
                let usage =
                    draws
                    ? try await generation.run {
                        open()
                        sink.yield(.event(shape.event(of: $0)))
                    } : used
                if settings.includesUsage { sink.yield(.event(shape.closing(usage))) }
                sink.yield(.done)
            } else {
                var choices = [ChoiceSoFar](repeating: ChoiceSoFar(), count: count)
                if !draws { for choice in choices.indices { choices[choice].finish = .length } }
                let usage = draws ? try await generation.run { choices[$0.choice].add($0) } : used
                sink.yield(.whole(status: 200, shape.whole(choices, echoed, usage)))
            }
        }
    }

    /// The prompts: a text, texts, token ids, or lists of them.
    private func prompts(_ fields: RequestFields, for hosted: HostedModel) throws(ServerRefusal) -> [CompletionPrompt] {
        guard let value = fields.value("prompt") else { throw .invalid("“prompt” is missing", param: "prompt") }
        let addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
        func prompt(_ text: String) throws(ServerRefusal) -> CompletionPrompt {
            CompletionPrompt(tokens: try tokens(of: text, for: hosted, addsSpecialTokens: addsSpecialTokens), text: text)
        }
        func prompt(_ ids: [JSONValue]) throws(ServerRefusal) -> CompletionPrompt {
            let tokens = try RequestFields.tokens(ids, "prompt", vocabulary: hosted.tokenizer.vocabularySize)
            guard !tokens.isEmpty else { throw .invalid("“prompt” holds an empty list of tokens", param: "prompt") }
            return CompletionPrompt(tokens: tokens, text: hosted.tokenizer.decode(tokens))
        }
        if let text = value.text { return [try prompt(text)] }
        guard let list = value.elements, let first = list.first else {
            throw fields.wrong("prompt", value, "a string, a list of strings, or lists of token ids, none of them empty")
        }
        if first.int != nil { return [try prompt(list)] }
        guard list.count <= limits.samples else {
            throw .invalid("“prompt” has \(list.count) prompts; this server draws up to \(limits.samples) answers for one request", param: "prompt")
        }
        var prompts: [CompletionPrompt] = []
        for element in list {
            if let text = element.text {
                prompts.append(try prompt(text))
            } else if let ids = element.elements {
                prompts.append(try prompt(ids))
            } else {
                throw fields.wrong("prompt", element, "strings or lists of token ids within the list")
            }
        }
        return prompts
    }

    /// The prompts' tokens with their log-probabilities where those are wanted; the first token has none.
    private func echoedTokens(_ prompts: [CompletionPrompt], of hosted: HostedModel, top: Int?) async throws -> [[StreamedToken]] {
        var all: [[StreamedToken]] = []
        for prompt in prompts {
            var text = TokenStream(hosted.tokenizer)
            var tokens = prompt.tokens.map { StreamedToken(sample: 0, token: $0, text: text.push($0), logProb: .nan) }
            if let top, tokens.count > 1 {
                let transcript: Transcript = [Segment(origin: .prompt, content: .tokens(prompt.tokens, text: prompt.text))]
                let logProbs = try await hosted.model.score([transcript], .logProbs).first?.values ?? []
                let likeliest = top > 0 ? try await Drawing.likeliest(of: transcript, top: top, by: hosted) : []
                for place in tokens.indices.dropFirst() where place - 1 < logProbs.count {
                    tokens[place].logProb = logProbs[place - 1]
                    if place - 1 < likeliest.count { tokens[place].top = likeliest[place - 1] }
                }
            }
            all.append(tokens)
        }
        return all
    }
}
