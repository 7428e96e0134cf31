import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// Decoding speed of a model folder, beside transformers and the limit that memory sets.
struct BenchFolder {
    let host: ModelHost
    let shape: ModelShape
    let isHalf: Bool

    /// Opens the folder for decoding; only prompts of token numbers are used, so it needs no tokenizer.
    init(path: String, isHalf: Bool) async throws {
        let folder = try ModelFolder(path: path, contextLimit: 256)
        shape = folder.shape
        self.isHalf = isHalf
        host = try await ModelHost.make(
            name: "bench", folder: folder, tokenizer: EndlessTokenizer(),
            settings: ModelHost.Settings(shape: folder.shape, slots: 16, decodesInHalf: isHalf))
    }

    /// Sampled tokens per second: different prompts of 64 tokens, 64 new ones, prompt time included.
    func decode(batch: Int) async throws -> Double {
        let requests = (0..<batch).map { key -> Completion.Request in
            var generator = Seed(5).child("prompt", key).generator
            let tokens = (0..<64).map { _ in TokenID(generator.integer(in: 2...255)) }
            let prompt = Segment(origin: .prompt, content: .tokens(tokens, text: ""))
            return Completion.Request(context: [prompt], sampling: Sampling(limit: 64), seed: Seed(1).child("bench", key))
        }
        let began = RunSession.clock()
        let completions = try await host.complete(requests)
        let seconds = RunSession.clock() - began
        let sampled = completions.reduce(0) { $0 + $1.samples.reduce(0) { $0 + $1.segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) } } }
        return Double(sampled) / seconds
    }

    /// Tokens a second and row that memory allows: each token reads every matrix once, whatever the batch.
    func memoryLimit() async throws -> Double {
        let bytes = Double(shape.parameterCount) * (isHalf ? 2 : 4)
        return try await Self.bandwidth() / bytes
    }

    /// Bytes a second read from memory by all threads, by the clock.
    @TensorActor static func bandwidth() throws -> Double {
        let numbers = try Tensor.ones([1 << 27])
        _ = try numbers.sum().item()
        let began = RunSession.clock()
        for _ in 0..<3 { _ = try numbers.sum().item() }
        return 3 * Double(1 << 29) / (RunSession.clock() - began)
    }
}
