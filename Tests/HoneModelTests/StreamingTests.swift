import HoneCore
import HoneModel
import HoneText
import Testing

@Suite("Tokens told as they are drawn")
struct StreamingTests {
    @Test("are those of the whole answer, in order, with its reason to end", arguments: [1.0, 0.0, 0.7])
    func sameAsWhole(temperature: Double) async throws {
        let model = try await host()
        let asked = request("12+7=", Sampling(temperature: temperature, limit: 10), seed: 5, count: 3)
        let whole = try await model.complete([asked])[0]
        var tokens = [[StreamedToken]](repeating: [], count: 3)
        for try await token in model.stream(asked, top: 4) { tokens[token.sample].append(token) }
        for (told, sample) in zip(tokens, whole.samples) {
            #expect(told.map(\.token) == sample.segments[0].tokens)
            #expect(told.map(\.text).joined() == sample.segments.text)
            #expect(told.map(\.logProb) == sample.segments[0].samplerLogProbs)
            #expect(told.last?.finish == sample.finish && told.dropLast().allSatisfy { $0.finish == nil })
        }
    }

    @Test("the likeliest tokens are in order, agree with the drawn one, and are none unless asked for")
    func likeliest() async throws {
        let model = try await host()
        for try await token in model.stream(request("3+4=", Sampling(limit: 6), seed: 1), top: letters.vocabularySize) {
            #expect(token.top.count == letters.vocabularySize)
            #expect(token.top.map(\.logProb) == token.top.map(\.logProb).sorted(by: >))
            let own = try #require(token.top.first { $0.token == token.token })
            #expect(abs(own.logProb - token.logProb) <= 1e-5)
        }
        for try await token in model.stream(request("3+4=", Sampling(temperature: 0, limit: 6), seed: 1), top: 1) {
            #expect(token.top.map(\.token) == [token.token])
        }
        for try await token in model.stream(request("3+4=", Sampling(limit: 2), seed: 1), top: 0) { #expect(token.top.isEmpty) }
    }

    @Test("a reader that goes away frees the place for others")
    func leaving() async throws {
        let model = try await host(slots: 1)
        var seen = 0
        for try await _ in model.stream(request("1=", Sampling(limit: 50), seed: 3), top: 0) {
            seen += 1
            if seen == 2 { break }
        }
        let other = try await model.complete([request("2=", Sampling(limit: 4), seed: 4)])
        #expect(seen == 2 && other[0].samples.count == 1)
    }

    @Test("what complete refuses is refused, and a snapshot streams its own weights")
    func refusals() async throws {
        let model = try await host()
        await #expect(throws: ModelError.self) {
            for try await _ in model.stream(request("1=", Sampling(limit: 0), seed: 1), top: 0) {}
        }
        try await model.snapshot("then")
        let asked = request("5=", Sampling(limit: 5), seed: 2)
        var tokens: [TokenID] = []
        for try await token in SnapshotModel(model, snapshot: "then").stream(asked, top: 0) { tokens.append(token.token) }
        #expect(try await tokens == model.complete([asked])[0].samples[0].segments[0].tokens)
    }
}
