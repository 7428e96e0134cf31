import HoneCore
import HoneModel
import Testing

/// Runs a decoder with a cache on made-up numbers, and counts every multiplication, addition, division and function.
private struct CountingDecoder {
    let shape: ModelShape
    var count = 0

    private mutating func product(_ input: Int, _ output: Int) { for _ in 0..<output { for _ in 0..<input { count += 2 } } }
    private mutating func norm() { for _ in 0..<shape.width { count += 4 } }

    /// One token at a place of its row; with an output when its logits are wanted.
    mutating func token(at place: Int, output: Bool) {
        let (queries, keys) = (shape.heads * shape.headWidth, shape.kvHeads * shape.headWidth)
        for _ in 0..<shape.layers {
            norm()
            product(shape.width, queries + 2 * keys)
            for _ in 0..<(queries + keys) { count += 3 }
            for _ in 0..<shape.heads {
                for _ in 0...place {
                    for _ in 0..<shape.headWidth { count += 4 }
                    count += 5
                }
            }
            product(queries, shape.width)
            for _ in 0..<shape.width { count += 1 }
            norm()
            product(shape.width, 2 * shape.mlp)
            for _ in 0..<shape.mlp { count += 5 }
            product(shape.mlp, shape.width)
            for _ in 0..<shape.width { count += 1 }
        }
        norm()
        guard output else { return }
        product(shape.width, shape.vocabulary)
        for _ in 0..<shape.vocabulary { count += 3 }
    }
}

/// What Tests/References/flops.py printed.
private enum Reference {
    static let nanoForward = 207716352.0
    static let nanoTraining = 623149056.0
    static let microForward = 3041574912.0
    static let microTraining = 9124724736.0
}

@Suite("The arithmetic of models")
struct ArithmeticTests {
    @Test("agrees to 1 % with a decoder that counts what it does", arguments: ["pico", "nano"], [(5, 3), (40, 24)])
    func sampling(size: String, lengths: (Int, Int)) throws {
        var shape = try ModelShape.named(size, vocabulary: 64)
        shape.kvHeads = size == "nano" ? 2 : shape.kvHeads
        var decoder = CountingDecoder(shape: shape)
        let (prompt, drawn) = lengths
        for place in 0..<(prompt + drawn - 1) { decoder.token(at: place, output: place >= prompt - 1) }
        let counted = shape.arithmetic().sampling(prompt: prompt, drawn: drawn)
        #expect(abs(Double(counted) / Double(decoder.count) - 1) < 0.01, "\(counted) against \(decoder.count)")
    }

    @Test("agrees to 1 % with the operations that PyTorch counts in its matrices, forward and backward")
    func reference() throws {
        // Tests/References/flops.py: torch.utils.flop_counter over a decoder of these sizes, 2 rows of 48 tokens, every output trained;
        // attention counted over causal pairs.
        let nano = try ModelShape.named("nano", vocabulary: 64).arithmetic()
        let micro = try ModelShape.named("micro", vocabulary: 4096).arithmetic()
        for (arithmetic, forward, training) in [(nano, Reference.nanoForward, Reference.nanoTraining), (micro, Reference.microForward, Reference.microTraining)] {
            #expect(abs(Double(2 * arithmetic.forward(tokens: 48, outputs: 48)) / forward - 1) < 0.015)
            #expect(abs(Double(2 * arithmetic.training(tokens: 48, trained: 48)) / training - 1) < 0.015)
        }
    }

    @Test("adapters cost their own products, and the weights they freeze are spared their gradient")
    func adapters() throws {
        let shape = try ModelShape.named("pico", vocabulary: 64)
        let plain = shape.arithmetic()
        let adapted = shape.arithmetic(adapters: AdapterSettings(rank: 4))
        // Seven matrices of each layer: 2·r·(in + out) for the two products and 2·out for scaling and adding.
        let (w, m) = (shape.width, shape.mlp)
        let own = 4 * (2 * 4 * (w + w) + 2 * w) + 2 * (2 * 4 * (w + m) + 2 * m) + (2 * 4 * (m + w) + 2 * w)
        #expect(adapted.perToken + adapted.perTokenFrozen - plain.perToken == shape.layers * own)
        #expect(adapted.training(tokens: 10, trained: 4) < plain.training(tokens: 10, trained: 4))
    }

    @Test("a model charges what its rows are: trained, scored and sampled tokens with their operations")
    func charges() async throws {
        let arithmetic = ModelShape.small.arithmetic()
        let model = try await host()
        let rows = [[1, 2, 3, 4], [5, 6, 7]].map { tokens in
            Example(tokens: tokens.map(TokenID.init), isTrained: tokens.indices.map { $0 > 1 })
        }
        let report = try await model.update(
            [Term(batch: TrainingBatch(examples: rows), objective: TestCrossEntropy())], with: OptimiserSettings(), passes: 2, miniBatch: 0, seed: Seed(1))
        #expect(report.trainedTokens == 2 * 7)
        #expect(report.flops == 2 * (arithmetic.training(tokens: 4, trained: 2) + arithmetic.training(tokens: 3, trained: 1)))
    }

    @Test("an update ends before the first step that is not allowed, and reports what it did")
    func allowance() async throws {
        let model = try await host()
        let rows = (0..<8).map { Example(tokens: [1, 2, TokenID(3 + $0)], isTrained: [false, true, true]) }
        let term = Term(batch: TrainingBatch(examples: rows), objective: TestCrossEntropy())
        let report = try await model.update([term], with: OptimiserSettings(), passes: 2, miniBatch: 2, seed: Seed(1)) { $0.trainedTokens < 13 }
        // Two rows of three tokens a step: 6, 12, 18.
        #expect(report.steps == 3 && report.trainedTokens == 18)
        let none = try await model.update([term], with: OptimiserSettings(), passes: 1, miniBatch: 2, seed: Seed(1)) { _ in false }
        #expect(none.steps == 0 && none.trainedTokens == 0)
    }
}
