import Foundation
import HoneCore
import HoneText

/// Tells the tokens of one sample while they are drawn; used on the tensor thread only.
final class RowListener {
    private let sample: Int
    private let top: Int
    private var text: TokenStream
    private let continuation: AsyncThrowingStream<StreamedToken, any Error>.Continuation

    init(
        sample: Int, top: Int, tokenizer: any Tokenizer, continuation: AsyncThrowingStream<StreamedToken, any Error>.Continuation
    ) {
        self.sample = sample
        self.top = top
        text = TokenStream(tokenizer)
        self.continuation = continuation
    }

    /// Tells a token, with the likeliest ones of the logits it was drawn from.
    func hear(_ token: TokenID, logProb: Float, of logits: ArraySlice<Float>, at temperature: Double, finish: Completion.Finish?) {
        var piece = text.push(token)
        if finish != nil { piece += text.finish() }
        let likeliest = top > 0 ? Self.likeliest(top, of: logits, at: temperature) : []
        continuation.yield(StreamedToken(sample: sample, token: token, text: piece, logProb: logProb, top: likeliest, finish: finish))
    }

    /// The likeliest tokens with their log-probabilities at a temperature, before any truncation; greedy drawing reports those at
    /// temperature 1. Of equals the first.
    static func likeliest(_ count: Int, of logits: ArraySlice<Float>, at temperature: Double) -> [TokenLogProb] {
        let inverse = temperature > 0 ? 1 / temperature : 1
        let highest = Double(logits.max() ?? 0) * inverse
        var sum = 0.0
        var best: [(token: TokenID, logit: Float)] = []
        for (token, logit) in zip(TokenID(0)..., logits) {
            sum += exp(Double(logit) * inverse - highest)
            guard best.count < count || logit > (best.last?.logit ?? -.infinity) else { continue }
            let place = best.firstIndex { logit > $0.logit } ?? best.count
            best.insert((token, logit), at: place)
            if best.count > count { best.removeLast() }
        }
        return best.map { TokenLogProb($0.token, Float(Double($0.logit) * inverse - highest - log(sum))) }
    }
}

extension ModelHost: StreamingModel {
    public nonisolated func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error> {
        stream(request, top: top, snapshot: nil)
    }

    /// The tokens of an answer with the weights of a snapshot, or with the live ones.
    nonisolated func stream(_ request: Completion.Request, top: Int, snapshot: String?) -> AsyncThrowingStream<StreamedToken, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await tell(request, top: top, snapshot: snapshot, to: continuation)
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func tell(
        _ request: Completion.Request, top: Int, snapshot: String?, to continuation: AsyncThrowingStream<StreamedToken, any Error>.Continuation
    ) async throws {
        _ = try await completions([request], snapshot: snapshot) { sample in
            RowListener(sample: sample, top: top, tokenizer: tokenizer, continuation: continuation)
        }
    }
}

extension SnapshotModel: StreamingModel {
    public func stream(_ request: Completion.Request, top: Int) -> AsyncThrowingStream<StreamedToken, any Error> {
        host.stream(request, top: top, snapshot: snapshot)
    }
}
