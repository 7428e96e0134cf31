import Foundation
import HoneCore
import HoneModel
import HoneTensor
import Testing

@Suite("The memory of a model")
struct ModelMemoryTests {
    private static let shapes: [ModelShape] = {
        var shapes = [64, 96].flatMap { width in
            [false, true].map { isTied in ModelShape(width: width, layers: 3, heads: 4, kvHeads: 2, mlp: 128, vocabulary: 300, context: 128, isTied: isTied, hasQKVBias: isTied) }
        }
        shapes.append(ModelShape(width: 64, layers: 1, heads: 2, headWidth: 48, mlp: 32, vocabulary: 70))
        return shapes
    }()
    private static let loadings = [
        ModelLoading(), ModelLoading(decodesInHalf: true), ModelLoading(adapters: AdapterSettings(rank: 4)),
        ModelLoading(adapters: AdapterSettings(rank: 1, modules: ["q_proj", "down_proj"]), decodesInHalf: true),
    ]

    @Test("is the sum of its parts, none of them negative, and never shrinks when there is more to do", arguments: 0..<shapes.count)
    func monotone(number: Int) {
        let shape = Self.shapes[number]
        for loading in Self.loadings {
            func memory(copies: Int = 1, rows: Int = 8, length: Int = 64) -> ModelMemory { ModelMemory(shape, loading: loading, copies: copies, rows: rows, length: length) }
            let usual = memory()
            let parts = [usual.weights, usual.decoder, usual.learning, usual.copies, usual.activations, usual.cache]
            #expect(parts.allSatisfy { $0 > 0 } && usual.total == parts.reduce(0, +))
            var last = (rows: 0, length: 0)
            for step in [1, 2, 3, 8, 40, 256, 257, 1000, 100_000] {
                let (more, longer) = (memory(rows: step), memory(length: step))
                #expect(more.total >= last.rows && longer.total >= last.length)
                last = (more.total, longer.total)
                #expect(more.weights == usual.weights && longer.decoder == usual.decoder, "what is kept of the model does not depend on the work")
            }
            #expect(memory(copies: 0).copies == 0 && memory(copies: 5).copies == 5 * usual.copies)
            #expect(memory(copies: 0).total + usual.copies == usual.total)
        }
    }

    @Test("grows with every size of the shape, and with the rank of adapters")
    func sizes() {
        let small = Self.shapes[0]
        let grown: [WritableKeyPath<ModelShape, Int>] = [\.width, \.layers, \.heads, \.kvHeads, \.headWidth, \.mlp, \.vocabulary]
        for loading in Self.loadings {
            let own = ModelMemory(small, loading: loading, rows: 4, length: 32).total
            for size in grown {
                var larger = small
                larger[keyPath: size] *= 2
                #expect(ModelMemory(larger, loading: loading, rows: 4, length: 32).total > own)
            }
        }
        let ranks = [1, 2, 4, 8].map { ModelMemory(small, loading: ModelLoading(adapters: AdapterSettings(rank: $0)), rows: 4, length: 32) }
        for (low, high) in zip(ranks, ranks.dropFirst()) { #expect(high.learning == 2 * low.learning && high.copies == 2 * low.copies) }
    }

    @Test("counts the bytes that the tensors of a real model have", arguments: 0..<shapes.count)
    func real(number: Int) async throws {
        let shape = Self.shapes[number]
        let all = try SafetensorsFile(data: try await host(shape).weights())
        let bytes = try all.tensors().values.reduce(0) { $0 + $1.byteCount }
        let memory = ModelMemory(shape, loading: ModelLoading(), rows: 4, length: 32)
        #expect(memory.weights == bytes && memory.learning == 3 * bytes && memory.copies == bytes)
        for adapters in [AdapterSettings(rank: 3), AdapterSettings(rank: 2, modules: ["k_proj", "up_proj"])] {
            let own = try SafetensorsFile(data: try await host(shape, adapters: adapters).weights())
            let learned = try own.tensors().values.reduce(0) { $0 + $1.byteCount }
            let memory = ModelMemory(shape, loading: ModelLoading(adapters: adapters), rows: 4, length: 32)
            #expect(memory.weights == bytes + learned && memory.learning == 3 * learned && memory.copies == learned)
        }
    }

    @Test("of the largest shape that is read is a number still")
    func largest() {
        var shape = ModelShape(width: 1 << 20, layers: 1 << 12, heads: 1 << 10, headWidth: 1 << 12, mlp: 1 << 22, vocabulary: 1 << 24, context: 1 << 24)
        #expect(shape.faults.isEmpty)
        for loading in Self.loadings { #expect(ModelMemory(shape, loading: loading, rows: 256, length: 4096).total > 0) }
        shape.layers += 1
        #expect(shape.faults == ["A model's layers is 4097; up to 4096 can be computed"])
    }
}
