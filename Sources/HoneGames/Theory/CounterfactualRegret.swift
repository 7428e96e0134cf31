import HoneCore

/// Counterfactual regret minimisation: strategies whose average comes near an equilibrium in two-player zero-sum games.
///
/// Plain: Zinkevich et al. 2007, with simultaneous updates and an average weighed by reach. Plus: CFR+ of Tammelin 2014, with regrets that never
/// fall below 0, seats updated in turn, and an average in which iteration t weighs t.
public struct CounterfactualRegret: Sendable {
    /// Which of the two.
    public enum Variant: String, Hashable, Sendable, Codable, CaseIterable {
        case plain, plus
    }

    /// The tree it is run on.
    public let tree: GameTree
    /// Which variant.
    public let variant: Variant
    /// How many iterations have been made.
    public private(set) var iterations = 0
    private var regrets: [Double]
    private var sums: [Double]
    private var current: [Double]
    private let offsets: [Int]
    private let setOfNode: [Int]

    /// The start: no regrets, uniform play.
    public init(_ tree: GameTree, variant: Variant = .plus) {
        self.tree = tree
        self.variant = variant
        regrets = [Double](repeating: 0, count: tree.moveCount)
        sums = regrets
        current = regrets
        offsets = tree.mover.indices.map { tree.set[$0] >= 0 ? tree.informationSets[tree.set[$0]].offset : 0 }
        setOfNode = tree.set
        for set in tree.informationSets {
            for place in set.moves.indices { current[set.offset + place] = 1 / Double(set.moves.count) }
        }
    }

    /// Makes some iterations.
    public mutating func iterate(_ count: Int = 1) {
        for _ in 0..<count {
            iterations += 1
            switch variant {
            case .plain:
                for seat in 0..<tree.seats { update(seat) }
                for seat in 0..<tree.seats { match(seat) }
            case .plus:
                for seat in 0..<tree.seats {
                    update(seat)
                    match(seat)
                }
            }
        }
    }

    /// The average of the strategies so far.
    public var averageStrategy: TabularStrategy { tree.strategy(of: average) }

    /// The strategy of the next iteration.
    public var currentStrategy: TabularStrategy { tree.strategy(of: current) }

    /// The average of the strategies so far, by information set and move.
    var average: [Double] {
        var values = sums
        for set in tree.informationSets {
            let places = set.offset..<set.offset + set.moves.count
            let sum = sums[places].reduce(0, +)
            for place in places { values[place] = sum > 0 ? sums[place] / sum : 1 / Double(set.moves.count) }
        }
        return values
    }

    /// Adds what the seat regrets under the current strategy, and its weighed strategy to the sums.
    private mutating func update(_ seat: Int) {
        let count = tree.nodeCount
        var own = [Double](repeating: 1, count: count)
        var others = own
        var value = [Double](repeating: 0, count: count)
        for node in 0..<count where tree.mover[node] != GameTree.over {
            let first = tree.firstChild[node]
            let mover = tree.mover[node]
            let offset = offsets[node]
            for place in 0..<tree.childCount[node] {
                let child = first + place
                let probability = mover == GameTree.chance ? tree.chanceProbability[child] : current[offset + place]
                own[child] = mover == seat ? own[node] * probability : own[node]
                others[child] = mover == seat ? others[node] : others[node] * probability
            }
        }
        let weight = variant == .plus ? Double(iterations) : 1
        for node in (0..<count).reversed() {
            let mover = tree.mover[node]
            if mover == GameTree.over {
                value[node] = tree.payoff[node * tree.seats + seat]
                continue
            }
            let first = tree.firstChild[node]
            let offset = offsets[node]
            var mean = 0.0
            for place in 0..<tree.childCount[node] {
                let child = first + place
                mean += (mover == GameTree.chance ? tree.chanceProbability[child] : current[offset + place]) * value[child]
            }
            value[node] = mean
            guard mover == seat else { continue }
            for place in 0..<tree.childCount[node] {
                regrets[offset + place] += others[node] * (value[first + place] - mean)
                sums[offset + place] += weight * own[node] * current[offset + place]
            }
        }
    }

    /// Sets the seat's current strategy in proportion to its positive regrets.
    private mutating func match(_ seat: Int) {
        for set in tree.informationSets where set.seat == seat {
            let places = set.offset..<set.offset + set.moves.count
            var sum = 0.0
            for place in places {
                if variant == .plus { regrets[place] = max(regrets[place], 0) }
                sum += max(regrets[place], 0)
            }
            for place in places { current[place] = sum > 0 ? max(regrets[place], 0) / sum : 1 / Double(set.moves.count) }
        }
    }
}
