import HoneCore
import HoneTensor
import HoneText

/// A call of `complete` whose samples are being drawn.
final class PendingCall {
    let requests: [Completion.Request]
    let contexts: [Transcript]
    let update: Int
    let snapshot: String?
    /// The rows of each request, in sample order.
    var rows: [[SampleRow]] = []
    /// Rows that are not finished.
    var left = 0
    var continuation: CheckedContinuation<Void, any Error>?

    init(requests: [Completion.Request], contexts: [Transcript], update: Int, snapshot: String?) {
        self.requests = requests
        self.contexts = contexts
        self.update = update
        self.snapshot = snapshot
    }
}

extension ModelHost {
    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        try await completions(requests, snapshot: nil)
    }

    /// Completions with the weights of a snapshot, or with the live ones; the tokens of each sample are told to what `listen` gives.
    func completions(
        _ requests: [Completion.Request], snapshot: String?, listen: (_ sample: Int) -> RowListener? = { _ in nil }
    ) async throws -> [Completion] {
        let id = nextCall
        nextCall += 1
        try begin(id, requests, snapshot)
        for rows in calls[id]?.rows ?? [] { for (index, row) in rows.enumerated() { row.listener = listen(index) } }
        if calls[id]?.left == 0 { return try collect(id) }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                attach(continuation, to: id)
            }
        } onCancel: {
            Task { await self.cancel(id) }
        }
        return try collect(id)
    }

    /// Text segments of the transcript replaced by exact tokens, each segment by itself; others are left as they are.
    public func tokenised(_ transcript: Transcript) throws -> Transcript {
        try transcript.map { segment in
            switch segment.content {
            case .tokens: return segment
            case .numbers:
                throw ModelError("A transcript holds numbers; model “\(name)” reads text and tokens only")
            case .text(let text):
                var exact = segment
                exact.content = .tokens(try tokenizer.encode(text), text: text)
                return exact
            }
        }
    }

    /// The tokens of a tokenised transcript, checked against the vocabulary.
    func tokens(of transcript: Transcript) throws -> [TokenID] {
        let tokens = transcript.tokens ?? []
        for token in tokens where token < 0 || Int(token) >= shape.vocabulary {
            throw ModelError("Token \(token) is outside the vocabulary of model “\(name)”, which ends at \(shape.vocabulary - 1)")
        }
        return tokens
    }

    private func begin(_ id: Int, _ requests: [Completion.Request], _ snapshot: String?) throws {
        let weights = try network(of: snapshot)
        var contexts: [Transcript] = []
        var prompts: [[TokenID]] = []
        for request in requests {
            var context = try tokenised(request.context)
            var tokens = try tokens(of: context)
            if tokens.isEmpty {
                // A model needs something to follow; the end of an earlier text is where a new one begins.
                context.append(Segment(origin: .prompt, content: .tokens([endOfText], text: "")))
                tokens = [endOfText]
            }
            try check(request.sampling)
            guard tokens.count < shape.context else {
                throw ModelError(
                    "The prompt has \(tokens.count) tokens, but the context of model “\(name)” holds \(shape.context), "
                        + "at least one of them for the answer; use a shorter prompt")
            }
            contexts.append(context)
            prompts.append(tokens)
        }
        let update = snapshot.map { snapshots[$0]?.update ?? 0 } ?? updates
        let call = PendingCall(requests: requests, contexts: contexts, update: update, snapshot: snapshot)
        let queue = try queue(snapshot, of: weights.shape)
        for (request, tokens) in zip(requests, prompts) {
            let prompt = queue.prompt(tokens)
            let limit = min(request.sampling.limit, shape.context - tokens.count)
            call.rows.append(
                (0..<max(0, request.count)).map { index in
                    SampleRow(
                        call: id, prompt: prompt, sampling: request.sampling,
                        key: request.seed.child("sample", index).value, limit: limit)
                })
        }
        call.left = call.rows.reduce(0) { $0 + $1.count }
        calls[id] = call
        for row in call.rows.joined() { queue.add(row) }
    }

    private func check(_ sampling: Sampling) throws {
        if sampling.limit < 1 {
            throw ModelError("The limit on tokens is \(sampling.limit); it should be 1 or more")
        }
        if !(sampling.temperature >= 0) || !sampling.temperature.isFinite {
            throw ModelError("The temperature is \(sampling.temperature); it should be 0 or more")
        }
        if sampling.topK < 0 { throw ModelError("topK is \(sampling.topK); it should be 0 (all) or more") }
        if !(sampling.topP > 0 && sampling.topP <= 1) {
            throw ModelError("topP is \(sampling.topP); it should be above 0 and at most 1")
        }
    }

    private func queue(_ snapshot: String?, of shape: ModelShape) throws -> DecodingQueue {
        if let known = queues[snapshot ?? ""] { return known }
        let decoder = try settings.decoder(shape, slots: settings.slots, threads: threads, keepsHalf: settings.decodesInHalf)
        let made = DecodingQueue(decoder, slots: settings.slots, tokenizer: tokenizer)
        queues[snapshot ?? ""] = made
        return made
    }

    private func attach(_ continuation: CheckedContinuation<Void, any Error>, to id: Int) {
        guard let call = calls[id], !Task.isCancelled else {
            continuation.resume(throwing: CancellationError())
            cancel(id)
            return
        }
        call.continuation = continuation
        guard !isPumping else { return }
        isPumping = true
        Task { await self.pump() }
    }

    /// Takes a call that nobody waits for any more out of the queue.
    private func cancel(_ id: Int) { end(id, with: CancellationError()) }

    /// Ends a call by an error.
    private func end(_ id: Int, with error: any Error) {
        guard let call = calls[id], call.left > 0 else { return }
        calls[id] = nil
        queues[call.snapshot ?? ""]?.remove(call: id)
        call.continuation?.resume(throwing: error)
    }

    /// Ticks while there is work; between ticks others may hand in requests, which join the next tick.
    private func pump() async {
        while queues.values.contains(where: \.hasWork) {
            for key in queues.keys.sorted() {
                // A tick of few rows takes hardly longer than a change of tasks.
                for _ in 0..<(queues[key].map { $0.activeCount <= 4 ? 8 : 1 } ?? 0) {
                    guard let queue = queues[key], queue.hasWork else { break }
                    tick(queue, key)
                }
            }
            await Task.yield()
        }
        isPumping = false
    }

    private func tick(_ queue: DecodingQueue, _ key: String) {
        let before = queue.computedTokens
        defer { computedTokens += queue.computedTokens - before }
        do {
            if queue.isStale, !queue.hasActive {
                try queue.load(try network(of: key.isEmpty ? nil : key))
            }
            let result = try queue.tick(admitting: !queue.isStale)
            for row in result.finished {
                guard let call = calls[row.call] else { continue }
                call.left -= 1
                if call.left == 0 { call.continuation?.resume() }
            }
            for (row, error) in result.failed { end(row.call, with: error) }
        } catch {
            // The step failed as a whole: everyone in the queue is told, and it starts afresh.
            for (id, call) in calls.sorted(by: { $0.key < $1.key }) where (call.snapshot ?? "") == key { end(id, with: error) }
            queues[key] = nil
        }
    }

    private func collect(_ id: Int) throws -> [Completion] {
        guard let call = calls.removeValue(forKey: id) else { throw CancellationError() }
        let ref = ModelRef(name, snapshot: call.snapshot)
        return zip(call.contexts, call.rows).map { context, rows in
            let samples = rows.map { row in
                let segment = Segment(
                    origin: .model(ref, update: call.update),
                    content: .tokens(row.tokens, text: tokenizer.decode(row.tokens)), samplerLogProbs: row.logProbs,
                    entropies: row.entropies, isTrained: true)
                return Completion.Sample(segments: [segment], finish: row.finish ?? .length)
            }
            let drawn = rows.reduce(0) { $0 + $1.tokens.count }
            return Completion(context: context, samples: samples, computedTokens: (context.tokens?.count ?? 0) + drawn)
        }
    }
}
