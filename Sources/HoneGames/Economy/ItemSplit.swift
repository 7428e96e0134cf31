import HoneCore

/// Some items of a few kinds to be split between two, each of whom has a value of its own for each kind.
///
/// The task of Lewis et al. 2017, “Deal or No Deal?”, with fairness as in Hua et al. 2024, “Game-theoretic LLM”: all items are worth 10 to each, and neither knows
/// the other's values. A deal says how many of each kind seat 0 gets; the rest is seat 1's.
public struct ItemSplit: Hashable, Sendable, Codable {
    /// How many items there are of each kind.
    public let counts: [Int]
    /// By seat, what one item of each kind is worth.
    public let values: [[Int]]

    /// A split; the counts and both lists of values are equally long.
    public init(counts: [Int], values: [[Int]]) {
        precondition(values.count == 2 && values.allSatisfy { $0.count == counts.count }, "Both seats have one value for each kind of item")
        self.counts = counts
        self.values = values
    }

    /// What all items are worth to each.
    public static let total = 10

    /// All values of so many items that add up to ``total``.
    public static func valuations(of counts: [Int]) -> [[Int]] {
        func all(_ left: Int, from kind: Int) -> [[Int]] {
            if kind == counts.count { return left == 0 ? [[]] : [] }
            let most = counts[kind] > 0 ? left / counts[kind] : 0
            return (0...most).flatMap { value in all(left - value * counts[kind], from: kind + 1).map { [value] + $0 } }
        }
        return all(total, from: 0)
    }

    /// A split of 5 to 7 items of three kinds in which every kind is worth something to somebody and some deal leaves neither with envy.
    public static func drawn(seed: Seed) -> ItemSplit {
        var generator = seed.generator
        while true {
            let counts = (0..<3).map { _ in generator.integer(in: 1...4) }
            let all = valuations(of: counts)
            guard (5...7).contains(counts.reduce(0, +)), let first = generator.element(of: all), let second = generator.element(of: all) else { continue }
            let split = ItemSplit(counts: counts, values: [first, second])
            let isWanted = zip(first, second).allSatisfy { $0 + $1 > 0 }
            if isWanted, split.deals.contains(where: { split.isEnvyFree($0) }) { return split }
        }
    }

    /// All deals, the fewest items for seat 0 first.
    public var deals: [[Int]] {
        counts.reduce([[]]) { found, count in found.flatMap { start in (0...count).map { start + [$0] } } }
    }

    /// What a seat has of a deal.
    public func share(of seat: Int, _ deal: [Int]) -> [Int] { seat == 0 ? deal : zip(counts, deal).map { $0 - $1 } }

    /// What a deal is worth to a seat.
    public func worth(_ deal: [Int], to seat: Int) -> Int { Self.worth(share(of: seat, deal), by: values[seat]) }

    /// What items are worth by some values.
    public static func worth(_ items: [Int], by values: [Int]) -> Int { zip(items, values).reduce(0) { $0 + $1.0 * $1.1 } }

    /// Whether somebody with these values on a seat likes its own share at least as much as the other's.
    public func isEnvyFree(_ deal: [Int], for seat: Int, by values: [Int]) -> Bool {
        Self.worth(share(of: seat, deal), by: values) >= Self.worth(share(of: 1 - seat, deal), by: values)
    }

    /// Whether neither would rather have the other's share.
    public func isEnvyFree(_ deal: [Int]) -> Bool { (0...1).allSatisfy { isEnvyFree(deal, for: $0, by: values[$0]) } }

    /// Whether no other deal is better for one and no worse for the other.
    public func isParetoOptimal(_ deal: [Int]) -> Bool {
        let here = (0...1).map { worth(deal, to: $0) }
        return !deals.contains { other in
            let there = (0...1).map { worth(other, to: $0) }
            return there[0] >= here[0] && there[1] >= here[1] && there != here
        }
    }
}
