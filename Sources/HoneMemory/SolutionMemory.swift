import HoneCore

/// Keeps the newest accepted episodes of each problem, for learning from all that was ever solved.
public struct SolutionMemory: Memory {
    public static let card = PartCard(name: "solutions", summary: "the newest accepted solutions of each problem", gives: [.groups])

    /// What it keeps.
    public struct Memo: Codable, Sendable {
        /// One group a problem, with accepted episodes only, in the order problems were first solved.
        public var groups: [EpisodeGroup] = []
    }

    /// The most episodes of a problem.
    public let keep: Int
    /// The smallest return that is accepted.
    public let threshold: Double
    public var memo = Memo()

    /// A memory.
    public init(keep: Int, threshold: Double = 1) {
        self.keep = keep
        self.threshold = threshold
    }

    public func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem] {
        memo.groups.prefix(limit).map { MemoryItem(text: $0.assignment.problem.id, group: $0) }
    }

    public mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws {
        var places: [String: Int] = [:]
        for (place, group) in memo.groups.enumerated() { places[group.assignment.problem.id] = place }
        for group in groups {
            var seen: Set<String> = []
            var accepted: [Episode] = []
            for (index, episode) in group.episodes.enumerated() {
                let value = group.value(of: .worldReturn, episode: index, role: .solver) ?? 0
                guard value >= threshold, seen.insert(episode.response(of: .solver)).inserted else { continue }
                accepted.append(episode)
            }
            guard !accepted.isEmpty else { continue }
            accepted = Array(accepted.prefix(max(1, keep)))
            let verdicts = accepted.indices.map { Verdict(on: .role($0, .solver), kind: .worldReturn, value: threshold) }
            var kept = group
            kept.episodes = accepted
            kept.verdicts = verdicts
            kept.children = []
            if let place = places[group.assignment.problem.id] {
                memo.groups[place] = kept
            } else {
                places[group.assignment.problem.id] = memo.groups.count
                memo.groups.append(kept)
            }
        }
    }
}
