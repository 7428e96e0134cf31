import HoneCore
import HoneCredit
import Testing

/// A group whose episodes have one step of one token each, with more verdicts of other kinds.
private func judged(_ rewards: [Double], _ kinds: [VerdictKind: [Double]] = [:], problem: String = "p") -> EpisodeGroup {
    var made = group(rewards, tokens: rewards.indices.map { [10 + TokenID($0)] }, problem: problem)
    for (kind, values) in kinds { for (index, value) in values.enumerated() { made.verdicts.append(Verdict(on: .episode(index), kind: kind, value: value)) } }
    return made
}

private func areClose(_ found: [Float], _ expected: [Double], _ tolerance: Double = 1e-6) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { isClose(Double($0), $1, tolerance) }
}

@Suite("Settings of credit for outcomes")
struct OutcomeSettingTests {
    @Test("group-relative: with and without division, ε, both deviations, and another kind of verdict as reward")
    func groupRelative() throws {
        // Mean 2, deviations √⅔ (population) and 1 (sample).
        let played = judged([3, 1, 2], ["style": [0, 0, 6]])
        let root = (1.5).squareRoot()
        #expect(try areClose(advantages(GroupRelative(normaliseByStd: false), [played]), [1, -1, 0]))
        #expect(try areClose(advantages(GroupRelative(epsilon: 0), [played]), [root, -root, 0]))
        #expect(try areClose(advantages(GroupRelative(epsilon: 0.5, deviation: .sample), [played]), [1 / 1.5, -1 / 1.5, 0]))
        #expect(try areClose(advantages(GroupRelative(normaliseByStd: false, kind: "style"), [played]), [-2, -2, 4]))
        // A large ε makes the division one by ε.
        #expect(try areClose(advantages(GroupRelative(epsilon: 1e6), [played]), [1e-6, -1e-6, 0], 1e-9))
        let row = try batch(GroupRelative(kind: "style"), [played]).examples[2]
        #expect(row.scalars["reward"] == 6, "rows carry the reward they were credited for")
    }

    @Test("baselines over several groups: none, the batch's mean, the others of the group")
    func baselines() throws {
        let groups = [judged([3, 1]), judged([2], problem: "q")]
        #expect(try advantages(ReinforceBaseline(baseline: .none), groups) == [3, 1, 2])
        #expect(try advantages(ReinforceBaseline(baseline: .batchMean), groups) == [1, -1, 0])
        #expect(try advantages(ReinforceBaseline(baseline: .leaveOneOut), groups) == [2, -2, 0])
        #expect(try advantages(LeaveOneOut(), groups) == advantages(ReinforceBaseline(), groups))
        let styled = judged([3, 1], ["style": [0, 4]])
        #expect(try advantages(LeaveOneOut(kind: "style"), [styled]) == [-4, 4])
        #expect(try advantages(LengthWeightedBaseline(kind: "style"), [styled]) == [-2, 2])
    }

    @Test("REINFORCE++: ε in the division, another reward, the group's mean taken off first")
    func batchNormalised() throws {
        // Rewards 3, 1 | 10, 10: mean 6, variance (9 + 25 + 16 + 16)/4 = 16.5.
        let groups = [judged([3, 1]), judged([10, 10], problem: "q")]
        let spread = (16.5).squareRoot()
        #expect(try areClose(advantages(BatchNormalised(epsilon: 0), groups), [-3 / spread, -5 / spread, 4 / spread, 4 / spread]))
        #expect(try areClose(advantages(BatchNormalised(epsilon: 2), groups), [-3, -5, 4, 4].map { $0 / (spread + 2) }))
        // 1, −1, 0, 0 with deviation √½.
        let half = (0.5).squareRoot()
        #expect(try areClose(advantages(BatchNormalised(subtractsGroupMean: true, epsilon: 0), groups), [1 / half, -1 / half, 0, 0]))
        #expect(try areClose(advantages(BatchNormalised(kind: "style", epsilon: 0), [judged([0, 0], ["style": [5, 3]])]), [1, -1]))
        let other = BatchNormalised(klCoefficient: 0.1, reference: "anchor")
        #expect(other.needs == [Score(.logProbs, by: "anchor")] && BatchNormalised(reference: "anchor").needs.isEmpty)
    }

    @Test("REINFORCE++ keeps the statistics of roles apart")
    func rolesApart() throws {
        func episode(_ id: String) -> Episode {
            Episode(id: EpisodeID(id), steps: [step(.solver, after: [1], move: [10]), step("critic", after: [1, 10], move: [11])])
        }
        let verdicts = [(0, Role.solver, 1.0), (0, "critic", 100), (1, .solver, 0), (1, "critic", 300)].map {
            Verdict(on: .role($0.0, $0.1), kind: .worldReturn, value: $0.2)
        }
        let rows = try batch(BatchNormalised(epsilon: 0), [group(of: [episode("a"), episode("b")], verdicts)], roles: [.solver, "critic"]).examples
        #expect(areClose(rows.map { $0.advantages[$0.advantages.count - 1] }, [1, -1, -1, 1]))
    }

    @Test("dynamic sampling looks at its own kind, and leaves out only the role whose rewards are equal")
    func dynamicSampling() throws {
        let shaped = judged([0.9, 0.8], ["correct": [1, 1]])
        #expect(try advantages(DynamicSampling(LeaveOneOut()), [shaped]).count == 2)
        #expect(try advantages(DynamicSampling(LeaveOneOut(), kind: "correct"), [shaped]).isEmpty)
        let mixed = judged([0.5, 0.5], ["correct": [1, 0]])
        #expect(try advantages(DynamicSampling(LeaveOneOut(), kind: "correct"), [mixed]) == [0, 0])
        func game(_ id: String) -> Episode {
            Episode(id: EpisodeID(id), steps: [step("white", after: [1], move: [10]), step("black", after: [1, 10], move: [11])])
        }
        let verdicts = [(0, Role("white"), 1.0), (0, "black", 0), (1, "white", 1), (1, "black", 1)].map {
            Verdict(on: .role($0.0, $0.1), kind: .worldReturn, value: $0.2)
        }
        let rows = try batch(DynamicSampling(LeaveOneOut()), [group(of: [game("a"), game("b")], verdicts)], roles: ["white", "black"]).examples
        #expect(rows.map { $0.tokens.last ?? 0 } == [11, 11] && rows.map { $0.advantages[2] } == [-1, 1])
        // A group of one has no difference either.
        #expect(try batch(DynamicSampling(LeaveOneOut()), [judged([1])]).examples.isEmpty)
    }

    @Test("ReMax: the first greedy episode counts, by its role's own player and its own kind")
    func greedy() throws {
        var played = judged([1, 0, 5], ["style": [2, 7, 3]])
        let greedy = Player(model: "policy", sampling: Sampling(temperature: 0))
        played.episodes[1].cast = [.solver: greedy]
        played.episodes[2].cast = ["critic": greedy]
        let rows = try batch(GreedyBaseline(), [played]).examples
        #expect(rows.map(\.episode) == ["p/0", "p/2"] && rows.map { $0.advantages[0] } == [1, 5])
        #expect(try advantages(GreedyBaseline(kind: "style"), [played]) == [-5, -4])
        played.episodes[2].cast = [.solver: greedy]
        #expect(try advantages(GreedyBaseline(), [played]) == [1], "a second greedy answer is no baseline, and is not learned from either")
    }

    @Test("one right and one wrong row are drawn by problem and seed, with the advantages of the whole group")
    func onePerOutcome() throws {
        let played = judged([1, 1, 0, 0, 0.5])
        let credit = OnePerOutcome(LeaveOneOut())
        let rows = try batch(credit, [played]).examples
        #expect(rows.count == 2 && Set(rows.numbers("reward").map { $0 >= 1 }) == [true, false])
        // Others of a right one: (2.5 − 1)/4; of one with 0: 2.5/4.
        for row in rows { #expect(isClose(Double(row.advantages[0]), (row.scalars["reward"] ?? 9) - (2.5 - (row.scalars["reward"] ?? 9)) / 4, 1e-6)) }
        #expect(try batch(credit, [played]) == batch(credit, [played]))
        let drawn = try Set((0..<20).map { try batch(OnePerOutcome(LeaveOneOut(), seed: $0), [played]).examples.map(\.episode) })
        #expect(drawn.count > 2, "other seeds draw other rows")
        let lenient = try (0..<20).flatMap { try batch(OnePerOutcome(LeaveOneOut(), threshold: 0.5, seed: $0), [played]).examples.numbers("reward") }
        #expect(lenient.contains(0.5) && lenient.filter { $0 >= 0.5 }.count == 20)
        #expect(try batch(credit, [judged([1, 1]), judged([0], problem: "q")]).examples.isEmpty)
        let byStyle = try batch(OnePerOutcome(LeaveOneOut(), kind: "style"), [judged([0, 0], ["style": [1, 0]])]).examples
        #expect(byStyle.map(\.episode) == ["p/0", "p/1"])
    }

    @Test("SPEAR: replays must be above the threshold, not at it; fresh rows are left out where not asked for")
    func replay() throws {
        func sampled(_ update: Int, _ rewards: [Double]) -> EpisodeGroup {
            group(rewards, tokens: rewards.indices.map { [10 + TokenID($0)] }, origin: .model("policy", update: update))
        }
        let groups = [sampled(5, [0, 1]), sampled(2, [0.5, 0.75, 1])]
        // Today's median is ½.
        var plain = RecalibratedReplay(learnsFresh: false)
        #expect(try plain.batch(for: [.solver], from: groups, scores: ScoreTable()).examples.map { $0.advantages[0] } == [0.25, 0.5])
        var strict = RecalibratedReplay(threshold: 0.25, learnsFresh: false)
        #expect(try strict.batch(for: [.solver], from: groups, scores: ScoreTable()).examples.map { $0.advantages[0] } == [0.5])
        var all = RecalibratedReplay()
        let rows = try all.batch(for: [.solver], from: groups, scores: ScoreTable()).examples
        #expect(rows.map { $0.advantages[0] } == [-0.5, 0.5, 0.25, 0.5] && rows.map { $0.channel("replayed")[0] } == [0, 0, 1, 1])
        // Without anything fresh before, there is nothing to compare with.
        var empty = RecalibratedReplay()
        #expect(try empty.batch(for: [.solver], from: [], scores: ScoreTable()).examples.isEmpty && empty.memo == .init())
    }

    @Test("SPEAR: a replay of exactly `oldest` updates ago stays, one older goes; 0 sets no bound")
    func ages() throws {
        func sampled(_ update: Int, _ reward: Double) -> EpisodeGroup { group([reward], origin: .model("policy", update: update)) }
        let groups = [sampled(9, 0), sampled(6, 1), sampled(5, 1), sampled(0, 1)]
        for (oldest, kept) in [(3, [1]), (4, [1, 2]), (0, [1, 2, 3]), (100, [1, 2, 3])] {
            var credit = RecalibratedReplay(oldest: oldest, learnsFresh: false)
            #expect(try credit.batch(for: [.solver], from: groups, scores: ScoreTable()).examples.map(\.group) == kept, "\(oldest)")
        }
    }

    @Test("Critique-GRPO with other roles and another kind; of equal refinements the first is taken, the rest teach nothing")
    func refined() throws {
        func episode(_ id: String, _ first: TokenID, _ second: TokenID) -> Episode {
            Episode(id: EpisodeID(id), steps: [step("writer", after: [1], move: [first]), step("editor", after: [1, first], news: [9], move: [second])])
        }
        let played = group(
            of: [episode("a", 10, 20), episode("b", 11, 21), episode("c", 12, 22)],
            [(0, Role("writer"), 1.0), (0, "editor", 2), (1, "writer", 0), (1, "editor", 4), (2, "writer", 3), (2, "editor", 4)].map {
                Verdict(on: .role($0.0, $0.1), kind: "score", value: $0.2)
            })
        let credit = RefinedUnderOriginal(answers: "writer", refines: "editor", kind: "score")
        let rows = try batch(credit, [played], roles: ["writer", "editor"]).examples
        // 1, 0, 3 and the best refinement 4: mean 2.
        #expect(rows.map(\.tokens) == [[1, 10], [1, 11], [1, 12], [1, 21]] && rows.map { $0.advantages[1] } == [-1, -2, 1, 2])
        #expect(try batch(credit, [played], roles: ["writer"]).examples.count == 3)
        #expect(try batch(credit, [played], roles: [.solver]).examples.isEmpty)
    }

    @Test("SPIRAL: decay 0 remembers the last reward only, decay 1 nothing; cut-off episodes can be learned")
    func decay() throws {
        func found(_ credit: RoleConditioned, _ rewards: [Double]) throws -> [Float] { try advantages(credit, [judged(rewards)]) }
        #expect(try found(RoleConditioned(decay: 0), [1, 3, 2]) == [1, 2, -1])
        #expect(try found(RoleConditioned(decay: 1), [1, 3, 2]) == [1, 3, 2])
        #expect(try found(RoleConditioned(decay: 0, updatesFirst: true), [1, 3, 2]) == [], "rewards minus themselves are 0, and 0 is left out")
        #expect(try advantages(RoleConditioned(kind: "style", decay: 1), [judged([0, 0], ["style": [4, 5]])]) == [4, 5])
        var cut = judged([1, 3])
        cut.episodes[0].ending = .budget
        #expect(try advantages(RoleConditioned(decay: 1), [cut]) == [3] && advantages(RoleConditioned(decay: 1, skipsCutOff: false), [cut]) == [1, 3])
    }

    @Test("SPO: shares can be divided by their deviation; mirrored verdicts are averaged; rows carry the share")
    func winShare() throws {
        // Shares 1, ½, 0: deviation √(1/6).
        let played = judged([3, 2, 1])
        let scale = (6.0).squareRoot() / 2
        #expect(try areClose(advantages(WinShare(normaliseByStd: true), [played]), [scale, 0, -scale], 1e-3))
        var pairs = judged([0, 0], ["unused": [1, 1]])
        pairs.verdicts = [(0, 1, 0.9), (1, 0, 0.3)].map { Verdict(on: .pair($0.0, over: $0.1), kind: "better", value: $0.2) }
        // P(0 over 1) = (0.9 + 0.7)/2.
        let rows = try batch(WinShare(kind: "better"), [pairs]).examples
        #expect(zip(rows.numbers("winShare"), [0.8, 0.2]).allSatisfy { isClose($0, $1) } && rows.numbers("reward") == rows.numbers("winShare"))
        #expect(areClose(rows.map { $0.advantages[0] }, [0.3, -0.3]))
        var three = judged([0, 0, 0])
        three.verdicts = [Verdict(on: .pair(0, over: 1), kind: "better", value: 1)]
        #expect(
            sentence { _ = try batch(WinShare(kind: "better"), [three]) }
                == "Group 0 (problem “p”) has no “better” verdict on the pair of episodes 0 and 2; expected one for every pair, in either order")
    }

    @Test("advantages follow their group's place: groups in another order give the same rows in that order", arguments: CreditCatalog.parts.indices)
    func groupOrder(index: Int) throws {
        let credit = CreditCatalog.parts[index]
        guard !(credit is any Stateful), credit.needs.isEmpty else { return }
        let groups = (0..<3).map { number in
            var made = judged([1, 0, Double(number) / 4], problem: "p\(number)")
            made.episodes[0].cast = [.solver: Player(model: "policy", sampling: Sampling(temperature: 0))]
            for episode in 0..<3 { made.verdicts.append(Verdict(on: .step(episode, 0), kind: .step, value: 1)) }
            return made
        }
        func rows(_ order: [Int]) throws -> [String: [Float]] {
            var copy = credit
            let found = try copy.batch(for: [.solver], from: order.map { groups[$0] }, scores: ScoreTable()).examples
            return Dictionary(found.map { ("\($0.episode) \($0.tokens)", $0.advantages) }) { first, _ in first }
        }
        let plain = try rows([0, 1, 2])
        for order in [[2, 0, 1], [1, 2, 0]] {
            let moved = try rows(order)
            #expect(moved.keys == plain.keys && moved.allSatisfy { key, values in
                zip(values, plain[key] ?? []).allSatisfy { isClose(Double($0), Double($1), 1e-5) }
            }, "\(type(of: credit).card.name)")
        }
    }
}
