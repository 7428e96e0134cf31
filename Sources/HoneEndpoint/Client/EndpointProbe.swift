import HoneCore

/// Finds out what an endpoint can do, with about twenty calls of a few tokens.
///
/// Faults that say nothing about abilities (no connection, no key, no such model) are thrown. A finding that depends on the
/// model answering the same twice is `unknown` where it does not.
public struct EndpointProbe: Sendable {
    private let client: EndpointClient
    private var found = EndpointCapabilities()
    /// Whether trials are made by chat.
    private var byChat = true

    /// A probe of an endpoint; its calls are charged to the endpoint's ledger and never cached.
    public init(_ client: EndpointClient) {
        var settings = client.settings
        settings.retries.limit = min(1, settings.retries.limit)
        settings.cache = nil
        self.client = EndpointClient(client, settings: settings)
    }

    /// What it can do.
    public func findings() async throws -> EndpointCapabilities {
        var copy = self
        return try await copy.probe()
    }

    private mutating func probe() async throws -> EndpointCapabilities {
        try await findRoutes()
        guard let plain = try await ask("plain", trial()) else { return found }
        found.usage = plain.usage == nil ? .no : .yes
        try await findSampling()
        try await findStop(after: plain.choices.first?.text ?? "")
        try await findTokens()
        if byChat { try await findChatting() }
        if found.completions == .yes { try await findScoring() }
        return found
    }

    // In small letters and plain signs: small models have small alphabets.
    private static let words = "count from one to nine: one, two, three,"

    /// A call of a few tokens, which changes are made to.
    private func trial(_ change: (inout EndpointRequest) -> Void = { _ in }) -> EndpointRequest {
        var request = EndpointRequest(byChat ? .chat([ChatMessage(.user, Self.words)]) : .text(Self.words))
        request.limit = 12
        request.limitField = found.limitField
        request.temperature = 0
        change(&request)
        return request
    }

    /// The answer; nil, with a note under the name, when the server refuses the request or answers it wrongly.
    private mutating func ask(_ name: String, _ request: EndpointRequest) async throws -> EndpointReply? {
        do {
            return try await client.reply(to: request, seed: Seed(0))
        } catch let fault as EndpointFault {
            switch fault.kind {
            case .badRequest, .notFound, .unexpectedStatus, .serverError, .contentRefused, .contextTooLong, .errorInReply, .errorInStream,
                .wrongShape,
                .wrongContentType, .htmlPage, .malformedLogProbs, .tokenMismatch, .malformedJSON, .malformedEvent, .truncatedStream, .noChoices,
                .missingFinish, .unknownFinish, .missingContent, .wrongRole, .tooManyChoices, .duplicateIndex, .wrongIndex, .malformedUsage:
                found.notes[name] = fault.detail
                return nil
            default: throw fault
            }
        }
    }

    private mutating func findRoutes() async throws {
        let choice = client.settings.route
        if choice != .completions {
            found.chat = try await ask("chat", trial()) == nil ? .no : .yes
            if found.chat == .no, found.notes["chat"]?.contains("max_completion_tokens") == true {
                found.limitField = .maxCompletionTokens
                found.chat = try await ask("chat", trial()) == nil ? .no : .yes
                if found.chat == .yes { found.notes["chat"] = nil }
            }
        }
        byChat = false
        if choice != .chat { found.completions = try await ask("completions", trial()) == nil ? .no : .yes }
        byChat = found.chat == .yes
        guard found.chat == .yes || found.completions == .yes else {
            let said = [found.notes["chat"], found.notes["completions"]].compactMap(\.self).joined(separator: "; ")
            throw EndpointFault(
                .abilityMissing, "the endpoint answers neither chats nor completions as it should: \(said)", address: client.address.description)
        }
    }

    private mutating func findSampling() async throws {
        if let reply = try await ask(
            "n",
            trial {
                $0.count = 2
                $0.temperature = 1
            })
        {
            found.samples = reply.choices.count == 2 ? .yes : .no
            if found.samples == .no { found.notes["n"] = "two choices were asked for and one came" }
        } else {
            found.samples = .no
        }
        let top = byChat ? 0 : 1
        if let reply = try await ask("logprobs", trial { $0.logProbs = top }) {
            var entries = reply.choices.first?.logProbs ?? []
            if entries.isEmpty {
                // An answer that ends at once shows no token, except where the ids of all are asked for.
                let whole = trial {
                    $0.logProbs = top
                    $0.asksTokenIDs = true
                }
                entries = try await ask("logprobs", whole)?.choices.first?.logProbs ?? []
            }
            found.logProbs = !entries.isEmpty && entries.allSatisfy { $0.logProb != nil } ? .yes : .no
            if found.logProbs == .no { found.notes["logprobs"] = "log-probabilities were asked for and none came" }
        } else {
            found.logProbs = .no
        }
        found.topK = try await ask("top_k", trial { $0.topK = -1 }) == nil ? .no : .yes
        func text(_ reply: EndpointReply?) -> String? { reply?.choices.first?.text }
        let seeded = trial {
            $0.temperature = 1
            $0.seed = 11
        }
        let other = trial {
            $0.temperature = 1
            $0.seed = 12
        }
        if let first = text(try await ask("seed", seeded)), let second = text(try await ask("seed", seeded)) {
            if first != second {
                found.seed = .no
                found.notes["seed"] = "the same seed gave two answers"
            } else if let third = text(try await ask("seed", other)), third != first {
                found.seed = .yes
            }
        } else {
            found.seed = .no
        }
        if let reply = try await ask("stream", trial { $0.isStreamed = true }) {
            found.stream = reply.choices.isEmpty ? .no : .yes
        } else {
            found.stream = .no
        }
    }

    /// Stops a known greedy answer at its first character that does not begin it.
    private mutating func findStop(after text: String) async throws {
        let first = text.first
        guard let place = text.indices.dropFirst().first(where: { text[$0] != first && !text[$0].isWhitespace }),
            text.index(after: place) < text.endIndex
        else { return }
        let stop = String(text[place])
        let (before, through) = (String(text[..<place]), String(text[...place]))
        guard let reply = try await ask("stop", trial { $0.stop = [stop] }), let choice = reply.choices.first else {
            found.stop = .no
            return
        }
        switch choice.text {
        case before: found.stop = .yes
        case through: (found.stop, found.keepsStopText) = (.yes, .yes)
        case let other where other.hasPrefix(through):
            found.stop = .no
            found.notes["stop"] = "the answer went on after the stop text"
        default: found.notes["stop"] = "the same request gave two answers, so it does not show"
        }
        guard found.stop == .yes else { return }
        found.tellsStopText = choice.stopReason == .text(stop) ? .yes : .no
        guard found.keepsStopText == .unknown else { return }
        let kept = try await ask(
            "stop text kept",
            trial {
                $0.stop = [stop]
                $0.keepsStopText = true
            })?.choices.first?.text
        found.keepsStopText = kept == through ? .yes : .no
    }

    private mutating func findTokens() async throws {
        let reply = try await ask("token ids", trial { $0.asksTokenIDs = true })
        found.tokenIDs = reply?.choices.first?.tokenIDs.map { !$0.isEmpty } == true ? .yes : .no
        if found.tokenIDs == .no, found.notes["token ids"] == nil { found.notes["token ids"] = "token ids were asked for and none came" }
        guard found.completions == .yes, let tokens = reply?.promptTokenIDs, !tokens.isEmpty else { return }
        var request = trial()
        request.prompt = .tokens(tokens)
        let own = try await ask("token prompts", request)
        found.tokenPrompts = own == nil || own?.usage.map { $0.prompt != tokens.count } == true ? .no : .yes
    }

    private mutating func findChatting() async throws {
        let system = trial { $0.prompt = .chat([ChatMessage(.system, "answer in few words."), ChatMessage(.user, Self.words)]) }
        found.systemRole = try await ask("system role", system) == nil ? .no : .yes
        let tool = ToolSpecification(
            name: "add", summary: "Adds numbers.", parameters: .object(["type": .string("object"), "properties": .object([:])]))
        found.tools =
            try await ask(
                "tools",
                trial {
                    $0.tools = [tool]
                    $0.toolChoice = ToolChoice.none
                }) == nil ? .no : .yes
        let begun = EndpointRequest.Prompt.chat([ChatMessage(.user, Self.words), ChatMessage(.assistant, "four, five")])
        guard let plain = try await ask("continues", trial { $0.prompt = begun }),
            let continued = try await ask(
                "continues",
                trial {
                    $0.prompt = begun
                    $0.continuesLastMessage = true
                }),
            let usual = plain.usage?.prompt, let own = continued.usage?.prompt
        else {
            found.continuesLastMessage = .no
            return
        }
        // Nothing closes the continued message and nothing opens another one, so its prompt is shorter.
        found.continuesLastMessage = own < usual ? .yes : .no
        if own >= usual { found.notes["continues"] = "the prompt was as long as without it" }
    }

    private mutating func findScoring() async throws {
        func echoed(_ limit: Int) -> EndpointRequest {
            var request = trial {
                $0.logProbs = 1
                $0.echoesPrompt = true
                $0.limit = limit
            }
            request.prompt = .text(Self.words)
            return request
        }
        for (limit, scoring) in [(0, EndpointCapabilities.Scoring.echo), (1, .echoAndOne)] {
            guard let choice = try await ask("scoring", echoed(limit))?.choices.first, let entries = choice.logProbs, entries.count > 2,
                choice.text.hasPrefix(Self.words), entries.dropFirst().allSatisfy({ $0.logProb != nil })
            else { continue }
            // A server may draw a token although none was asked for.
            if limit == 0, choice.text != Self.words { continue }
            found.scoring = scoring
            found.notes["scoring"] = nil
            return
        }
        let knowsTokens = found.tokenIDs == .yes
        var request = trial {
            $0.promptLogProbs = 0
            $0.limit = 1
            $0.asksTokenIDs = knowsTokens
        }
        request.prompt = .text(Self.words)
        if let entries = try await ask("scoring", request)?.promptLogProbs, entries.count > 1, entries.dropFirst().allSatisfy({ $0.logProb != nil }) {
            found.scoring = .promptLogProbs
            found.notes["scoring"] = nil
        }
    }
}
