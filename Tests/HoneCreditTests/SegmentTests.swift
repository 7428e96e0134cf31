import HoneCore
import HoneCredit
import Testing

/// A move in three pieces: thought and answer by the model with a tool's result between, each with its own weight.
private func pieces(isThoughtTrained: Bool = true) -> Move {
    var (thought, answer) = (said([10, 11], isTrained: isThoughtTrained), said([12]))
    (thought.weight, answer.weight) = (0.25, 2)
    return Move(segments: [thought, Segment(origin: .tool, content: .tokens([90, 91], text: "="), weight: 0.5), answer])
}

/// An episode of one such move after the prompt 1 2.
private func mixed(_ id: String, isThoughtTrained: Bool = true) -> Episode {
    Episode(id: EpisodeID(id), steps: [Step(role: .solver, context: [Segment(origin: .prompt, content: .tokens([1, 2], text: "?"))], move: pieces(isThoughtTrained: isThoughtTrained))])
}

private func returns(_ values: [Double]) -> [Verdict] {
    values.enumerated().map { Verdict(on: .episode($0.offset), kind: .worldReturn, value: $0.element) }
}

/// A game of two roles that move in turn, each answering to all that was said.
private func game(_ id: String, _ moves: [TokenID]) -> Episode {
    var (before, steps): ([TokenID], [Step]) = ([1], [])
    for (index, move) in moves.enumerated() {
        steps.append(step(index % 2 == 0 ? "white" : "black", after: before, move: [move]))
        before.append(move)
    }
    return Episode(id: EpisodeID(id), steps: steps)
}

@Suite("Moves of several segments and episodes of several roles")
struct SegmentTests {
    @Test("every on-policy credit trains what the model wrote, with its weights and log-probabilities, and nothing of the tool's", arguments: [true, false])
    func masks(isThoughtTrained: Bool) throws {
        let played = group(of: [mixed("a", isThoughtTrained: isThoughtTrained), mixed("b", isThoughtTrained: isThoughtTrained)], returns([1, 0]))
        let credits: [any Credit] = [
            GroupRelative(), LeaveOneOut(), ReinforceBaseline(baseline: .none), LengthWeightedBaseline(), BatchNormalised(), RoleConditioned(decay: 0.5),
            DiscountedReturns(), DiscountedReturns(unit: .token), MonteCarloSteps(), WinShare(),
        ]
        for credit in credits {
            var copy = credit
            for row in try copy.batch(for: [.solver], from: [played], scores: ScoreTable()).examples {
                let name = type(of: credit).card.name
                #expect(row.tokens == [1, 2, 10, 11, 90, 91, 12], "\(name)")
                #expect(row.isTrained == [false, false, isThoughtTrained, isThoughtTrained, false, false, true], "\(name)")
                #expect(row.weights == [1, 1, 0.25, 0.25, 0.5, 0.5, 2], "\(name)")
                #expect(row.samplerLogProbs[6] == -0.12 && (!isThoughtTrained || row.samplerLogProbs[2] == -0.1), "\(name)")
            }
        }
    }

    @Test("the length of an answer is what the role wrote, trained or not: tools lengthen nothing, thoughts do")
    func lengths() throws {
        #expect(mixed("a").length(of: .solver) == 3 && mixed("a", isThoughtTrained: false).length(of: .solver) == 3)
        // Lengths 3 and 1: the baseline of rewards 1 and 0 is ¾.
        let played = group(of: [mixed("a"), chain("b", [[10]])], returns([1, 0]))
        #expect(try advantages(LengthWeightedBaseline(), [played]) == [0.25, -0.75])
        let shaped = Shaped(ReinforceBaseline(baseline: .none), by: [OverlongPenalty(limit: 4, buffer: 2)])
        #expect(try batch(shaped, [played]).examples.numbers("reward") == [0.5, 0])
    }

    @Test("token credit walks over segments: discounts count trained tokens only")
    func tokens() throws {
        let played = group(of: [mixed("a")], returns([8]))
        let credit = DiscountedReturns(streams: [RewardStream(.worldReturn, discount: 0.5)], unit: .token, baseline: .none)
        #expect(try batch(credit, [played]).examples[0].advantages == [0, 0, 2, 4, 0, 0, 8])
        let skipped = group(of: [mixed("a", isThoughtTrained: false)], returns([8]))
        #expect(try batch(credit, [skipped]).examples[0].advantages == [0, 0, 0, 0, 0, 0, 8])
    }

    @Test("values of heads are read before each trained token, past what tools wrote")
    func values() throws {
        let played = group(of: [mixed("a")], returns([1]))
        // Entry t − 1 is about token t: tokens 2, 3 and 6 have 0.1, 0.2 and 0.5.
        let scores = ScoreTable(rows: [Score(.head("value"), by: "policy"): [.init(episode: "a", step: 0): Scores(values: [9, 0.125, 0.25, 9, 9, 0.5], shape: [6])]])
        let row = try batch(GeneralisedAdvantage(lambda: 0), [played], scores: scores).examples[0]
        #expect(row.advantages == [0, 0, 0.125, 0.25, 0, 0, 0.5] && row.channel("oldValues") == [0, 0, 0.125, 0.25, 0, 0, 0.5])
    }

    @Test("imitation takes the same masks; demonstrations inside a move are added only where they are asked for")
    func imitation() throws {
        var played = group(of: [mixed("a")], returns([1]))
        #expect(try batch(AcceptedOnly(), [played]).examples[0].isTrained == [false, false, true, true, false, false, true])
        played.episodes[0].steps[0].move.segments[0].origin = .demonstration
        played.episodes[0].steps[0].move.segments[0].isTrained = false
        #expect(try batch(AcceptedOnly(), [played]).examples[0].isTrained == [false, false, false, false, false, false, true])
        #expect(try batch(Demonstrations(), [played]).examples[0].isTrained == [false, false, true, true, false, false, true])
    }

    @Test("a game's rows: each role's moves with that role's result, roles as asked for, in the order of the groups")
    func games() throws {
        func verdicts(_ results: [Double]) -> [Verdict] {
            results.enumerated().flatMap { index, result in
                [Verdict(on: .role(index, "white"), kind: .worldReturn, value: result), Verdict(on: .role(index, "black"), kind: .worldReturn, value: -result)]
            }
        }
        let first = group(of: [game("a", [10, 20, 11, 21]), game("b", [12, 22])], verdicts([1, -1]))
        let second = group(of: [game("c", [13])], verdicts([0.5]), problem: Problem(id: "q", world: "w"))
        let rows = try batch(ReinforceBaseline(baseline: .none), [first, second], roles: ["white", "black"]).examples
        #expect(rows.map { $0.tokens.last ?? 0 } == [10, 11, 12, 20, 21, 22, 13])
        #expect(rows.map { $0.advantages[0] } == [1, 1, -1, -1, -1, 1, 0.5] && rows.map(\.group) == [0, 0, 0, 0, 0, 0, 1])
        let black = try batch(ReinforceBaseline(baseline: .none), [first, second], roles: ["black"]).examples
        #expect(black.map { $0.tokens.last ?? 0 } == [20, 21, 22])
        // Against the group's others, role by role.
        #expect(try batch(LeaveOneOut(), [first], roles: ["black"]).examples.map { $0.advantages[0] } == [-2, -2, 2])
    }

    @Test("who did not move needs no verdict; who moved does")
    func absent() throws {
        var verdicts = [Verdict(on: .role(0, "white"), kind: .worldReturn, value: 1)]
        let played = group(of: [game("a", [10])], verdicts)
        #expect(try batch(ReinforceBaseline(baseline: .none), [played], roles: ["white", "black"]).examples.count == 1)
        let both = group(of: [game("a", [10, 20])], verdicts)
        let missing = "Group 0 (problem “p”) has no “return” verdict on episode 0 for role “black”; add a judge that gives it"
        #expect(sentence { _ = try batch(ReinforceBaseline(baseline: .none), [both], roles: ["white", "black"]) } == missing)
        verdicts.append(Verdict(on: .episode(0), kind: .worldReturn, value: 0))
        let joint = try batch(ReinforceBaseline(baseline: .none), [group(of: [game("a", [10, 20])], verdicts)], roles: ["white", "black"])
        #expect(joint.examples.numbers("reward") == [1, 0], "the role's own verdict, else the episode's")
    }

    @Test("pairs of a role hold all its moves in one row, with the other role's words in between masked")
    func transcripts() throws {
        let verdicts = [(0, 1.0), (1, 0)].map { Verdict(on: .role($0.0, "white"), kind: .worldReturn, value: $0.1) }
        let played = group(of: [game("a", [10, 20, 11]), game("b", [12, 22, 13])], verdicts)
        let found = try batch(PreferencePairs(), [played], roles: ["white"])
        #expect(found.examples.map(\.tokens) == [[1, 10, 20, 11], [1, 12, 22, 13]])
        #expect(found.examples.allSatisfy { $0.isTrained == [false, true, false, true] } && found.examples[0].samplerLogProbs == [0, -0.1, 0, -0.11])
    }

    @Test("turns, steps and tokens of a role that moves several times in a row", arguments: CreditUnit.allCases)
    func units(unit: CreditUnit) throws {
        // white, white, black, white: white's turns are {0, 1} and {3}.
        var episode = chain("e", [[10, 11], [12], [20], [13]], role: "white")
        episode.steps[2].role = "black"
        let played = group(of: [episode], [Verdict(on: .role(0, "white"), kind: .worldReturn, value: 8)])
        let credit = DiscountedReturns(streams: [RewardStream(.worldReturn, discount: 0.5)], unit: unit, baseline: .none)
        let found = try batch(credit, [played], roles: ["white"]).examples.flatMap { row in row.tokens.indices.filter { row.isTrained[$0] }.map { row.advantages[$0] } }
        let expected: [CreditUnit: [Float]] = [.token: [1, 2, 4, 8], .step: [2, 2, 4, 8], .turn: [4, 4, 4, 8]]
        #expect(found == expected[unit])
    }

    @Test("an episode that shares its number with another group's stays apart from it")
    func sameNames() throws {
        let groups = [group([1, 0], problem: "p"), group([0, 1], problem: "p")]
        let rows = try batch(PreferencePairs(), groups)
        #expect(rows.pairs.map { [rows.examples[$0.chosen].group, rows.examples[$0.rejected].group] } == [[0, 0], [1, 1]])
        #expect(try advantages(LeaveOneOut(), groups) == [1, -1, -1, 1])
    }
}

@Suite("Whole sentences of credit's refusals")
struct CreditSentenceTests {
    private func refusal(_ credit: some Credit, _ groups: [EpisodeGroup], roles: [Role] = [.solver], scores: ScoreTable = ScoreTable()) -> String {
        sentence { _ = try batch(credit, groups, roles: roles, scores: scores) }
    }

    @Test("rewards: missing, not finite, too large for single precision, held out")
    func rewards() {
        #expect(refusal(LeaveOneOut(), [group([1]), group([nil])]) == "Group 1 (problem “p”) has no “return” verdict on episode 0 for role “solver”; add a judge that gives it")
        #expect(refusal(LeaveOneOut(), [group([1, .infinity])]) == "Group 0 (problem “p”) has the reward inf for episode 1; expected a finite number")
        #expect(refusal(ReinforceBaseline(baseline: .none), [group([1e300])]) == "Episode “p/0” has the advantage 1e+300, which single precision cannot hold; scale its rewards")
        #expect(refusal(LeaveOneOut(), [group([1], isHeldOut: true)]) == "Problem “p” is held out for measuring and must not be learned from")
    }

    @Test("segments: without tokens, without log-probabilities, with too few or impossible ones")
    func segments() {
        var bare = group([1])
        bare.episodes[0].steps[0].context = [.text("How many legs has a spider?", from: .prompt)]
        #expect(
            refusal(LeaveOneOut(), [bare])
                == "Episode “p/0” holds a segment without tokens (“How many legs has a spid”); expected token segments, so let the engine tokenise the episode before credit is given")
        #expect(
            refusal(LeaveOneOut(), [group([1], logProbs: false)])
                == "Episode “p/0” has trained tokens without the sampler's log-probabilities; this credit cannot do without")
        var played = group([1])
        played.episodes[0].steps[0].move.segments[0].samplerLogProbs = [-1, -2]
        #expect(refusal(LeaveOneOut(), [played]) == "Episode “p/0” has 2 sampler log-probabilities for 3 trained tokens; expected one each")
        played.episodes[0].steps[0].move.segments[0].samplerLogProbs = [-1, -.infinity, -2]
        #expect(refusal(LeaveOneOut(), [played]) == "Episode “p/0” has a sampler log-probability that is not finite on a trained token")
    }

    @Test("scores: not computed, not of this step, too few, not finite")
    func scores() {
        let score = Score(.head("value"), by: "policy")
        func refused(_ rows: [ScoreTable.Place: Scores]?) -> String {
            refusal(GeneralisedAdvantage(), [group([1])], scores: rows.map { ScoreTable(rows: [score: $0]) } ?? ScoreTable())
        }
        let place = ScoreTable.Place(episode: "p/0", step: 0)
        #expect(refused(nil) == "The score \(score) was not computed; expected it for every step that credit is given for")
        #expect(refused([:]) == "Episode “p/0” has no score \(score) for step 0")
        #expect(
            refused([place: Scores(values: [0, 0, 0], shape: [3])])
                == "Episode “p/0” has 3 numbers of \(score) for the 5 tokens of step 0; expected one for each token after the first")
        #expect(refused([place: Scores(values: [0, 0, .nan, 0], shape: [4])]) == "Episode “p/0” has the score nan of \(score) at step 0; expected a finite number")
    }

    @Test("streams: kinds that nobody judged, spans beyond the move, rewards that are not finite")
    func streams() {
        let episode = chain("e", [[10, 11]])
        func refused(_ verdicts: [Verdict], _ kinds: [VerdictKind]) -> String {
            refusal(DiscountedReturns(streams: kinds.map { RewardStream($0) }), [group(of: [episode], verdicts)])
        }
        #expect(refused([], ["a", "b"]) == "Group 0 (problem “p”) has no verdict of the kinds “a”, “b” on episode 0 for role “solver”; add a judge that gives one")
        for range in [0...2, -1...0, 5...6] {
            let found = refused([Verdict(on: .span(0, 0, range), kind: "a", value: 1)], ["a"])
            #expect(found == "Group 0 (problem “p”) has a “a” verdict on tokens \(range) of step 0 of episode 0, whose move has 2 tokens")
        }
        #expect(refused([Verdict(on: .step(0, 0), kind: "a", value: .nan)], ["a"]) == "Group 0 (problem “p”) has the “a” reward nan for episode 0; expected a finite number")
    }

    @Test("greedy answers, refinements and transcripts that are not what the credit needs")
    func shapes() {
        #expect(
            refusal(GreedyBaseline(), [group([1])])
                == "Group 0 (problem “p”) has no greedy episode for role “solver”; play one with temperature 0 in the group or among its children")
        let lone = Episode(id: "r", steps: [step("refiner", after: [1], move: [10])])
        #expect(
            refusal(RefinedUnderOriginal(), [group(of: [lone], returns([1]))], roles: ["refiner"])
                == "Episode “r” has a refinement by “refiner” but no answer by “solver” whose prompt it could take")
        var broken = chain("e", [[10], [11]])
        broken.steps[1].context = [Segment(origin: .prompt, content: .tokens([1, 2, 99], text: "?"))]
        #expect(
            refusal(PreferencePairs(), [group(of: [broken, chain("f", [[12]])], returns([1, 0]))])
                == "The context of move 2 in episode “e” does not begin with all that came before it, so its moves are no single row; use a credit that learns from single steps")
        var started = group([1])
        started.assignment.problem.details[ReflectionReward.startedFrom] = "left"
        #expect(
            refusal(Shaped(LeaveOneOut(), by: [ReflectionReward()]), [started])
                == "Problem “p” was started from “left”; expected “right”, “wrong” or no such detail")
    }

    @Test("judges' numbers on steps and on episodes: each names the kind and the place")
    func judgements() {
        let played = group(of: [chain("e", [[10], [11]])], returns([1]) + [Verdict(on: .step(0, 1), kind: .step, value: .infinity)])
        let expected = "Group 0 (problem “p”) has the “step” verdict on step 1 inf for episode 0; expected a finite number"
        for credit in [FirstError(), RelabelledSuccess(), RevisionSplice(), Shaped(LeaveOneOut(), by: [ImprovementBonus()])] as [any Credit] {
            var copy = credit
            let found = sentence { _ = try copy.batch(for: [.solver], from: [played], scores: ScoreTable()) }
            #expect(found == expected, "\(type(of: credit).card.name): \(found)")
        }
        var effort = group([1])
        effort.verdicts.append(Verdict(on: .episode(0), kind: "preference", value: .nan))
        #expect(
            refusal(Shaped(LeaveOneOut(), by: [ReflectionReward()]), [effort])
                == "Group 0 (problem “p”) has the “preference” verdict nan for episode 0; expected a finite number")
    }
}
