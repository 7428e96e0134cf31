import HoneCore
import HoneCredit
import Testing

@Suite("Advantages")
struct GroupRelativeTests {
    @Test("the group's mean is taken off and its standard deviation divided by")
    func byHand() {
        let advantages = GroupRelative.advantages([1, 0, 0, 1], normaliseByStd: true, epsilon: 0)
        #expect(advantages == [1, -1, -1, 1])
        #expect(GroupRelative.advantages([1, 0], normaliseByStd: true, epsilon: 0.5) == [0.5, -0.5])
        #expect(GroupRelative.advantages([3, 1], normaliseByStd: false, epsilon: 0) == [1, -1])
    }

    @Test("the sample deviation divides by n − 1")
    func sampleDeviation() {
        let advantages = GroupRelative.advantages([2, 0, 1], normaliseByStd: true, epsilon: 0, deviation: .sample)
        #expect(advantages == [1, -1, 0])
    }

    @Test("equal rewards give advantages of exactly 0, whatever rounding their mean has")
    func equalRewards() {
        for deviation in GroupRelative.Deviation.allCases {
            for rewards in [[0.1, 0.1, 0.1], [7.0], [1.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3, 1.0 / 3]] {
                for divides in [true, false] {
                    let advantages = GroupRelative.advantages(rewards, normaliseByStd: divides, epsilon: 0, deviation: deviation)
                    #expect(advantages == rewards.map { _ in 0 })
                }
            }
        }
        #expect(GroupRelative.advantages([], normaliseByStd: true, epsilon: 1).isEmpty)
    }

    @Test("a batch has one row per step with the episode's advantage, in order")
    func batch() throws {
        var credit = GroupRelative(epsilon: 0)
        let batch = try credit.batch(for: [.solver], from: [group([1, 0], steps: 2), group([0, 0])], scores: ScoreTable())
        #expect(batch.examples.count == 6)
        #expect(batch.examples.map(\.episode) == ["p/0", "p/0", "p/1", "p/1", "p/0", "p/1"])
        #expect(batch.examples.map(\.group) == [0, 0, 0, 0, 1, 1])
        #expect(batch.examples.map { $0.advantages[0] } == [1, 1, -1, -1, 0, 0])
        #expect(batch.examples[0].scalars["reward"] == 1)
        #expect(batch.examples[1].tokens == [1, 3, 10, 11, 12])
    }

    @Test("only the move's marked tokens are trained, with their weights and log-probabilities")
    func rows() throws {
        var credit = GroupRelative()
        let row = try credit.batch(for: [.solver], from: [group([1, 0])], scores: ScoreTable()).examples[0]
        #expect(row.tokens == [1, 2, 10, 11, 12])
        #expect(row.isTrained == [false, false, true, true, true])
        #expect(row.weights == [1, 1, 0.5, 0.5, 0.5])
        #expect(row.samplerLogProbs[2...] == [-0.1, -0.11, -0.12])
    }

    @Test("groups without difference can be left out")
    func drops() throws {
        var credit = DynamicSampling(GroupRelative())
        let batch = try credit.batch(for: [.solver], from: [group([1, 1]), group([1, 0])], scores: ScoreTable())
        #expect(batch.examples.map(\.group) == [1, 1])
    }

    @Test("roles that did not move get no rows")
    func otherRoles() throws {
        var credit = GroupRelative()
        #expect(try credit.batch(for: ["critic"], from: [group([1, 0])], scores: ScoreTable()).examples.isEmpty)
    }

    @Test("a problem kept for measuring is refused by every credit")
    func heldOut() {
        let groups = [group([1, 0], isHeldOut: true)]
        let credits: [any Credit] = [GroupRelative(), ReinforceBaseline(), AcceptedOnly(), Demonstrations()]
        for var credit in credits {
            let error = #expect(throws: CreditError.self) { try credit.batch(for: [.solver], from: groups, scores: ScoreTable()) }
            #expect("\(error.map { "\($0)" } ?? "")".contains("held out"))
        }
    }

    @Test("missing log-probabilities are an error and never 0")
    func missingLogProbs() {
        var credit = GroupRelative()
        let text = sentence { _ = try credit.batch(for: [.solver], from: [group([1, 0], logProbs: false)], scores: ScoreTable()) }
        #expect(text.contains("without the sampler's log-probabilities"))
        var short = group([1, 0])
        short.episodes[0].steps[0].move.segments[0].samplerLogProbs = [-1]
        let other = sentence { _ = try credit.batch(for: [.solver], from: [short], scores: ScoreTable()) }
        #expect(other.contains("1 sampler log-probabilities for 3 trained tokens"))
    }

    @Test("a missing verdict, a reward that is not finite and a segment without tokens are refused")
    func refusals() {
        var credit = GroupRelative()
        func refusal(_ group: EpisodeGroup) -> String {
            sentence { _ = try credit.batch(for: [.solver], from: [group], scores: ScoreTable()) }
        }
        #expect(refusal(group([1, nil])).contains("no “return” verdict on episode 1"))
        #expect(refusal(group([1, .nan])).contains("expected a finite number"))
        var untokenised = group([1, 0])
        untokenised.episodes[0].steps[0].context = [.text("What?", from: .prompt)]
        #expect(refusal(untokenised).contains("without tokens (“What?”)"))
    }
}

@Suite("Baselines")
struct ReinforceBaselineTests {
    @Test("each baseline by hand")
    func byHand() {
        let groups: [[Double]] = [[1, 0, 0.5], [1]]
        #expect(ReinforceBaseline.advantages(groups, baseline: .none) == groups)
        #expect(ReinforceBaseline.advantages(groups, baseline: .leaveOneOut) == [[0.75, -0.75, 0], [0]])
        #expect(ReinforceBaseline.advantages(groups, baseline: .batchMean) == [[0.375, -0.625, -0.125], [0.375]])
    }

    @Test("leaving one out is the group's mean baseline times n / (n − 1)")
    func identity() {
        let rewards = [0.2, 0.9, 0.4, 0.0]
        let centred = GroupRelative.advantages(rewards, normaliseByStd: false, epsilon: 0)
        let left = ReinforceBaseline.advantages([rewards], baseline: .leaveOneOut)[0]
        for (a, b) in zip(centred, left) { #expect(abs(a * 4 / 3 - b) < 1e-12) }
    }

    @Test("equal rewards give exactly 0")
    func equal() {
        #expect(ReinforceBaseline.advantages([[0.1, 0.1, 0.1]], baseline: .leaveOneOut) == [[0, 0, 0]])
        #expect(ReinforceBaseline.advantages([[0.1], [0.1], [0.1]], baseline: .batchMean) == [[0], [0], [0]])
    }

    @Test("rows follow the groups, each with its own advantage")
    func batch() throws {
        var credit = ReinforceBaseline(baseline: .batchMean)
        let batch = try credit.batch(for: [.solver], from: [group([1, 0]), group([0, 0])], scores: ScoreTable())
        #expect(batch.examples.map { $0.advantages[0] } == [0.75, -0.25, -0.25, -0.25])
        #expect(batch.examples.map(\.group) == [0, 0, 1, 1])
    }
}

@Suite("Rows to imitate")
struct ImitationTests {
    @Test("only accepted episodes are kept, each solution once, at most so many a problem")
    func accepted() throws {
        let tokens: [[TokenID]] = [[5], [6], [5], [7], [8]]
        let played = group([1, 0, 1, 1, 1], tokens: tokens, logProbs: false)
        var all = AcceptedOnly()
        #expect(try all.batch(for: [.solver], from: [played], scores: ScoreTable()).examples.map(\.tokens.last) == [5, 7, 8])
        var two = AcceptedOnly(keep: 2)
        let batch = try two.batch(for: [.solver], from: [played, played], scores: ScoreTable())
        #expect(batch.examples.map(\.tokens.last) == [5, 7, 5, 7])
        var lenient = AcceptedOnly(threshold: 0)
        #expect(try lenient.batch(for: [.solver], from: [played], scores: ScoreTable()).examples.count == 4)
    }

    @Test("accepted rows need no log-probabilities and have no advantages")
    func acceptedRows() throws {
        var credit = AcceptedOnly()
        let row = try credit.batch(for: [.solver], from: [group([1], logProbs: false)], scores: ScoreTable()).examples[0]
        #expect(row.samplerLogProbs.isEmpty && row.advantages.isEmpty && row.trainedCount == 3)
    }

    @Test("episodes without a verdict are not accepted")
    func unjudged() throws {
        var credit = AcceptedOnly(threshold: -1)
        #expect(try credit.batch(for: [.solver], from: [group([nil, 1])], scores: ScoreTable()).examples.map(\.episode) == ["p/1"])
    }

    @Test("demonstrations are learned although nobody marked them; what a model said is not")
    func demonstrations() throws {
        var credit = Demonstrations()
        let written = group([nil], logProbs: false, origin: .demonstration)
        let rows = try credit.batch(for: [.solver], from: [written, group([1])], scores: ScoreTable()).examples
        #expect(rows.count == 1 && rows[0].isTrained == [false, false, true, true, true])
    }

    @Test("inside a demonstrated move, tokens of others stay untrained")
    func mixedMove() throws {
        var credit = Demonstrations()
        var written = group([nil], logProbs: false, origin: .demonstration)
        written.episodes[0].steps[0].move.segments.append(Segment(origin: .tool, content: .tokens([90], text: "=")))
        let row = try credit.batch(for: [.solver], from: [written], scores: ScoreTable()).examples[0]
        #expect(row.isTrained == [false, false, true, true, true, false])
    }

    @Test("the first token of a row is never trained")
    func firstToken() throws {
        let step = Step(
            role: .solver, context: [],
            move: Move(segments: [Segment(origin: .demonstration, content: .tokens([4, 5], text: "ab"), isTrained: true)]))
        let row = try ExampleBuilder.example(of: step, group: 3, episode: "e", needsLogProbs: false)
        #expect(row.isTrained == [false, true] && row.group == 3 && row.episode == "e")
    }
}
