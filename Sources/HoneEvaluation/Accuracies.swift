import HoneCore

/// How often players are right, part by part: one player on different sets of problems, or several on one.
///
/// Each part gives one share under its own name, with an interval over its problems; several parts can be taken together under a further name.
public struct Accuracies: Measure {
    public static let card = PartCard(name: "accuracies", summary: "the share of right answers, for several sets of problems or several players", source: "count")

    /// A set of problems and who answers them.
    public struct Part: Sendable {
        /// What its share is called.
        public var name: String
        /// The problems.
        public var problems: [Problem]
        /// Who plays.
        public var cast: Cast

        /// A part.
        public init(_ name: String, problems: [Problem], cast: Cast) {
            self.name = name
            self.problems = problems
            self.cast = cast
        }
    }

    /// The parts.
    public let parts: [Part]
    /// Parts that are also taken as one, all their problems alike, by the name of that.
    public let unions: [String: [String]]
    /// Answers to each problem.
    public let samples: Int

    /// The measure.
    public init(_ parts: [Part], unions: [String: [String]] = [:], samples: Int = 1) {
        self.parts = parts
        self.unions = unions
        self.samples = samples
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var played: [String: [EpisodeGroup]] = [:]
        var costs: [String: Cost] = [:]
        for part in parts {
            let (counted, own) = (CountedServices(scope.services), scope.child(part.name))
            played[part.name] = try await HeldOutPlay(problems: part.problems, samples: samples, cast: part.cast)
                .groups(in: Scope(services: counted, seed: own.seed, path: own.path))
            costs[part.name] = counted.cost
        }
        return findings(of: played, costs: costs)
    }

    /// The shares of groups by part, with what each part cost.
    public func findings(of played: [String: [EpisodeGroup]], costs: [String: Cost] = [:]) -> Findings {
        var found = Findings()
        let all = parts.map { ($0.name, [$0.name]) } + unions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        for (name, members) in all {
            let groups = members.flatMap { played[$0] ?? [] }
            found.add(
                name, unit: "share",
                groups.map { group in (group.assignment.problem.id, group.episodes.map { SampleMeasures.isCorrect($0) ? 1 : 0 }) })
            let answers = groups.reduce(0) { $0 + $1.episodes.count }
            guard answers > 0, found.estimates[name] != nil else { continue }
            found.answering[name] = Findings.Answering(cost: members.reduce(Cost()) { $0 + (costs[$1] ?? Cost()) }, answers: answers)
        }
        return found
    }
}
