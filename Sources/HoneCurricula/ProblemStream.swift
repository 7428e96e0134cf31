import HoneCore

/// Goes through a list of problems in shuffled epochs; remembers only where it is.
public struct ProblemStream: Curriculum {
    public static let card = PartCard(name: "stream", summary: "training problems in shuffled epochs")

    /// Where the stream is.
    public struct Memo: Codable, Hashable, Sendable {
        /// Which epoch.
        public var epoch = 0
        /// The next place in the epoch's order.
        public var place = 0
    }

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// The key of the epochs' orders.
    public let seed: Seed
    public var memo = Memo()

    /// A stream.
    public init(problems: [Problem], samples: Int, seed: Seed = Seed(0)) {
        self.problems = problems
        self.samples = samples
        self.seed = seed
    }

    public mutating func next(_ count: Int, in scope: Scope) async throws -> [Assignment] {
        guard !problems.isEmpty else { return [] }
        var result: [Assignment] = []
        var order = order(of: memo.epoch)
        while result.count < count {
            if memo.place >= order.count {
                memo.epoch += 1
                memo.place = 0
                order = self.order(of: memo.epoch)
            }
            result.append(Assignment(problem: problems[order[memo.place]], samples: samples))
            memo.place += 1
        }
        return result
    }

    private func order(of epoch: Int) -> [Int] {
        var generator = seed.child("epoch", epoch).generator
        return generator.shuffled(Array(problems.indices))
    }

    public mutating func observe(_ groups: [EpisodeGroup], in scope: Scope) async throws {}
}
