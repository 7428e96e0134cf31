import HoneCore
import HoneCredit
import Testing

@Suite("Shaped rewards")
struct ShapingTests {
    /// The rewards that shapings leave of a group's.
    private func shaped(_ group: EpisodeGroup, _ shapings: any RewardShaping...) throws -> [Double] {
        try batch(Shaped(ReinforceBaseline(baseline: .none), by: shapings), [group]).examples.numbers("reward")
    }

    /// A group whose responses have these lengths.
    private func group(_ rewards: [Double], lengths: [Int]) -> EpisodeGroup {
        HoneCreditTests.group(rewards, tokens: lengths.map { (0..<$0).map { TokenID(10 + $0) } })
    }

    @Test("DAPO: 0 up to the buffer, then linearly down, −1 beyond the limit")
    func overlong() throws {
        let shaping = OverlongPenalty(limit: 10, buffer: 4)
        #expect([0, 6, 7, 8, 10, 11, 99].map { shaping.penalty(length: $0) } == [0, 0, -0.25, -0.5, -1, -1, -1])
        #expect(OverlongPenalty(limit: 10, buffer: 0, factor: 2).penalty(length: 10) == 0)
        #expect(OverlongPenalty(limit: 10, buffer: 0, factor: 2).penalty(length: 11) == -2)
        #expect(try shaped(group([1, 1, 0], lengths: [6, 8, 12]), shaping) == [1, 0.5, -1])
    }

    @Test("cosine: ends and middle of each curve, and the overflow")
    func cosine() throws {
        let shaping = CosineLength(limit: 8)
        #expect(shaping.reward(isRight: true, length: 0) == 2 && shaping.reward(isRight: false, length: 0) == -10)
        #expect(isClose(shaping.reward(isRight: true, length: 4), 1.5) && isClose(shaping.reward(isRight: false, length: 4), -5))
        #expect(shaping.reward(isRight: true, length: 8) == -10 && shaping.reward(isRight: false, length: 20) == -10)
        let found = try shaped(group([1, 0, 1], lengths: [4, 4, 8]), shaping)
        #expect(isClose(found[0], 1.5) && isClose(found[1], -5) && found[2] == -10)
    }

    @Test("Kimi: λ for right answers, min(0, λ) for wrong ones, 0 for equal lengths")
    func groupLength() throws {
        #expect(GroupLengthReward.rewards(lengths: [2, 4, 6], areRight: [true, true, true]) == [0.5, 0, -0.5])
        #expect(GroupLengthReward.rewards(lengths: [2, 4, 6], areRight: [false, true, false]) == [0, 0, -0.5])
        #expect(GroupLengthReward.rewards(lengths: [3, 3], areRight: [true, false]) == [0, 0])
        #expect(GroupLengthReward.rewards(lengths: [], areRight: []).isEmpty)
        #expect(try shaped(group([1, 0, 1], lengths: [2, 2, 6]), GroupLengthReward(weight: 0.5)) == [1.25, 0, 0.75])
    }

    @Test("repetition: every token of an n-gram that was there before")
    func repetition() throws {
        #expect(RepetitionPenalty.repeated([1, 2, 3, 1, 2, 4], size: 2) == [false, false, false, true, true, false])
        #expect(RepetitionPenalty.repeated([5, 5, 5], size: 2) == [false, true, true])
        #expect(RepetitionPenalty.repeated([5, 5], size: 3) == [false, false] && RepetitionPenalty.repeated([], size: 1).isEmpty)
        let said: [[TokenID]] = [[7, 8, 7, 8], [7, 8, 9]]
        let played = HoneCreditTests.group([1, 1], tokens: said)
        #expect(try shaped(played, RepetitionPenalty(size: 2, penalty: 0.25, isDense: false)) == [0.5, 1])
        let dense = try RepetitionPenalty(size: 2, penalty: 0.25).verdicts(on: played, number: 0, role: .solver)
        #expect(dense == [2, 3].map { Verdict(on: .span(0, 0, $0...$0), kind: RepetitionPenalty.paidAs, value: -0.25) })
    }

    @Test("repetition has its own discount: blame stays near the repeated text, correctness reaches everything")
    func ownDiscounts() throws {
        let played = HoneCreditTests.group([1], tokens: [[7, 8, 7, 8, 9]])
        let credit = Shaped(
            DiscountedReturns(
                streams: [RewardStream(.worldReturn), RewardStream(RepetitionPenalty.paidAs, discount: 0.5)], unit: .token, baseline: .none),
            by: [RepetitionPenalty(size: 2, penalty: 1)])
        // Repetition is paid at the third and the fourth token: to go −0.375, −0.75, −1.5, −1, 0.
        #expect(try batch(credit, [played]).examples[0].advantages == [0, 0, 0.625, 0.25, -0.5, 0, 1])
    }

    @Test("SCoRe: a later attempt is paid α times its improvement, the first nothing more")
    func improvement() throws {
        let played = HoneCreditTests.group(
            of: [chain("a", [[10], [11], [12]]), chain("b", [[10], [13]])],
            [(0, 0, 0), (0, 1, 1), (0, 2, 1), (1, 0, 1), (1, 1, 0)].map { Verdict(on: .step($0.0, $0.1), kind: .step, value: Double($0.2)) })
        let shaping = ImprovementBonus(factor: 10)
        func credit(_ discount: Double) -> Shaped<DiscountedReturns> {
            Shaped(DiscountedReturns(streams: [RewardStream(.step, discount: discount)], baseline: .none), by: [shaping])
        }
        #expect(try advantages(credit(0), [played]) == [0, 11, 1, 1, -10])
        #expect(try advantages(credit(1), [played]) == [12, 12, 1, -9, -10])
    }

    @Test("RLSP: correctness minus λ over length, −½ without an answer, and a share for effort")
    func exploration() throws {
        var played = group([1, 0, 0], lengths: [4, 8, 2])
        played.verdicts.append(Verdict(on: .episode(2), kind: "answered", value: 0))
        #expect(try shaped(played, ExplorationReward(lengthScale: 2)) == [0.5, -0.25, -1.5])
        played.verdicts.append(Verdict(on: .episode(0), kind: "effort", value: 0.75))
        #expect(try shaped(played, ExplorationReward(lengthScale: 0, effortShare: 0.5)) == [0.875, 0, -0.5])
    }

    @Test("Satori: repairing a wrong start gains, spoiling a right one loses", arguments: ["", "right", "wrong"])
    func reflection(started: String) throws {
        var played = group([1, 0], lengths: [3, 3])
        if !started.isEmpty { played.assignment.problem.details[ReflectionReward.startedFrom] = started }
        let expected: [String: [Double]] = ["": [0, -1], "right": [0, -1.5], "wrong": [0.5, -1]]
        #expect(try shaped(played, ReflectionReward()) == expected[started])
        played.verdicts.append(Verdict(on: .episode(0), kind: "preference", value: 0))
        #expect(try shaped(played, ReflectionReward(preferenceShare: 0.5))[0] == (expected[started]?[0] ?? .nan) + 0.25)
    }

    @Test("an unknown start, and judges' numbers that are not finite, are refused")
    func refusals() {
        var played = group([1, 0], lengths: [3, 3])
        played.assignment.problem.details[ReflectionReward.startedFrom] = "half"
        #expect(sentence { _ = try shaped(played, ReflectionReward()) }.contains("started from “half”"))
        var effort = group([1], lengths: [3])
        effort.verdicts.append(Verdict(on: .episode(0), kind: "effort", value: .infinity))
        #expect(sentence { _ = try shaped(effort, ExplorationReward()) }.contains("expected a finite number"))
    }

    @Test("shapings follow one another, and the state of what they wrap is carried")
    func stacked() throws {
        let played = group([1, 1], lengths: [2, 12])
        #expect(try shaped(played, OverlongPenalty(limit: 10, buffer: 4), GroupLengthReward(weight: 1)) == [1.5, -0.5])
        var credit = Shaped(RoleConditioned(decay: 0.5), by: [OverlongPenalty(limit: 10, buffer: 4)])
        _ = try credit.batch(for: [.solver], from: [played], scores: ScoreTable())
        #expect(credit.memo.baselines["arithmetic"]?[.solver] == 0.25)
        let carried = credit as any Credit
        #expect(carried is any Stateful)
    }

    @Test("shapings have cards with sources, each name once")
    func cards() {
        let cards = CreditCatalog.shapings.map { type(of: $0).card }
        #expect(cards.map(\.name) == Set(cards.map(\.name)).sorted() && cards.allSatisfy { !$0.source.isEmpty && !$0.summary.isEmpty })
    }
}
