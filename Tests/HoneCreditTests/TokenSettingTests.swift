import HoneCore
import HoneCredit
import Testing

/// Scores of a head, the same number before every token of a step.
private func table(_ values: [(EpisodeID, Int, [Float])], head: HeadName = "value", by model: ModelRef = "policy") -> ScoreTable {
    var rows: [ScoreTable.Place: Scores] = [:]
    for (episode, step, own) in values { rows[.init(episode: episode, step: step)] = Scores(values: own, shape: [own.count]) }
    return ScoreTable(rows: [Score(.head(head), by: model): rows])
}

private func areClose(_ found: [Float], _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { isClose(Double($0), $1, 1e-6) }
}

@Suite("Settings of credit for tokens")
struct TokenSettingTests {
    /// Two steps, of two tokens and of one, with 4 at the end and 2 for the first step.
    private let played = group(
        of: [chain("e", [[10, 11], [12]])],
        [Verdict(on: .episode(0), kind: .worldReturn, value: 4), Verdict(on: .step(0, 0), kind: "paid", value: 2)])

    /// The last advantage of each row.
    private func last(_ credit: some Credit, scores: ScoreTable = ScoreTable()) throws -> [Float] {
        try batch(credit, [played], scores: scores).examples.map { $0.advantages.last ?? .nan }
    }

    @Test("discounts: 0 pays each unit its own reward, 1 all that is to come, ½ half per unit", arguments: zip([0.0, 0.5, 1], [[0.0, 4], [2, 4], [4, 4]]))
    func discounts(discount: Double, expected: [Double]) throws {
        let credit = DiscountedReturns(streams: [RewardStream(.worldReturn, discount: discount)], baseline: .none)
        #expect(try areClose(last(credit), expected))
        // Per token the first token is two units away from the end.
        let tokens = DiscountedReturns(streams: [RewardStream(.worldReturn, discount: discount)], unit: .token, baseline: .none)
        let row = try batch(tokens, [played]).examples[0]
        #expect(areClose(Array(row.advantages[2...]), [4 * discount * discount, 4 * discount]))
        // The role never hands over, so both steps are one turn.
        let turns = DiscountedReturns(streams: [RewardStream(.worldReturn, discount: discount)], unit: .turn, baseline: .none)
        #expect(try areClose(last(turns), [4, 4]))
    }

    @Test("streams: each weighs its own rewards and discounts them by itself")
    func streams() throws {
        func found(_ outcome: RewardStream, _ paid: RewardStream) throws -> [Float] { try last(DiscountedReturns(streams: [outcome, paid], baseline: .none)) }
        #expect(try areClose(found(RewardStream(.worldReturn), RewardStream("paid")), [6, 4]))
        #expect(try areClose(found(RewardStream(.worldReturn, weight: 0.5), RewardStream("paid", weight: 3)), [8, 2]))
        #expect(try areClose(found(RewardStream(.worldReturn, discount: 0), RewardStream("paid")), [2, 4]))
        #expect(try areClose(found(RewardStream(.worldReturn, weight: 0), RewardStream("paid")), [2, 0]))
        let rows = try batch(DiscountedReturns(streams: [RewardStream(.worldReturn, weight: 0.5), RewardStream("paid")], baseline: .none), [played]).examples
        #expect(rows.numbers("reward") == [4, 4], "a row's reward is the weighted sum of what was paid")
        #expect(rows[0].channel("rewards") == [0, 0, 0, 2] && rows[1].channel("rewards") == [0, 0, 0, 0, 2])
    }

    @Test("baselines of the group and of the batch take units of the same number; those of others are let be")
    func baselines() throws {
        func game(_ problem: String, _ values: [Double]) -> EpisodeGroup {
            group(
                of: values.indices.map { chain("\(problem)/\($0)", $0 == 0 ? [[10], [11]] : [[12]]) },
                values.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }, problem: Problem(id: problem, world: "w"))
        }
        let groups = [game("a", [1, 3]), game("b", [5, 7])]
        func found(_ baseline: DiscountedReturns.Baseline) throws -> [Float] { try advantages(DiscountedReturns(baseline: baseline), groups) }
        // First units 1, 3 | 5, 7; second units 1 | 5.
        #expect(try found(.none) == [1, 1, 3, 5, 5, 7])
        #expect(try found(.groupMean) == [-1, 0, 1, -1, 0, 1])
        #expect(try found(.batchMean) == [-3, -2, -1, 1, 2, 3])
        #expect(try found(.leaveOneOut) == [-2, 0, 2, -2, 0, 2])
    }

    @Test("the value baseline reads the head and the model that are set, before the unit's first token")
    func valueHead() throws {
        let credit = DiscountedReturns(baseline: .valueHead, critic: "judge", head: "worth")
        #expect(credit.needs == [Score(.head("worth"), by: "judge")] && DiscountedReturns(baseline: .groupMean, critic: "judge").needs.isEmpty)
        let scores = table([("e", 0, [9, 1, 7]), ("e", 1, [9, 9, 9, 3])], head: "worth", by: "judge")
        #expect(try areClose(last(credit, scores: scores), [3, 1]))
        #expect(sentence { _ = try last(credit, scores: table([("e", 0, [9, 1, 7])])) }.contains("The score "))
    }

    @Test("generalised advantages: λ between trust in values and in rewards, γ from unit to unit", arguments: [0.0, 0.5, 1], [0.0, 0.5, 1])
    func lambdas(lambda: Double, discount: Double) throws {
        // Over steps: values 1 and 3, rewards 2 (with `paid`) and 4.
        let scores = table([("e", 0, [0, 1, 8]), ("e", 1, [0, 0, 0, 3])])
        let credit = GeneralisedAdvantage(streams: [RewardStream(.worldReturn), RewardStream("paid")], discount: discount, lambda: lambda, unit: .step)
        let second = 4.0 - 3
        let first = 2 + discount * 3 - 1 + discount * lambda * second
        #expect(try areClose(last(credit, scores: scores), [first, second]))
        let rows = try batch(credit, [played], scores: scores).examples
        #expect(areClose(rows.map { $0.channel("returns").last ?? .nan }, [first + 1, second + 3]))
        #expect(rows[0].channel("oldValues") == [0, 0, 1, 8] && rows[1].channel("oldValues") == [0, 0, 0, 0, 3])
    }

    @Test("another head, another critic, another reference: all are asked for, and read")
    func names() throws {
        let credit = GeneralisedAdvantage(lambda: 1, critic: "judge", head: "worth", klCoefficient: 0.5, reference: "anchor")
        #expect(credit.needs == [Score(.head("worth"), by: "judge"), Score(.logProbs, by: "anchor")])
        #expect(GeneralisedAdvantage(reference: "anchor").needs == [Score(.head("value"), by: "policy")])
        var scores = table([("p/0", 0, [0, 1])], head: "worth", by: "judge")
        scores.rows[Score(.logProbs, by: "anchor")] = [.init(episode: "p/0", step: 0): Scores(values: [0, -0.3], shape: [2])]
        // The sampler's −0.10 is 0.2 above the reference: 1 − 0.5·0.2 − 1.
        #expect(try areClose(advantages(credit, [group([1], tokens: [[10]])], scores: scores), [-0.1]))
    }

    @Test("whitening: each role by itself, and λ, γ before it")
    func whitening() throws {
        func episode(_ id: String) -> Episode {
            Episode(id: EpisodeID(id), steps: [step(.solver, after: [1], move: [10]), step("critic", after: [1, 10], move: [11])])
        }
        let verdicts = [(0, Role.solver, 5.0), (0, "critic", 1), (1, .solver, 7), (1, "critic", 1.5)].map {
            Verdict(on: .role($0.0, $0.1), kind: .worldReturn, value: $0.2)
        }
        let scores = table(["a", "b"].flatMap { id in [(EpisodeID(id), 0, [0]), (EpisodeID(id), 1, [0, 0])] })
        let rows = try batch(GeneralisedAdvantage(whitens: true), [group(of: [episode("a"), episode("b")], verdicts)], roles: [.solver, "critic"], scores: scores).examples
        #expect(areClose(rows.map { $0.advantages.last ?? .nan }, [-1, 1, -1, 1]))
    }

    @Test("fine-grained is GAE over tokens with γ = 1 and its own λ, weights and penalty", arguments: [0.0, 0.95])
    func fineGrained(lambda: Double) throws {
        let streams = [RewardStream(.worldReturn, weight: 0.3), RewardStream("paid", weight: 2)]
        var scores = table([("e", 0, [0, 1, 0.5]), ("e", 1, [0, 0, 0, 2])])
        scores.rows[Score(.logProbs, by: "anchor")] = [
            .init(episode: "e", step: 0): Scores(values: [0, -0.2, -0.3], shape: [3]), .init(episode: "e", step: 1): Scores(values: [0, 0, 0, -0.1], shape: [4]),
        ]
        let own = FineGrained(streams: streams, klCoefficient: 0.5, lambda: lambda, whitens: false, reference: "anchor")
        let general = GeneralisedAdvantage(streams: streams, discount: 1, lambda: lambda, klCoefficient: 0.5, reference: "anchor")
        #expect(own.needs == general.needs)
        #expect(try batch(own, [played], scores: scores) == batch(general, [played], scores: scores))
        #expect(FineGrained(klCoefficient: 0).needs == [Score(.head("value"), by: "policy")])
    }

    @Test("rewards on spans are paid at their last trained token, wherever the move's segments are cut")
    func segments() throws {
        // The move: 10 11 by the model, 90 by a tool, 12 13 by the model.
        var episode = chain("e", [[10, 11]])
        episode.steps[0].move.segments += [Segment(origin: .tool, content: .tokens([90], text: "=")), said([12, 13])]
        let expected: [(ClosedRange<Int>, [Float])] = [
            (0...0, [1, 0, 0, 0, 0]), (0...1, [0, 1, 0, 0, 0]), (1...2, [0, 1, 0, 0, 0]), (2...2, [0, 1, 0, 0, 0]), (2...3, [0, 0, 0, 1, 0]),
            (4...4, [0, 0, 0, 0, 1]), (0...4, [0, 0, 0, 0, 1]),
        ]
        for (range, paid) in expected {
            let judged = group(of: [episode], [Verdict(on: .span(0, 0, range), kind: "good", value: 1)])
            let credit = DiscountedReturns(streams: [RewardStream("good", discount: 0)], unit: .token, baseline: .none)
            #expect(try batch(credit, [judged]).examples[0].channel("rewards") == [0, 0] + paid, "\(range)")
        }
    }

    @Test("a reward before any trained token is earned by none; of a step without one it goes to the step before")
    func untrainedSteps() throws {
        var episode = chain("e", [[10], [11], [12]])
        episode.steps[0].move.segments[0].isTrained = false
        func rewards(_ step: Int) throws -> [[Float]] {
            let judged = group(of: [episode], [Verdict(on: .step(0, step), kind: "good", value: 1)])
            let credit = DiscountedReturns(streams: [RewardStream("good", discount: 0)], baseline: .none)
            return try batch(credit, [judged]).examples.map { Array($0.channel("rewards").suffix(1)) }
        }
        #expect(try rewards(0) == [[0], [0], [0]] && rewards(1) == [[0], [1], [0]])
        episode.steps[1].move.segments[0].isTrained = false
        episode.steps[0].move.segments[0].isTrained = true
        #expect(try rewards(1) == [[1], [0], [0]])
    }

    @Test("verdicts on other roles' steps and on the group pay nothing; the role's own verdict goes before the episode's")
    func subjects() throws {
        var episode = chain("e", [[10], [11]])
        episode.steps[1].role = "critic"
        let verdicts = [
            Verdict(on: .group, kind: "good", value: 100), Verdict(on: .step(0, 1), kind: "good", value: 10), Verdict(on: .episode(0), kind: "good", value: 1),
        ]
        let credit = DiscountedReturns(streams: [RewardStream("good")], baseline: .none)
        #expect(try advantages(credit, [group(of: [episode], verdicts)]) == [1])
        let own = verdicts + [Verdict(on: .role(0, .solver), kind: "good", value: 2)]
        #expect(try advantages(credit, [group(of: [episode], own)]) == [2])
        #expect(try batch(credit, [group(of: [episode], own)], roles: ["critic"]).examples.map { $0.advantages.last ?? 0 } == [11])
    }
}
