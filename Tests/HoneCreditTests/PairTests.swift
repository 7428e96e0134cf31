import Foundation
import HoneCore
import HoneCredit
import Testing

@Suite("Preference pairs")
struct PairTests {
    /// Pairs as (chosen episode, rejected episode, margin).
    private func pairs(_ batch: TrainingBatch) -> [String] {
        batch.pairs.map { "\(batch.examples[$0.chosen].episode) > \(batch.examples[$0.rejected].episode) by \($0.margin)" }
    }

    private let played = group([0.5, 1, 0, 1], tokens: [[10, 11], [10, 12], [13, 14], [13, 15]])

    @Test("all pairs that differ, with the degree as margin")
    func all() throws {
        let found = try batch(PreferencePairs(), [played])
        #expect(pairs(found) == ["p/0 > p/2 by 0.5", "p/1 > p/0 by 0.5", "p/1 > p/2 by 1.0", "p/3 > p/0 by 0.5", "p/3 > p/2 by 1.0"])
        #expect(found.examples.numbers("label") == [1, 1, 0, 1])
        #expect(found.pairs.allSatisfy { $0.probability == 1 && $0.weight == 1 })
        let shares: [Double] = [1, 2.5, 0, 2.5]
        #expect(found.examples.numbers("winShare") == shares.map { $0 / 3 })
    }

    @Test("best versus worst, neighbours, and the nearest worse one")
    func choices() throws {
        #expect(try pairs(batch(BestVersusWorst(), [played])) == ["p/1 > p/2 by 1.0"])
        #expect(try pairs(batch(BestVersusWorst(threshold: 1), [played])) == [])
        #expect(try pairs(batch(PreferencePairs(choice: .adjacent), [played])) == ["p/3 > p/0 by 0.5", "p/0 > p/2 by 0.5"])
        // 10 12 is one token from 10 11, 13 15 one from 13 14.
        #expect(try pairs(batch(MinimalDifference(), [played])) == ["p/0 > p/2 by 0.5", "p/1 > p/0 by 0.5", "p/3 > p/2 by 1.0"])
    }

    @Test("soft labels are σ(difference / temperature); a pair can weigh its difference")
    func soft() throws {
        let found = try batch(PreferencePairs(choice: .bestVersusWorst, temperature: 0.5, weighsByDifference: true), [group([0.25, 1])]).pairs
        let likely = 1 / (1 + exp(-1.5))
        #expect(found == [Pair(chosen: 1, rejected: 0, probability: likely, margin: 0.75, weight: 0.75)])
    }

    @Test("judged pairs: who is preferred is chosen, and P is the soft label")
    func judged() throws {
        var judged = group([nil, nil, nil])
        judged.verdicts = [
            Verdict(on: .pair(0, over: 1), kind: "better", value: 0.25), Verdict(on: .pair(2, over: 1), kind: "better", value: 0.75),
            Verdict(on: .pair(1, over: 2), kind: "better", value: 0.25),
        ]
        let found = try batch(PreferencePairs(kind: "better", temperature: 1), [judged])
        #expect(pairs(found) == ["p/1 > p/0 by 0.5", "p/2 > p/1 by 0.5"])
        #expect(found.pairs.map(\.probability) == [0.75, 0.75])
        // Shares: 0 has ¼, 1 has (¾ + ¼) / 2, 2 has ¾; nobody compared 2 with 0.
        #expect(found.examples.numbers("reward") == [0.25, 0.5, 0.75])
        #expect(try batch(BestVersusWorst(kind: "better"), [judged]).pairs.isEmpty)
    }

    @Test("the same words twice are no pair, and equal rewards make none")
    func noPairs() throws {
        #expect(try batch(PreferencePairs(), [group([1, 0], tokens: [[10], [10]])]) == TrainingBatch())
        #expect(try batch(PreferencePairs(), [group([1, 1]), group([1]), group([])]) == TrainingBatch())
    }

    @Test("several moves of an episode are one row, and pairs of later groups point behind the rows of earlier ones")
    func rows() throws {
        let two = group(
            of: [chain("a", [[10], [11]]), chain("b", [[12], [13]])],
            [Verdict(on: .episode(0), kind: .worldReturn, value: 1), Verdict(on: .episode(1), kind: .worldReturn, value: 0)])
        let found = try batch(PreferencePairs(), [two, two])
        #expect(found.examples[0].tokens == [1, 2, 10, 11] && found.examples[0].isTrained == [false, false, true, true])
        #expect(found.examples[0].samplerLogProbs[2...] == [-0.1, -0.11])
        #expect(found.pairs.map { [$0.chosen, $0.rejected] } == [[0, 1], [2, 3]])
        var broken = two
        broken.episodes[0].steps[1].context = [Segment(origin: .prompt, content: .tokens([1, 9], text: "?"))]
        #expect(sentence { _ = try batch(PreferencePairs(), [broken]) }.contains("does not begin with all that came before it"))
    }

    @Test("unknown log-probabilities stay unknown")
    func logProbs() throws {
        let found = try batch(PreferencePairs(), [group([1, 0], logProbs: false)])
        #expect(found.pairs.count == 1 && found.examples.allSatisfy(\.samplerLogProbs.isEmpty))
    }

    @Test("SPIN: what was written is chosen over what the model said, also among children")
    func demonstrations() throws {
        var played = group([nil, nil], tokens: [[10], [11]])
        played.children = [group([nil], tokens: [[12]], problem: "written", logProbs: false, origin: .demonstration)]
        let found = try batch(DemonstrationPairs(), [played])
        #expect(pairs(found) == ["written/0 > p/0 by 0.0", "written/0 > p/1 by 0.0"])
        #expect(found.examples[0].isTrained == [false, false, true])
        #expect(try batch(DemonstrationPairs(), [group([1, 0])]) == TrainingBatch())
    }
}
