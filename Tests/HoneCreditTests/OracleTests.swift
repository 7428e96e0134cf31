import HoneCore
import HoneCredit
import HoneNumerics
import HoneTestSupport
import Testing

/// Credits against the same thing worked out anew, slowly and by definition, on random groups of several roles.
@Suite("Random groups against plain definitions")
struct OracleTests {
    /// A trained token of a role in an episode.
    private struct Token {
        let step: Int
        let position: Int
    }

    private func trained(_ episode: Episode, _ role: Role) -> [Token] {
        episode.steps.indices.filter { episode.steps[$0].role == role }.flatMap { step -> [Token] in
            let marks = episode.steps[step].move.segments.flatMap { segment in (segment.tokens ?? []).map { _ in segment.isTrained } }
            return marks.indices.filter { marks[$0] }.map { Token(step: step, position: $0) }
        }
    }

    /// Which unit each trained token belongs to.
    private func units(_ tokens: [Token], _ episode: Episode, _ role: Role, _ unit: CreditUnit) -> [Int] {
        var result: [Int] = []
        for (place, token) in tokens.enumerated() {
            guard place > 0 else {
                result.append(0)
                continue
            }
            let before = tokens[place - 1].step
            let isNew: Bool
            switch unit {
            case .token: isNew = true
            case .step: isNew = before != token.step
            case .turn: isNew = episode.steps[before...token.step].contains { $0.role != role }
            }
            result.append(result[place - 1] + (isNew ? 1 : 0))
        }
        return result
    }

    /// What each trained token is paid by verdicts of a kind.
    private func paid(_ group: EpisodeGroup, _ index: Int, _ role: Role, _ kind: VerdictKind, _ tokens: [Token]) -> [Double] {
        var rewards = tokens.map { _ in 0.0 }
        func pay(_ value: Double, _ step: Int, _ position: Int) {
            if let place = tokens.indices.last(where: { tokens[$0].step < step || tokens[$0].step == step && tokens[$0].position <= position }) {
                rewards[place] += value
            }
        }
        if let value = group.value(of: kind, episode: index, role: role) { pay(value, .max, 0) }
        let own = group.verdicts.filter { $0.kind == kind }
        for (place, verdict) in own.enumerated() where !own[(place + 1)...].contains(where: { $0.on == verdict.on }) {
            switch verdict.on {
            case .step(index, let step) where group.episodes[index].steps[step].role == role: pay(verdict.value, step, .max)
            case .span(index, let step, let range) where group.episodes[index].steps[step].role == role:
                pay(verdict.value, step, range.upperBound)
            default: continue
            }
        }
        return rewards
    }

    /// The rows' numbers at trained tokens, episode by episode, in the order of the rows.
    private func atTrained(_ batch: TrainingBatch, _ numbers: (Example) -> [Float]) -> [Double] {
        batch.examples.flatMap { row in row.tokens.indices.filter { row.isTrained[$0] }.map { Double(numbers(row)[$0]) } }
    }

    private func expectClose(_ found: [Double], _ expected: [Double], _ what: String) {
        #expect(found.count == expected.count, "\(what): \(found.count) numbers, not \(expected.count)")
        let isFine = zip(found, expected).allSatisfy { isClose($0, $1, 1e-5) }
        #expect(isFine, "\(what): \(found), not \(expected)")
    }

    @Test("returns of several streams, per token, step and turn", arguments: CreditUnit.allCases, 0..<12)
    func returns(unit: CreditUnit, seed: Int) throws {
        let groups = RandomPlays(seed: Seed(31).child("returns", seed), number: seed).groups
        let streams = [RewardStream(.worldReturn, discount: 0.9), RewardStream("part", weight: -2, discount: 0.5), RewardStream(.step, weight: 0.5)]
        for role in RandomPlays.roles {
            var credit = DiscountedReturns(streams: streams, unit: unit, baseline: .none)
            let made = try credit.batch(for: [role], from: groups, scores: ScoreTable())
            var expected: [Double] = []
            for group in groups {
                for (index, episode) in group.episodes.enumerated() {
                    let tokens = trained(episode, role)
                    let own = units(tokens, episode, role, unit)
                    let payments = streams.map { paid(group, index, role, $0.kind, tokens) }
                    for place in tokens.indices {
                        var total = 0.0
                        for (stream, payment) in zip(streams, payments) {
                            for later in tokens.indices where own[later] >= own[place] {
                                total += stream.weight * payment[later] * power(stream.discount, own[later] - own[place])
                            }
                        }
                        expected.append(total)
                    }
                }
            }
            expectClose(atTrained(made) { $0.advantages }, expected, "\(role) by \(unit)")
            expectClose(atTrained(made) { $0.channel("returns") }, expected, "returns of \(role) by \(unit)")
        }
    }

    private func power(_ base: Double, _ count: Int) -> Double { (0..<count).reduce(1) { result, _ in result * base } }

    @Test("generalised advantages with a penalty, per token, step and turn", arguments: CreditUnit.allCases, 0..<12)
    func advantages(unit: CreditUnit, seed: Int) throws {
        let plays = RandomPlays(seed: Seed(32).child("gae", seed), number: seed)
        let (gamma, lambda, beta) = (0.9, 0.6, 0.3)
        var credit = GeneralisedAdvantage(discount: gamma, lambda: lambda, unit: unit, klCoefficient: beta)
        let scores = plays.scores(for: credit.needs, seed: Seed(33).child("scores", seed))
        let made = try credit.batch(for: [.solver], from: plays.groups, scores: scores)
        var expected: [Double] = []
        for group in plays.groups {
            for (index, episode) in group.episodes.enumerated() {
                let tokens = trained(episode, .solver)
                let own = units(tokens, episode, .solver, unit)
                func score(_ need: Score, _ token: Token) -> Double {
                    let start = episode.steps[token.step].context.tokens?.count ?? 0
                    return Double(scores.rows[need]?[.init(episode: episode.id, step: token.step)]?.values[start + token.position - 1] ?? .nan)
                }
                func said(_ token: Token) -> TokenID { (episode.steps[token.step].move.segments.tokens ?? [])[token.position] }
                var payments = paid(group, index, .solver, .worldReturn, tokens)
                for (place, token) in tokens.enumerated() {
                    payments[place] -= beta * (Double(RandomPlays.logProb(of: said(token))) - score(credit.needs[1], token))
                }
                let count = (own.last ?? -1) + 1
                let rewards = (0..<count).map { unit in tokens.indices.filter { own[$0] == unit }.reduce(0) { $0 + payments[$1] } }
                let values = (0..<count).map { unit in own.firstIndex(of: unit).map { score(credit.needs[0], tokens[$0]) } ?? 0 } + [0]
                let errors = (0..<count).map { rewards[$0] + gamma * values[$0 + 1] - values[$0] }
                expected += own.map { unit in (unit..<count).reduce(0) { $0 + power(gamma * lambda, $1 - unit) * errors[$1] } }
            }
        }
        expectClose(atTrained(made) { $0.advantages }, expected, "by \(unit)")
    }

    private func passes(_ episode: Episode, _ step: Step) -> Bool {
        episode.steps.contains { $0.role == step.role && $0.context.tokens == step.context.tokens && $0.move.segments.tokens == step.move.segments.tokens }
    }

    private func reaches(_ episode: Episode, _ step: Step) -> Bool {
        episode.steps.contains { $0.role == step.role && $0.context.tokens == step.context.tokens }
    }

    private func outcomes(_ group: EpisodeGroup) -> [Double] {
        group.episodes.indices.map { group.value(of: .worldReturn, episode: $0) ?? .nan }
    }

    @Test("step values are the mean outcome of the plays that passed", arguments: 0..<20)
    func monteCarlo(seed: Int) throws {
        let groups = RandomPlays(seed: Seed(34).child("vine", seed), number: seed).groups
        var credit = MonteCarloSteps()
        let made = try credit.batch(for: ["critic"], from: groups, scores: ScoreTable())
        var expected: [Double] = []
        for group in groups {
            func reward(_ index: Int) -> Double { group.value(of: .worldReturn, episode: index, role: "critic") ?? .nan }
            for step in group.episodes.flatMap(\.steps) where step.role == "critic" {
                let through = group.episodes.indices.filter { passes(group.episodes[$0], step) }.map(reward)
                let there = group.episodes.indices.filter { reaches(group.episodes[$0], step) }.map(reward)
                expected.append(Statistics.mean(through) - Statistics.mean(there))
            }
        }
        expectClose(made.examples.map { Double($0.advantages[0]) }, expected, "advantages")
    }

    @Test("a role tree's values are means over children, and its pairs are all good and bad siblings", arguments: 0..<20)
    func roleTree(seed: Int) throws {
        for group in RandomPlays(seed: Seed(35).child("tree", seed), number: seed).groups {
            let rewards = outcomes(group)
            /// The value of a move by definition: the mean over the different moves that came next and the plays that ended here.
            func value(_ step: Step) -> Double {
                var parts: [Double] = []
                var seen: [[TokenID]] = []
                for (index, episode) in group.episodes.enumerated() {
                    guard let place = episode.steps.firstIndex(where: { $0.role == step.role && $0.context.tokens == step.context.tokens && $0.move.segments.tokens == step.move.segments.tokens })
                    else { continue }
                    guard place + 1 < episode.steps.count else {
                        parts.append(rewards[index])
                        continue
                    }
                    let next = episode.steps[place + 1]
                    let key = (next.context + next.move.segments).tokens ?? []
                    if !seen.contains(key) {
                        seen.append(key)
                        parts.append(value(next))
                    }
                }
                return Statistics.mean(parts)
            }
            var moves: [Step] = []
            for step in group.episodes.flatMap(\.steps) where step.role == .solver {
                let isKnown = moves.contains { $0.context.tokens == step.context.tokens && $0.move.segments.tokens == step.move.segments.tokens }
                if !isKnown { moves.append(step) }
            }
            func words(_ step: Step) -> [TokenID] { (step.context + step.move.segments).tokens ?? [] }
            var expected: [String] = []
            for better in moves {
                for worse in moves where worse.context.tokens == better.context.tokens && value(better) > 0.4 && value(worse) <= 0.4 {
                    expected.append("\(words(better)) > \(words(worse))")
                }
            }
            let made = try batch(RoleTree(threshold: 0.4), [group])
            let found = made.pairs.map { "\(made.examples[$0.chosen].tokens) > \(made.examples[$0.rejected].tokens)" }
            #expect(found.sorted() == expected.sorted())
            for pair in made.pairs {
                let (good, bad) = (made.examples[pair.chosen], made.examples[pair.rejected])
                #expect((good.scalars["reward"] ?? 0) > 0.4 && (bad.scalars["reward"] ?? 1) <= 0.4)
                #expect(isClose(pair.margin, (good.scalars["reward"] ?? 0) - (bad.scalars["reward"] ?? 0)))
            }
            for move in moves where value(move) > 0.4 {
                let row = try batch(RoleTreeMoves(threshold: 0.4), [group]).examples.first { $0.tokens == (move.context + move.move.segments).tokens }
                #expect(isClose(row?.scalars["reward"] ?? .nan, value(move)))
            }
        }
    }

    @Test("all pairs are those whose rewards, or judged preferences, differ enough", arguments: 0..<20)
    func pairs(seed: Int) throws {
        for group in RandomPlays(seed: Seed(36).child("pairs", seed), number: seed).groups {
            let isJudged = group.verdicts.contains { if case .pair = $0.on { true } else { false } }
            let playing = group.episodes.indices.filter { index in group.episodes[index].steps.contains { $0.role == .solver } }
            var expected = 0
            for first in playing {
                for second in playing where first != second {
                    let words = [first, second].map { index in group.episodes[index].steps.last { $0.role == .solver }.map { ($0.context + $0.move.segments).tokens } }
                    guard words[0] != words[1] else { continue }
                    let difference: Double
                    if isJudged {
                        let said = group.verdicts.compactMap { verdict -> Double? in
                            switch verdict.on {
                            case .pair(first, over: second): verdict.value
                            case .pair(second, over: first): 1 - verdict.value
                            default: nil
                            }
                        }
                        difference = 2 * Statistics.mean(said) - 1
                    } else {
                        difference = (group.value(of: .worldReturn, episode: first, role: .solver) ?? 0) - (group.value(of: .worldReturn, episode: second, role: .solver) ?? 0)
                    }
                    if difference > 0.3 { expected += 1 }
                }
            }
            let made = try batch(PreferencePairs(threshold: 0.3), [group])
            #expect(made.pairs.count == expected)
            #expect(made.pairs.allSatisfy { $0.margin > 0.3 })
        }
    }
}
