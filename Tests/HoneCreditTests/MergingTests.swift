import HoneCore
import HoneCredit
import Testing

@Suite("Rows with the same tokens, learned as one")
struct MergingTests {
    private func row(_ tokens: [TokenID], _ advantage: Float, logProb: Float = -0.5) -> Example {
        Example(
            tokens: tokens, isTrained: [false, true], advantages: [advantage, advantage], samplerLogProbs: [0, logProb], episode: "e\(advantage)")
    }

    @Test("fall together by tokens, sampler and sign, in the order of the first")
    func byHand() {
        let batch = TrainingBatch(examples: [
            row([1, 2], 1), row([1, 3], -1), row([1, 2], 3), row([1, 2], -2), row([1, 2], 2, logProb: -0.25), row([1, 3], -3),
        ])
        let merged = batch.merged()
        #expect(merged.examples.map(\.tokens) == [[1, 2], [1, 3], [1, 2], [1, 2]])
        #expect(merged.examples.map { $0.advantages[1] } == [2, -2, -2, 2])
        // Four rows stand for six: two of them twice.
        let wanted: [Float] = [4.0 / 3, 4.0 / 3, 2.0 / 3, 2.0 / 3]
        #expect(merged.examples.map { $0.weights[1] } == wanted)
    }

    @Test("keep the sum of weight × advantage over rows, divided by their number, for each sign")
    func sums() {
        var generator = Seed(3).generator
        let rows = (0..<200).map { _ in row([1, TokenID(generator.integer(in: 0...4))], Float(generator.unit() - 0.5)) }
        let batch = TrainingBatch(examples: rows)
        let merged = batch.merged()
        #expect(merged.examples.count <= 10)
        for isPositive in [true, false] {
            func mean(_ batch: TrainingBatch) -> Double {
                var sum = 0.0
                for example in batch.examples where (example.advantages[1] > 0) == isPositive {
                    sum += Double(example.weights[1] * example.advantages[1])
                }
                return sum / Double(batch.examples.count)
            }
            #expect(abs(mean(batch) - mean(merged)) < 1e-6)
        }
    }

    @Test("a batch with pairs stays as it is, as does an empty one")
    func left() {
        let pairs = TrainingBatch(examples: [row([1, 2], 1), row([1, 2], 1)], pairs: [Pair(chosen: 0, rejected: 1)])
        #expect(pairs.merged() == pairs)
        #expect(TrainingBatch().merged() == TrainingBatch())
    }
}

@Suite("Advantages at tables with opponents")
struct OpponentCreditTests {
    @Test("the part of an opponent who only plays is neither learned nor in the mean")
    func opponents() throws {
        var played = group([1], steps: 2, world: "nim")
        played.episodes[0].steps[1].role = "player 1"
        played.episodes[0].steps[1].move.segments[0].isTrained = false
        played.verdicts.append(Verdict(on: .role(0, "player 1"), kind: .worldReturn, value: -1))
        var credit = RoleConditioned(decay: 0.5)
        let batch = try credit.batch(for: [.solver, "player 1"], from: [played], scores: ScoreTable())
        #expect(batch.examples.count == 1 && credit.memo.baselines == ["nim": [.solver: 0.5]])
    }

    @Test("as an ablation, all roles of a world share one mean")
    func shared() throws {
        var played = group([1], steps: 2, world: "nim")
        played.episodes[0].steps[1].role = "player 1"
        played.verdicts.append(Verdict(on: .role(0, "player 1"), kind: .worldReturn, value: -1))
        var credit = RoleConditioned(decay: 0.5, sharesBaseline: true)
        let batch = try credit.batch(for: [.solver, "player 1"], from: [played], scores: ScoreTable())
        #expect(batch.examples.map { $0.advantages[0] } == [1, -1.5] && credit.memo.baselines == ["nim": ["all": -0.25]])
    }
}
