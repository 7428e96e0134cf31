import Foundation
import HoneCore
import HoneModel
import Testing

private let shapes = [ModelShape.small, .rich]

private func learned(
    _ shape: ModelShape, _ recomputes: ModelHost.Settings.Recomputing, adapters: AdapterSettings? = nil, microBatchTokens: Int = 16_384
) async throws -> (weights: Data, report: UpdateReport) {
    let settings = ModelHost.Settings(shape: shape, microBatchTokens: microBatchTokens, threads: 1, recomputes: recomputes)
    let host = try await ModelHost.make(name: "policy", tokenizer: letters, settings: settings, seed: Seed(3), adapters: adapters, heads: ["value"])
    let term = Term(batch: TrainingBatch(examples: try rows(6)), objective: TestCrossEntropy(), weight: 1)
    var report = UpdateReport()
    for step in 0..<3 {
        report = try await host.update(
            [term], with: OptimiserSettings(rate: .constant(1e-2)), passes: 1, miniBatch: 0, seed: Seed(UInt64(step)), while: { _ in true })
    }
    return (try await host.weights(), report)
}

@Suite("Layers computed again in the backward pass")
struct RecomputingTests {
    @Test("give the same bits, whatever the block has and whatever learns", arguments: shapes.indices, [true, false])
    func sameBits(index: Int, adapts: Bool) async throws {
        let adapters = adapts ? AdapterSettings(rank: 4) : nil
        let kept = try await learned(shapes[index], .never, adapters: adapters)
        let again = try await learned(shapes[index], .always, adapters: adapters)
        #expect(kept.weights == again.weights)
        #expect(kept.report.values == again.report.values && kept.report.values["gradientNorm"] ?? 0 > 0)
        let untouched = try await ModelHost.make(
            name: "policy", tokenizer: letters, settings: ModelHost.Settings(shape: shapes[index], threads: 1), seed: Seed(3), adapters: adapters, heads: ["value"])
        #expect(try await untouched.weights() != kept.weights, "three steps change the weights")
    }

    @Test("come of themselves where a row is longer than a micro-batch, and change nothing there either")
    func whereNeeded() async throws {
        let kept = try await learned(.small, .never, microBatchTokens: 8)
        #expect(try await learned(.small, .whereNeeded, microBatchTokens: 8).weights == kept.weights)
    }
}

@Suite("Learning with products in bfloat16")
struct HalfTrainingTests {
    private func host(half: Bool, threads: Int = 1, adapters: AdapterSettings? = nil) async throws -> ModelHost {
        var shape = shapes[1]
        shape.computesInHalf = half
        return try await ModelHost.make(
            name: "policy", tokenizer: letters, settings: ModelHost.Settings(shape: shape, threads: threads), seed: Seed(5), adapters: adapters)
    }

    private func update(_ host: ModelHost) async throws -> UpdateReport {
        let term = Term(batch: TrainingBatch(examples: try rows(6)), objective: TestCrossEntropy(), weight: 1)
        return try await host.update([term], with: OptimiserSettings(rate: .constant(1e-2)), passes: 1, miniBatch: 0, seed: Seed(1), while: { _ in true })
    }

    @Test("scores are near those in float32, and not the same")
    func scores() async throws {
        let transcripts = try rows(5).map { [Segment(origin: .prompt, content: .tokens($0.tokens, text: ""))] }
        let whole = try await host(half: false).score(transcripts, .logProbs).map(\.values)
        let half = try await host(half: true).score(transcripts, .logProbs).map(\.values)
        let (difference, _) = largestDifference(whole, half)
        #expect(difference > 0 && difference <= 3e-2, "\(difference)")
    }

    @Test("weights stay in float32 and move as they do there, by adapters or whole", arguments: [true, false])
    func steps(adapts: Bool) async throws {
        let adapters = adapts ? AdapterSettings(rank: 4) : nil
        let (half, whole) = (try await host(half: true, adapters: adapters), try await host(half: false, adapters: adapters))
        let first = try await (update(half), update(whole))
        for key in ["loss", "gradientNorm"] {
            let (a, b) = (first.0.values[key] ?? 0, first.1.values[key] ?? 1)
            #expect(abs(a - b) <= 2e-2 * abs(b), "\(key): \(a) against \(b)")
        }
        var last = first.0
        for _ in 0..<8 { last = try await update(half) }
        #expect(last.values["loss"] ?? 9 < (first.0.values["loss"] ?? 0) - 0.05, "nine steps on the same rows lower the loss")
    }

    @Test("the same seed gives the same bits")
    func bits() async throws {
        var weights: [Data] = []
        for _ in 0..<2 {
            let host = try await host(half: true)
            _ = try await update(host)
            weights.append(try await host.weights())
        }
        #expect(weights[0] == weights[1])
    }
}
