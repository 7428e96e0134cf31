import HoneCore

/// The likeliest whole answer of a model: y* = argmax π(y | x), which greedy decoding need not find.
public struct LikeliestAnswer: Hashable, Sendable {
    /// Its tokens, the one that ends it included.
    public var tokens: [TokenID]
    /// log π(y* | x) in nats.
    public var logProb: Double

    /// An answer.
    public init(tokens: [TokenID], logProb: Double) {
        self.tokens = tokens
        self.logProb = logProb
    }

    /// The exact likeliest answer after each context, of those that end with `end` or have `limit` tokens; nil where it is not
    /// proven after `expansions` prefixes.
    ///
    /// Best-first search: a prefix is never less likely than what goes on from it, so an answer that is no less likely than every
    /// open prefix is the likeliest of all. Contexts must be tokenised. Each prefix is scored as it is, without any cache, so this is
    /// for short answers only.
    public static func find(
        after contexts: [Transcript], by model: ModelRef, end: TokenID, limit: Int, expansions: Int = 256, in scope: Scope
    ) async throws -> [LikeliestAnswer?] {
        precondition(limit >= 1, "An answer has at least one token")
        var searches = contexts.map { _ in Search() }
        while true {
            var batch: [(search: Int, prefix: LikeliestAnswer)] = []
            for index in searches.indices where !searches[index].isOver(expansions) {
                batch += searches[index].take(4).map { (index, $0) }
            }
            if batch.isEmpty { break }
            let scores = try await scope.score(
                model,
                batch.map { item in
                    // The last token only marks the place whose distribution is wanted.
                    contexts[item.search] + [Segment(origin: .prompt, content: .tokens(item.prefix.tokens + [end], text: ""))]
                }, .allLogProbs)
            for (item, score) in zip(batch, scores) {
                guard let width = score.shape.last, score.shape.count == 2, score.shape[0] >= 1 else {
                    throw CoreError.invalid("A context has no token, so nothing is known about what comes after it")
                }
                searches[item.search].open(item.prefix, nextLogProbs: score.values.suffix(width), end: end, limit: limit)
            }
        }
        return searches.map(\.result)
    }

    /// The search after one context.
    private struct Search {
        private var open: [LikeliestAnswer] = [LikeliestAnswer(tokens: [], logProb: 0)]
        private var best: LikeliestAnswer?
        private var expanded = 0

        /// The best answer, when no open prefix can lead to a better one.
        var result: LikeliestAnswer? {
            guard let best, open.allSatisfy({ $0.logProb <= best.logProb }) else { return nil }
            return best
        }

        func isOver(_ expansions: Int) -> Bool { result != nil || open.isEmpty || expanded >= expansions }

        /// The likeliest open prefixes that can still lead to something better.
        mutating func take(_ count: Int) -> [LikeliestAnswer] {
            if let best { open.removeAll { $0.logProb <= best.logProb } }
            open.sort { ($1.logProb, $0.tokens.count) < ($0.logProb, $1.tokens.count) }
            let taken = Array(open.prefix(count))
            open.removeFirst(taken.count)
            expanded += taken.count
            return taken
        }

        mutating func open(_ prefix: LikeliestAnswer, nextLogProbs: ArraySlice<Float>, end: TokenID, limit: Int) {
            for (token, logProb) in nextLogProbs.enumerated() where logProb > -.infinity {
                let next = LikeliestAnswer(tokens: prefix.tokens + [TokenID(token)], logProb: prefix.logProb + Double(logProb))
                if let best, next.logProb <= best.logProb { continue }
                if token == Int(end) || next.tokens.count >= limit { best = next } else { open.append(next) }
            }
        }
    }
}
