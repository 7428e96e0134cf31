import HoneCore

extension EndpointModel {
    /// Natural log-probabilities of the tokens after the first, where the server gives those of prompts.
    ///
    /// Text is tokenised by the server, which may put a token of its own in front; the scores then speak of all tokens of the text.
    /// Nothing else can be had of an endpoint.
    public func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        guard quantity == .logProbs else {
            throw EndpointFault(
                .abilityMissing, "an endpoint gives log-probabilities of texts at most, not \(quantity); use a model in a folder for that")
        }
        guard capabilities.scoring != .none else {
            throw EndpointFault(
                .abilityMissing,
                "the endpoint does not give log-probabilities of prompts (neither echo with logprobs on completions nor prompt_logprobs), so it cannot score texts; use another server or a model in a folder"
            )
        }
        return try await transcripts.concurrently { _, transcript in try await score(transcript) }
    }

    private func score(_ transcript: Transcript) async throws -> Scores {
        let prompt = try TranscriptMapping().prompt(transcript, takesTokens: capabilities.tokenPrompts == .yes)
        var request = EndpointRequest(prompt)
        request.temperature = 0
        request.limitField = capabilities.limitField
        request.limit = capabilities.scoring == .echo ? 0 : 1
        if capabilities.scoring == .promptLogProbs {
            request.promptLogProbs = 0
            request.asksTokenIDs = capabilities.tokenIDs == .yes
        } else {
            request.logProbs = 1
            request.echoesPrompt = true
        }
        // Scores do not depend on a seed, so that the cache finds them whoever asks.
        let reply = try await source.reply(to: request, seed: Seed(0))
        var entries = reply.promptLogProbs ?? []
        if capabilities.scoring != .promptLogProbs {
            entries = reply.choices.first?.logProbs ?? []
            if capabilities.scoring == .echoAndOne { entries = entries.dropLast(max(1, reply.usage?.completion ?? 1)) }
        }
        let values = entries.dropFirst().compactMap { $0.logProb.map(Float.init) }
        guard !entries.isEmpty, values.count == entries.count - 1 else {
            throw EndpointFault(
                .malformedLogProbs, "the answer lacks log-probabilities of the prompt's tokens, which this endpoint gave when it was probed")
        }
        if case .tokens(let tokens) = prompt, tokens.count != entries.count {
            throw EndpointFault(.tokenMismatch, "the answer speaks of \(entries.count) tokens; the prompt had \(tokens.count)")
        }
        return Scores(values: values, shape: [values.count])
    }
}
