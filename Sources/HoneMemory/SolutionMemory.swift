import HoneCore

/// Keeps the newest accepted episodes of each problem, for learning from all that was ever solved.
public struct SolutionMemory: Memory {
    public static let card = PartCard(name: "solutions", summary: "the newest accepted solutions of each problem", gives: [.groups])

    /// What it keeps.
    public struct Memo: Codable, Sendable {
        /// One group a problem, with accepted episodes only, in the order problems were first solved.
        public var groups: [EpisodeGroup] = []
    }

    /// The most episodes of a problem, at least 1; newer ones go before older ones, and no two have the same response.
    public let keep: Int
    /// The smallest return that is accepted.
    public let threshold: Double
    public var memo = Memo()

    /// A memory.
    public init(keep: Int, threshold: Double = 1) {
        self.keep = keep
        self.threshold = threshold
    }

    /// The first `limit` problems' solutions, in the order problems were first solved.
    public func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem] {
        memo.groups.prefix(max(0, limit)).map { MemoryItem(text: $0.assignment.problem.id, group: $0) }
    }

    public mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws {
        var places: [String: Int] = [:]
        for (place, group) in memo.groups.enumerated() { places[group.assignment.problem.id] = place }
        for group in groups {
            let place = places[group.assignment.problem.id]
            let fresh = accepted(in: group)
            guard !fresh.isEmpty else { continue }
            // What was solved just now goes before what was solved earlier.
            var seen: Set<String> = []
            let solutions = (fresh + (place.map { accepted(in: memo.groups[$0]) } ?? []))
                .filter { seen.insert($0.episode.response(of: .solver)).inserted }.prefix(max(1, keep))
            var kept = group
            kept.episodes = solutions.map(\.episode)
            kept.verdicts = solutions.enumerated().map { Verdict(on: .role($0, .solver), kind: .worldReturn, value: $1.value) }
            kept.children = []
            if let place {
                memo.groups[place] = kept
            } else {
                places[group.assignment.problem.id] = memo.groups.count
                memo.groups.append(kept)
            }
        }
    }

    private func accepted(in group: EpisodeGroup) -> [(episode: Episode, value: Double)] {
        group.episodes.enumerated().compactMap { index, episode in
            let value = group.value(of: .worldReturn, episode: index, role: .solver) ?? 0
            return value >= threshold ? (episode, value) : nil
        }
    }
}
