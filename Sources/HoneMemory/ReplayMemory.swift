import HoneCore

/// Keeps the last groups that were played, oldest out first.
public struct ReplayMemory: Memory {
    public static let card = PartCard(name: "replay", summary: "the last groups, for learning from them again", gives: [.groups])

    /// What it keeps.
    public struct Memo: Codable, Sendable {
        /// The groups, oldest first.
        public var groups: [EpisodeGroup] = []
    }

    /// The most groups.
    public let capacity: Int
    public var memo = Memo()

    /// A memory of this capacity.
    public init(capacity: Int) { self.capacity = capacity }

    public func recall(_ query: String, limit: Int, in scope: Scope) async throws -> [MemoryItem] {
        guard limit < memo.groups.count else { return memo.groups.map { MemoryItem(text: $0.assignment.problem.id, group: $0) } }
        var generator = scope.seed.generator
        return generator.shuffled(Array(memo.groups.indices)).prefix(limit).sorted().map { index in
            MemoryItem(text: memo.groups[index].assignment.problem.id, group: memo.groups[index])
        }
    }

    public mutating func remember(_ groups: [EpisodeGroup], in scope: Scope) async throws {
        memo.groups += groups
        if memo.groups.count > capacity { memo.groups.removeFirst(memo.groups.count - capacity) }
    }
}
