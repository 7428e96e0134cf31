import HoneCore
import HoneCredit
import Testing

@Suite("Rows to imitate, cut and spliced")
struct RevisionTests {
    private func steps(_ episode: Int, _ values: [Double]) -> [Verdict] {
        values.enumerated().map { Verdict(on: .step(episode, $0.offset), kind: .step, value: $0.element) }
    }

    @Test("an answer is learned up to its first error, right steps behind it included in nothing")
    func firstError() throws {
        let played = group(of: [chain("a", [[10], [11], [12]]), chain("b", [[10]])], steps(0, [1, 0, 1]) + steps(1, [1]))
        #expect(try batch(FirstError(), [played]).examples.map(\.tokens) == [[1, 2, 10], [1, 2, 10]])
        let both = try batch(FirstError(learnsError: true), [played]).examples
        #expect(both.map { $0.tokens.last ?? -1 } == [10, 11, 10] && both.numbers("label") == [1, 0, 1])
    }

    @Test("SMART: the second attempt is learned as the first, with the strategy that was forced")
    func relabelled() throws {
        var played = group(of: [chain("a", [[10], [11]]), chain("b", [[12], [13]]), chain("c", [[10]])], steps(0, [0, 1]) + steps(1, [0, 0]) + steps(2, [1]))
        played.episodes[0].steps[1].move.segments.insert(Segment(origin: .hint, content: .tokens([50], text: "C:")), at: 0)
        let rows = try batch(RelabelledSuccess(), [played]).examples
        #expect(rows.map(\.tokens) == [[1, 2, 50, 11], [1, 2, 10]])
        #expect(rows[0].isTrained == [false, false, true, true] && rows[0].samplerLogProbs.isEmpty)
        #expect(try batch(RelabelledSuccess(learnsForced: false), [played]).examples[0].isTrained == [false, false, false, true])
        #expect(try batch(RelabelledSuccess(keep: 1), [played, played]).examples.map(\.group) == [0, 1])
    }

    @Test("Agent-R: shared beginning and first error masked, reflection and the good way on learned")
    func splice() throws {
        // Bad: 10, 11 (wrong), 12. Good: 10, 13, 14, with news 60 before 14.
        var good = chain("good", [[10], [13]])
        good.steps.append(step(.solver, after: [1, 2, 10, 13], news: [60], move: [14]))
        let played = group(
            of: [chain("bad", [[10], [11], [12]]), good],
            [Verdict(on: .episode(0), kind: .worldReturn, value: 0), Verdict(on: .episode(1), kind: .worldReturn, value: 1)] + steps(0, [1, 0, 1]))
        let rows = try batch(RevisionSplice(signals: [[70, 71]]), [played]).examples
        #expect(rows.map(\.episode) == ["good", "good", "good", "bad"])
        let row = rows[3]
        #expect(row.tokens == [1, 2, 10, 11, 70, 71, 13, 60, 14])
        #expect(row.isTrained == [false, false, false, false, true, true, true, false, true] && row.scalars["reward"] == 1)
        #expect(try batch(RevisionSplice(learnsGood: false), [played]).examples.map(\.tokens) == [[1, 2, 10, 11, 13, 60, 14]])
        #expect(try batch(RevisionSplice(gap: 1, learnsGood: false), [played]).examples.isEmpty)
    }

    @Test("Agent-R: the good episode with the longest common beginning is taken, then the best; without an error there is no splice")
    func partner() throws {
        let verdicts = [0, 0.9, 1, 1].enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
        let episodes = [chain("bad", [[10], [11]]), chain("near", [[10], [12]]), chain("far", [[13], [14]]), chain("far too", [[15]])]
        let wrongLater = group(of: episodes, verdicts + steps(0, [1, 0]))
        #expect(try batch(RevisionSplice(learnsGood: false), [wrongLater]).examples.map(\.tokens) == [[1, 2, 10, 11, 12]])
        let wrongAtOnce = group(of: episodes, verdicts + steps(0, [0, 1]))
        // The near one also made the wrong first step, so it parts too late to show the way.
        #expect(try batch(RevisionSplice(learnsGood: false), [wrongAtOnce]).examples.map(\.tokens) == [[1, 2, 10, 13, 14]])
        #expect(try batch(RevisionSplice(learnsGood: false), [group(of: episodes, verdicts + steps(0, [1, 1]))]).examples.isEmpty)
    }

    @Test("labels say what succeeded; soft ones are the reward held to [0, 1]")
    func labelled() throws {
        #expect(try batch(Labelled(), [group([1, 0.5, 2], logProbs: false)]).examples.numbers("label") == [1, 0, 1])
        #expect(try batch(Labelled(isSoft: true), [group([1, 0.5, 2, -1])]).examples.numbers("label") == [1, 0.5, 1, 0])
        let inSteps = group(of: [chain("a", [[10], [11]])], [Verdict(on: .episode(0), kind: .worldReturn, value: 1)])
        #expect(try batch(Labelled(), [inSteps]).examples.map(\.tokens) == [[1, 2, 10], [1, 2, 10, 11]])
        #expect(try batch(Labelled(isLastOnly: true), [inSteps]).examples.map(\.tokens) == [[1, 2, 10, 11]])
    }

    @Test("accepted rows carry their reward, and rewards that are not finite are not accepted")
    func accepted() throws {
        #expect(try batch(AcceptedOnly(), [group([1.5, 0])]).examples.numbers("reward") == [1.5])
        #expect(sentence { _ = try batch(AcceptedOnly(), [group([.infinity, 0])]) }.contains("expected a finite number"))
    }
}

@Suite("Refinements and replays")
struct RefinementTests {
    private func refined(_ id: String, answer: TokenID, refinement: TokenID) -> Episode {
        Episode(
            id: id,
            steps: [
                step(.solver, after: [1], move: [answer]), step("critic", after: [1, answer], move: [20]),
                step("refiner", after: [1, answer, 20], news: [5], move: [refinement]),
            ])
    }

    @Test("Critique-GRPO: the best refinement joins the answers, under their prompt")
    func critique() throws {
        let played = group(
            of: [refined("a", answer: 10, refinement: 30), refined("b", answer: 11, refinement: 31)],
            [(0, Role.solver, 0.0), (0, "refiner", 1), (1, .solver, 0.5), (1, "refiner", 1)].map {
                Verdict(on: .role($0.0, $0.1), kind: .worldReturn, value: $0.2)
            })
        let rows = try batch(RefinedUnderOriginal(), [played], roles: [.solver, "refiner"]).examples
        // Answers 0 and ½, refinement 1: mean ½.
        #expect(rows.map(\.tokens) == [[1, 10], [1, 11], [1, 30]])
        #expect(rows.map { $0.advantages[0] } == [-0.5, 0, 0.5] && rows.map { $0.channel("refinement")[1] } == [0, 0, 1])
        #expect(rows[2].samplerLogProbs[1] == -0.3 && rows[2].episode == "a")
        #expect(try batch(RefinedUnderOriginal(), [played], roles: ["refiner"]).examples.count == 1)
    }

    @Test("a refinement without an answer is refused; a group without one is GRPO without division")
    func withoutRefinement() throws {
        #expect(try advantages(RefinedUnderOriginal(), [group([1, 0])]) == [0.5, -0.5])
        var lone = refined("a", answer: 10, refinement: 30)
        lone.steps.removeFirst(2)
        let played = group(of: [lone], [Verdict(on: .episode(0), kind: .worldReturn, value: 1)])
        #expect(sentence { _ = try batch(RefinedUnderOriginal(), [played], roles: ["refiner"]) }.contains("no answer by “solver”"))
    }

    private func sampled(_ update: Int, _ rewards: [Double]) -> EpisodeGroup { group(rewards, origin: .model("policy", update: update)) }

    @Test("SPEAR: replayed episodes are compared with the median of today's groups, and only better ones stay")
    func recalibrated() throws {
        var credit = RecalibratedReplay(learnsFresh: false)
        // Fresh medians 0.5 and 0.25, so the baseline is 0.375.
        let fresh = [sampled(9, [0, 0.5, 1]), sampled(9, [0.25])]
        let rows = try credit.batch(for: [.solver], from: fresh + [sampled(4, [1, 0.25, 0.5])], scores: ScoreTable()).examples
        #expect(rows.map(\.group) == [2, 2] && rows.map { $0.advantages[0] } == [0.625, 0.125])
        #expect(credit.memo.medians == [.solver: [0.5, 0.25]])
        // Once better is usual, the same replay teaches less.
        let later = try credit.batch(for: [.solver], from: [sampled(12, [1]), sampled(12, [1]), sampled(4, [1, 0.25, 0.5])], scores: ScoreTable())
        #expect(later.examples.map { $0.advantages[0] } == [0.25])
        credit.learnsFresh = true
        let both = try credit.batch(for: [.solver], from: [sampled(13, [1, 0]), sampled(4, [2])], scores: ScoreTable()).examples
        #expect(both.map { $0.channel("replayed")[0] } == [0, 0, 1])
        #expect(both.prefix(2).map { $0.advantages[0] } == [0.5, -0.5])
    }

    @Test("old replays are dropped, the buffer has an end, and it survives coding")
    func bounds() throws {
        var credit = RecalibratedReplay(capacity: 2, oldest: 3, learnsFresh: false)
        let groups = [sampled(9, [0]), sampled(9, [0.5]), sampled(9, [1]), sampled(6, [3]), sampled(5, [3])]
        #expect(try credit.batch(for: [.solver], from: groups, scores: ScoreTable()).examples.map(\.group) == [3])
        #expect(credit.memo.medians == [.solver: [0.5, 1]])
        let back = try JSONValue(parsing: JSONValue(encoding: credit.memo).canonical).decode(RecalibratedReplay.Memo.self)
        #expect(back == credit.memo)
    }
}
