import Foundation
import HoneCore
import HoneCredit
import Testing

@Suite("Settings of shapings")
struct ShapingSettingTests {
    /// A group whose responses have these lengths.
    private func sized(_ rewards: [Double], _ lengths: [Int]) -> EpisodeGroup {
        group(rewards, tokens: lengths.map { (0..<$0).map { TokenID(10 + $0) } })
    }

    /// The rewards a shaping leaves.
    private func shaped(_ group: EpisodeGroup, _ shaping: any RewardShaping) throws -> [Double] {
        try batch(Shaped(ReinforceBaseline(baseline: .none), by: [shaping]), [group]).examples.numbers("reward")
    }

    private func areClose(_ a: [Double], _ b: [Double]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { isClose($0, $1) } }

    @Test("overlong: limit, buffer and factor set where and how far the reward falls")
    func overlong() throws {
        let played = sized([1, 1, 1, 1], [4, 6, 8, 9])
        #expect(try shaped(played, OverlongPenalty(limit: 8, buffer: 4)) == [1, 0.5, 0, 0])
        #expect(try shaped(played, OverlongPenalty(limit: 8, buffer: 4, factor: 0.5)) == [1, 0.75, 0.5, 0.5])
        #expect(try shaped(played, OverlongPenalty(limit: 8, buffer: 0)) == [1, 1, 1, 0])
        #expect(try shaped(played, OverlongPenalty(limit: 9, buffer: 9)).last == 0)
        #expect(try shaped(played, OverlongPenalty(limit: 8, buffer: 4, factor: 0)) == [1, 1, 1, 1])
        // A buffer longer than the limit begins before the first token.
        #expect(isClose(OverlongPenalty(limit: 2, buffer: 4).penalty(length: 1), -0.75) && OverlongPenalty(limit: 2, buffer: 4).penalty(length: 3) == -1)
    }

    @Test("cosine: each end is its own setting, the threshold says who is right, the limit where it overflows")
    func cosine() throws {
        let shaping = CosineLength(limit: 10, rightShort: 5, rightLong: 3, wrongShort: -4, wrongLong: -2, overflow: -7, threshold: 0.5)
        #expect(shaping.reward(isRight: true, length: 0) == 5 && shaping.reward(isRight: false, length: 0) == -4)
        #expect(isClose(shaping.reward(isRight: true, length: 5), 4) && isClose(shaping.reward(isRight: false, length: 5), -3))
        #expect(isClose(shaping.reward(isRight: true, length: 9), 3 + 0.5 * 2 * (1 + cos(0.9 * Double.pi))))
        for length in [10, 11, 1000] { #expect(shaping.reward(isRight: true, length: length) == -7 && shaping.reward(isRight: false, length: length) == -7) }
        let found = try shaped(sized([0.5, 0.49, 1], [5, 5, 10]), shaping)
        #expect(areClose(found, [4, -3, -7]))
        #expect(areClose(try shaped(sized([0.5], [5]), CosineLength(limit: 10)), [-5]), "half right is wrong at the default threshold of 1")
    }

    @Test("group length: weight 0 changes nothing, the threshold says who may gain")
    func groupLength() throws {
        let played = sized([1, 0.5, 0], [2, 4, 6])
        #expect(try shaped(played, GroupLengthReward(weight: 0)) == [1, 0.5, 0])
        #expect(areClose(try shaped(played, GroupLengthReward(weight: 2)), [2, 0.5, -1]))
        let turned = sized([0.5, 1, 0], [2, 4, 6])
        #expect(areClose(try shaped(turned, GroupLengthReward(weight: 2)), [0.5, 1, -1]), "a wrong short answer gains nothing")
        #expect(areClose(try shaped(turned, GroupLengthReward(weight: 2, threshold: 0.5)), [1.5, 1, -1]))
    }

    @Test("improvement: the factor scales every later attempt's gain, other kinds are other attempts")
    func improvement() throws {
        let attempts = [0.0, 1, 0.5]
        let played = group(
            of: [chain("e", [[10], [11], [12]])],
            attempts.enumerated().flatMap { index, value in
                [Verdict(on: .step(0, index), kind: .step, value: value), Verdict(on: .step(0, index), kind: "style", value: 1 - value)]
            })
        for factor in [0.0, 1, 10] {
            let found = try ImprovementBonus(factor: factor).verdicts(on: played, number: 0, role: .solver)
            #expect(found == [Verdict(on: .step(0, 1), kind: .step, value: 1 + factor), Verdict(on: .step(0, 2), kind: .step, value: 0.5 - factor / 2)])
        }
        let style = try ImprovementBonus(factor: 2, kind: "style").verdicts(on: played, number: 0, role: .solver)
        #expect(style.map(\.value) == [-2, 1.5] && style.allSatisfy { $0.kind == "style" })
        #expect(try ImprovementBonus().verdicts(on: group([1]), number: 0, role: .solver).isEmpty, "one attempt improves on nothing")
    }

    @Test("exploration: λ over the length, the share of effort, the base without an answer, under set kinds")
    func exploration() throws {
        var played = sized([1, 0.5], [4, 8])
        #expect(try shaped(played, ExplorationReward(lengthScale: 4)) == [0, 0])
        #expect(try shaped(played, ExplorationReward(lengthScale: 0)) == [1, 0.5])
        played.verdicts += [Verdict(on: .episode(0), kind: "work", value: 0.5), Verdict(on: .episode(1), kind: "said", value: 0)]
        let named = ExplorationReward(lengthScale: 0, effortShare: 0.25, unanswered: -2, effort: "work", answered: "said")
        #expect(try shaped(played, named) == [0.875, -2])
        #expect(try shaped(played, ExplorationReward(lengthScale: 0)) == [1, 0.5], "verdicts of other kinds are not read")
        #expect(try shaped(played, ExplorationReward(lengthScale: 0, effortShare: 1, effort: "work")) == [0.5, 0.5])
        // An answer of no tokens has the length 1.
        #expect(try shaped(sized([1], [1]), ExplorationReward(lengthScale: 3)) == [-2])
    }

    @Test("reflection: bonus, share of the squashed preference, threshold", arguments: ["right", "wrong"])
    func reflection(started: String) throws {
        var played = sized([1, 0.5, 0], [2, 2, 2])
        played.assignment.problem.details[ReflectionReward.startedFrom] = started
        let (gain, loss) = started == "wrong" ? (2.0, 0.0) : (0, -2)
        #expect(try shaped(played, ReflectionReward(bonus: 2)) == [gain, loss - 1, loss - 1])
        #expect(try shaped(played, ReflectionReward(bonus: 2, threshold: 0.5)) == [gain, gain, loss - 1])
        #expect(try shaped(played, ReflectionReward(bonus: 0)) == [0, -1, -1])
        played.verdicts.append(Verdict(on: .episode(0), kind: "liked", value: 2))
        let liked = try shaped(played, ReflectionReward(bonus: 0, preferenceShare: 3, preference: "liked"))
        #expect(areClose(liked, [3 / (1 + exp(-2.0)), -1, -1]))
    }

    @Test("repetition: size, price, and whether tokens or the whole answer pay; tools' tokens never do")
    func repetition() throws {
        var played = group([1], tokens: [[7, 8, 7, 8, 7]])
        for (size, marked) in [(1, 3), (2, 3), (3, 3), (4, 0), (9, 0)] {
            #expect(areClose(try shaped(played, RepetitionPenalty(size: size, penalty: 0.1, isDense: false)), [1 - 0.1 * Double(marked)]), "\(size)")
            let dense = try RepetitionPenalty(size: size, penalty: 0.1).verdicts(on: played, number: 0, role: .solver)
            #expect(dense.count == marked && dense.allSatisfy { $0.value == -0.1 && $0.kind == RepetitionPenalty.paidAs }, "\(size)")
        }
        played.episodes[0].steps[0].move.segments.append(Segment(origin: .tool, content: .tokens([7, 8], text: "7 8")))
        #expect(areClose(try shaped(played, RepetitionPenalty(size: 2, penalty: 0.1, isDense: false)), [0.7]))
        // Repeating oneself in another step is no repetition.
        let twice = group(of: [chain("e", [[7, 8], [7, 8]])], [Verdict(on: .episode(0), kind: .worldReturn, value: 1)])
        #expect(try shaped(twice, RepetitionPenalty(size: 2, penalty: 0.1, isDense: false)) == [1, 1])
    }

    @Test("another kind of reward is read and replaced; the first kind stays as it was", arguments: 0..<6)
    func kinds(index: Int) throws {
        var played = sized([1, 0], [3, 6])
        for episode in 0..<2 { played.verdicts.append(Verdict(on: .episode(episode), kind: "style", value: 1)) }
        let shapings: [any RewardShaping] = [
            OverlongPenalty(limit: 4, buffer: 2, kind: "style"), CosineLength(limit: 8, kind: "style"), GroupLengthReward(kind: "style"),
            ExplorationReward(kind: "style"), ReflectionReward(kind: "style"), RepetitionPenalty(size: 1, isDense: false, kind: "style"),
        ]
        let added = try shapings[index].verdicts(on: played, number: 0, role: .solver)
        #expect(added.count == 2 && added.allSatisfy { $0.kind == "style" } && added.map(\.on) == [.role(0, .solver), .role(1, .solver)])
        #expect(try shaped(played, shapings[index]) == [1, 0])
        played.verdicts.removeLast()
        #expect(sentence { _ = try shaped(played, shapings[index]) }.contains("has no “style” verdict on episode 1 for role “solver”"))
    }

    @Test("shapings see what those before them left, in the order given")
    func order() throws {
        let played = sized([1, 1], [8, 2])
        func found(_ shapings: [any RewardShaping]) throws -> [Double] {
            try batch(Shaped(ReinforceBaseline(baseline: .none), by: shapings), [played]).examples.numbers("reward")
        }
        // After the overlong penalty the first answer, worth 0, is wrong for the cosine.
        let (overlong, cosine) = (OverlongPenalty(limit: 8, buffer: 4), CosineLength(limit: 16))
        #expect(areClose(try found([overlong, cosine]), [cosine.reward(isRight: false, length: 8), cosine.reward(isRight: true, length: 2)]))
        #expect(areClose(try found([cosine, overlong]), [cosine.reward(isRight: true, length: 8) - 1, cosine.reward(isRight: true, length: 2)]))
        #expect(try found([]) == [1, 1])
    }
}
