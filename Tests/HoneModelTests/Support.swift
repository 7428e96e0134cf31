import Foundation
import HoneCore
import HoneModel
import HoneTensor
import HoneText

/// Mean negative log-probability of trained tokens, by weight.
struct TestCrossEntropy: Objective {
    static let card = PartCard(name: "test-cross-entropy")
    static let formula = ObjectiveCard(formula: "−Σ w log p / Σ w", normaliser: "Σ w", reduction: "mean over tokens")
    var reads: Set<Quantity> { [.logProbs] }
    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { ["weight": try inputs.weights.sum().item()] }
    func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        guard let logProbs = inputs.reads[.logProbs], let weight = inputs.totals["weight"] else { throw ModelError("nothing to read") }
        let sum = try (logProbs * inputs.weights).sum()
        return Loss(
            total: try sum * (-1 / weight),
            metrics: ["logProb": Tally(sum: try sum.detach().item(), count: try inputs.weights.sum().item())])
    }
}

/// Calls a body with the inputs, for looking at what objectives see.
struct Probe: Objective {
    static let card = PartCard(name: "probe")
    static let formula = ObjectiveCard(formula: "0", normaliser: "none", reduction: "sum")
    var reads: Set<Quantity> = [.logProbs]
    var needs: [Score] = []
    var takes = RowNeeds()
    var totalsReadModel = false
    let look: @Sendable (borrowing LossInputs) throws -> Tensor
    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        let first = try inputs.reads[.logProbs].map { try $0.sum().item() }
        return ["rows": Double(inputs.examples.count), "logProb": first ?? 0]
    }
    func loss(_ inputs: borrowing LossInputs) throws -> Loss { Loss(total: try look(inputs)) }
}

let letters = CharacterTokenizer.nano

func host(
    _ shape: ModelShape = .small, seed: UInt64 = 7, slots: Int = 256, microBatchTokens: Int = 16_384,
    adapters: AdapterSettings? = nil, heads: [Head] = [], threads: Int = 0
) async throws -> ModelHost {
    try await ModelHost.make(
        name: "policy", tokenizer: letters,
        settings: ModelHost.Settings(shape: shape, slots: slots, microBatchTokens: microBatchTokens, threads: threads),
        seed: Seed(seed), adapters: adapters, heads: heads)
}

extension ModelShape {
    static var small: ModelShape {
        ModelShape(width: 64, layers: 2, heads: 2, mlp: 128, vocabulary: letters.vocabularySize, context: 64)
    }

    /// A shape in which everything that a layer can have occurs.
    static var rich: ModelShape {
        var rich = ModelShape.small
        rich.heads = 4
        rich.headWidth = 16
        rich.kvHeads = 2
        rich.isTied = true
        rich.hasQKVBias = true
        rich.form.hasQKNorm = true
        rich.form.hasPostNorms = true
        rich.form.normsAddOne = true
        rich.form.scalesEmbeddings = true
        rich.form.activation = .geluTanh
        rich.form.window = 4
        rich.form.localLayers = [0]
        return rich
    }
}

func request(_ text: String, _ sampling: Sampling = Sampling(limit: 12), seed: UInt64, count: Int = 1) -> Completion.Request {
    Completion.Request(context: [.text(text, from: .prompt)], sampling: sampling, seed: Seed(seed), count: count)
}

/// A row whose tokens after the prompt are trained.
func example(_ prompt: String, _ answer: String, end: Bool = true, advantages: [Float] = []) throws -> Example {
    let first = try letters.encode(prompt)
    let second = try letters.encode(answer) + (end ? [letters.endOfText] : [])
    return Example(
        tokens: first + second, isTrained: first.map { _ in false } + second.map { _ in true }, advantages: advantages)
}

/// Rows of many lengths.
func rows(_ count: Int) throws -> [Example] {
    var generator = Seed(3).generator
    return try (0..<count).map { _ in
        let prompt = String((0..<generator.integer(in: 1...9)).map { _ in "abcdef 123".randomElement(using: &generator) ?? "a" })
        return try example(prompt + "=", String(repeating: "ab", count: generator.integer(in: 1...12)))
    }
}

func largestDifference(_ a: [[Float]], _ b: [[Float]]) -> (difference: Float, size: Float) {
    var difference: Float = a.map(\.count) == b.map(\.count) ? 0 : .infinity
    var size: Float = 1
    for (x, y) in zip(a.joined(), b.joined()) {
        difference = max(difference, x == y ? 0 : (abs(x - y).isNaN ? .infinity : abs(x - y)))
        size = max(size, abs(y))
    }
    return (difference, size)
}
