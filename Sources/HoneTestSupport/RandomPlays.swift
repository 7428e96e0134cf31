import HoneCore

/// Random judged groups that any credit can be given: several roles, steps that share beginnings, tools inside moves,
/// demonstrations, search trees, verdicts on everything, and the scores a credit asks for.
///
/// Tokens tell what they are: below 1000 nobody may learn them, from 1000 on the model sampled them, from 2000 on they were
/// written as a demonstration. The sampler's log-probability of a token is a function of the token, so that a mix-up shows.
public struct RandomPlays: Sendable {
    /// Who plays.
    public static let roles: [Role] = [.solver, "critic", "refiner"]
    /// The groups.
    public var groups: [EpisodeGroup] = []
    private var generator: SeededGenerator

    /// The sampler's log-probability of a token.
    public static func logProb(of token: TokenID) -> Float { -Float(token % 97 + 1) / 64 }

    /// Random groups; `number` walks through the kinds of batches there are.
    public init(seed: Seed, number: Int) {
        generator = seed.generator
        let count = 1 + number % 4
        for index in 0..<count { groups.append(makeGroup(index, number: number)) }
        if number % 6 == 5 { groups.append(EpisodeGroup(assignment: Assignment(problem: Problem(id: "empty", world: "game")), episodes: [])) }
    }

    private mutating func makeGroup(_ index: Int, number: Int) -> EpisodeGroup {
        let samples = number % 7 == 0 ? 1 : 2 + generator.integer(in: 0...3)
        // One role with several moves, a pipeline of roles, or two roles in turn.
        let kinds: [[Role]] = [
            [Role](repeating: .solver, count: 1 + generator.integer(in: 0...3)), Self.roles, [.solver, "critic", .solver, "critic"],
        ]
        let order = kinds[(number + index) % 3]
        var group = EpisodeGroup(
            assignment: Assignment(problem: Problem(id: "p\(index)", world: "game"), samples: samples),
            episodes: (0..<samples).map { makeEpisode("p\(index)/\($0)", order, update: index, problem: index, number: number) })
        // The first is greedy, for credits that compare with it.
        let greedy = Player(model: "policy", sampling: Sampling(temperature: 0))
        for role in Self.roles { group.episodes[0].cast[role] = greedy }
        addVerdicts(to: &group, number: number)
        return group
    }

    private mutating func makeEpisode(_ id: String, _ order: [Role], update: Int, problem: Int, number: Int) -> Episode {
        var before: [TokenID] = [1, TokenID(2 + problem)]
        var steps: [Step] = []
        for (place, role) in order.enumerated() {
            let isDemonstration = number % 5 == 4 && generator.chance(0.4)
            // Few different moves, so that plays share their beginnings; of different lengths, so that lengths matter.
            let choice = TokenID(generator.integer(in: 0...2))
            let base: TokenID = (isDemonstration ? 2000 : 1000) + choice * 10 + TokenID(place) * 100
            let said = (0...choice).map { base + $0 }
            var segments = [
                Segment(
                    origin: isDemonstration ? .demonstration : .model("policy", update: update), author: role,
                    content: .tokens(said, text: "\(said)"), samplerLogProbs: isDemonstration ? nil : said.map(Self.logProb),
                    isTrained: !isDemonstration, weight: 0.5)
            ]
            if generator.chance(0.3) {
                segments.append(Segment(origin: .tool, content: .tokens([900, 901 + choice], text: "="), isTrained: false))
                let more = [1700 + choice, 1705]
                segments.append(
                    Segment(
                        origin: .model("policy", update: update), author: role, content: .tokens(more, text: "\(more)"),
                        samplerLogProbs: more.map(Self.logProb), isTrained: true))
            }
            let context = [Segment(origin: .prompt, content: .tokens(before, text: "?"), isTrained: true)]
            var move = Move(segments: segments)
            if number % 3 == 1, generator.chance(0.7) { move.tree = makeTree(update: update) }
            steps.append(Step(role: role, context: context, move: move))
            before += (segments.tokens ?? []) + (generator.chance(0.5) ? [800] : [])
        }
        return Episode(id: id, steps: steps, ending: generator.chance(0.1) ? .budget : .completed)
    }

    private mutating func makeTree(update: Int) -> SearchTree {
        let count = 1 + generator.integer(in: 0...5)
        var nodes = (0..<count).map { index in
            let said: [TokenID] = [1500 + TokenID(index), 1600]
            return SearchTree.Node(
                parent: index == 0 || generator.chance(0.4) ? nil : generator.integer(in: 0...(index - 1)),
                move: Move(segments: [
                    Segment(
                        origin: .model("policy", update: update), content: .tokens(said, text: "\(said)"),
                        samplerLogProbs: said.map(Self.logProb), isTrained: true)
                ]), visits: generator.integer(in: 0...4), value: 2 * generator.unit() - 1)
        }
        // Each node was valued, and every other finished play is right, as a world that was asked would say.
        for index in nodes.indices {
            nodes[index].verdicts = [Verdict(on: .episode(0), kind: .worth, value: nodes[index].value)]
            if !nodes.contains(where: { $0.parent == index }) {
                nodes[index].verdicts.append(Verdict(on: .role(0, .solver), kind: .worldReturn, value: index % 2 == 0 ? -1 : 1))
            }
        }
        return SearchTree(nodes: nodes, chosen: 0)
    }

    private mutating func addVerdicts(to group: inout EpisodeGroup, number: Int) {
        let isEqual = generator.chance(0.2)
        for (index, episode) in group.episodes.enumerated() {
            let reward = isEqual ? 0.1 : generator.chance(0.5) ? Double(generator.integer(in: 0...1)) : 2 * generator.unit() - 0.5
            group.verdicts.append(Verdict(on: .episode(index), kind: .worldReturn, value: reward))
            if generator.chance(0.3) {
                group.verdicts.append(Verdict(on: .role(index, "critic"), kind: .worldReturn, value: isEqual ? 0.1 : 1 - reward))
            }
            for (place, step) in episode.steps.enumerated() {
                group.verdicts.append(Verdict(on: .step(index, place), kind: .step, value: Double(generator.integer(in: 0...1))))
                let length = step.move.segments.tokens?.count ?? 0
                if number % 2 == 1, length > 1, generator.chance(0.3) {
                    group.verdicts.append(Verdict(on: .span(index, place, 0...generator.integer(in: 0...(length - 1))), kind: "part", value: generator.unit()))
                }
            }
        }
        guard number % 4 == 3 else { return }
        for first in group.episodes.indices {
            for second in group.episodes.indices where second > first {
                group.verdicts.append(Verdict(on: .pair(first, over: second), kind: .worldReturn, value: isEqual ? 0.5 : generator.unit()))
            }
        }
    }

    /// What a credit asks for, on every step: log-probabilities below 0, heads around 0.
    public func scores(for needs: [Score], seed: Seed) -> ScoreTable {
        var generator = seed.generator
        var table = ScoreTable()
        for need in needs {
            for episode in groups.flatMap(\.episodes) {
                for (place, step) in episode.steps.enumerated() {
                    let count = (step.context + step.move.segments).tokens.map { $0.count - 1 } ?? 0
                    let values = (0..<count).map { _ in Float(need.quantity == .logProbs ? -3 * generator.unit() : 2 * generator.unit() - 1) }
                    table.rows[need, default: [:]][ScoreTable.Place(episode: episode.id, step: place)] = Scores(values: values, shape: [count])
                }
            }
        }
        return table
    }
}
