import HoneCore

extension GameTree {
    /// The strategy that plays all moves alike.
    public var uniform: TabularStrategy { strategy { set in set.moves.map { _ in 1 / Double(set.moves.count) } } }

    /// The strategy that always plays the first move of the game's order.
    public var firstMove: TabularStrategy { strategy { set in set.moves.indices.map { $0 == 0 ? 1 : 0 } } }

    /// The strategy with these probabilities, in the order of an information set's moves.
    public func strategy(_ probabilities: (InformationSet) throws -> [Double]) rethrows -> TabularStrategy {
        var table: [String: [String: Double]] = [:]
        for set in informationSets { table[set.state] = Dictionary(uniqueKeysWithValues: zip(set.moves, try probabilities(set))) }
        return TabularStrategy(table)
    }

    /// The strategy of probabilities listed by information set and move.
    func strategy(of values: [Double]) -> TabularStrategy { strategy { Array(values[$0.offset..<$0.offset + $0.moves.count]) } }

    /// The probabilities of a strategy, listed by information set and move.
    func values(of strategy: TabularStrategy) throws -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(moveCount)
        for set in informationSets { values += try strategy.probabilities(of: set.moves, at: set.state) }
        return values
    }

    /// What each seat gets on average when all play the strategy.
    ///
    /// Throws when the strategy does not fit the game.
    public func expectedReturns(of strategy: TabularStrategy) throws -> [Double] { expectedReturns(of: try values(of: strategy)) }

    func expectedReturns(of values: [Double]) -> [Double] {
        let reach = reach(values) { _ in true }
        var returns = [Double](repeating: 0, count: seats)
        for node in mover.indices where mover[node] == Self.over {
            for seat in 0..<seats { returns[seat] += reach[node] * payoff[node * seats + seat] }
        }
        return returns
    }

    /// By node: the probability of the moves that lead there, those of chance and of the seats that count.
    func reach(_ values: [Double], counting counts: (Int) -> Bool) -> [Double] {
        var reach = [Double](repeating: 1, count: mover.count)
        for node in mover.indices where mover[node] != Self.over {
            let first = firstChild[node]
            let isCounted = mover[node] >= 0 && counts(mover[node])
            let offset = set[node] >= 0 ? informationSets[set[node]].offset : 0
            for place in 0..<childCount[node] {
                reach[first + place] = reach[node] * chanceProbability[first + place] * (isCounted ? values[offset + place] : 1)
            }
        }
        return reach
    }

    /// A strategy that gets the seat the most there is against the others' strategy, and what it gets.
    ///
    /// The first of equal moves is taken. Other seats' information states keep the strategy they have.
    public func bestResponse(of seat: Int, to strategy: TabularStrategy) throws -> (value: Double, strategy: TabularStrategy) {
        var values = try values(of: strategy)
        let best = bestResponse(of: seat, to: values)
        for set in informationSets where set.seat == seat {
            for place in set.moves.indices { values[set.offset + place] = place == best.moves[set.offset] ? 1 : 0 }
        }
        return (best.value, self.strategy(of: values))
    }

    /// The value and, at the offset of each of the seat's information sets, the place of its move.
    func bestResponse(of seat: Int, to values: [Double]) -> (value: Double, moves: [Int]) {
        var walk = BestResponseWalk(tree: self, seat: seat, reach: reach(values) { $0 != seat }, values: values)
        let value = walk.value(of: 0)
        return (value, walk.chosen)
    }

    /// What all seats together could gain, each by its best response while the others stay as they are; 0 just in equilibria.
    ///
    /// Source: Lanctot et al. 2017, "A unified game-theoretic approach to multiagent reinforcement learning", eq. 4.
    public func nashConv(of strategy: TabularStrategy) throws -> Double { nashConv(of: try values(of: strategy)) }

    func nashConv(of values: [Double]) -> Double {
        let own = expectedReturns(of: values)
        var sum = 0.0
        for seat in 0..<seats { sum += bestResponse(of: seat, to: values).value - own[seat] }
        return sum
    }

    /// NashConv divided by the number of seats: in zero-sum games what a player loses on average, over the seats, to a best response.
    public func exploitability(of strategy: TabularStrategy) throws -> Double { try nashConv(of: strategy) / Double(seats) }
}

/// Finds a best response from the ends upwards, one information set at a time.
private struct BestResponseWalk {
    let tree: GameTree
    let seat: Int
    let reach: [Double]
    let values: [Double]
    var chosen: [Int]
    private var known: [Double]

    init(tree: GameTree, seat: Int, reach: [Double], values: [Double]) {
        self.tree = tree
        self.seat = seat
        self.reach = reach
        self.values = values
        chosen = [Int](repeating: -1, count: tree.moveCount)
        known = [Double](repeating: .nan, count: tree.nodeCount)
    }

    mutating func value(of node: Int) -> Double {
        if !known[node].isNaN { return known[node] }
        var value = 0.0
        let first = tree.firstChild[node]
        switch tree.mover[node] {
        case GameTree.over: value = tree.payoff[node * tree.seats + seat]
        case GameTree.chance:
            for child in first..<first + tree.childCount[node] { value += tree.chanceProbability[child] * self.value(of: child) }
        case seat: value = self.value(of: first + move(in: tree.set[node]))
        default:
            let offset = tree.informationSets[tree.set[node]].offset
            for place in 0..<tree.childCount[node] where values[offset + place] > 0 {
                value += values[offset + place] * self.value(of: first + place)
            }
        }
        known[node] = value
        return value
    }

    /// The move that is best over all nodes of the set, weighed by how often the others and chance lead there.
    private mutating func move(in number: Int) -> Int {
        let set = tree.informationSets[number]
        if chosen[set.offset] >= 0 { return chosen[set.offset] }
        var best = 0
        var most = -Double.infinity
        for place in set.moves.indices {
            var value = 0.0
            for node in set.nodes where reach[node] > 0 { value += reach[node] * self.value(of: tree.firstChild[node] + place) }
            if value > most {
                most = value
                best = place
            }
        }
        chosen[set.offset] = best
        return best
    }
}
