import Foundation
import HoneCore
import HoneCredit
import Testing

@Suite("Settings of pairs and rows to imitate")
struct PairSettingTests {
    /// Pairs as (chosen episode, rejected episode).
    private func pairs(_ batch: TrainingBatch) -> [String] {
        batch.pairs.map { "\(batch.examples[$0.chosen].episode)>\(batch.examples[$0.rejected].episode)" }
    }

    private let played = group([0.5, 1, 0], tokens: [[10], [11], [12]])

    @Test("the difference must be larger than the threshold, not as large; below 0 it is 0", arguments: PreferencePairs.Choice.allCases)
    func threshold(choice: PreferencePairs.Choice) throws {
        func found(_ threshold: Double) throws -> [String] { try pairs(batch(PreferencePairs(choice: choice, threshold: threshold), [played])) }
        let expected: [PreferencePairs.Choice: [[String]]] = [
            .all: [["p/0>p/2", "p/1>p/0", "p/1>p/2"], ["p/1>p/2"], []], .bestVersusWorst: [["p/1>p/2"], ["p/1>p/2"], []],
            .adjacent: [["p/1>p/0", "p/0>p/2"], [], []], .minimalDifference: [["p/0>p/2", "p/1>p/0"], ["p/1>p/2"], []],
        ]
        for (place, threshold) in [0, 0.5, 1].enumerated() { #expect(try found(threshold) == expected[choice]?[place], "\(threshold)") }
        #expect(try found(-5) == found(0), "who is worse is never chosen")
    }

    @Test("soft labels go from certain to even as the temperature rises; 0 calls all certain")
    func temperature() throws {
        func likely(_ temperature: Double) throws -> [Double] { try batch(PreferencePairs(temperature: temperature), [played]).pairs.map(\.probability) }
        #expect(try likely(0) == [1, 1, 1])
        for temperature in [0.1, 1, 3] {
            let (half, one) = (1 / (1 + exp(-0.5 / temperature)), 1 / (1 + exp(-1 / temperature)))
            #expect(try zip(likely(temperature), [half, half, one]).allSatisfy { isClose($0, $1) })
        }
        #expect(try likely(1e-3).allSatisfy { $0 > 1 - 1e-12 } && likely(1e9).allSatisfy { abs($0 - 0.5) < 1e-8 })
    }

    @Test("weights are 1, or the difference; margins are the difference either way")
    func weights() throws {
        for weighs in [false, true] {
            let found = try batch(PreferencePairs(weighsByDifference: weighs), [played]).pairs
            #expect(found.map(\.margin) == [0.5, 0.5, 1] && found.map(\.weight) == (weighs ? [0.5, 0.5, 1] : [1, 1, 1]))
        }
    }

    @Test("another kind of verdict can be the reward, of all pair credits")
    func kinds() throws {
        var judged = played
        for (index, value) in [1.0, 0, 0.5].enumerated() { judged.verdicts.append(Verdict(on: .episode(index), kind: "style", value: value)) }
        #expect(try pairs(batch(PreferencePairs(kind: "style"), [judged])) == ["p/0>p/1", "p/0>p/2", "p/2>p/1"])
        #expect(try pairs(batch(BestVersusWorst(kind: "style"), [judged])) == ["p/0>p/1"])
        #expect(try pairs(batch(MinimalDifference(kind: "style", threshold: 0.6), [judged])) == ["p/0>p/1"])
        #expect(try pairs(batch(PreferenceDegrees(kind: "style"), [judged])) == ["p/0>p/1"])
    }

    @Test("of equals the first is best and the first is worst; neighbours among equals are no pair")
    func ties() throws {
        let tied = group([1, 0, 1, 0], tokens: [[10], [11], [12], [13]])
        #expect(try pairs(batch(BestVersusWorst(), [tied])) == ["p/0>p/1"])
        // In order 0, 2, 1, 3: only 2 against 1 differ.
        #expect(try pairs(batch(PreferencePairs(choice: .adjacent), [tied])) == ["p/2>p/1"])
        // Equally near: the first.
        #expect(try pairs(batch(MinimalDifference(), [tied])) == ["p/0>p/1", "p/2>p/1"])
    }

    @Test("rows that make no pair are left out, and rows in two pairs stand once")
    func rows() throws {
        let found = try batch(PreferencePairs(threshold: 0.9), [played])
        #expect(found.examples.map(\.episode) == ["p/1", "p/2"] && found.pairs == [Pair(chosen: 0, rejected: 1, margin: 1)])
        #expect(try batch(PreferencePairs(), [played]).examples.count == 3)
        #expect(try batch(PreferencePairs(), [played]).examples.numbers("winShare") == [0.5, 1, 0])
    }

    @Test("roles are compared among themselves, each by its own reward")
    func roles() throws {
        func game(_ id: String, _ white: TokenID, _ black: TokenID) -> Episode {
            Episode(id: EpisodeID(id), steps: [step("white", after: [1], move: [white]), step("black", after: [1, white], move: [black])])
        }
        let verdicts = [(0, Role("white"), 1.0), (0, "black", -1), (1, "white", -1), (1, "black", 1)].map {
            Verdict(on: .role($0.0, $0.1), kind: .worldReturn, value: $0.2)
        }
        let found = try batch(PreferencePairs(), [group(of: [game("a", 10, 20), game("b", 11, 21)], verdicts)], roles: ["white", "black"])
        let moves = found.pairs.map { [found.examples[$0.chosen].tokens.last ?? 0, found.examples[$0.rejected].tokens.last ?? 0] }
        #expect(moves == [[10, 11], [21, 20]])
    }

    @Test("judged preferences: the threshold is on 2P − 1, and pairs nobody judged are none")
    func judgedThreshold() throws {
        var judged = group([nil, nil, nil], tokens: [[10], [11], [12]])
        judged.verdicts = [(0, 1, 0.6), (1, 2, 0.9)].map { Verdict(on: .pair($0.0, over: $0.1), kind: "better", value: $0.2) }
        func found(_ threshold: Double) throws -> [String] { try pairs(batch(PreferencePairs(kind: "better", threshold: threshold), [judged])) }
        #expect(try found(0) == ["p/0>p/1", "p/1>p/2"])
        #expect(try found(0.3) == ["p/1>p/2"])
        #expect(try found(0.85) == [])
        judged.verdicts.append(Verdict(on: .pair(0, over: 1), kind: "better", value: 0.2))
        // (0.6 + 0.2)/2 = 0.4: now the second is better.
        #expect(try found(0) == ["p/1>p/0", "p/1>p/2"])
    }

    @Test("preferences that name no two episodes, or are no probability, are refused", arguments: [(0, 0, 0.5), (0, 3, 0.5), (-1, 0, 0.5), (0, 1, 1.5), (0, 1, Double.nan)])
    func impossible(first: Int, second: Int, value: Double) {
        var judged = group([nil, nil, nil], tokens: [[10], [11], [12]])
        judged.verdicts = [Verdict(on: .pair(first, over: second), kind: "better", value: value)]
        #expect(
            sentence { _ = try batch(PreferencePairs(kind: "better"), [judged]) }
                == "Group 0 (problem “p”) has the preference \(value) of episode \(first) over \(second) among 3; expected a probability for two of its episodes")
    }

    @Test("degrees: as many versions as set, each without a larger share of its key tokens; none below the threshold")
    func degrees() throws {
        // The best says 20 20 21 22; the worst 22: key tokens are the two most telling of three, 20 and 21.
        let two = group([1, 0], tokens: [[20, 20, 21, 22], [22]])
        for count in [0, 1, 2, 3] {
            let found = try batch(PreferenceDegrees(degrees: count), [two])
            #expect(found.pairs.count == 1 && found.examples.numbers("grade") == [-1, -1] + (0..<count).map(Double.init), "\(count)")
            #expect(found.examples.dropFirst(2).first?.tokens ?? [1, 2, 20, 20, 21, 22] == [1, 2, 20, 20, 21, 22])
        }
        let versions = try batch(PreferenceDegrees(degrees: 2), [two]).examples.suffix(2)
        #expect(versions.map(\.tokens) == [[1, 2, 20, 20, 21, 22], [1, 2, 21, 22]])
        #expect(versions.allSatisfy { $0.samplerLogProbs.isEmpty }, "a version was sampled by nobody")
        #expect(try batch(PreferenceDegrees(threshold: 1), [two]) == TrainingBatch())
        #expect(PreferenceDegrees.keyTokens([7, 7, 8, 9], occurrences: [7: 1, 8: 1, 9: 4], count: 4) == [7, 8])
        #expect(PreferenceDegrees.keyTokens([], occurrences: [:], count: 3).isEmpty)
    }

    @Test("demonstrations are chosen over everything else said for the same problem, role by role")
    func demonstrations() throws {
        var played = group([nil, nil], tokens: [[10], [11]])
        played.episodes[0].steps[0].move.segments = [said([10], isTrained: false, origin: .demonstration)]
        let found = try batch(DemonstrationPairs(), [played, group([nil, nil], tokens: [[12], [13]])])
        #expect(pairs(found) == ["p/0>p/1"] && found.pairs[0].margin == 0 && found.pairs[0].probability == 1)
        // The same words are no pair.
        played.episodes[1].steps[0].move.segments = [said([10])]
        #expect(try batch(DemonstrationPairs(), [played]) == TrainingBatch())
        #expect(try batch(DemonstrationPairs(), [played], roles: ["critic"]) == TrainingBatch())
    }
}

@Suite("Settings of rows to imitate")
struct ImitationSettingTests {
    private func steps(_ values: [Double?], kind: VerdictKind = .step, episode: Int = 0) -> [Verdict] {
        values.enumerated().compactMap { index, value in value.map { Verdict(on: .step(episode, index), kind: kind, value: $0) } }
    }

    private func learned(_ credit: FirstError, _ verdicts: [Verdict], steps count: Int = 3) throws -> [TokenID] {
        let episode = chain("e", (0..<count).map { [10 + TokenID($0)] })
        return try batch(credit, [group(of: [episode], verdicts)]).examples.map { $0.tokens.last ?? 0 }
    }

    @Test("the first error at the first step, in the middle, at the last step, nowhere: what is before it is learned")
    func firstError() throws {
        #expect(try learned(FirstError(), steps([0, 1, 1])) == [])
        #expect(try learned(FirstError(), steps([1, 0, 0])) == [10])
        #expect(try learned(FirstError(), steps([1, 1, 0])) == [10, 11])
        #expect(try learned(FirstError(), steps([1, 1, 1])) == [10, 11, 12])
        #expect(try learned(FirstError(learnsError: true), steps([0, 1, 1])) == [10])
        #expect(try learned(FirstError(learnsError: true), steps([1, 1, 0])) == [10, 11, 12])
        #expect(try learned(FirstError(learnsError: true), steps([1, 1, 1])) == [10, 11, 12])
    }

    @Test("a step at the threshold is right; steps nobody judged count as right; the last verdict on a step counts")
    func thresholds() throws {
        #expect(try learned(FirstError(threshold: 0.5), steps([0.5, 0.49, 1])) == [10])
        #expect(try learned(FirstError(threshold: 0), steps([0.5, -0.1, 1])) == [10])
        #expect(try learned(FirstError(), steps([nil, nil, 0])) == [10, 11])
        #expect(try learned(FirstError(), []) == [10, 11, 12])
        #expect(try learned(FirstError(), steps([0, 1, 1]) + steps([1])) == [10, 11, 12])
        #expect(try learned(FirstError(kind: "checked"), steps([0, 0, 0]) + steps([1, 0], kind: "checked")) == [10])
    }

    @Test("errors of other roles do not cut a role's steps, and labels mark the wrong step")
    func otherRoles() throws {
        var episode = chain("e", [[10], [11], [12], [13]])
        episode.steps[1].role = "critic"
        let played = group(of: [episode], steps([1, 0, 1, 0]))
        let rows = try batch(FirstError(learnsError: true), [played]).examples
        #expect(rows.map { $0.tokens.last ?? 0 } == [10, 12, 13] && rows.numbers("label") == [1, 1, 0])
        #expect(try batch(FirstError(learnsError: true), [played], roles: ["critic"]).examples.numbers("label") == [0])
    }

    @Test("accepted: the threshold is reached by equality, each different answer once, at most `keep` of a problem, by its own kind")
    func accepted() throws {
        let played = group([1, 0.5, 1, 0], tokens: [[10], [11], [10], [12]])
        func found(_ credit: AcceptedOnly) throws -> [TokenID] { try batch(credit, [played]).examples.map { $0.tokens.last ?? 0 } }
        #expect(try found(AcceptedOnly()) == [10] && found(AcceptedOnly(threshold: 0.5)) == [10, 11])
        #expect(try found(AcceptedOnly(threshold: 0)) == [10, 11, 12] && found(AcceptedOnly(keep: 2, threshold: 0)) == [10, 11])
        #expect(try found(AcceptedOnly(keep: 1, threshold: 0)) == [10] && found(AcceptedOnly(keep: -1, threshold: 0)).count == 3)
        #expect(try found(AcceptedOnly(kind: "style")) == [])
    }

    @Test("labels: from the threshold on a success; soft ones held to [0, 1] whatever the threshold")
    func labelled() throws {
        let played = group([1, 0.5, -2, 3])
        #expect(try batch(Labelled(threshold: 0.5), [played]).examples.numbers("label") == [1, 1, 0, 1])
        #expect(try batch(Labelled(threshold: 3), [played]).examples.numbers("label") == [0, 0, 0, 1])
        #expect(try batch(Labelled(threshold: 3, isSoft: true), [played]).examples.numbers("label") == [1, 0.5, 0, 1])
        #expect(try batch(Labelled(), [played]).examples.numbers("reward") == [1, 0.5, -2, 3])
    }

    @Test("SMART: the first success by the threshold; at most `keep` different rows; all with 0")
    func relabelled() throws {
        let episodes = [chain("a", [[10], [11]]), chain("b", [[12], [13]]), chain("c", [[10], [14]]), chain("d", [[15], [11]])]
        let verdicts = [[0.4, 1], [0.9, 0], [0, 0], [0, 1]].enumerated().flatMap { steps($0.element, episode: $0.offset) }
        func found(_ credit: RelabelledSuccess) throws -> [[TokenID]] { try batch(credit, [group(of: episodes, verdicts)]).examples.map(\.tokens) }
        #expect(try found(RelabelledSuccess()) == [[1, 2, 11]], "d's success says the same as a's")
        #expect(try found(RelabelledSuccess(threshold: 0.9)) == [[1, 2, 11], [1, 2, 12]])
        #expect(try found(RelabelledSuccess(threshold: 0.4, keep: 0)) == [[1, 2, 10], [1, 2, 12], [1, 2, 11]])
        #expect(try found(RelabelledSuccess(threshold: 0.4, keep: 1)) == [[1, 2, 10]])
        #expect(try found(RelabelledSuccess(kind: "other")).isEmpty)
        let row = try batch(RelabelledSuccess(threshold: 0.9), [group(of: episodes, verdicts)]).examples[1]
        #expect(row.scalars["reward"] == 0.9)
    }

    @Test("Agent-R: α and β bound strictly, signals are taken in turn, thresholds say what is wrong")
    func splice() throws {
        let episodes = [chain("bad", [[10], [11]]), chain("worse", [[10], [12]]), chain("good", [[13]])]
        let rewards = [0.5, 0.25, 1].enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
        let verdicts = rewards + steps([0.4, 1], episode: 0) + steps([0.4, 1], episode: 1)
        func found(_ credit: RevisionSplice) throws -> [[TokenID]] { try batch(credit, [group(of: episodes, verdicts)]).examples.map(\.tokens) }
        #expect(try found(RevisionSplice(learnsGood: false)) == [[1, 2, 10, 13], [1, 2, 10, 13]])
        #expect(try found(RevisionSplice(signals: [[70], [71, 72]], learnsGood: false)) == [[1, 2, 10, 70, 13], [1, 2, 10, 71, 72, 13]])
        // A difference of 0.5 is not above 0.5; one of 0.75 is.
        #expect(try found(RevisionSplice(gap: 0.5, learnsGood: false)) == [[1, 2, 10, 13]])
        #expect(try found(RevisionSplice(good: 1)) == [] && found(RevisionSplice(good: 0.9)).count == 3)
        #expect(try found(RevisionSplice(threshold: 0.4, learnsGood: false)) == [], "a verdict at the threshold is right")
        #expect(try found(RevisionSplice(step: "other", learnsGood: false)) == [])
        // With good above 0.25 “bad” is good too, but parts too little from “worse”: the error is shared.
        #expect(try found(RevisionSplice(good: 0.4, gap: 0.2, learnsGood: false)) == [[1, 2, 10, 13], [1, 2, 10, 13]])
    }

    @Test("a splice across transcripts that do not grow is refused")
    func spliceRefusal() {
        var good = chain("good", [[13], [14]])
        good.steps[1].context = [Segment(origin: .prompt, content: .tokens([1], text: "?"))]
        let rewards = [0.0, 1].enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
        let played = group(of: [chain("bad", [[10]]), good], rewards + steps([0]))
        #expect(
            sentence { _ = try batch(RevisionSplice(learnsGood: false), [played]) }
                == "The context of move 2 in episode “good” is shorter than all that came before it; Agent-R's splice needs transcripts that only grow")
    }

    @Test("demonstrations: only moves of the roles asked for, only tokens that were demonstrated")
    func demonstrations() throws {
        var episode = chain("e", [[10, 11], [12]])
        episode.steps[0].move.segments = [said([10], isTrained: false, origin: .demonstration), said([11])]
        episode.steps[1].role = "critic"
        episode.steps[1].move.segments[0].origin = .demonstration
        let played = group(of: [episode], [])
        let rows = try batch(Demonstrations(), [played], roles: [.solver, "critic"]).examples
        #expect(rows.map(\.tokens) == [[1, 2, 10, 11], [1, 2, 10, 11, 12]])
        #expect(rows[0].isTrained == [false, false, true, true], "what a model said in between is marked as trained and stays so")
        #expect(try batch(Demonstrations(), [played]).examples.count == 1)
        #expect(rows.allSatisfy { $0.samplerLogProbs.isEmpty && $0.advantages.isEmpty })
        episode.cast = ["critic": Player(model: "policy", learns: false)]
        let opposite = try batch(Demonstrations(), [group(of: [episode], [])], roles: [.solver, "critic"]).examples
        #expect(opposite == [rows[0]], "a player that is not learned from teaches nothing")
    }
}
