import Foundation
import HoneCore
import HoneModel
import HoneText
import Testing

private let shapes: [(String, ModelShape)] = {
    var grouped = ModelShape.small
    grouped.heads = 4
    grouped.headWidth = 16
    grouped.kvHeads = 2
    var tied = ModelShape.small
    tied.isTied = true
    var biased = grouped
    biased.hasQKVBias = true
    return [("plain", .small), ("grouped", grouped), ("tied", tied), ("biased", biased)]
}()

@Test("decoding with a key/value cache gives the logits of the full forward pass", arguments: shapes.indices)
func cacheMatchesFullForward(index: Int) async throws {
    let model = try await host(shapes[index].1)
    let tokens = (0..<48).map { TokenID($0 * 7 % letters.vocabularySize) }
    let full = try await model.logits(of: [tokens])[0]
    let (difference, size) = largestDifference(try await model.decodedLogits(of: tokens), full)
    #expect(difference <= 5e-6 * size, "\(shapes[index].0): \(difference)")
    #expect(full[0] != full[40], "the logits depend on the position")
}

@Test("the sampler's log-probabilities and entropies are the trainer's")
func samplerMatchesTrainer() async throws {
    let model = try await host()
    let done = try await model.complete((0..<20).map { request("12+\($0)=", seed: UInt64($0)) })
    let transcripts = done.map { $0.context + $0.samples[0].segments }
    let logProbs = try await model.score(transcripts, .logProbs)
    let entropies = try await model.score(transcripts, .entropies)
    for (completion, (p, h)) in zip(done, zip(logProbs, entropies)) {
        let segment = completion.samples[0].segments[0]
        let own = try #require(segment.samplerLogProbs)
        let n = own.count
        #expect(n > 0 && segment.tokens?.count == n)
        #expect(largestDifference([own], [Array(p.values.suffix(n))]).difference <= 1e-5)
        #expect(largestDifference([segment.entropies ?? []], [Array(h.values.suffix(n))]).difference <= 1e-4)
    }
}

@Test("a request's result does not depend on its company, the slots, or the threads")
func resultsDependOnTheRequestOnly() async throws {
    let asked = request("7*6=", Sampling(temperature: 0.9, topK: 40, topP: 0.95, limit: 20), seed: 99, count: 3)
    let model = try await host(slots: 64)
    let alone = try await model.complete([asked])[0]
    let among = try await withThrowingTaskGroup(of: (Int, Completion).self) { group in
        for index in 0..<200 {
            group.addTask {
                let own = index == 120 ? asked : request("\(index % 17)+\(index)=", Sampling(limit: 5 + index % 20), seed: UInt64(index))
                return (index, try await model.complete([own])[0])
            }
        }
        var all: [Int: Completion] = [:]
        for try await (index, completion) in group { all[index] = completion }
        return all
    }
    #expect(among[120] == alone)
    for threads in [1, 2] {
        await model.use(threads: threads)
        #expect(try await model.complete([asked])[0] == alone)
    }
    await model.use(threads: 0)
    let narrow = try await host(slots: 2)
    #expect(try await narrow.complete([asked])[0] == alone)
    #expect(Set(alone.samples.map { $0.segments.tokens ?? [] }).count == 3, "samples of a group differ")
}

@Test("a group's samples are what each would be as the only one, and share the prompt's computation")
func groupsShareThePrompt() async throws {
    let model = try await host()
    let group = try await model.complete([request("abc", seed: 5, count: 4)])[0]
    let single = try await model.complete([request("abc", seed: 5, count: 1)])[0]
    #expect(group.samples[0] == single.samples[0])
    let drawn = group.samples.reduce(0) { $0 + ($1.segments.tokens?.count ?? 0) }
    #expect(group.computedTokens == 3 + drawn)
    #expect(group.context.tokens == (try letters.encode("abc")))
}

@Test("tokens that rows have in common are worked on once, and counted once")
func commonTokensAreCountedOnce() async throws {
    let model = try await host()
    // Greedy rows draw the same: the prompt, then one token a tick for all three, without the last, which nobody goes on from.
    let greedy = try await model.complete([request("abc", Sampling(temperature: 0, limit: 5), seed: 5, count: 3)])[0]
    let length = greedy.samples[0].segments.tokens?.count ?? 0
    #expect(await model.computedTokens == 3 + length - 1)
    // Whoever comes with the same prompt afterwards goes on from its last token.
    _ = try await model.complete([request("abc", Sampling(temperature: 0, limit: 1), seed: 6, count: 2)])
    #expect(await model.computedTokens == 3 + length - 1 + 1)
}

@Test("sampling ends at the limit, and at the end of the context")
func limits() async throws {
    let model = try await host()
    let short = try await model.complete([request("a", Sampling(limit: 1), seed: 1)])[0].samples[0]
    #expect(short.segments.tokens?.count == 1)
    let long = try await model.complete((0..<40).map { request("abc", Sampling(limit: 1000), seed: $0) })
    let full = long.filter { $0.samples[0].finish == .length }
    #expect(!full.isEmpty)
    for completion in full { #expect((completion.context + completion.samples[0].segments).tokens?.count == 64) }
    for completion in long where completion.samples[0].finish == .stop {
        #expect(completion.samples[0].segments.tokens?.last == letters.endOfText)
    }
}

@Test("a stop text ends the sample and stays in it; other samples go on")
func stopTexts() async throws {
    let model = try await host()
    let free = try await model.complete([request("xy", Sampling(limit: 30), seed: 8)])[0].samples[0]
    let text = free.segments.text
    try #require(text.count >= 8)
    let stop = String(text.dropFirst(3).prefix(2))
    let stopped = try await model.complete([request("xy", Sampling(limit: 30, stop: ["§", stop]), seed: 8)])[0].samples[0]
    #expect(stopped.finish == .stop && stopped.segments.text.hasSuffix(stop))
    #expect(text.hasPrefix(stopped.segments.text) && stopped.segments.text.count <= 5)
}

@Test("the end-of-text token is among the tokens and not in the text, also as the first")
func endOfTextFirst() async throws {
    let model = try await host(seed: 11)
    let rows = try (0..<8).map { _ in try example("q", "") }
    _ = try await model.update(
        [Term(batch: TrainingBatch(examples: rows), objective: TestCrossEntropy())],
        with: OptimiserSettings(rate: .constant(0.01)), passes: 60, miniBatch: 0, seed: Seed(1))
    let sample = try await model.complete([request("q", Sampling().greedy, seed: 1)])[0].samples[0]
    #expect(sample.finish == .stop && sample.segments.tokens == [letters.endOfText] && sample.segments.text.isEmpty)
    #expect(sample.segments[0].origin == .model("policy", update: 60) && sample.segments[0].isTrained)
    #expect(sample.segments[0].samplerLogProbs?.count == 1)
}

@Test("temperature 0 takes the likeliest token")
func greedy() async throws {
    let model = try await host()
    let sample = try await model.complete([request("abc", Sampling(limit: 6).greedy, seed: 1)])[0].samples[0]
    var tokens = try letters.encode("abc")
    for token in sample.segments.tokens ?? [] {
        let last = try #require(try await model.logits(of: [tokens])[0].last)
        let best = try #require(last.indices.max { (last[$0], -$0) < (last[$1], -$1) })
        #expect(token == TokenID(best))
        tokens.append(token)
    }
}

@Test("wrong requests are refused with sentences")
func refusals() async throws {
    let model = try await host()
    func sentence(_ request: Completion.Request) async -> String {
        do { return "\(try await model.complete([request]).count) completions" } catch { return "\(error)" }
    }
    let long = await sentence(request(String(repeating: "a", count: 64), seed: 1))
    #expect(long.contains("64 tokens") && long.contains("holds 64"))
    #expect(await sentence(request("a", Sampling(limit: 0), seed: 1)).contains("limit"))
    #expect(await sentence(request("a", Sampling(temperature: -1), seed: 1)).contains("temperature"))
    #expect(await sentence(request("a", Sampling(topP: 0), seed: 1)).contains("topP"))
    #expect(await sentence(request("é", seed: 1)).contains("alphabet"))
    let outside = Segment(origin: .prompt, content: .tokens([9999], text: ""))
    #expect(await sentence(Completion.Request(context: [outside], sampling: Sampling(), seed: Seed(1))).contains("9999"))
    let numbers = Segment(origin: .world, content: .numbers([1], shape: [1]))
    #expect(await sentence(Completion.Request(context: [numbers], sampling: Sampling(), seed: Seed(1))).contains("numbers"))
    #expect(await sentence(Completion.Request(context: [], sampling: Sampling(limit: 2), seed: Seed(1))) == "1 completions")
    #expect(try await model.complete([]).isEmpty)
}

@Test("a cancelled request leaves the queue, and the others are answered")
func cancellation() async throws {
    let model = try await host(slots: 2)
    let cancelled = Task { try await model.complete([request("a", Sampling(limit: 60), seed: 1, count: 500)]) }
    let other = Task { try await model.complete([request("b", Sampling(limit: 10), seed: 2)])[0] }
    cancelled.cancel()
    await #expect(throws: CancellationError.self) { try await cancelled.value }
    let alone = try await host().complete([request("b", Sampling(limit: 10), seed: 2)])[0]
    #expect(try await other.value == alone)
    #expect(try await model.complete([request("b", Sampling(limit: 10), seed: 2)])[0] == alone)
}
