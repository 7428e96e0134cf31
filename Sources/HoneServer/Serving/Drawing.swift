import HoneCore
import HoneText

/// The tokens of requests to a model as they are drawn, whether or not the model streams.
struct Drawing: Sendable {
    /// A token and the request it answers.
    struct Event: Sendable {
        var request: Int
        var token: StreamedToken
    }

    let hosted: HostedModel
    let requests: [Completion.Request]
    /// How many likeliest tokens are told beside each drawn one.
    let top: Int

    /// All tokens. When the reader goes away, the drawing is cancelled; a cancelled reader sees an early end.
    func events() -> AsyncThrowingStream<Event, any Error> {
        let (events, continuation) = AsyncThrowingStream<Event, any Error>.makeStream()
        let task = Task {
            do {
                if let streaming = hosted.model as? any StreamingModel {
                    try await stream(from: streaming, to: continuation)
                } else {
                    try await complete(to: continuation)
                }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return events
    }

    private func stream(from model: any StreamingModel, to continuation: AsyncThrowingStream<Event, any Error>.Continuation) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask {
                    for try await token in model.stream(request, top: top) { continuation.yield(Event(request: index, token: token)) }
                }
            }
            try await group.waitForAll()
        }
    }

    private func complete(to continuation: AsyncThrowingStream<Event, any Error>.Continuation) async throws {
        let completions = try await hosted.model.complete(requests)
        guard completions.count == requests.count else {
            throw ServerRefusal(500, "The model gave \(completions.count) completions for \(requests.count) prompts", type: "server_error")
        }
        for (index, completion) in completions.enumerated() {
            for (sample, answer) in completion.samples.enumerated() {
                try Task.checkCancellation()
                var tokens: [TokenID] = []
                var logProbs: [Float] = []
                for segment in answer.segments {
                    let own = try segment.tokens ?? hosted.tokenizer.encode(segment.text)
                    tokens += own
                    logProbs += segment.samplerLogProbs ?? own.map { _ in .nan }
                }
                let likeliest = try await likeliest(of: tokens, after: completion.context)
                var text = TokenStream(hosted.tokenizer)
                for (place, token) in tokens.enumerated() {
                    let isLast = place == tokens.count - 1
                    let piece = text.push(token) + (isLast ? text.finish() : "")
                    continuation.yield(
                        Event(
                            request: index,
                            token: StreamedToken(
                                sample: sample, token: token, text: piece, logProb: place < logProbs.count ? logProbs[place] : .nan,
                                top: place < likeliest.count ? likeliest[place] : [], finish: isLast ? answer.finish : nil)))
                }
                if tokens.isEmpty {
                    // An answer without a token still has to end.
                    continuation.yield(
                        Event(request: index, token: StreamedToken(sample: sample, token: hosted.tokenizer.endOfText, text: "", logProb: 0, finish: answer.finish)))
                }
            }
        }
    }

    private func likeliest(of tokens: [TokenID], after context: Transcript) async throws -> [[TokenLogProb]] {
        guard top > 0, !tokens.isEmpty else { return [] }
        let answer = Segment(origin: .world, content: .tokens(tokens, text: hosted.tokenizer.decode(tokens)))
        let all = try await Self.likeliest(of: context + [answer], top: top, by: hosted)
        return Array(all.suffix(tokens.count))
    }

    /// The likeliest tokens in the place of each token after the first.
    static func likeliest(of transcript: Transcript, top: Int, by hosted: HostedModel) async throws -> [[TokenLogProb]] {
        let top = min(top, hosted.tokenizer.vocabularySize)
        guard let scores = try await hosted.model.score([transcript], .distribution(top: top)).first, scores.shape.count == 3, scores.shape[2] == 2,
            scores.values.count == scores.shape[0] * scores.shape[1] * 2
        else { throw ServerRefusal.invalid("“\(hosted.name)” does not tell its likeliest tokens", param: "top_logprobs") }
        return (0..<scores.shape[0]).map { place in
            (0..<scores.shape[1]).map { rank in
                let start = (place * scores.shape[1] + rank) * 2
                return TokenLogProb(TokenID(scores.values[start]), scores.values[start + 1])
            }
        }
    }
}
