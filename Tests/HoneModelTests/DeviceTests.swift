import Foundation
import HoneCore
import HoneModel
import HoneTensor
import HoneText
import Testing

private let shapes = [ModelShape.small, .rich]

private func host(_ shape: ModelShape, byOperations: Bool, inHalf: Bool = false, slots: Int = 16, adapters: AdapterSettings? = nil) async throws -> ModelHost {
    let settings = ModelHost.Settings(shape: shape, slots: slots, decodesInHalf: inHalf, drawsByOperations: byOperations)
    return try await ModelHost.make(name: "policy", tokenizer: letters, settings: settings, seed: Seed(7), adapters: adapters)
}

@Suite("Drawing with libtorch's operations, as on other devices")
struct TensorDecoderTests {
    @Test("gives the logits of the full forward pass, token by token", arguments: shapes.indices)
    func logits(index: Int) async throws {
        let model = try await host(shapes[index], byOperations: true)
        let tokens = (0..<48).map { TokenID($0 * 7 % letters.vocabularySize) }
        let full = try await model.logits(of: [tokens])[0]
        let (difference, size) = largestDifference(try await model.decodedLogits(of: tokens), full)
        #expect(difference <= 5e-6 * size, "\(difference)")
    }

    @Test("draws what the fused decoder draws: shared prompts, rows that part, more rows than slots", arguments: shapes.indices, [false, true])
    func samples(index: Int, adapts: Bool) async throws {
        let adapters = adapts ? AdapterSettings(rank: 4) : nil
        let (own, fused) = (
            try await host(shapes[index], byOperations: true, adapters: adapters), try await host(shapes[index], byOperations: false, adapters: adapters)
        )
        let term = Term(batch: TrainingBatch(examples: try rows(6)), objective: TestCrossEntropy(), weight: 1)
        for round in 0..<2 {
            let asked = (0..<12).map { request("\($0 % 5)+\(String(repeating: "1", count: $0 % 3))=", seed: UInt64($0), count: 3) }
            let (mine, its) = (try await own.complete(asked), try await fused.complete(asked))
            for (a, b) in zip(mine, its) {
                for (x, y) in zip(a.samples, b.samples) {
                    #expect(x.segments[0].tokens == y.segments[0].tokens, "round \(round)")
                    #expect(largestDifference([x.segments[0].samplerLogProbs ?? []], [y.segments[0].samplerLogProbs ?? []]).difference <= 1e-4)
                }
            }
            // The second round draws with other weights: the decoder takes them over.
            for host in [own, fused] {
                _ = try await host.update(
                    [term], with: OptimiserSettings(rate: .constant(1e-2)), passes: 1, miniBatch: 0, seed: Seed(0), while: { _ in true })
            }
        }
    }

    @Test("keeps matrices in bfloat16 when asked to, and stays near")
    func half() async throws {
        let (half, full) = (try await host(shapes[1], byOperations: true, inHalf: true), try await host(shapes[1], byOperations: true))
        let asked = (0..<4).map { request("\($0)+1=", Sampling(temperature: 0, limit: 1), seed: UInt64($0)) }
        let (a, b) = (try await half.complete(asked), try await full.complete(asked))
        let pairs = zip(a, b).map { ($0.samples[0].segments[0].samplerLogProbs ?? [], $1.samples[0].segments[0].samplerLogProbs ?? []) }
        let difference = pairs.map { largestDifference([$0.0], [$0.1]).difference }.max() ?? .infinity
        #expect(difference > 0 && difference <= 3e-2, "\(difference)")
    }
}

@Suite("A model on another device")
struct DeviceTests {
    @Test("that is not there is refused in a sentence, and the processor stays", arguments: [Device.cuda(99), .registered])
    func refusal(device: Device) async throws {
        let (sentence, current) = await choose(device)
        #expect(sentence.hasPrefix("Device \(device) cannot be used: "), "\(sentence)")
        #expect(current == .cpu)
    }

    @TensorActor
    private func choose(_ device: Device) async -> (String, Device) {
        do { try device.use() } catch { return (String(describing: error), Device.current) }
        return ("", Device.current)
    }

    @Test("is read from words", arguments: [("cpu", Device.cpu), ("cuda", .cuda(0)), ("cuda:3", .cuda(3)), ("registered", .registered)])
    func words(text: String, device: Device) throws {
        #expect(try Device(text) == device)
    }

    @Test("is refused when no word of ours names it", arguments: ["gpu", "cuda:", "cuda:-1", "cuda:x", "", "CPU"])
    func otherWords(text: String) {
        #expect(throws: TensorError.self) { try Device(text) }
    }
}
