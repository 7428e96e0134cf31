import HoneCore

/// How right a search's answers are, how sure it is of them, and what they cost, problem by problem.
///
/// | measure | of |
/// |---|---|
/// | `pass@1` | answers that are right |
/// | `confidence` | the value of the kept node, where searches value answers between 0 and 1: shares of votes, probabilities |
/// | `Brier score` | the mean of (confidence − right)² (Brier 1950): 0 is best, and a guess of ½ has 0.25 |
/// | `reached` | answers where a finished one in the tree is right, kept or not |
/// | `distinct children` | different moves below a position of the tree that has any, the root among them |
/// | `tokens` | tokens sampled and read for an answer, with all that was looked at beside it |
/// | `sampled tokens` | those that were sampled |
///
/// An answer without a tree has no confidence.
public struct SearchedConfidence: Measure {
    public static let card = PartCard(
        name: "searched-confidence", summary: "accuracy, confidence, Brier score and tokens of searched answers", source: "Brier 1950; tokens as they are charged")

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Whether a response would be right.
    public let isRight: @Sendable (_ response: String, _ problem: Problem) -> Bool

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, isRight: @escaping @Sendable (_ response: String, _ problem: Problem) -> Bool) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.isRight = isRight
    }

    public func measure(in scope: Scope) async throws -> Findings { findings(of: try await played(in: scope)) }

    /// The groups of all problems, in their order, each with what it cost.
    public func played(in scope: Scope) async throws -> [(group: EpisodeGroup, cost: Cost)] {
        try await problems.concurrently { index, problem in
            let (counted, own) = (CountedServices(scope.services), scope.child("problem", index))
            let group = try await counted.play(
                Assignment(problem: problem, samples: samples, cast: cast), in: Scope(services: counted, seed: own.seed, path: own.path))
            return (group: group, cost: counted.cost)
        }
    }

    /// The measures of groups with what each cost.
    public func findings(of played: [(group: EpisodeGroup, cost: Cost)]) -> Findings {
        var found = Findings()
        func add(_ name: String, _ unit: String, _ value: (EpisodeGroup, Int) -> Double?) {
            found.add(
                name, unit: unit,
                played.map { own in (own.group.assignment.problem.id, own.group.episodes.indices.compactMap { value(own.group, $0) }) })
        }
        func right(_ group: EpisodeGroup, _ index: Int) -> Double { SampleMeasures.isCorrect(group.episodes[index]) ? 1 : 0 }
        add("pass@1", "share", right)
        add("confidence", "share") { $0.episodes[$1].confidence }
        add("Brier score", "squared share") { group, index in
            group.episodes[index].confidence.map { ($0 - right(group, index)) * ($0 - right(group, index)) }
        }
        add("reached", "share") { group, index in
            guard let tree = group.episodes[index].tree else { return right(group, index) }
            let inner = Set(tree.nodes.compactMap(\.parent))
            let isReached = tree.nodes.indices.contains { node in
                !inner.contains(node) && isRight(tree.path(to: node).map { tree.nodes[$0].move.text }.joined(), group.assignment.problem)
            }
            return isReached ? 1 : right(group, index)
        }
        add("distinct children", "moves") { $0.episodes[$1].tree?.distinctChildren }
        let answers = played.reduce(0) { $0 + $1.group.episodes.count }
        guard answers > 0 else { return found }
        func spend(_ name: String, _ tokens: (Cost) -> Int) {
            let rows = played.filter { !$0.group.episodes.isEmpty }.map { own in
                (own.group.assignment.problem.id, [Double(tokens(own.cost)) / Double(own.group.episodes.count)])
            }
            found.add(name, unit: "tokens", rows)
        }
        spend("tokens") { $0.sampledTokens + $0.promptTokens }
        spend("sampled tokens") { $0.sampledTokens }
        let spent = played.reduce(Cost()) { $0 + $1.cost }
        for name in found.estimates.keys { found.answering[name] = Findings.Answering(cost: spent, answers: answers) }
        return found
    }
}

extension Episode {
    /// The tree of the solver's first searched move.
    fileprivate var tree: SearchTree? { steps.lazy.filter { $0.role == .solver }.compactMap(\.move.tree).first }
    /// What the search thought the kept answer worth.
    fileprivate var confidence: Double? { tree.flatMap { $0.nodes.indices.contains($0.chosen) ? $0.nodes[$0.chosen].value : nil } }
}

extension SearchTree {
    /// The mean count of different moves, by their texts, over all positions that have any; nil for an empty tree.
    fileprivate var distinctChildren: Double? {
        guard !nodes.isEmpty else { return nil }
        var texts: [Int: Set<[UInt8]>] = [:]
        for node in nodes { texts[node.parent ?? -1, default: []].insert(Array(node.move.text.utf8)) }
        return Double(texts.values.reduce(0) { $0 + $1.count }) / Double(texts.count)
    }
}
