import Foundation
import HoneCore
import HoneModel
import HoneObjectives
import HoneTensor
import Testing

private func batch(_ rows: [Example]) -> TrainingBatch { TrainingBatch(examples: rows) }

private func transcript(_ row: Example) -> Transcript { [Segment(origin: .prompt, content: .tokens(row.tokens, text: ""))] }

/// A model whose scores are all one number.
private struct Constant: Model {
    var number: Float
    var abilities: Set<HoneCore.Trait> { [.logProbs] }
    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { [] }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        transcripts.map { transcript in
            let count = max(0, (transcript.tokens?.count ?? 0) - 1)
            return Scores(values: [Float](repeating: number, count: count), shape: [count])
        }
    }
}

@Suite("Heads and references", .serialized)
struct ReferencesTests {
    @Test("a target copy stays as it is while the heads learn, and follows by polyak averaging or a copy")
    func targetCopies() async throws {
        let objective = ImplicitLanguageQ()
        let model = try await host(heads: objective.heads)
        var rows = try rows(4)
        for index in rows.indices { rows[index].channels["rewards"] = rows[index].tokens.map { _ in 0.5 } }
        try await model.snapshot("target")
        let copy = SnapshotModel(model, snapshot: "target")
        func q(_ model: any Model) async throws -> [Float] { try await model.score([transcript(rows[0])], .head("q1"))[0].values }
        // Other suites change the count of threads, on which the last bits of a score depend.
        func isNear(_ a: [Float], _ b: [Float]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) } }
        let before = try await q(model)
        #expect(before.allSatisfy { $0 == 0 })
        let report = try await model.update(
            [Term(batch: batch(rows), objective: objective)], with: OptimiserSettings(rate: .constant(1e-2)), passes: 5, miniBatch: 0,
            seed: Seed(1))
        #expect(report.steps == 5 && report.scoredTokens == 3 * rows.reduce(0) { $0 + $1.tokens.count })
        let learned = try await q(model)
        #expect(isNear(try await q(copy), before) && !isNear(learned, before))
        try await model.apply(.blend("policy", into: ModelRef("policy", snapshot: "target"), keep: 0.9))
        let moved = try await q(copy)
        #expect(!isNear(moved, before) && !isNear(moved, learned))
        try await model.apply(.copy("policy", to: ModelRef("policy", snapshot: "target")))
        #expect(isNear(try await q(copy), learned))
    }

    @Test("old values of a clipped value loss are those at the beginning of the update, in all its passes")
    func oldValues() async throws {
        var settings = ClippedValue.Settings()
        settings.clip = 0.05
        let model = try await host(heads: ["value"])
        var rows = try rows(4)
        for index in rows.indices { rows[index].channels["returns"] = rows[index].tokens.map { _ in 3 } }
        let report = try await model.update(
            [Term(batch: batch(rows), objective: ClippedValue(settings))], with: OptimiserSettings(rate: .constant(3e-3)), passes: 40,
            miniBatch: 0, seed: Seed(1))
        #expect((report.values["clipFraction"] ?? 0) > 0.3)
        // Every value begins at 0, and beyond 0.05 it has no gradient any more; the rest is the optimiser's momentum.
        let values = try await model.score(rows.map(transcript), .head("value")).flatMap(\.values)
        #expect(values.allSatisfy { abs($0) < 1 })
        #expect(values.contains { abs($0) > 0.05 })
    }

    @Test("a reference may be a snapshot of another model of the plan")
    func peersSnapshots() async throws {
        let model = try await host()
        let other = try await host(seed: 9)
        try await other.snapshot("early")
        let rows = try rows(3)
        let early = try await other.logProbs(of: rows.map(\.tokens))
        _ = try await other.update(
            [Term(batch: batch(rows), objective: TestCrossEntropy())], with: OptimiserSettings(rate: .constant(1e-2)), passes: 3,
            miniBatch: 0, seed: Seed(2))
        await model.connect("teacher", to: other)
        let need = Score(.logProbs, by: ModelRef("teacher", snapshot: "early"))
        let probe = Probe(needs: [need]) { inputs in
            let found = try #require(inputs.scores[need]).floats()
            let columns = inputs.mask.size(1)
            for (r, row) in inputs.examples.enumerated() {
                let place = rows.firstIndex { $0.tokens == row.tokens } ?? 0
                for t in 1..<row.tokens.count where row.isTrained[t] {
                    #expect(abs(found[r * columns + t - 1] - early[place][t - 1]) < 1e-4)
                }
            }
            return try #require(inputs.reads[.logProbs]).sum() * 0
        }
        _ = try await model.update(
            [Term(batch: batch(rows), objective: probe)], with: OptimiserSettings(), passes: 1, miniBatch: 0, seed: Seed(3))
        await model.connect("teacher", to: Constant(number: 0))
        await #expect(throws: CoreError.self) {
            _ = try await model.update(
                [Term(batch: batch(rows), objective: probe)], with: OptimiserSettings(), passes: 1, miniBatch: 0, seed: Seed(3))
        }
    }

    @Test("log-probabilities of a reference that rows bring along are not computed again and lead to the same step")
    func cachedReferences() async throws {
        var settings = KLPenalty.Settings()
        settings.reference = "anchor"
        let anchor = try await host(seed: 9)
        var rows = try rows(5)
        func learned(_ rows: [Example]) async throws -> (UpdateReport, [String: Data]) {
            let model = try await host()
            await model.connect("anchor", to: anchor)
            let report = try await model.update(
                [Term(batch: batch(rows), objective: KLPenalty(settings))], with: OptimiserSettings(), passes: 2, miniBatch: 2, seed: Seed(1))
            return (report, try await model.checkpointFiles())
        }
        let asked = try await learned(rows)
        let need = KLPenalty(settings).needs[0]
        #expect(need.channel == "logProbs by anchor (sampled)")
        let known = try await anchor.score(rows.map(transcript), .logProbs)
        for index in rows.indices { rows[index].channels[need.channel] = [0] + known[index].values }
        let kept = try await learned(rows)
        #expect(asked.0.scoredTokens > 0 && kept.0.scoredTokens == 0)
        let (first, second) = (try #require(asked.0.values["loss"]), try #require(kept.0.values["loss"]))
        #expect(asked.1.keys == kept.1.keys && abs(first - second) <= 1e-6 * abs(first))
    }
}

@Suite("What is not finite", .serialized)
struct NonFiniteTests {
    private static let counted = OptimiserSettings(onNonFinite: .skip)

    /// Learns from bad rows: skipped, counted and without a trace; or refused with a sentence.
    private func expectSkipped(
        _ kind: String, _ objective: any Objective, _ rows: [Example], _ settings: OptimiserSettings = counted, says: String,
        on model: ModelHost
    ) async throws {
        let before = try await model.checkpointFiles()
        let term = Term(batch: batch(rows), objective: objective)
        let report = try await model.update([term], with: settings, passes: 2, miniBatch: 0, seed: Seed(1))
        #expect(report.skipped == 2 && report.steps == 0 && report.skippedFor == [kind: 2], "\(report)")
        let areFinite = report.values.values.allSatisfy { $0.isFinite }
        #expect(areFinite, "\(report.values)")
        #expect(try await model.checkpointFiles() == before)
        var strict = settings
        strict.onNonFinite = .halt
        let error = try await #require(throws: ModelError.self) {
            _ = try await model.update([term], with: strict, passes: 2, miniBatch: 0, seed: Seed(1))
        }
        #expect(error.description.contains(says), "\(error)")
        #expect(try await model.checkpointFiles() == before)
    }

    @Test("a loss: skipped or refused, and its metrics are not reported")
    func loss() async throws {
        let probe = Probe { try #require($0.reads[.logProbs]).sum() * .nan }
        try await expectSkipped("loss", probe, try rows(3), says: "The loss is nan", on: try await host())
    }

    @Test("a gradient behind a finite loss")
    func gradient() async throws {
        // √x at 0 has the value 0 and an infinite slope.
        let probe = Probe { inputs in
            let logProbs = try #require(inputs.reads[.logProbs])
            return try (logProbs - logProbs.detach()).abs().sqrt().sum()
        }
        try await expectSkipped("gradient", probe, try rows(3), says: "the gradient's norm", on: try await host())
        let huge = Probe { try #require($0.reads[.logProbs]).sum() * 1e22 }
        try await expectSkipped(
            "gradient", huge, try rows(3), OptimiserSettings(clip: 0), says: "the gradient's norm", on: try await host())
    }

    @Test("a reward or another number of a row, also where the loss would hold it within bounds", arguments: [Float.nan, .infinity, -.infinity])
    func numbers(_ bad: Float) async throws {
        let model = try await host()
        var good = try rows(3)
        for index in good.indices {
            good[index].advantages = good[index].tokens.map { _ in 1 }
            good[index].samplerLogProbs = good[index].tokens.map { _ in -1 }
        }
        let last = good[1].tokens.count - 1
        var reward = good
        reward[1].advantages[last] = bad
        try await expectSkipped("numbers", GroupPolicyGradient(), reward, says: "The advantage of row 1 is \(bad)", on: model)
        var sampler = good
        sampler[1].samplerLogProbs[last] = bad
        try await expectSkipped("numbers", GroupPolicyGradient(), sampler, says: "The sampler's log-probability of row 1", on: model)
        var scalar = good
        for index in scalar.indices { scalar[index].scalars["reward"] = index == 2 ? Double(bad) : 1 }
        try await expectSkipped("numbers", RejectionSampling(), scalar, says: "The number “reward” of row 2", on: model)
        // What no objective takes, and what is not trained, does no harm.
        var harmless = good
        harmless[1].advantages[0] = bad
        harmless[1].channels["unused"] = harmless[1].tokens.map { _ in bad }
        let report = try await model.update(
            [Term(batch: batch(harmless), objective: GroupPolicyGradient())], with: Self.counted, passes: 1, miniBatch: 0, seed: Seed(1))
        #expect(report.steps == 1 && report.skipped == 0)
    }

    @Test("a reference's score")
    func scores() async throws {
        let model = try await host()
        await model.connect("broken", to: Constant(number: .nan))
        var settings = KLPenalty.Settings()
        settings.reference = "broken"
        try await expectSkipped("numbers", KLPenalty(settings), try rows(3), says: "The score “logProbs by broken (sampled)” of row", on: model)
    }

    @Test("logits: learning from them is skipped, sampling from them is refused, and no checkpoint is written")
    func logits() async throws {
        let model = try await host()
        let probe = Probe { try #require($0.reads[.logProbs]).sum() }
        // A rate this large leaves weights that overflow in the next forward pass.
        var settings = Self.counted
        settings.rate = .constant(1e38)
        _ = try await model.update([Term(batch: batch(try rows(3)), objective: probe)], with: settings, passes: 1, miniBatch: 0, seed: Seed(1))
        let report = try await model.update(
            [Term(batch: batch(try rows(3)), objective: probe)], with: Self.counted, passes: 3, miniBatch: 0, seed: Seed(1))
        #expect(report.skippedFor == ["loss": 3] && report.steps == 0)
        let error = await #expect(throws: ModelError.self) { _ = try await model.complete([request("1+1=", seed: 1)]) }
        #expect(try #require(error).description.contains("No token could be drawn"))
        settings.rate = .constant(.infinity)
        await #expect(throws: ModelError.self) {
            _ = try await host().update(
                [Term(batch: batch(try rows(3)), objective: TestCrossEntropy())], with: settings, passes: 1, miniBatch: 0, seed: Seed(1))
        }
    }

    @Test("weights that are not finite are never written")
    func checkpoint() async throws {
        let model = try await host()
        var settings = Self.counted
        settings.rate = .constant(3e38)
        settings.weightDecay = 10
        _ = try await model.update(
            [Term(batch: batch(try rows(3)), objective: TestCrossEntropy())], with: settings, passes: 1, miniBatch: 0, seed: Seed(1))
        let error = await #expect(throws: ModelError.self) { _ = try await model.checkpointFiles() }
        #expect(try #require(error).description.contains("not finite; no checkpoint is written"))
    }
}

@Test("heads give the same bits with one and two threads")
func headsAndThreads() async throws {
    let objective = ImplicitLanguageQ()
    var rows = try rows(24)
    for index in rows.indices { rows[index].channels["rewards"] = rows[index].tokens.map { _ in 0.5 } }
    var found: [[Float]] = []
    for threads in [1, 2] {
        let model = try await host(heads: objective.heads, threads: threads)
        try await model.snapshot("target")
        _ = try await model.update(
            [Term(batch: batch(rows), objective: objective)], with: OptimiserSettings(rate: .constant(1e-2)), passes: 4, miniBatch: 0,
            seed: Seed(1))
        found.append(try await model.score(rows.map(transcript), .head("q1")).flatMap(\.values))
    }
    let differing = zip(found[0], found[1]).filter { $0 != $1 }.count
    #expect(differing == 0, "\(differing) of \(found[0].count) numbers differ")
}
