import Foundation
import HoneCore
import HoneCredit
import Testing

/// Scores of a head: one value per token after the first, the same for all steps of a kind of place.
func headScores(_ values: [(episode: EpisodeID, step: Int, values: [Float])], head: HeadName = "value") -> ScoreTable {
    var rows: [ScoreTable.Place: Scores] = [:]
    for (episode, step, values) in values { rows[.init(episode: episode, step: step)] = Scores(values: values, shape: [values.count]) }
    return ScoreTable(rows: [Score(.head(head), by: "policy"): rows])
}

@Suite("Generalised advantages")
struct GeneralisedAdvantageTests {
    @Test("three units by hand: γ = ½, λ = ½")
    func byHand() {
        // δ = 1 + ½·4 − 2 = 1, 0 + ½·2 − 4 = −3, 3 − 2 = 1; A₂ = 1, A₁ = −3 + ¼, A₀ = 1 + ¼·(−2.75).
        let found = GeneralisedAdvantage.advantages(rewards: [1, 0, 3], values: [2, 4, 2], discount: 0.5, lambda: 0.5)
        #expect(found == [0.3125, -2.75, 1])
        #expect(GeneralisedAdvantage.advantages(rewards: [], values: [], discount: 1, lambda: 1).isEmpty)
    }

    @Test("λ = 1 is the return minus the value, λ = 0 the one-step error")
    func ends() {
        var generator = Seed(2).generator
        for count in 1...12 {
            let rewards = (0..<count).map { _ in generator.unit() - 0.5 }
            let values = (0..<count).map { _ in generator.unit() }
            let whole = GeneralisedAdvantage.advantages(rewards: rewards, values: values, discount: 0.9, lambda: 1)
            let returns = DiscountedReturns.returns(rewards, discount: 0.9)
            for unit in 0..<count { #expect(isClose(whole[unit], returns[unit] - values[unit])) }
            let step = GeneralisedAdvantage.advantages(rewards: rewards, values: values, discount: 0.9, lambda: 0)
            for unit in 0..<count {
                #expect(isClose(step[unit], rewards[unit] + 0.9 * (unit + 1 < count ? values[unit + 1] : 0) - values[unit]))
            }
        }
    }

    @Test("values are read before each trained token; returns and old values come with the row")
    func rows() throws {
        var credit = GeneralisedAdvantage(discount: 1, lambda: 0)
        #expect(credit.needs == [Score(.head("value"), by: "policy")])
        // Tokens 1 2 | 10 11 12: entry t − 1 is about token t, so the move's values are 2, 3, 4.
        let batch = try credit.batch(for: [.solver], from: [group([1])], scores: headScores([("p/0", 0, [9, 2, 3, 4])]))
        let row = batch.examples[0]
        #expect(row.advantages == [0, 0, 1, 1, -3])
        #expect(row.channel("oldValues") == [0, 0, 2, 3, 4] && row.channel("returns") == [0, 0, 3, 4, 1])
        #expect(row.scalars["reward"] == 1)
    }

    @Test("over steps, tokens of a step share an advantage and its first value stands for it")
    func steps() throws {
        let played = group(of: [chain("e", [[10, 11], [12]])], [Verdict(on: .role(0, .solver), kind: .worldReturn, value: 1)])
        let scores = headScores([("e", 0, [0, 0.5, 7]), ("e", 1, [0, 0, 0, 0.25])])
        let rows = try batch(GeneralisedAdvantage(discount: 0.5, lambda: 1, unit: .step), [played], scores: scores).examples
        #expect(rows[0].advantages == [0, 0, 0, 0] && rows[1].advantages == [0, 0, 0, 0, 0.75])
        #expect(rows[0].channel("returns") == [0, 0, 0.5, 0.5] && rows[1].channel("returns") == [0, 0, 0, 0, 1])
    }

    @Test("a turn lasts until another role moves")
    func turns() throws {
        var episode = chain("e", [[10], [11], [12], [13]])
        episode.steps[2].role = "critic"
        let played = group(of: [episode], [Verdict(on: .role(0, .solver), kind: .worldReturn, value: 8)])
        let rows = try batch(DiscountedReturns(streams: [RewardStream(.worldReturn, discount: 0.5)], unit: .turn, baseline: .none), [played]).examples
        #expect(rows.map { $0.advantages.last ?? 0 } == [4, 4, 8])
        let steps = try batch(DiscountedReturns(streams: [RewardStream(.worldReturn, discount: 0.5)], unit: .step, baseline: .none), [played]).examples
        #expect(steps.map { $0.advantages.last ?? 0 } == [2, 4, 8])
    }

    @Test("the penalty against the reference is paid at every token")
    func penalty() throws {
        let reference = ModelRef("policy", snapshot: "base")
        var scores = headScores([("p/0", 0, [0, 0, 0, 0])])
        // The sampler said −0.10, −0.11, −0.12.
        scores.rows[Score(.logProbs, by: reference)] = [.init(episode: "p/0", step: 0): Scores(values: [0, -0.2, -0.11, -0.02], shape: [4])]
        let row = try batch(GeneralisedAdvantage(lambda: 1, klCoefficient: 10), [group([1])], scores: scores).examples[0]
        for (found, value) in zip(row.advantages[2...], [1.0, 2, 2]) { #expect(isClose(Double(found), value, 1e-6)) }
    }

    @Test("whitened advantages have mean 0 and deviation 1 over all trained tokens; equal ones are 0")
    func whitened() throws {
        let scores = headScores((0..<2).map { ("p/\($0)", 0, [0, 0, 0, 0]) })
        let rows = try batch(GeneralisedAdvantage(lambda: 1, whitens: true), [group([1, 0])], scores: scores).examples
        #expect(zip(rows.map { $0.advantages[2] }, [1, -1]).allSatisfy { abs($0 - $1) < 1e-6 })
        let same = try batch(GeneralisedAdvantage(lambda: 1, whitens: true), [group([1, 1])], scores: scores).examples
        #expect(same.allSatisfy { $0.advantages.allSatisfy { $0 == 0 } })
    }

    @Test("missing, short and non-finite values are refused")
    func refusals() {
        func refusal(_ scores: ScoreTable) -> String { sentence { _ = try batch(GeneralisedAdvantage(), [group([1])], scores: scores) } }
        #expect(refusal(ScoreTable()).contains("was not computed"))
        #expect(refusal(headScores([("p/1", 0, [0])])).contains("for step 0"))
        #expect(refusal(headScores([("p/0", 0, [0, 0])])).contains("2 numbers"))
        #expect(refusal(headScores([("p/0", 0, [0, .nan, 0, 0])])).contains("expected a finite number"))
    }
}

@Suite("Streams of rewards")
struct StreamTests {
    @Test("fine-grained: each kind is paid at the end of its own segment, by its weight")
    func fineGrained() throws {
        let played = group(
            of: [chain("e", [[10, 11, 12, 13]])],
            [
                Verdict(on: .span(0, 0, 0...1), kind: "relevant", value: 1), Verdict(on: .span(0, 0, 2...3), kind: "relevant", value: -1),
                Verdict(on: .span(0, 0, 1...2), kind: "factual", value: 1), Verdict(on: .episode(0), kind: "complete", value: 2),
            ])
        let credit = FineGrained(
            streams: [RewardStream("relevant", weight: 0.5), RewardStream("factual", weight: 2), RewardStream("complete", weight: 0.25)],
            klCoefficient: 0, lambda: 1, whitens: false)
        let row = try batch(credit, [played], scores: headScores([("e", 0, [0, 0, 0, 0, 0])])).examples[0]
        // Paid: 0, ½, 2, −½ + ½; to go from each token on.
        #expect(row.advantages == [0, 0, 2.5, 2.5, 2, 0] && row.scalars["reward"] == 2.5)
        #expect(credit.needs == [Score(.head("value"), by: "policy")])
    }

    @Test("a reward on tokens that are not trained goes to the trained token before it")
    func untrainedTokens() throws {
        var episode = chain("e", [[10, 11]])
        episode.steps[0].move.segments.append(Segment(origin: .tool, content: .tokens([90, 91], text: "=")))
        let played = group(of: [episode], [Verdict(on: .span(0, 0, 2...3), kind: .worldReturn, value: 1)])
        let row = try batch(DiscountedReturns(streams: [RewardStream(.worldReturn, discount: 0)], unit: .token, baseline: .none), [played]).examples[0]
        #expect(row.advantages == [0, 0, 0, 1, 0, 0] && row.channel("rewards") == [0, 0, 0, 1, 0, 0])
    }

    @Test("of several verdicts on the same thing the last counts; on different things they add up")
    func lastCounts() throws {
        let played = group(
            of: [chain("e", [[10], [11]])],
            [(0, 1.0), (1, 2), (0, 4)].map { Verdict(on: .step(0, $0.0), kind: "paid", value: $0.1) })
        #expect(try advantages(DiscountedReturns(streams: [RewardStream("paid")], baseline: .none), [played]) == [6, 2])
    }

    @Test("each stream's own returns are channels, and the first step's tokens are marked")
    func channels() throws {
        let played = group(of: [chain("e", [[10], [11]])], [Verdict(on: .episode(0), kind: "a", value: 1), Verdict(on: .step(0, 0), kind: "b", value: 4)])
        let rows = try batch(
            DiscountedReturns(streams: [RewardStream("a", discount: 0.5), RewardStream("b", discount: 0.5)], baseline: .none), [played]
        ).examples
        #expect(rows[0].channel("returns1") == [0, 0, 0.5] && rows[0].channel("returns2") == [0, 0, 4] && rows[0].channel("returns") == [0, 0, 4.5])
        #expect(rows.map { $0.channel("turn").last ?? .nan } == [0, 1])
    }

    @Test("baselines compare units with the same number")
    func baselines() throws {
        let played = group(
            of: [chain("a", [[10], [11]]), chain("b", [[10], [12]]), chain("c", [[13]])],
            [(0, 6.0), (1, 0), (2, 3)].map { Verdict(on: .episode($0.0), kind: .worldReturn, value: $0.1) })
        func found(_ baseline: DiscountedReturns.Baseline) throws -> [Float] { try advantages(DiscountedReturns(baseline: baseline), [played]) }
        #expect(try found(.none) == [6, 6, 0, 0, 3])
        #expect(try found(.groupMean) == [3, 3, -3, -3, 0])
        #expect(try found(.leaveOneOut) == [4.5, 6, -4.5, -6, 0])
        let two = try advantages(DiscountedReturns(baseline: .batchMean), [group([4]), group([0])])
        #expect(two == [2, -2])
        let scores = headScores([("p/0", 0, [0, 1, 5, 5])])
        #expect(try advantages(DiscountedReturns(baseline: .valueHead), [group([3])], scores: scores) == [2])
    }

    @Test("kinds that nobody judged, and spans beyond the move, are refused")
    func refusals() {
        let played = group(of: [chain("e", [[10]])], [Verdict(on: .span(0, 0, 0...1), kind: "paid", value: 1)])
        func refusal(_ kinds: VerdictKind...) -> String {
            sentence { _ = try batch(DiscountedReturns(streams: kinds.map { RewardStream($0) }), [played]) }
        }
        #expect(refusal("a", "b").contains("no verdict of the kinds “a”, “b”"))
        #expect(refusal("paid").contains("whose move has 1 tokens"))
    }
}
