import HoneCore

extension EndpointModel {
    /// One call of several that answer a request, and the samples it is for.
    struct Call: Sendable {
        var request: EndpointRequest
        var seed: Seed
        /// The first sample it is for.
        var start: Int
    }

    /// What came for one sample.
    private struct Answer: Sendable {
        var sample: Int
        var reply: EndpointReply
        var choice: EndpointReply.Choice
        /// The first sample that the same reply answers.
        var first: Int
    }

    /// One completion per request, in order; samples stand in the order of their indices, whoever answered first.
    ///
    /// A server that honours `n` is asked for several samples at once, any other once for each; one that was thought to honour it
    /// and gives fewer is asked again for those that are missing. What is not taken for a completion is an `EndpointFault`.
    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        try await requests.concurrently { _, request in try await completion(of: request) }
    }

    private func completion(of request: Completion.Request) async throws -> Completion {
        let calls = try calls(of: request)
        let answered = try await withThrowingTaskGroup(of: [Answer].self) { group in
            for call in calls { group.addTask { try await choices(of: call, for: request) } }
            var all: [Answer] = []
            for try await result in group { all += result }
            return all.sorted { $0.sample < $1.sample }
        }
        let reading = ChoiceReading(
            ref: ref, author: nil, stop: StopTexts(request.sampling.stop, capabilities, cutsHere: settings.cutsHere),
            trustsLogProbs: settings.reportsSamplerLogProbs || request.sampling.temperature == 1 && request.sampling.keepsWholeDistribution)
        var samples: [Completion.Sample] = []
        for answer in answered {
            var own = answer.choice
            own.index = answer.sample
            do {
                samples.append(try reading.sample(own, update: answer.reply.update))
            } catch {
                var fault = error
                fault.address = "Model “\(ref)”"
                throw fault
            }
        }
        var completion = Completion(context: context(of: request, answered.first?.reply, calls.first?.request), samples: samples)
        let counted = Self.counted(answered, for: request)
        completion.reported = counted.tokens
        completion.computedTokens = counted.computed
        return completion
    }

    /// The choices of a call with the numbers of their samples; those that did not come are asked for one by one.
    private func choices(of call: Call, for request: Completion.Request) async throws -> [Answer] {
        let reply = try await source.reply(to: call.request, seed: call.seed)
        let first = call.start + (reply.choices.first?.index ?? 0)
        var all = reply.choices.map { Answer(sample: call.start + $0.index, reply: reply, choice: $0, first: first) }
        let missing = Set(call.start..<call.start + call.request.count).subtracting(all.map(\.sample)).sorted()
        for index in missing {
            let single = try self.call(for: request, from: index, count: 1)
            let reply = try await source.reply(to: single.request, seed: single.seed)
            guard let choice = reply.choices.first else {
                throw EndpointFault(.tooFewChoices, "answer \(index) did not come, although it was asked for by itself")
            }
            all.append(Answer(sample: index, reply: reply, choice: choice, first: index))
        }
        return all
    }

    /// The calls that answer a request.
    func calls(of request: Completion.Request) throws(EndpointFault) -> [Call] {
        let width = capabilities.samples == .yes ? settings.samplesPerRequest : 1
        var calls: [Call] = []
        for start in stride(from: 0, to: request.count, by: width) {
            calls.append(try call(for: request, from: start, count: min(width, request.count - start)))
        }
        return calls
    }

    private func call(for request: Completion.Request, from start: Int, count: Int) throws(EndpointFault) -> Call {
        let sampling = request.sampling
        var wire = try wire(request.context)
        let seed = request.seed.child("sample", start)
        wire.count = count
        wire.temperature = sampling.temperature
        wire.topP = sampling.topP
        if sampling.topK > 0 {
            guard capabilities.topK != .no else {
                throw EndpointFault(
                    .abilityMissing, "the endpoint does not take top_k, and the sampling keeps the \(sampling.topK) likeliest tokens; set topK to 0")
            }
            wire.topK = sampling.topK
        } else if capabilities.topK == .yes {
            wire.topK = -1
        }
        wire.limit = sampling.limit
        wire.limitField = capabilities.limitField
        wire.isStreamed = settings.isStreamed && capabilities.stream != .no
        if capabilities.tokenIDs == .yes { wire.asksTokenIDs = true }
        if capabilities.logProbs == .yes, capabilities.tokenIDs == .yes { wire.logProbs = wire.route == .chat ? 0 : 1 }
        StopTexts(sampling.stop, capabilities, cutsHere: settings.cutsHere).apply(sampling.stop, to: &wire)
        // 31 bits, as some servers keep seeds in 32 with a sign.
        if capabilities.seed != .no { wire.seed = Int(seed.value >> 33) }
        return Call(request: wire, seed: seed, start: start)
    }

    /// The request for a transcript, by the route that can show it.
    private func wire(_ context: Transcript) throws(EndpointFault) -> EndpointRequest {
        let mapping = TranscriptMapping(hasSystemRole: capabilities.systemRole != .no)
        let takesTokens = capabilities.tokenPrompts == .yes
        let hasChat = capabilities.chat != .no && settings.route != .completions
        let hasCompletions = capabilities.completions == .yes && settings.route != .chat || settings.route == .completions
        guard hasChat else { return EndpointRequest(try mapping.prompt(context, takesTokens: takesTokens)) }
        let messages = try mapping.messages(context)
        var request = EndpointRequest(.chat(messages))
        guard messages.last?.role == .assistant else { return request }
        if capabilities.continuesLastMessage == .yes {
            request.continuesLastMessage = true
        } else if hasCompletions {
            request = EndpointRequest(try mapping.prompt(context, takesTokens: takesTokens))
        } else {
            throw EndpointFault(
                .cannotContinue,
                "the transcript ends with the model's own words, which this endpoint cannot continue: it has no completions and does not take continue_final_message"
            )
        }
        return request
    }

    /// The context with the tokens the server used, where they can be told to belong to its one segment.
    private func context(of request: Completion.Request, _ reply: EndpointReply?, _ call: EndpointRequest?) -> Transcript {
        guard case .text = call?.prompt, let tokens = reply?.promptTokenIDs, request.context.count == 1,
            case .text(let text) = request.context[0].content
        else { return request.context }
        var segment = request.context[0]
        segment.content = .tokens(tokens, text: text)
        return [segment]
    }

    /// The tokens of a request's answers. Of choices that came together the server counts the sum only: it is split by their
    /// known tokens, else evenly with the rest on the first ones. Where it counts nothing, four bytes are taken for a token.
    private static func counted(_ answers: [Answer], for request: Completion.Request) -> (tokens: ReportedTokens, computed: Int) {
        var tokens = ReportedTokens(prompt: 0, sampled: [])
        var bySample = [Int](repeating: 0, count: answers.count)
        var computed = 0
        let prompt = (request.context.text.utf8.count + 3) / 4
        for (_, group) in Dictionary(grouping: answers, by: \.first).sorted(by: { $0.key < $1.key }) {
            let known = group.map { $0.choice.tokenIDs?.count ?? $0.choice.logProbs?.count }
            var counts: [Int]
            if let usage = group[0].reply.usage {
                tokens.prompt = max(tokens.prompt, usage.prompt)
                computed += usage.prompt - usage.cached + usage.completion
                let (share, rest) = usage.completion.quotientAndRemainder(dividingBy: group.count)
                counts = group.indices.map { share + ($0 < rest ? 1 : 0) }
                if !known.contains(nil) { counts = known.compactMap(\.self) }
            } else {
                tokens.isEstimated = true
                tokens.prompt = max(tokens.prompt, prompt)
                counts = zip(known, group).map { $0 ?? ($1.choice.text.utf8.count + 3) / 4 }
                computed += prompt + counts.reduce(0, +)
            }
            for (answer, count) in zip(group, counts) { bySample[answer.sample] = count }
        }
        tokens.sampled = bySample
        return (tokens, computed)
    }
}
