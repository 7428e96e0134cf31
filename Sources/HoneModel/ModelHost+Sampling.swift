import CTorch
import HoneCore
import HoneTensor
import HoneText

extension ModelHost {
    public func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        try await withThrowingTaskGroup(of: (Int, Completion).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await self.complete(request)) }
            }
            var completions: [(Int, Completion)] = []
            for try await result in group { completions.append(result) }
            return completions.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func complete(_ request: Completion.Request) async throws -> Completion {
        let context = try tokenised(request.context)
        let prompt = try tokens(of: context)
        try check(request, promptLength: prompt.count)
        return try await withCheckedThrowingContinuation { continuation in
            let id = queue.nextRequest
            queue.nextRequest += 1
            let rows = (0..<request.count).map { sample in
                SamplingQueue.Row(
                    request: id, sample: sample, prompt: prompt, sampling: request.sampling,
                    key: request.seed.child("sample", sample).value)
            }
            queue.pending[id] = SamplingQueue.Pending(
                context: context, rows: rows, missing: rows.count, computedTokens: 0, continuation: continuation)
            queue.waiting += rows
            if !isPumping {
                isPumping = true
                Task { await self.pump() }
            }
        }
    }

    private func check(_ request: Completion.Request, promptLength: Int) throws {
        let sampling = request.sampling
        guard promptLength >= 1 else { throw ModelError("A completion needs a context of at least one token") }
        guard promptLength < settings.shape.context else {
            throw ModelError(
                "A context of \(promptLength) tokens leaves no room in the model's \(settings.shape.context); shorten the problem")
        }
        guard sampling.limit >= 1, request.count >= 1 else {
            throw ModelError("A completion needs a limit and a count of 1 or more; found \(sampling.limit) and \(request.count)")
        }
        guard sampling.temperature >= 0, sampling.temperature.isFinite, sampling.topK >= 0, sampling.topP > 0,
            sampling.topP <= 1
        else {
            throw ModelError(
                "Sampling needs temperature ≥ 0, topK ≥ 0 and 0 < topP ≤ 1; found \(sampling.temperature), \(sampling.topK), \(sampling.topP)")
        }
    }

    /// Draws until nothing waits; between two ticks others may bring requests, which join the batch.
    private func pump() async {
        while !queue.isEmpty {
            do { try tick() } catch {
                let failed = queue.pending
                queue = SamplingQueue()
                queue.nextRequest = (failed.keys.max() ?? 0) + 1
                for (_, pending) in failed { pending.continuation.resume(throwing: error) }
                break
            }
            await Task.yield()
        }
        isPumping = false
    }

    /// One step of the decoder over all live rows and the prompts of those that have just been let in.
    private func tick() throws {
        var live = try state()
        if !live.decoderIsCurrent {
            try live.decoder.load(live.model)
            live.decoderIsCurrent = true
            self.live = live
        }
        if queue.running.isEmpty { queue.freeSlots = (0..<Int32(live.decoder.slots)).reversed() }

        var slot: [Int32] = []
        var position: [Int32] = []
        var token: [Int32] = []
        var outRows: [Int32] = []
        // The logits' row each sample draws from, in the order of `drawing`.
        var drawing: [SamplingQueue.Row] = []
        var source: [Int] = []
        for row in queue.running {
            guard let last = row.tokens.last else { continue }
            slot.append(row.slot)
            position.append(Int32(row.prompt.count + row.tokens.count - 1))
            token.append(last)
            source.append(outRows.count)
            outRows.append(Int32(token.count - 1))
            drawing.append(row)
            queue.pending[row.request]?.computedTokens += 1
        }
        // Rows with the same prompt share its computation: the first one computes, the others copy its slot.
        var leaders: [[TokenID]: (slot: Int32, out: Int)] = [:]
        var copies: [(from: Int32, to: Int32, length: Int)] = []
        var admitted = 0
        var promptTokens = 0
        while admitted < queue.waiting.count, let free = queue.freeSlots.last, promptTokens < 8192 {
            let row = queue.waiting[admitted]
            queue.freeSlots.removeLast()
            row.slot = free
            if let leader = leaders[row.prompt] {
                copies.append((leader.slot, free, row.prompt.count))
                source.append(leader.out)
            } else {
                for (index, id) in row.prompt.enumerated() {
                    slot.append(free)
                    position.append(Int32(index))
                    token.append(id)
                }
                source.append(outRows.count)
                leaders[row.prompt] = (free, outRows.count)
                outRows.append(Int32(token.count - 1))
                promptTokens += row.prompt.count
                queue.pending[row.request]?.computedTokens += row.prompt.count
            }
            drawing.append(row)
            queue.running.append(row)
            admitted += 1
        }
        queue.waiting.removeFirst(admitted)
        var logits: [Float] = []
        try live.decoder.step(slot: slot, position: position, token: token, outRows: outRows, logits: &logits)
        for copy in copies { try live.decoder.copy(from: copy.from, to: copy.to, length: copy.length) }
        try draw(drawing, from: logits, rows: source)
        finish()
    }

    /// Draws one token for each row.
    private func draw(_ drawing: [SamplingQueue.Row], from logits: [Float], rows source: [Int]) throws {
        let vocabulary = settings.shape.vocabulary
        let count = drawing.count
        let isDirect = source.elementsEqual(0..<count)
        var spread: [Float] = []
        if !isDirect {
            spread.reserveCapacity(count * vocabulary)
            for row in source { spread += logits[(row * vocabulary)..<((row + 1) * vocabulary)] }
        }
        let temperatures = drawing.map { Float($0.sampling.temperature) }
        let topKs = drawing.map { Int32($0.sampling.topK) }
        let topPs = drawing.map { Float($0.sampling.topP) }
        let keys = drawing.map(\.key)
        let steps = drawing.map { UInt64($0.tokens.count) }
        var tokens = [Int32](repeating: 0, count: count)
        var logProbs = [Float](repeating: 0, count: count)
        var entropies = [Float](repeating: 0, count: count)
        var failed: Int32 = -1
        let status = ht_sample(
            isDirect ? logits : spread, Int32(count), Int32(vocabulary), temperatures, topKs, topPs, keys, steps, &tokens,
            &logProbs, &entropies, &failed)
        guard status == 0 else {
            throw ModelError(
                "Sampling failed: \(String(cString: ht_decoder_status_text(status))); "
                    + "the weights may have diverged, lower the learning rate")
        }
        for (index, row) in drawing.enumerated() { take(tokens[index], logProbs[index], entropies[index], by: row) }
    }

    private func take(_ token: TokenID, _ logProb: Float, _ entropy: Float, by row: SamplingQueue.Row) {
        row.tokens.append(token)
        row.logProbs.append(logProb)
        row.entropies.append(entropy)
        if token == tokenizer.endOfText {
            row.finish = .stop
        } else if !row.stops.isEmpty {
            row.tail += tokenizer.bytes(of: token)
            if row.stops.contains(where: { row.tail.count >= $0.count && row.tail.suffix($0.count).elementsEqual($0) }) {
                row.finish = .stop
            }
            let longest = row.stops.map(\.count).max() ?? 0
            if row.tail.count > 4 * longest + 64 { row.tail.removeFirst(row.tail.count - longest) }
        }
        let isFull = row.prompt.count + row.tokens.count >= settings.shape.context
        if row.finish == nil, row.tokens.count >= row.sampling.limit || isFull { row.finish = .length }
    }

    /// Takes finished rows out of the batch and answers requests that are complete.
    private func finish() {
        guard queue.running.contains(where: { $0.finish != nil }) else { return }
        let updates = live?.updates ?? 0
        var still: [SamplingQueue.Row] = []
        for row in queue.running {
            guard row.finish != nil else {
                still.append(row)
                continue
            }
            queue.freeSlots.append(row.slot)
            guard var pending = queue.pending[row.request] else { continue }
            pending.missing -= 1
            if pending.missing > 0 {
                queue.pending[row.request] = pending
                continue
            }
            queue.pending[row.request] = nil
            let samples = pending.rows.map { done in
                Completion.Sample(
                    segments: [
                        Segment(
                            origin: .model(ModelRef(name), update: updates),
                            content: .tokens(done.tokens, text: tokenizer.decode(done.tokens)),
                            samplerLogProbs: done.logProbs, entropies: done.entropies, isTrained: true)
                    ], finish: done.finish ?? .length)
            }
            pending.continuation.resume(
                returning: Completion(
                    context: pending.context, samples: samples, computedTokens: pending.computedTokens))
        }
        queue.running = still
    }
}
