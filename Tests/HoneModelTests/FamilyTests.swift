import Foundation
import HoneCore
import HoneModel
import HoneText
import Testing

/// What `Tests/References/tiny_models.py` wrote.
private struct Reference: Decodable {
    var rows: [[TokenID]]
    var logits: [[[Float]]]
    var logProbs: [[Double]]
    var bfloat16LastLogits: [Float]

    static func read(_ folder: String) throws -> Reference {
        try JSONDecoder().decode(Reference.self, from: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/logits.json")))
    }
}

@Suite("Models of other families")
struct FamilyTests {
    private static let names = ["llama3", "qwen2", "qwen3", "gemma3"]

    private static func folder(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/tiny-\(name)").path
    }

    /// A tokenizer of as many tokens as the models have.
    private static let tokenizer = CharacterTokenizer(alphabet: String(String.UnicodeScalarView((0x100..<0x141).compactMap(Unicode.Scalar.init))))

    private static func host(_ name: String, half: Bool = false) async throws -> ModelHost {
        let read = try ModelFolder(path: folder(name))
        return try await ModelHost.make(
            name: "m", folder: read, tokenizer: tokenizer,
            settings: ModelHost.Settings(shape: read.shape, slots: 4, threads: 2, decodesInHalf: half))
    }

    @Test("give the logits that Hugging Face transformers gives, and so the log-probabilities", arguments: names)
    func logits(name: String) async throws {
        let reference = try Reference.read(Self.folder(name))
        let host = try await Self.host(name)
        let logits = try await host.logits(of: reference.rows)
        for (own, theirs) in zip(logits, reference.logits) {
            let (difference, size) = largestDifference(own, theirs)
            #expect(difference <= 5e-6 * size, "\(difference) of \(size)")
        }
        for (own, theirs) in zip(try await host.logProbs(of: reference.rows), reference.logProbs) {
            #expect(own.count == theirs.count)
            for (a, b) in zip(own, theirs) { #expect(abs(Double(a) - b) <= 1e-5, "\(a) against \(b)") }
        }
    }

    @Test("decode what the forward pass computes, in float32 and with matrices in bfloat16", arguments: names, [false, true])
    func decoding(name: String, half: Bool) async throws {
        let reference = try Reference.read(Self.folder(name))
        let host = try await Self.host(name, half: half)
        let prompt = Segment(origin: .prompt, content: .tokens(reference.rows[0], text: ""))
        let request = Completion.Request(context: [prompt], sampling: Sampling(limit: 16), seed: Seed(5), count: 3)
        let samples = try await host.complete([request])[0].samples
        // Weights kept in bfloat16 are decoded as they are; the others are rounded, which shows in logits of this size.
        let tolerance: Float = !half || name == "qwen2" ? 2e-5 : 0.3
        var compared = 0
        for sample in samples {
            let tokens = sample.segments.compactMap(\.tokens).joined(), drawn = sample.segments.compactMap(\.samplerLogProbs).joined()
            let forward = try await host.logProbs(of: [reference.rows[0] + tokens])[0].suffix(tokens.count)
            for (a, b) in zip(drawn, forward) {
                #expect(abs(a - b) <= tolerance, "\(a) against \(b)")
                compared += 1
            }
        }
        #expect(compared >= 24)
    }

    @Test("in bfloat16 stay within 0.03 of the largest logit", arguments: names)
    func half(name: String) async throws {
        let reference = try Reference.read(Self.folder(name))
        let host = try await Self.host(name, half: true)
        let prompt = Segment(origin: .prompt, content: .tokens(reference.rows[0], text: ""))
        // The distribution behind the prompt, token by token, from many draws of one token is too coarse: ask for the likeliest.
        let greedy = Completion.Request(context: [prompt], sampling: Sampling(limit: 1).greedy, seed: Seed(1))
        let sample = try #require(try await host.complete([greedy])[0].samples.first?.segments.first)
        let token = Int(try #require(sample.tokens?.first)), logProb = try #require(sample.samplerLogProbs?.first)
        let logits = try #require(reference.logits[0].last)
        let top = logits.max() ?? 0
        let logSum = Foundation.log(logits.reduce(0) { $0 + Foundation.exp(Double($1 - top)) }) + Double(top)
        let scale = Double(max(1, logits.map(abs).max() ?? 1))
        #expect(abs(Double(logProb) - (Double(logits[token]) - logSum)) <= 0.03 * scale)
        // Computing all of it in bfloat16, as transformers does there, is off by no less than we are.
        #expect(zip(logits, reference.bfloat16LastLogits).map { abs($0 - $1) }.max() ?? 0 > 0)
    }

    @Test("read the shapes their configurations state")
    func shapes() throws {
        let llama = try ModelFolder(path: Self.folder("llama3")).shape
        #expect(llama.form.ropeScaling == .llama3(factor: 8, low: 1, high: 4, context: 16) && llama.isTied && llama.ropeTheta == 500_000)
        let qwen2 = try ModelFolder(path: Self.folder("qwen2")).shape
        #expect(qwen2.hasQKVBias && qwen2.isTied && qwen2.form == BlockForm() && qwen2.family == "qwen2")
        let qwen3 = try ModelFolder(path: Self.folder("qwen3")).shape
        #expect(qwen3.headWidth == 24 && qwen3.form.hasQKNorm && !qwen3.hasQKVBias && !qwen3.isTied && qwen3.mlp == 45)
        let gemma = try ModelFolder(path: Self.folder("gemma3")).shape
        #expect(gemma.form.window == 5 && gemma.form.localLayers == [0, 1] && gemma.form.localRopeTheta == 10_000)
        #expect(gemma.form.ropeScaling == .linear(factor: 8) && gemma.ropeTheta == 1_000_000 && gemma.form.queryScalar == 20)
    }
}
