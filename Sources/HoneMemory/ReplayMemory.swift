import HoneCore

/// Keeps the last groups that were played, oldest out first.
public struct ReplayMemory: Memory {
    public static let card = PartCard(name: "replay", summary: "the last groups, for learning from them again", gives: [.groups])

    /// What it keeps.
    public struct Memo: Codable, Sendable {
        /// The groups, oldest first.
        public var groups: [EpisodeGroup] = []
    }

    /// The most groups; 0 or less keeps none.
    public let capacity: Int
    public var memo = Memo()

    /// A memory of this capacity.
    public init(capacity: Int) { self.capacity = capacity }

    /// Up to `limit` groups, oldest first; when there are more, they are drawn evenly by the scope's seed.
    public func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem] {
        guard limit < memo.groups.count else { return memo.groups.map { MemoryItem(text: $0.assignment.problem.id, group: $0) } }
        var generator = scope.seed.generator
        return generator.shuffled(Array(memo.groups.indices)).prefix(max(0, limit)).sorted().map { index in
            MemoryItem(text: memo.groups[index].assignment.problem.id, group: memo.groups[index])
        }
    }

    public mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws {
        memo.groups += groups
        memo.groups = memo.groups.suffix(max(0, capacity))
    }
}
