import Foundation
import HoneCore
import Testing

@Suite("Training batches")
struct TrainingTests {
    @Test("a row weighs every token 1 unless said otherwise, and makes up no numbers")
    func defaults() {
        let row = Example(tokens: [1, 2, 3], isTrained: [false, true, true])
        #expect(row.weights == [1, 1, 1])
        #expect(row.advantages == [] && row.samplerLogProbs == [] && row.channels == [:] && row.scalars == [:])
        #expect(row.group == 0 && row.episode == "")
        #expect(Example(tokens: [1], isTrained: [false], weights: [0.25]).weights == [0.25])
        #expect(Example(tokens: [], isTrained: []).weights == [])
    }

    @Test("trained tokens are counted by the mask alone", arguments: [
        ([], 0), ([false], 0), ([false, true], 1), ([false, true, false, true, true], 3),
    ] as [([Bool], Int)])
    func counts(mask: [Bool], count: Int) {
        let row = Example(tokens: [TokenID](repeating: 7, count: mask.count), isTrained: mask, weights: [Float](repeating: 0, count: mask.count))
        #expect(row.trainedCount == count)
        #expect(TrainingBatch(examples: [row, row, Example(tokens: [1], isTrained: [false])]).trainedTokens == 2 * count)
    }

    @Test("a batch counts the tokens of all its rows, whatever their order", arguments: 0..<10)
    func batchCounts(number: Int) throws {
        var generator = Seed(1).child("batch", number).generator
        let rows = (0..<generator.integer(in: 0...9)).map { index in
            let mask = (0..<generator.integer(in: 0...20)).map { _ in generator.chance(0.4) }
            return Example(
                tokens: mask.map { _ in TokenID(generator.integer(in: 0...99)) }, isTrained: mask,
                advantages: mask.map { _ in RandomValues.float(&generator) }, samplerLogProbs: mask.map { _ in RandomValues.float(&generator) },
                channels: ["value": mask.map { _ in RandomValues.float(&generator) }], scalars: ["reward": generator.unit()], group: index,
                episode: "e\(index)")
        }
        let batch = TrainingBatch(examples: rows, pairs: [Pair(chosen: 0, rejected: 1)])
        #expect(batch.trainedTokens == rows.flatMap(\.isTrained).count { $0 })
        #expect(TrainingBatch(examples: generator.shuffled(rows)).trainedTokens == batch.trainedTokens)
        #expect(try roundTrip(batch) == batch)
    }

    @Test("a preference is certain, without margin and of weight 1 unless said otherwise")
    func pairs() throws {
        let pair = Pair(chosen: 3, rejected: 1)
        #expect(pair.probability == 1 && pair.margin == 0 && pair.weight == 1)
        let other = Pair(chosen: 1, rejected: 3, probability: 0.7, margin: 2, weight: 0.5)
        #expect(try roundTrip(other) == other)
        #expect(pair != Pair(chosen: 1, rejected: 3))
    }

    @Test("a score is a key of its quantity, model, snapshot and context")
    func scores() throws {
        let all = [
            Score(.logProbs, by: "policy"), Score(.entropies, by: "policy"), Score(.logProbs, by: "critic"),
            Score(.logProbs, by: ModelRef("policy", snapshot: "base")), Score(.logProbs, by: "policy", context: "hinted"),
        ]
        #expect(Set(all + all).count == all.count)
        #expect(Set(all.map(\.description)).count == all.count)
        for score in all { #expect(try roundTrip(score) == score) }
        let table = ScoreTable(rows: [all[0]: [.init(episode: "e", step: 1): Scores(values: [-1], shape: [1])]])
        #expect(table.rows[Score(.logProbs, by: "policy")]?[.init(episode: "e", step: 1)]?.values == [-1])
        #expect(table.rows[all[0]]?[.init(episode: "e", step: 0)] == nil && ScoreTable().rows.isEmpty)
    }

    @Test("numbers without end stay so in JSON, and a row's lists keep their last bit")
    func edges() throws {
        let row = Example(
            tokens: [.max, .min, 0], isTrained: [false, true, true], weights: [0, 0.1, .leastNonzeroMagnitude],
            advantages: [.infinity, -.infinity, 1e-38], samplerLogProbs: [-0.1, -104, -.infinity])
        #expect(try roundTrip(row) == row)
    }
}

@Suite("Estimates and records")
struct RecordTests {
    static let cost: Cost = {
        var cost = Cost()
        cost.sampledTokens = 120
        cost.promptTokens = 64
        cost.episodes = 2
        return cost
    }()

    /// What `Fixtures/iteration.json` holds.
    static let record: IterationRecord = {
        let sampled = Segment(
            origin: .model(ModelRef("policy"), update: 3), author: .solver, content: .tokens([5, 6], text: "42"), samplerLogProbs: [-0.5, -1.25],
            entropies: [0.75, 1.5], isTrained: true)
        let search = SearchTree(
            nodes: [.init(parent: nil, move: Move(text: "42"), visits: 2, value: 0.5, prior: 0.25)], chosen: 0)
        let won = Episode(
            id: "improve/3/p17/sample 0",
            steps: [Step(role: .solver, context: [spelled([1, 2], "6*7=")], move: Move(segments: [sampled], tree: search))],
            returns: ["solver": 1], ending: .completed,
            cast: ["solver": Player(model: ModelRef("policy", snapshot: "base"), sampling: Sampling(temperature: 0.5, limit: 8, stop: ["\n"]))])
        let lost = Episode(id: "improve/3/p17/sample 1", ending: .failed("“x” broke"))
        let problem = Problem(
            id: "p17", world: "arithmetic", text: "6*7=", answer: "42", parameters: [6, 7.5], details: ["kind": "product"], demonstrations: ["42"])
        let group = EpisodeGroup(
            assignment: Assignment(problem: problem, samples: 2), episodes: [won, lost],
            verdicts: [
                Verdict(on: .role(0, .solver), kind: .worldReturn, value: 1),
                Verdict(on: .span(0, 0, 1...2), kind: "step", value: 0, confidence: 0.5, critique: "6·7 is 42", madeBy: "judge/1"),
            ])
        return IterationRecord(
            index: 3, stage: "improve", indexInStage: 3, groups: [group], updates: ["loss": -0.125, "ratio": .infinity],
            training: ["reward": Estimate(mean: 0.5, low: 0.25, high: 0.75, count: 2, unit: "share")],
            measures: [MeasureRecord(name: "held-out", estimate: Estimate(mean: 1, low: 0.5, high: 1, count: 9, unit: "share"), cost: cost)],
            cost: cost, decisions: ["slower"], seconds: 1.5)
    }()

    @Test("a record as it was stored by the first version is still read, field by field")
    func oldRecords() throws {
        let stored = try JSONValue(parsing: fixture("iteration.json"))
        let record = try stored.decode(IterationRecord.self)
        #expect(record.groups == Self.record.groups)
        #expect(record.index == 3 && record.stage == "improve" && record.indexInStage == 3)
        #expect(record.updates == ["loss": -0.125, "ratio": .infinity])
        #expect(record.training == Self.record.training && record.measures == Self.record.measures)
        #expect(record.cost == Self.cost && record.decisions == ["slower"] && record.seconds == 1.5)
    }

    @Test("a record is still written as the first version wrote it, so that digests of old runs hold")
    func spelling() throws {
        let stored = try JSONValue(parsing: fixture("iteration.json"))
        #expect(try JSONValue(encoding: Self.record).canonical == stored.canonical)
        #expect(try JSONValue(encoding: stored.decode(IterationRecord.self)).canonical == stored.canonical)
    }

    @Test("a record without one of its parts is refused, and the part is named", arguments: [
        "index", "stage", "indexInStage", "groups", "updates", "training", "measures", "cost", "decisions", "seconds",
    ])
    func missing(key: String) throws {
        guard case .object(var members) = try JSONValue(parsing: fixture("iteration.json")) else { return }
        #expect(members.removeValue(forKey: key) != nil)
        let json = JSONValue.object(members)
        #expect(sentence { _ = try json.decode(IterationRecord.self) }?.contains(key) == true)
    }

    @Test("an empty record holds nothing and costs nothing")
    func empty() throws {
        let record = try roundTrip(IterationRecord(index: -1, stage: "start", indexInStage: 0))
        #expect(record.index == -1 && record.groups.isEmpty && record.updates.isEmpty && record.cost == Cost() && record.seconds == 0)
    }

    @Test("estimates keep mean, interval, count and unit, also when nothing could be measured")
    func estimates() throws {
        let estimate = Estimate(mean: 0.1, low: -.infinity, high: .infinity, count: 0, unit: "nats")
        #expect(try roundTrip(estimate) == estimate)
        let json = try JSONValue(encoding: Estimate(mean: 1, low: 0.5, high: 2, count: 3, unit: "share"))
        #expect(json.canonical == #"{"count":3,"high":2,"low":0.5,"mean":1,"unit":"share"}"#)
        #expect(try roundTrip(Estimate(mean: .nan, low: 0, high: 1, count: 1, unit: "")).mean.isNaN)
    }

    @Test("a checkpoint is its iteration and its files")
    func checkpoints() {
        let checkpoint = Checkpoint(iteration: 4, files: ["state.json": .init([1, 2])])
        #expect(checkpoint.iteration == 4 && checkpoint.files["state.json"]?.count == 2)
    }
}
