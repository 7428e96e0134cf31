import HoneCore
import HoneCredit
import Testing

@Suite("Credit for outcomes")
struct OutcomeTests {
    @Test("leaving one out is the mean of the others, and one alone has 0")
    func leaveOneOut() throws {
        #expect(try advantages(LeaveOneOut(), [group([3, 0, 6]), group([5])]) == [0, -4.5, 4.5, 0])
    }

    @Test("OPO's baseline weighs rewards by length: (1·1 + 3·0) / 4")
    func opo() throws {
        #expect(LengthWeightedBaseline.advantages([1, 0], lengths: [1, 3]) == [0.75, -0.25])
        #expect(try advantages(LengthWeightedBaseline(), [group([1, 0], tokens: [[10], [10, 11, 12]])]) == [0.75, -0.25])
        #expect(LengthWeightedBaseline.advantages([0.1, 0.1, 0.1], lengths: [3, 5, 9]) == [0, 0, 0])
    }

    @Test("a length counts what the role wrote, not what tools put in")
    func lengths() {
        var episode = chain("e", [[10, 11], [12]])
        episode.steps[0].move.segments.append(Segment(origin: .tool, content: .tokens([90, 91], text: "=")))
        #expect(episode.length(of: .solver) == 3 && episode.length(of: "critic") == 0)
    }

    @Test("ReMax subtracts the greedy answer's reward and does not learn from it", arguments: [false, true])
    func remax(isChild: Bool) throws {
        var played = group([1, 0, 0.25])
        let greedy = Player(model: "policy", sampling: Sampling(temperature: 0))
        if isChild {
            var child = group([0.75, 0.25])
            child.episodes[1].cast = [.solver: greedy]
            played.children = [child]
            #expect(try advantages(GreedyBaseline(), [played]) == [0.75, -0.25, 0])
        } else {
            played.episodes[2].cast = [.solver: greedy]
            let rows = try batch(GreedyBaseline(), [played]).examples
            #expect(rows.map { $0.advantages[0] } == [0.75, -0.25] && rows.map(\.episode) == ["p/0", "p/1"])
        }
    }

    @Test("a group without a greedy answer is refused in a sentence")
    func remaxRefusal() {
        #expect(sentence { _ = try batch(GreedyBaseline(), [group([1, 0])]) }.contains("no greedy episode for role “solver”"))
    }

    @Test("REINFORCE++ normalises over all tokens of the batch")
    func batchNormalised() throws {
        // Six tokens with 1 and three with −1: mean 1/3, deviation √(8/9).
        let rows = try batch(BatchNormalised(epsilon: 0), [group([1, -1]), group([1])]).examples
        let spread = (8.0 / 9).squareRoot()
        for (row, reward) in zip(rows, [1.0, -1, 1]) {
            #expect(row.advantages[..<2] == [0, 0] && row.advantages[2...].allSatisfy { isClose(Double($0), (reward - 1.0 / 3) / spread, 1e-6) })
        }
    }

    @Test("with the group's mean taken off first, a group that is always right has 0, exactly")
    func batchNormalisedWithBaseline() throws {
        let found = try advantages(BatchNormalised(subtractsGroupMean: true, epsilon: 0), [group([0.1, 0.1, 0.1]), group([1, 0])])
        #expect(found[..<3] == [0, 0, 0])
        let spread = (6 * 0.25 / 15.0).squareRoot()
        #expect(isClose(Double(found[3]), 0.5 / spread, 1e-6) && found[4] == -found[3])
    }

    @Test("REINFORCE++ pays the KL to come at each token")
    func batchNormalisedPenalty() throws {
        let reference = ModelRef("policy", snapshot: "base")
        var credit = BatchNormalised(klCoefficient: 2, epsilon: 0)
        #expect(credit.needs == [Score(.logProbs, by: reference)])
        // Sampler −0.10, −0.11, −0.12; reference −0.2 throughout: log-ratios 0.10, 0.09, 0.08.
        let place = ScoreTable.Place(episode: "p/0", step: 0)
        let scores = ScoreTable(rows: [Score(.logProbs, by: reference): [place: Scores(values: [0, -0.2, -0.2, -0.2], shape: [4])]])
        let row = try credit.batch(for: [.solver], from: [group([1])], scores: scores).examples[0]
        let raw = [1 - 2 * 0.27, 1 - 2 * 0.17, 1 - 2 * 0.08]
        let mean = raw.reduce(0, +) / 3
        let spread = (raw.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3).squareRoot()
        for (found, value) in zip(row.advantages[2...], raw) { #expect(isClose(Double(found), (value - mean) / spread, 1e-5)) }
        #expect(sentence { _ = try credit.batch(for: [.solver], from: [group([1])], scores: ScoreTable()) }.contains("was not computed"))
    }

    @Test("SPO: shares of wins by comparing rewards, a tie counting half")
    func winShareOfRewards() throws {
        // Shares 1, ¼, ¼ with mean ½.
        #expect(try advantages(WinShare(), [group([2, 1, 1])]) == [0.5, -0.25, -0.25])
        #expect(try advantages(WinShare(), [group([7])]) == [0])
    }

    @Test("SPO: a cyclic preference gives everyone the same share, and 0")
    func winShareOfPairs() throws {
        var played = group([nil, nil, nil])
        played.verdicts = [(0, 1), (1, 2), (2, 0)].map { Verdict(on: .pair($0.0, over: $0.1), kind: "better", value: 1) }
        #expect(try advantages(WinShare(kind: "better"), [played]) == [0, 0, 0])
        // Both orders of a pair are averaged: P(0 ≻ 1) = (1 + (1 − 0.5)) / 2.
        played.verdicts += [Verdict(on: .pair(1, over: 0), kind: "better", value: 0.5)]
        let rows = try batch(WinShare(kind: "better"), [played]).examples
        #expect(rows.numbers("reward") == [0.375, 0.625, 0.5])
        played.verdicts.removeFirst(2)
        #expect(sentence { _ = try batch(WinShare(kind: "better"), [played]) }.contains("no “better” verdict on the pair of episodes 1 and 2"))
        played.verdicts[0].value = 1.5
        #expect(sentence { _ = try batch(WinShare(kind: "better"), [played]) }.contains("expected a probability"))
    }

    @Test("dynamic sampling leaves equal groups out, keeps numbers, and looks at each role by itself")
    func dynamicSampling() throws {
        let groups = [group([1, 1]), group([1, 0]), group([0])]
        #expect(try batch(DynamicSampling(ReinforceBaseline(baseline: .none)), groups).examples.map(\.group) == [1, 1])
        var two = group([1, 0], steps: 2)
        for index in 0..<2 { two.episodes[index].steps[0].role = "critic" }
        two.verdicts += [Verdict(on: .role(0, "critic"), kind: .worldReturn, value: 0), Verdict(on: .role(1, "critic"), kind: .worldReturn, value: 0)]
        let rows = try batch(DynamicSampling(ReinforceBaseline(baseline: .none)), [two], roles: ["critic", .solver]).examples
        #expect(rows.count == 2 && rows.allSatisfy { $0.tokens[1] == 3 })
        #expect(DynamicSampling<GroupRelative>.card.gives == GroupRelative.card.gives)
    }

    @Test("OREAL: one right and one wrong row of each group, with the whole group's baseline, drawn alike every time")
    func onePerOutcome() throws {
        let tokens: [[TokenID]] = [[10], [11], [12], [13]]
        let mixed = group([1, 0, 1, 0], tokens: tokens, problem: "mixed")
        let rows = try batch(OnePerOutcome(LeaveOneOut()), [group([1, 1]), mixed, group([0, 0])]).examples
        #expect(rows.map(\.group) == [1, 1] && Set(rows.numbers("reward")) == [0, 1])
        #expect(rows.map { $0.advantages[0] }.sorted() == [Float(-2.0 / 3), Float(2.0 / 3)])
        let drawn = try (0..<32).map { seed in
            try batch(OnePerOutcome(LeaveOneOut(), seed: seed), [mixed]).examples.map(\.episode).sorted()
        }
        #expect(Set(drawn).count == 4)
    }

    @Test("rewards too large for single precision are refused and never become infinite")
    func overflow() {
        let huge = group([1e300, 0])
        #expect(sentence { _ = try batch(ReinforceBaseline(baseline: .none), [huge]) }.contains("single precision cannot hold"))
    }
}

@Suite("State-conditioned advantages")
struct StateConditionedTests {
    /// Two deals of one world: a single decision each, at the positions of the given contexts.
    private func played(_ context: [TokenID], _ rewards: [Double]) -> EpisodeGroup {
        let episodes = rewards.indices.map { Episode(id: "\(context)/\($0)", steps: [step(.solver, after: context, move: [10 + TokenID($0)])]) }
        return group(of: episodes, rewards.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) })
    }

    @Test("the others at the same position are the baseline, whatever group they are in")
    func byHand() throws {
        var credit = StateConditioned(prior: 0, decay: 1)
        let made = try credit.batch(for: [.solver], from: [played([1, 2], [4, 1]), played([1, 3], [7]), played([1, 2], [1])], scores: ScoreTable())
        // At [1, 2]: 4 − (1 + 1)/2, 1 − (4 + 1)/2, 1 − (4 + 1)/2; at [1, 3], met once, the role's running mean, which is still 0.
        #expect(made.examples.map { $0.advantages[0] } == [3, -1.5, 7, -1.5])
    }

    @Test("the role's running mean counts as so many decisions")
    func prior() throws {
        var credit = StateConditioned(prior: 2, decay: 0.5)
        credit.memo.baselines = ["arithmetic": [.solver: 3]]
        let made = try credit.batch(for: [.solver], from: [played([1, 2], [5, 1])], scores: ScoreTable())
        // 5 − (1 + 2·3)/3; then the mean is 4: 1 − (5 + 2·4)/3.
        #expect(made.examples.map { $0.advantages[0] } == [Float(5 - 7.0 / 3), Float(1 - 13.0 / 3)])
        #expect(credit.memo.baselines["arithmetic"] == [.solver: 2.5])
    }

    @Test("two decisions of one episode are judged at their own positions")
    func steps() throws {
        var credit = StateConditioned(prior: 0, decay: 1)
        let episodes = [chain("a", [[10], [11]]), chain("b", [[10], [12]]), chain("c", [[13], [11]])]
        let made = try credit.batch(
            for: [.solver], from: [group(of: episodes, [3, 1, 0].enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) })],
            scores: ScoreTable())
        // First moves share a position; second ones share one only where the first moves are the same.
        #expect(made.examples.map { $0.advantages[0] } == [2.5, 2, -0.5, -2, -2])
    }
}

@Suite("Role-conditioned advantages")
struct RoleConditionedTests {
    @Test("the mean is read before it takes the reward in")
    func byHand() throws {
        var credit = RoleConditioned(decay: 0.5)
        let batch = try credit.batch(for: [.solver], from: [group([1, 1, 0])], scores: ScoreTable())
        #expect(batch.examples.map { $0.advantages[0] } == [1, 0.5, -0.75])
        #expect(credit.memo.baselines == ["arithmetic": [.solver: 0.375]])
    }

    @Test("the paper's display, which updates first, is a setting")
    func updatesFirst() throws {
        var credit = RoleConditioned(decay: 0.5, updatesFirst: true)
        #expect(try credit.batch(for: [.solver], from: [group([1, 1])], scores: ScoreTable()).examples.map { $0.advantages[0] } == [0.5, 0.25])
    }

    @Test("worlds and roles have means of their own")
    func separate() throws {
        var credit = RoleConditioned(decay: 0.5)
        var game = group([1], steps: 2, world: "nim")
        game.episodes[0].steps[1].role = "player 1"
        game.verdicts.append(Verdict(on: .role(0, "player 1"), kind: .worldReturn, value: -1))
        _ = try credit.batch(for: [.solver, "player 1"], from: [game, group([4])], scores: ScoreTable())
        #expect(credit.memo.baselines == ["nim": [.solver: 0.5, "player 1": -0.5], "arithmetic": [.solver: 2]])
    }

    @Test("parts worth nothing and episodes cut off are left out, but move the mean")
    func leftOut() throws {
        var credit = RoleConditioned(decay: 0.5)
        var played = group([0, 1, 1])
        played.episodes[1].ending = .budget
        #expect(try credit.batch(for: [.solver], from: [played], scores: ScoreTable()).examples.map(\.episode) == ["p/2"])
        #expect(credit.memo.baselines["arithmetic"]?[.solver] == 0.75)
    }

    @Test("a step's advantage is discounted by the role's steps that follow")
    func discounted() throws {
        var credit = RoleConditioned(discount: 0.5)
        #expect(try credit.batch(for: [.solver], from: [group([1], steps: 3)], scores: ScoreTable()).examples.map { $0.advantages[0] } == [0.25, 0.5, 1])
    }

    @Test("a memo put back from JSON gives the same bits; a refused batch changes nothing")
    func resumes() throws {
        var generator = Seed(11).generator
        func random() -> EpisodeGroup { group((0..<3).map { _ in generator.unit() - 0.3 }) }
        let (first, second) = ((0..<20).map { _ in random() }, (0..<20).map { _ in random() })
        var whole = RoleConditioned()
        _ = try whole.batch(for: [.solver], from: first, scores: ScoreTable())
        var resumed = RoleConditioned()
        resumed.memo = try JSONValue(parsing: try JSONValue(encoding: whole.memo).canonical).decode(RoleConditioned.Memo.self)
        let before = whole.memo
        #expect(!sentence { _ = try whole.batch(for: [.solver], from: [group([1, .nan])], scores: ScoreTable()) }.isEmpty)
        #expect(whole.memo == before)
        #expect(
            try whole.batch(for: [.solver], from: second, scores: ScoreTable()) == resumed.batch(for: [.solver], from: second, scores: ScoreTable()))
        #expect(whole.memo == resumed.memo)
    }
}
