import Foundation
import HoneCore
import HoneModel
import HoneTensor
import HoneText
import Synchronization
import Testing

private func term(_ rows: [Example], pairs: [Pair] = [], weight: Double = 1) -> Term {
    Term(batch: TrainingBatch(examples: rows, pairs: pairs), objective: TestCrossEntropy(), weight: weight)
}

private func step(_ model: ModelHost, _ terms: [Term], _ settings: OptimiserSettings = OptimiserSettings()) async throws -> UpdateReport {
    try await model.update(terms, with: settings, passes: 1, miniBatch: 0, seed: Seed(1))
}

@Test("the loss is the mean negative log-probability that scoring gives")
func lossIsWhatScoringSays() async throws {
    let model = try await host()
    let rows = try rows(9)
    let scores = try await model.logProbs(of: rows.map(\.tokens))
    var sum = 0.0
    var count = 0.0
    for (row, values) in zip(rows, scores) {
        for t in 1..<row.tokens.count where row.isTrained[t] {
            sum -= Double(values[t - 1])
            count += 1
        }
    }
    let report = try await step(model, [term(rows)])
    #expect(abs((report.values["loss"] ?? 0) - sum / count) < 1e-5)
    #expect(abs((report.values["logProb"] ?? 0) + sum / count) < 1e-5)
    #expect(report.steps == 1 && report.trainedTokens == rows.reduce(0) { $0 + $1.tokens.count })
    #expect(report.values["rate"] == 1e-3)
}

@Test("micro-batch size and padding change neither loss nor gradient", arguments: [16, 64, 300])
func microBatchesDoNotMatter(tokens: Int) async throws {
    let rows = try rows(24)
    let whole = try await step(try await host(), [term(rows)])
    let parts = try await step(try await host(microBatchTokens: tokens), [term(rows)])
    for name in ["loss", "gradientNorm"] {
        let (a, b) = (try #require(whole.values[name]), try #require(parts.values[name]))
        #expect(abs(a - b) <= 1e-6 * abs(a), "\(name): \(a) and \(b)")
    }
    #expect(whole.trainedTokens == parts.trainedTokens)
}

@Test("what stands at untrained places cannot change the loss")
func maskedPlaces() async throws {
    let plain = try rows(6)
    let marked = plain.map { row in
        var row = row
        for t in row.tokens.indices where !row.isTrained[t] { row.weights[t] = .nan }
        return row
    }
    let a = try await step(try await host(), [term(plain)])
    let b = try await step(try await host(), [term(marked)])
    #expect(a == b)
}

@Test("an objective sees every quantity at its token, and zeros elsewhere")
func whatObjectivesSee() async throws {
    var row = try example("ab", "cd", end: false)
    row.advantages = [9, 9, 1, 2]
    row.samplerLogProbs = [9, 9, -3, -4]
    row.channels = ["kl": [9, 9, 5, 6]]
    let short = try example("a", "b", end: false)
    var other = short
    other.advantages = [9, 7]
    other.samplerLogProbs = [9, -1]
    other.channels = ["kl": [9, 8]]
    let probe = Probe { inputs in
        #expect(inputs.examples.map(\.tokens.count) == [4, 2], "rows of a pair stay in order")
        #expect(inputs.mask.shape == [2, 8])
        #expect(try inputs.mask.floats() == [0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(try inputs.advantages?.floats() == [0, 1, 2, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0])
        #expect(try inputs.samplerLogProbs?.floats() == [0, -3, -4, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0])
        #expect(try inputs.channels["kl"]?.floats() == [0, 5, 6, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0])
        #expect(inputs.pairs == [Pair(chosen: 0, rejected: 1)])
        #expect(inputs.totals["rows"] == 2)
        guard let reads = inputs.reads[.logProbs] else { throw ModelError("no reads") }
        let values = try reads.floats()
        #expect(values[1] < 0 && values[8] < 0 && values[0] == 0 && values[15] == 0)
        let sum = try reads.sum().item()
        #expect(abs(sum - (inputs.totals["logProb"] ?? 0)) < 1e-5)
        return try reads.sum()
    }
    var seen = probe
    seen.totalsReadModel = true
    let batch = TrainingBatch(examples: [row, other], pairs: [Pair(chosen: 0, rejected: 1)])
    _ = try await step(try await host(), [Term(batch: batch, objective: seen)])
}

@Test("sampler log-probabilities unknown for one trained row are unknown for all")
func unknownSamplerLogProbs() async throws {
    var row = try example("a", "b")
    row.samplerLogProbs = [0, -1, -1]
    let probe = Probe { inputs in
        #expect(inputs.samplerLogProbs == nil && inputs.advantages == nil)
        return try inputs.mask.sum()
    }
    let report = try await step(
        try await host(), [Term(batch: TrainingBatch(examples: [row, try example("c", "d")]), objective: probe)])
    #expect(report.steps == 0, "a loss without gradient takes no step")
}

@Test("an objective's references are scored on the trained tokens of a snapshot")
func references() async throws {
    let model = try await host()
    try await model.snapshot("base")
    let rows = try rows(5)
    let expected = try await model.logProbs(of: rows.map(\.tokens))
    _ = try await step(model, [term(rows)])
    let need = Score(.logProbs, by: ModelRef("policy", snapshot: "base"))
    let probe = Probe(needs: [need]) { inputs in
        guard let table = inputs.scores[need] else { throw ModelError("no scores") }
        let values = try table.floats()
        let columns = inputs.mask.shape[1]
        for (r, row) in inputs.examples.enumerated() {
            guard let index = rows.firstIndex(where: { $0.tokens == row.tokens }) else { continue }
            for t in 1..<row.tokens.count {
                let wanted = row.isTrained[t] ? expected[index][t - 1] : 0
                #expect(abs(values[r * columns + t - 1] - wanted) < 1e-5)
            }
        }
        guard let reads = inputs.reads[.logProbs] else { throw ModelError("no reads") }
        return try reads.sum()
    }
    let report = try await step(model, [Term(batch: TrainingBatch(examples: rows), objective: probe)])
    #expect(report.steps == 1)
    let stranger = Probe(needs: [Score(.logProbs, by: "teacher")]) { try $0.mask.sum() }
    await #expect(throws: CoreError.self) {
        _ = try await step(model, [Term(batch: TrainingBatch(examples: rows), objective: stranger)])
    }
    await model.connect("teacher", to: try await host(seed: 9))
    _ = try await step(model, [Term(batch: TrainingBatch(examples: rows), objective: stranger)])
}

@Test("pairs keep their rows together in every mini-batch")
func pairsStayTogether() async throws {
    let rows = try rows(12)
    let pairs = stride(from: 0, to: 12, by: 2).map { Pair(chosen: $0, rejected: $0 + 1) }
    let counts = Mutex<[Int]>([])
    let probe = Probe { inputs in
        counts.withLock { $0.append(inputs.pairs.count) }
        #expect(inputs.examples.count == 2 * inputs.pairs.count)
        guard let reads = inputs.reads[.logProbs] else { throw ModelError("no reads") }
        return try reads.sum() * 1e-3
    }
    let report = try await host(microBatchTokens: 64).update(
        [Term(batch: TrainingBatch(examples: rows, pairs: pairs), objective: probe)], with: OptimiserSettings(), passes: 2,
        miniBatch: 4, seed: Seed(2))
    #expect(report.steps == 6)
    #expect(counts.withLock { $0.reduce(0, +) } == 12)
}

@Test("passes and mini-batches make the steps they promise, by the seed")
func steps() async throws {
    let rows = try rows(10)
    func run(_ seed: UInt64) async throws -> (UpdateReport, Data) {
        let model = try await host()
        let report = try await model.update(
            [term(rows), term(try HoneModelTests.rows(4), weight: 0.5)], with: OptimiserSettings(), passes: 3, miniBatch: 4,
            seed: Seed(seed))
        return (report, try await model.weights())
    }
    let (a, first) = try await run(1)
    let (b, second) = try await run(1)
    let (_, third) = try await run(2)
    #expect(a.steps == 9 && a == b && first == second && first != third)
    #expect(a.values["test-cross-entropy.logProb"] != nil)
}

@Test("one and two threads learn the same bits")
func threadsDoNotMatter() async throws {
    var files: [Data] = []
    for threads in [1, 2] {
        let model = try await host()
        await model.use(threads: threads)
        for _ in 0..<3 { _ = try await step(model, [term(try rows(40))]) }
        files.append(try await model.weights())
        await model.use(threads: 0)
    }
    #expect(files[0] == files[1])
}

@Test("however few tokens are trained, one and two threads learn, score and read the same bits")
func fewTokensAndThreads() async throws {
    for count in 1...12 {
        let row = try example("ab", String(repeating: "c", count: count), end: false)
        let context: Transcript = [Segment(origin: .prompt, content: .tokens(row.tokens, text: ""))]
        var seen: [[[Float]]] = []
        for threads in [1, 2] {
            let model = try await host(heads: [Head("q", .vocabulary)], threads: threads)
            let probe = Probe(reads: [.logProbs, .head("q")]) { inputs in
                guard let logProbs = inputs.reads[.logProbs], let q = inputs.reads[.head("q")] else { throw ModelError("no reads") }
                return try (q - 1).square().sum() - logProbs.sum()
            }
            await model.use(threads: threads)
            _ = try await model.update(
                [Term(batch: TrainingBatch(examples: [row]), objective: probe)], with: OptimiserSettings(rate: .constant(1e-2)), passes: 2,
                miniBatch: 0, seed: Seed(1))
            var all: [[Float]] = []
            for quantity in [Quantity.logProbs, .entropies, .head("q"), .hidden(layer: 1)] {
                await model.use(threads: threads)
                all.append(try await model.score([context], quantity)[0].values)
            }
            seen.append(all)
        }
        #expect(seen[0] == seen[1], "\(count) tokens")
    }
}

@Test("a loss that is not finite leaves the weights alone, or ends the run")
func nonFinite() async throws {
    let model = try await host()
    let before = try await model.checkpointFiles()
    let probe = Probe { inputs in
        guard let reads = inputs.reads[.logProbs] else { throw ModelError("no reads") }
        return try reads.sum() * Double.nan
    }
    let bad = Term(batch: TrainingBatch(examples: try rows(3)), objective: probe)
    let report = try await step(model, [bad])
    #expect(report.skipped == 1 && report.steps == 0)
    #expect(try await model.checkpointFiles() == before)
    await #expect(throws: ModelError.self) { _ = try await step(model, [bad], OptimiserSettings(onNonFinite: .halt)) }
    #expect(try await model.checkpointFiles() == before)
}

@Test("a group of parameters has its own rate; 0 freezes it, and an unknown group is refused")
func parameterGroups() async throws {
    let model = try await host()
    let tokens = try [letters.encode("abcdef")]
    func embedding() async throws -> [Float] { try await model.score([[Segment(origin: .prompt, content: .tokens(tokens[0], text: ""))]], .hidden(layer: 0))[0].values }
    let before = try await embedding()
    let logits = try await model.logits(of: tokens)
    _ = try await step(model, [term(try rows(4))], OptimiserSettings(groups: ["model.embed_tokens": .constant(0)]))
    #expect(try await embedding() == before)
    #expect(try await model.logits(of: tokens) != logits)
    await #expect(throws: CoreError.self) {
        _ = try await step(model, [term(try rows(4))], OptimiserSettings(groups: ["nothing": .constant(0)]))
    }
}

@Test("the rate follows its schedule over updates, and starts again with the optimiser")
func schedule() async throws {
    let model = try await host()
    let settings = OptimiserSettings(rate: .linear(from: 1e-3, to: 0, over: 4))
    var rates: [Double] = []
    for _ in 0..<3 { rates.append(try await step(model, [term(try rows(4))], settings).values["rate"] ?? -1) }
    try await model.resetOptimiser()
    rates.append(try await step(model, [term(try rows(4))], settings).values["rate"] ?? -1)
    #expect(zip(rates, [1e-3, 7.5e-4, 5e-4, 1e-3]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(await model.updateCount == 4)
}

@Test("a value head learns what it is told, and scoring reads it before each token")
func heads() async throws {
    let model = try await host(heads: ["value"])
    let rows = try rows(6)
    let context = [Segment(origin: .prompt, content: .tokens(rows[0].tokens, text: ""))]
    #expect(try await model.score([context], .head("value"))[0].values == [Float](repeating: 0, count: rows[0].tokens.count - 1))
    let probe = Probe(reads: [.head("value")]) { inputs in
        guard let values = inputs.reads[.head("value")] else { throw ModelError("no values") }
        return try ((values - 0.5) * inputs.mask).square().sum()
    }
    _ = try await model.update(
        [Term(batch: TrainingBatch(examples: rows), objective: probe)], with: OptimiserSettings(rate: .constant(5e-3)), passes: 80,
        miniBatch: 0, seed: Seed(1))
    let learned = try await model.score([context], .head("value"))[0].values
    for t in 1..<rows[0].tokens.count where rows[0].isTrained[t] { #expect(abs(learned[t - 1] - 0.5) < 0.1) }
    await #expect(throws: CoreError.self) { try await model.score([context], .head("reward")) }
}

@Test("rows that do not fit are refused with a sentence")
func wrongRows() async throws {
    let model = try await host()
    var short = try example("a", "b")
    short.weights = [1]
    await #expect(throws: ModelError.self) { _ = try await step(model, [term([short])]) }
    await #expect(throws: ModelError.self) { _ = try await step(model, [term([try example("a", String(repeating: "b", count: 80))])]) }
    var outside = try example("a", "b")
    outside.tokens[0] = 500
    await #expect(throws: ModelError.self) { _ = try await step(model, [term([outside])]) }
    await #expect(throws: ModelError.self) { _ = try await step(model, [term(try rows(2), pairs: [Pair(chosen: 0, rejected: 2)])]) }
    #expect(try await step(model, []).steps == 0)
}

@Test("a small model learns to copy")
func copying() async throws {
    let model = try await host(ModelShape(width: 64, layers: 2, heads: 2, mlp: 128, vocabulary: letters.vocabularySize, context: 32))
    var generator = Seed(5).generator
    func word() -> String { String((0..<3).map { _ in "abcd".randomElement(using: &generator) ?? "a" }) }
    let data = try (0..<512).map { _ in
        let word = word()
        return try example(word + "=", word)
    }
    let report = try await model.update(
        [term(data)], with: OptimiserSettings(rate: .constant(3e-3)), passes: 30, miniBatch: 64, seed: Seed(1))
    #expect(report.steps == 240)
    let words = (0..<50).map { _ in word() }
    let done = try await model.complete(words.map { request($0 + "=", Sampling(limit: 6).greedy, seed: 1) })
    let right = zip(words, done).filter { $0 == $1.samples[0].segments.text }.count
    #expect(right >= 45, "\(right) of 50")
}

@Test("totals that read the model see the same from one forward pass shared with the loss as from their own over micro-batches")
func sharedForwardPass() async throws {
    struct Centred: Objective {
        static let card = PartCard(name: "centred")
        static let formula = ObjectiveCard(formula: "Σ (log π − mean)²", normaliser: "none", reduction: "sum")
        var reads: Set<Quantity> { [.logProbs] }
        var totalsReadModel: Bool { true }
        func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
            let values = try inputs.reads[.logProbs].map { try ($0 * inputs.mask).sum().item() } ?? 0
            return ["mean": values / (try inputs.mask.sum().item())]
        }
        func loss(_ inputs: borrowing LossInputs) throws -> Loss {
            guard let logProbs = inputs.reads[.logProbs], let mean = inputs.totals["mean"] else { throw ModelError("nothing to read") }
            return Loss(total: try ((logProbs - mean).square() * inputs.mask).sum() * 0.01)
        }
    }
    let batch = TrainingBatch(examples: try rows(9))
    var values: [[String: Double]] = []
    for tokens in [16_384, 40] {
        values.append(try await step(try await host(microBatchTokens: tokens), [Term(batch: batch, objective: Centred())]).values)
    }
    for key in ["loss", "gradientNorm"] {
        let (one, many) = (try #require(values[0][key]), try #require(values[1][key]))
        #expect(one > 0 && abs(one - many) < 1e-4 * one, "\(key): \(one) in one pass, \(many) over micro-batches")
    }
}

@Test("a head learns to tell right copies from wrong ones")
func telling() async throws {
    let model = try await host(
        ModelShape(width: 64, layers: 2, heads: 2, mlp: 128, vocabulary: letters.vocabularySize, context: 32), heads: ["value"])
    var generator = Seed(5).generator
    /// A copy, in half of the cases with one letter that is another; its label, 1 or −1, at the last token.
    func copy() throws -> (row: Example, isRight: Bool) {
        let word = (0..<2).map { _ in generator.element(of: Array("abcd")) ?? "a" }
        var other = word
        let isRight = generator.integer(in: 0...1) == 0
        let place = generator.integer(in: 0...1)
        if !isRight { other[place] = generator.element(of: Array("abcd").filter { $0 != word[place] }) ?? "a" }
        var row = try example(String(word) + "=", String(other))
        row.channels["label"] = row.tokens.indices.map { $0 == row.tokens.count - 1 ? isRight ? 1 : -1 : 0 }
        return (row, isRight)
    }
    let data = try (0..<512).map { _ in try copy().row }
    let probe = Probe(reads: [.head("value")], takes: RowNeeds(channels: ["label": RowNeeds.Number("right or wrong", -1...1)])) { inputs in
        guard let values = inputs.reads[.head("value")], let labels = inputs.channels["label"] else { throw ModelError("no values") }
        return try ((values - labels).square() * labels.square()).sum() * (1.0 / 64)
    }
    _ = try await model.update(
        [Term(batch: TrainingBatch(examples: data), objective: probe)], with: OptimiserSettings(rate: .constant(1e-3)), passes: 30, miniBatch: 64, seed: Seed(1))
    let fresh = try (0..<200).map { _ in try copy() }
    let scores = try await model.score(fresh.map { [Segment(origin: .prompt, content: .tokens($0.row.tokens, text: ""))] }, .head("value"))
    let right = zip(fresh, scores).count { (($1.values.last ?? 0) > 0) == $0.isRight }
    #expect(right >= 150, "\(right) of 200")
}
