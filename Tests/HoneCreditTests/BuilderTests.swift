import HoneCore
import HoneCredit
import HoneNumerics
import Testing

@Suite("Rows and refusals")
struct BuilderTests {
    @Test("a transcript is the last context and move, with earlier moves trained as they were")
    func transcript() throws {
        var episode = chain("e", [[10, 11], [12], [13]])
        episode.steps[1].move.segments[0].isTrained = false
        episode.steps[2].context.append(Segment(origin: .tool, content: .tokens([90], text: "="), isTrained: true))
        let row = try ExampleBuilder.transcript(of: episode.steps, group: 4, episode: "e")
        #expect(row.tokens == [1, 2, 10, 11, 12, 90, 13] && row.group == 4)
        #expect(row.isTrained == [false, false, true, true, false, false, true])
        #expect(row.samplerLogProbs == [0, 0, -0.1, -0.11, 0, 0, -0.13])
        #expect(try ExampleBuilder.transcript(of: [], group: 0, episode: "none").tokens.isEmpty)
    }

    @Test("a transcript with one unknown log-probability has none; weights stay those of the moves")
    func transcriptDetails() throws {
        var episode = chain("e", [[10], [11]])
        episode.steps[0].move.segments[0].weight = 0.25
        episode.steps[1].move.segments[0].samplerLogProbs = nil
        let row = try ExampleBuilder.transcript(of: episode.steps, group: 0, episode: "e")
        #expect(row.samplerLogProbs.isEmpty && row.weights == [1, 1, 0.25, 1] && row.isTrained == [false, false, true, true])
    }

    @Test("demonstrated moves of a transcript are trained only where that is asked for")
    func transcriptOfDemonstrations() throws {
        var episode = chain("e", [[10], [11]])
        episode.steps[0].move.segments[0].origin = .demonstration
        episode.steps[0].move.segments[0].isTrained = false
        #expect(try ExampleBuilder.transcript(of: episode.steps, group: 0, episode: "e").isTrained == [false, false, false, true])
        let all = try ExampleBuilder.transcript(of: episode.steps, group: 0, episode: "e", training: .markedAndDemonstrated)
        #expect(all.isTrained == [false, false, true, true])
    }

    @Test("plays are the parts of a role in episodes in which it moved, with its own reward")
    func plays() throws {
        var second = chain("b", [[11]])
        second.steps[0].role = "critic"
        let played = group(
            of: [chain("a", [[10], [12]]), second],
            [Verdict(on: .episode(0), kind: .worldReturn, value: 1), Verdict(on: .role(0, .solver), kind: .worldReturn, value: 2)])
        let found = try ExampleBuilder.plays(of: played, number: 7, role: .solver, kind: .worldReturn)
        #expect(found.map(\.reward) == [2] && found[0].group == 7 && found[0].index == 0 && found[0].length == 2)
        let text = sentence { _ = try ExampleBuilder.plays(of: played, number: 7, role: "critic", kind: .worldReturn) }
        #expect(text.contains("Group 7") && text.contains("no “return” verdict on episode 1 for role “critic”"))
    }

    /// Whoever reads rewards of whole episodes, under any settings.
    private static let readers: [any Credit] = [
        BatchNormalised(), BestVersusWorst(), DiscountedReturns(), GroupRelative(), Labelled(), LeaveOneOut(), LengthWeightedBaseline(), MinimalDifference(),
        MonteCarloSteps(), OnePerOutcome(LeaveOneOut()), PreferenceDegrees(), PreferencePairs(), RecalibratedReplay(), ReinforceBaseline(), RevisionSplice(),
        RoleConditioned(), StateConditioned(), RoleTree(), RoleTreeMoves(), WinShare(), DynamicSampling(GroupRelative()), Shaped(GroupRelative(), by: [CosineLength()]),
    ]

    @Test("a missing verdict is refused by all who read it, in a sentence that says what to add", arguments: readers.indices)
    func missingVerdict(index: Int) {
        let credit = Self.readers[index]
        let text = sentence { try run(credit, [group([1, 0]), group([1, nil])]) }
        #expect(text.contains("episode 1") && text.contains("add a judge"), "\(type(of: credit).card.name): \(text)")
    }

    private func run(_ credit: any Credit, _ groups: [EpisodeGroup], scores: ScoreTable = ScoreTable()) throws {
        var copy = credit
        _ = try copy.batch(for: [.solver], from: groups, scores: scores)
    }

    @Test("on-policy credits refuse tokens whose log-probability nobody knows; the others make rows without", arguments: CreditCatalog.parts.indices)
    func missingLogProbs(index: Int) throws {
        let credit = CreditCatalog.parts[index]
        var played = group([1, 0], logProbs: false)
        played.episodes[1].cast[.solver] = Player(model: "policy", sampling: Sampling(temperature: 0))
        for step in 0..<2 { played.verdicts.append(Verdict(on: .step(step, 0), kind: .step, value: 1)) }
        var scores = ScoreTable()
        for need in credit.needs { for id in ["p/0", "p/1"] { scores.rows[need, default: [:]][.init(episode: id, step: 0)] = Scores(values: [0, 0, 0, 0], shape: [4]) } }
        let text = sentence { try run(credit, [played], scores: scores) }
        let isOnPolicy = type(of: credit).card.gives.contains(.onPolicyLogProbs)
        #expect(text.contains("without the sampler's log-probabilities") == isOnPolicy, "\(type(of: credit).card.name): \(text)")
    }

    @Test("text that no tokenizer has seen is refused by everyone who would make a row of it", arguments: CreditCatalog.parts.indices)
    func untokenised(index: Int) throws {
        let credit = CreditCatalog.parts[index]
        var played = group([1, 0], origin: .model("policy", update: 0))
        played.episodes[0].steps[0].context = [.text("What?", from: .prompt)]
        for step in 0..<2 { played.verdicts.append(Verdict(on: .step(step, 0), kind: .step, value: 1)) }
        played.episodes[1].cast[.solver] = Player(model: "policy", sampling: Sampling(temperature: 0))
        // A wrong attempt and its repair, both looked at by the world and valued.
        let nodes = [0.0, 1].map { worth in
            SearchTree.Node(
                parent: worth > 0 ? 0 : nil, move: Move(segments: [said([10 + TokenID(worth)])]), visits: 1,
                verdicts: [Verdict(on: .role(0, .solver), kind: .worldReturn, value: worth), Verdict(on: .episode(0), kind: .worth, value: worth)])
        }
        played.episodes[0].steps[0].move.tree = SearchTree(nodes: nodes, chosen: 1)
        if credit is Demonstrations || credit is DemonstrationPairs { played.episodes[0].steps[0].move.segments[0].origin = .demonstration }
        if credit is RevisionSplice || credit is RoleTreeMoves { played.verdicts.append(Verdict(on: .episode(0), kind: .worldReturn, value: 1)) }
        let text = sentence { try run(credit, [played]) }
        #expect(text.contains("without tokens"), "\(type(of: credit).card.name): \(text)")
    }

    @Test("wrappers ask for what their inner credit asks for, and take its traits")
    func wrappers() {
        let inner = GeneralisedAdvantage(klCoefficient: 0.1)
        #expect(Shaped(inner, by: []).needs == inner.needs && DynamicSampling(inner).needs == inner.needs && OnePerOutcome(inner).needs == inner.needs)
        #expect(Shaped<PreferencePairs>.card.gives.contains(.pairs) && !OnePerOutcome<PreferencePairs>.card.gives.contains(.pairs))
        #expect(DynamicSampling<Shaped<LeaveOneOut>>.card.summary.contains("shaped"))
        let plain = DynamicSampling(LeaveOneOut()) as any Credit
        let carrying = DynamicSampling(Shaped(RoleConditioned(), by: [])) as any Credit
        #expect(!(plain is any Stateful) && carrying is any Stateful)
    }

    @Test("nested wrappers work on one another's groups")
    func nested() throws {
        // Equal correctness drops the first group although lengths differ; the second is shaped, then one of each is kept.
        let equal = group([1, 1], tokens: [[10], [10, 11, 12, 13]])
        let mixed = group([1, 0, 0], tokens: [[10], [10, 11, 12, 13], [14]])
        let credit = DynamicSampling(Shaped(OnePerOutcome(LeaveOneOut(), threshold: 0.9), by: [OverlongPenalty(limit: 4, buffer: 2)]))
        let rows = try batch(credit, [equal, mixed]).examples
        #expect(rows.map(\.group) == [1, 1] && rows[0].scalars["reward"] == 1 && rows[0].advantages[0] == 1.5)
    }
}

@Suite("What shapings keep to")
struct ShapingPropertyTests {
    @Test("cosine rewards lie between their ends and go one way", arguments: [16, 64, 100])
    func cosine(limit: Int) {
        let shaping = CosineLength(limit: limit)
        let right = (0..<limit).map { shaping.reward(isRight: true, length: $0) }
        let wrong = (0..<limit).map { shaping.reward(isRight: false, length: $0) }
        #expect(zip(right, right.dropFirst()).allSatisfy { $0 > $1 } && zip(wrong, wrong.dropFirst()).allSatisfy { $0 < $1 })
        #expect(right.allSatisfy { $0 > 1 && $0 <= 2 } && wrong.allSatisfy { $0 >= -10 && $0 < 0 })
        #expect(zip(right, wrong).allSatisfy { $0 > $1 })
    }

    @Test("the overlong penalty never grows with room to spare, and never exceeds its factor", arguments: [1, 8, 40])
    func overlong(buffer: Int) {
        let shaping = OverlongPenalty(limit: 40, buffer: buffer, factor: 0.5)
        let found = (0...60).map { shaping.penalty(length: $0) }
        #expect(zip(found, found.dropFirst()).allSatisfy { $0 >= $1 } && found.allSatisfy { $0 <= 0 && $0 >= -0.5 })
        #expect(found[40 - buffer] == 0 && found[41] == -0.5)
        #expect(isClose(found[40], -0.5))
    }

    @Test("group lengths: within ±½, wrong ones never gain, only ratios count", arguments: 0..<30)
    func groupLength(seed: Int) {
        var generator = Seed(51).child("lengths", seed).generator
        let lengths = (0..<6).map { _ in generator.integer(in: 1...50) }
        let areRight = lengths.map { _ in generator.chance(0.5) }
        let found = GroupLengthReward.rewards(lengths: lengths, areRight: areRight)
        for (index, value) in found.enumerated() {
            #expect(abs(value) <= 0.5 && (areRight[index] || value <= 0))
            for other in found.indices where areRight[index] && areRight[other] && lengths[index] < lengths[other] { #expect(value > found[other]) }
        }
        let stretched = GroupLengthReward.rewards(lengths: lengths.map { 3 * $0 + 5 }, areRight: areRight)
        for (a, b) in zip(found, stretched) { #expect(isClose(a, b)) }
    }

    @Test("repetitions: longer n-grams mark no more, and what never recurs is never marked", arguments: 0..<30)
    func repetition(seed: Int) {
        var generator = Seed(52).child("tokens", seed).generator
        let tokens = (0..<40).map { _ in TokenID(generator.integer(in: 0...3)) }
        var marked = tokens.count + 1
        for size in 1...8 {
            let own = RepetitionPenalty.repeated(tokens, size: size)
            let count = own.reduce(0) { $0 + ($1 ? 1 : 0) }
            #expect(count <= marked && !own[0])
            marked = count
        }
        #expect(!RepetitionPenalty.repeated((0..<40).map(TokenID.init), size: 2).contains(true))
        #expect(!RepetitionPenalty.repeated(tokens, size: 0).contains(true))
    }

    @Test("SCoRe's bonuses add up to α times the whole improvement", arguments: 0..<10)
    func improvement(seed: Int) throws {
        var generator = Seed(53).child("attempts", seed).generator
        let rewards = (0..<4).map { _ in generator.unit() }
        let played = group(
            of: [chain("e", rewards.indices.map { [10 + TokenID($0)] })],
            rewards.enumerated().map { Verdict(on: .step(0, $0.offset), kind: .step, value: $0.element) })
        let added = try ImprovementBonus(factor: 3).verdicts(on: played, number: 0, role: .solver)
        #expect(added.map(\.on) == (1..<4).map { .step(0, $0) })
        let bonus = zip(added, rewards.dropFirst()).reduce(0) { $0 + $1.0.value - $1.1 }
        #expect(isClose(bonus, 3 * (rewards[3] - rewards[0])))
    }

    @Test("RLSP's length reward grows with length and ever more slowly")
    func exploration() throws {
        let tokens = (1...12).map { length in (0..<length).map { TokenID(10 + $0) } }
        let played = group(tokens.map { _ in 1 }, tokens: tokens)
        let found = try ExplorationReward(lengthScale: 3).verdicts(on: played, number: 0, role: .solver).map(\.value)
        let steps = zip(found, found.dropFirst()).map { $1 - $0 }
        #expect(steps.allSatisfy { $0 > 0 } && zip(steps, steps.dropFirst()).allSatisfy { $0 > $1 } && found.allSatisfy { $0 < 1 })
    }

    @Test("shapings of a role leave other roles' rewards alone", arguments: CreditCatalog.shapings.indices)
    func otherRoles(index: Int) throws {
        var played = group([1, 0], tokens: [[10, 10, 10], [11]])
        for episode in 0..<2 {
            played.episodes[episode].steps.append(step("critic", after: [1], move: [12]))
            for place in 0..<2 { played.verdicts.append(Verdict(on: .step(episode, place), kind: .step, value: 1)) }
        }
        let shaping = CreditCatalog.shapings[index]
        for verdict in try shaping.verdicts(on: played, number: 0, role: "critic") {
            switch verdict.on {
            case .role(_, let role): #expect(role == "critic")
            case .step(_, let place), .span(_, let place, _): #expect(place == 1)
            default: Issue.record("\(type(of: shaping).card.name) speaks of \(verdict.on)")
            }
        }
        #expect(try shaping.verdicts(on: played, number: 0, role: "nobody").isEmpty)
    }
}
