import Foundation
import HoneCore
import HoneModel
import HoneObjectives

/// What each objective adds to an update beyond plain imitation of the same rows.
struct BenchObjectives {
    private static let rows = 32
    private static let columns = 96
    private static let model: ModelName = "bench"

    /// One objective's cost: update without the scores it needs of other models, over an update by cross-entropy.
    struct Row {
        var name: String
        /// Median of the ratios of interleaved pairs.
        var ratio: Double
        /// Seconds of its whole update, scores included.
        var seconds: Double
        /// Seconds of the scores of other models that it declares to need.
        var scoring: Double

        var json: JSONValue {
            .object(["objective": .string(name), "ratio": .number(ratio), "seconds": .number(seconds), "scoring": .number(scoring)])
        }
    }

    /// Measures one objective of the catalogue with its defaults, on nano.
    static func measure(_ entry: ObjectiveCatalog.Entry, pairs count: Int) async throws -> Row {
        let objective = try entry.make(entry.defaults)
        let own = SelfScored(objective, by: model)
        let host = try await ModelHost.make(
            name: model, tokenizer: EndlessTokenizer(),
            settings: ModelHost.Settings(shape: try ModelShape.named("nano", vocabulary: 64), slots: 8), seed: Seed(0), heads: objective.heads)
        let batch = batch(for: objective)
        func update(_ objective: any Objective) async throws -> Double {
            let began = RunSession.clock()
            _ = try await host.update(
                [Term(batch: batch, objective: objective)], with: OptimiserSettings(rate: .constant(1e-6)), passes: 1, miniBatch: 0, seed: Seed(0))
            return RunSession.clock() - began
        }
        func scoring() async throws -> Double {
            let began = RunSession.clock()
            let transcripts = batch.examples.map { [Segment(origin: .prompt, content: .tokens($0.tokens, text: ""))] }
            for need in own.needs { _ = try await host.score(transcripts, need.quantity) }
            return RunSession.clock() - began
        }
        _ = try await update(CrossEntropy())
        _ = try await update(own)
        var ratios: [Double] = []
        var (seconds, scores): ([Double], [Double]) = ([], [])
        for _ in 0..<max(1, count) {
            let plain = try await update(CrossEntropy())
            let full = try await update(own)
            let needed = own.needs.isEmpty ? 0 : try await scoring()
            ratios.append((full - needed) / plain)
            seconds.append(full)
            scores.append(needed)
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        return Row(name: entry.card.name, ratio: median(ratios), seconds: median(seconds), scoring: median(scores))
    }

    /// Rows with all that the objective takes, in groups of eight, every second row preferred to its neighbour.
    private static func batch(for objective: any Objective) -> TrainingBatch {
        let takes = objective.takes
        var generator = Seed(11).generator
        func number(_ domain: RowNeeds.Number) -> Double {
            let value = domain.low + (domain.high - domain.low) * generator.unit()
            return domain.isWhole ? value.rounded() : value
        }
        let examples = (0..<rows).map { row -> Example in
            let tokens = (0...columns).map { _ in TokenID(generator.integer(in: 2...63)) }
            let trained = tokens.indices.map { $0 > columns / 4 }
            func perToken(_ make: () -> Double) -> [Float] { tokens.map { _ in Float(make()) } }
            return Example(
                tokens: tokens, isTrained: trained, advantages: perToken { Double(row % 3) - 1 },
                samplerLogProbs: perToken { -4.2 + 0.01 * generator.unit() },
                channels: takes.channels.mapValues { domain in perToken { number(domain) } }, scalars: takes.scalars.mapValues(number),
                group: row / 8, episode: "bench")
        }
        let pairs = takes.pairs ? stride(from: 0, to: rows, by: 2).map { Pair(chosen: $0, rejected: $0 + 1, margin: 1) } : []
        return TrainingBatch(examples: examples, pairs: pairs)
    }
}

/// An objective whose references and teachers are the model itself, so that only one model has to be there.
private struct SelfScored: Objective {
    static let card = PartCard(name: "self-scored", summary: "an objective that is scored by the model in training")
    static let formula = ObjectiveCard(formula: "as the objective inside", normaliser: "its own", reduction: "its own")
    private let inner: any Objective
    private let model: ModelName

    init(_ inner: any Objective, by model: ModelName) {
        self.inner = inner
        self.model = model
    }

    private func own(_ score: Score) -> Score { Score(score.quantity, by: ModelRef(model)) }
    var needs: [Score] { inner.needs.map(own) }
    var takes: RowNeeds { inner.takes }
    var heads: [Head] { inner.heads }
    var reads: Set<Quantity> { inner.reads }
    var totalsReadModel: Bool { inner.totalsReadModel }

    private func renamed(_ inputs: borrowing LossInputs) -> LossInputs {
        let scores = inputs.scores
        return LossInputs(
            examples: inputs.examples, pairs: inputs.pairs, mask: inputs.mask, weights: inputs.weights, advantages: inputs.advantages,
            samplerLogProbs: inputs.samplerLogProbs,
            scores: Dictionary(inner.needs.compactMap { need in scores[own(need)].map { (need, $0) } }) { first, _ in first },
            channels: inputs.channels, reads: inputs.reads, totals: inputs.totals)
    }

    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] { try inner.totals(of: renamed(inputs)) }
    func loss(_ inputs: borrowing LossInputs) throws -> Loss { try inner.loss(renamed(inputs)) }
}
