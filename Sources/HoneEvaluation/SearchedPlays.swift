import HoneCore
import HoneNumerics

/// What searches over plays of many moves find: the kept play, all plays that were looked at, and how well values foretell what is right.
///
/// | measure | of |
/// |---|---|
/// | `resolved` | episodes whose kept play is right |
/// | `reached` | episodes in which some finished play is right, kept or not |
/// | `kept rightly` | of episodes with right and wrong finished plays, those that keep a right one |
/// | `finished` | mean count of finished plays |
/// | `moves` | mean count of moves that were made, kept or not |
/// | `depth` | mean count of moves of the kept play |
/// | `value correlation` | Spearman's ρ in an episode of values of states and whether they are right as they stand, where both occur |
/// | `actor tokens` | tokens of the player's moves, kept or not |
/// | `tokens` | all tokens sampled and read for an answer |
///
/// Moves are the nodes of the solver's first search tree; without a tree they are its steps.
public struct SearchedPlays: Measure {
    public static let card = PartCard(
        name: "searched-plays", summary: "what is kept and what was looked at where plays of many moves are searched",
        source: "after Antoniades et al. 2024 (SWE-Search)")

    /// How a play stands.
    public struct Reading: Hashable, Sendable {
        /// Whether it is over.
        public var isOver: Bool
        /// Whether it is right as it stands.
        public var isRight: Bool

        /// A reading.
        public init(isOver: Bool, isRight: Bool) {
            self.isOver = isOver
            self.isRight = isRight
        }
    }

    /// The problems.
    public let problems: [Problem]
    /// Episodes of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// How a play stands after these moves.
    public let reading: @Sendable ([String], Problem) -> Reading

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, reading: @escaping @Sendable ([String], Problem) -> Reading) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.reading = reading
    }

    public func measure(in scope: Scope) async throws -> Findings {
        findings(
            of: try await problems.concurrently { index, problem in
                let (counted, own) = (CountedServices(scope.services), scope.child("problem", index))
                let group = try await counted.play(
                    Assignment(problem: problem, samples: samples, cast: cast), in: Scope(services: counted, seed: own.seed, path: own.path))
                return (group: group, cost: counted.cost)
            })
    }

    /// One state that was looked at.
    private struct Seen {
        var reading: Reading
        /// What it was valued at itself; nil where nobody was asked.
        var worth: Double?
    }

    /// An episode as it was looked at.
    private struct Look {
        var isResolved: Bool
        var seen: [Seen]
        var depth: Int
        var tokens: Int
    }

    /// The measures of groups with what each cost.
    public func findings(of played: [(group: EpisodeGroup, cost: Cost)]) -> Findings {
        let rows = played.map { own in
            (problem: own.group.assignment.problem.id, looks: own.group.episodes.map { look(at: $0, own.group.assignment.problem) })
        }
        var found = Findings()
        func add(_ name: String, _ unit: String, _ value: (Look) -> Double?) {
            found.add(name, unit: unit, rows.map { ($0.problem, $0.looks.compactMap(value)) })
        }
        func ends(_ look: Look) -> [Bool] { look.seen.filter(\.reading.isOver).map(\.reading.isRight) }
        add("resolved", "share") { $0.isResolved ? 1 : 0 }
        add("reached", "share") { $0.isResolved || ends($0).contains(true) ? 1 : 0 }
        add("kept rightly", "share") { look in
            let ends = ends(look)
            return ends.contains(true) && ends.contains(false) ? (look.isResolved ? 1 : 0) : nil
        }
        add("finished", "plays") { Double(ends($0).count) }
        add("moves", "moves") { Double($0.seen.count) }
        add("depth", "moves") { Double($0.depth) }
        add("value correlation", "−1 to 1") { look in
            let valued = look.seen.compactMap { seen in seen.worth.map { (worth: $0, right: seen.reading.isRight ? 1.0 : 0) } }
            guard valued.count > 1 else { return nil }
            // Without both kinds there is nothing to foretell; equal values foretell nothing.
            guard Set(valued.map(\.right)).count == 2 else { return nil }
            return RankCorrelation.spearman(valued.map(\.worth), valued.map(\.right)) ?? 0
        }
        add("actor tokens", "tokens") { Double($0.tokens) }
        let answers = played.reduce(0) { $0 + $1.group.episodes.count }
        guard answers > 0 else { return found }
        found.add("tokens", unit: "tokens", played.filter { !$0.group.episodes.isEmpty }.map { own in
            (own.group.assignment.problem.id, [Double(own.cost.sampledTokens + own.cost.promptTokens) / Double(own.group.episodes.count)])
        })
        let spent = played.reduce(Cost()) { $0 + $1.cost }
        for name in found.estimates.keys { found.answering[name] = Findings.Answering(cost: spent, answers: answers) }
        return found
    }

    private func look(at episode: Episode, _ problem: Problem) -> Look {
        let steps = episode.steps.filter { $0.role == .solver }
        func count(_ move: Move) -> Int { move.segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) } }
        let (isResolved, depth) = (SampleMeasures.isCorrect(episode), steps.count)
        guard let tree = steps.lazy.compactMap(\.move.tree).first else {
            let moves = steps.map(\.move.text)
            let seen = moves.indices.map { Seen(reading: reading(Array(moves[...$0]), problem), worth: nil) }
            return Look(isResolved: isResolved, seen: seen, depth: depth, tokens: steps.reduce(0) { $0 + count($1.move) })
        }
        let seen = tree.nodes.indices.map { node in
            Seen(
                reading: reading(tree.path(to: node).map { tree.nodes[$0].move.text }, problem),
                worth: tree.nodes[node].verdicts.last { $0.kind == .worth }?.value)
        }
        return Look(isResolved: isResolved, seen: seen, depth: depth, tokens: tree.nodes.reduce(0) { $0 + count($1.move) })
    }
}
