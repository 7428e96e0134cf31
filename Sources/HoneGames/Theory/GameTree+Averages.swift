import HoneCore

extension GameTree {
    /// The strategy that plays like one of the given ones, drawn evenly by each seat before the game: their average.
    ///
    /// σ̄(I, a) = Σₖ πₖ(I) σₖ(I, a) / Σₖ πₖ(I), with πₖ(I) the product of the seat's own probabilities on the way to I; where none of them
    /// gets to I, the plain mean. Source: Heinrich, Lanctot and Silver 2015, “Fictitious self-play in extensive-form games”, equation 4.
    public func average(of strategies: [TabularStrategy]) throws -> TabularStrategy {
        guard !strategies.isEmpty else { throw CoreError.invalid("There is no strategy to average") }
        var sums = [Double](repeating: 0, count: moveCount)
        var plain = sums
        for strategy in strategies {
            let values = try values(of: strategy)
            let reaches = (0..<seats).map { seat in reach(values) { $0 == seat } }
            for set in informationSets {
                guard let node = set.nodes.first else { continue }
                // Chance counts in `reach`, alike for all strategies.
                let own = reaches[mover[node]][node]
                for place in set.moves.indices {
                    sums[set.offset + place] += own * values[set.offset + place]
                    plain[set.offset + place] += values[set.offset + place]
                }
            }
        }
        for set in informationSets {
            let range = set.offset..<set.offset + set.moves.count
            if range.reduce(0, { $0 + sums[$1] }) <= 0 { sums.replaceSubrange(range, with: plain[range]) }
            let total = range.reduce(0) { $0 + sums[$1] }
            for place in range { sums[place] /= total }
        }
        return strategy(of: sums)
    }
}
