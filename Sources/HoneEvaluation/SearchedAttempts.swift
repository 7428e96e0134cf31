import HoneCore
import HoneNumerics

/// What searches over whole answers find: the kept answer, and all attempts that were looked at on the way to it.
///
/// | measure | of |
/// |---|---|
/// | `accuracy` | episodes whose kept answer is right |
/// | `first answer` | episodes whose first attempt is right |
/// | `found` | episodes in which some attempt is right |
/// | `repaired` | episodes whose first attempt is wrong in which some attempt is right |
/// | `attempts` | mean count of attempts looked at |
/// | `distinct answers` | mean count of different answers among them |
/// | `graded rightly` | pairs of a right and a wrong attempt in which the right one was valued more; ties count ½ |
///
/// Attempts are the nodes of a play's search tree, but for one that only says another again; without a tree they are the solver's moves.
public struct SearchedAttempts: Measure {
    public static let card = PartCard(
        name: "searched-attempts", summary: "what is kept and what was looked at where whole answers are searched", source: "after Rabby et al. 2024 (MC-NEST)")

    /// An answer as it is read, and whether it is right.
    public struct Reading: Hashable, Sendable {
        /// The answer in its plain form; nil where none can be read.
        public var answer: String?
        /// Whether it is right.
        public var isRight: Bool

        /// A reading.
        public init(answer: String?, isRight: Bool) {
            self.answer = answer
            self.isRight = isRight
        }
    }

    /// The problems.
    public let problems: [Problem]
    /// Episodes of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Reads an attempt at a problem.
    public let reading: @Sendable (String, Problem) -> Reading

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, reading: @escaping @Sendable (String, Problem) -> Reading) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.reading = reading
    }

    public func measure(in scope: Scope) async throws -> Findings {
        // What a search looked at beside the answer it kept is in no episode.
        let counted = CountedServices(scope.services)
        let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast)
            .groups(in: Scope(services: counted, seed: scope.seed, path: scope.path))
        var found = findings(of: groups)
        let answering = Findings.Answering(cost: counted.cost, answers: groups.reduce(0) { $0 + $1.episodes.count })
        for name in found.estimates.keys { found.answering[name] = answering }
        return found
    }

    /// One attempt: how it reads, and what it was valued at, where it was.
    private struct Attempt {
        var reading: Reading
        var worth: Double?
    }

    /// The measures of groups.
    public func findings(of groups: [EpisodeGroup]) -> Findings {
        let rows = groups.map { group in
            (
                problem: group.assignment.problem.id, right: group.episodes.map(SampleMeasures.isCorrect),
                attempts: group.episodes.map { attempts(in: $0, group.assignment.problem) }
            )
        }
        var found = Findings()
        func add(_ name: String, _ unit: String, _ value: ([Attempt]) -> Double) {
            found.add(name, unit: unit, rows.map { ($0.problem, $0.attempts.map(value)) })
        }
        found.add("accuracy", unit: "share", rows.map { ($0.problem, $0.right.map { $0 ? 1 : 0 }) })
        add("first answer", "share") { $0.first?.reading.isRight == true ? 1 : 0 }
        add("found", "share") { $0.contains { $0.reading.isRight } ? 1 : 0 }
        found.addRatio("repaired", unit: "share", rows.map { row in
            let wrong = row.attempts.filter { $0.first?.reading.isRight == false }
            return (row.problem, Double(wrong.count { $0.contains { $0.reading.isRight } }), Double(wrong.count))
        })
        add("attempts", "answers") { Double($0.count) }
        add("distinct answers", "answers") { Double(Set($0.compactMap(\.reading.answer)).count) }
        found.addRatio("graded rightly", unit: "share", rows.map { row in
            let parts = row.attempts.map(Self.graded)
            return (row.problem, parts.reduce(0) { $0 + $1.rightly }, parts.reduce(0) { $0 + $1.pairs })
        })
        return found
    }

    /// How many pairs of a right and a wrong attempt there are, and in how many the right one was valued more.
    private static func graded(_ attempts: [Attempt]) -> (rightly: Double, pairs: Double) {
        var (rightly, pairs) = (0.0, 0.0)
        for right in attempts where right.reading.isRight {
            for wrong in attempts where !wrong.reading.isRight {
                guard let high = right.worth, let low = wrong.worth else { continue }
                pairs += 1
                rightly += high > low ? 1 : high == low ? 0.5 : 0
            }
        }
        return (rightly, pairs)
    }

    private func attempts(in episode: Episode, _ problem: Problem) -> [Attempt] {
        guard let tree = episode.steps.lazy.compactMap(\.move.tree).first else {
            return episode.steps.filter { $0.role == .solver }.map { Attempt(reading: reading($0.move.text, problem)) }
        }
        // A node that only says a kept attempt again was never looked at.
        return tree.nodes.filter { $0.visits > 0 }.map { node in
            let worths = node.verdicts.filter { $0.kind == .worth }.map(\.value)
            return Attempt(reading: reading(node.move.text, problem), worth: worths.isEmpty ? nil : worths.reduce(0, +) / Double(worths.count))
        }
    }
}
