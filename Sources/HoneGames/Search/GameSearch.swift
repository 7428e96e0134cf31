import HoneCore

/// How a tree search goes about it.
public struct GameSearchSettings: Codable, Hashable, Sendable {
    /// Which child is looked at next.
    public enum Selection: String, Codable, Hashable, Sendable, CaseIterable {
        /// Mean value plus c·√(ln N / n) (UCT; Kocsis and Szepesvári 2006).
        case uct
        /// Mean value plus c·p·√N / (1 + n) (PUCT, as in Silver et al. 2017); a child without visits has the value of its parent.
        case puct
    }

    /// How many simulations.
    public var simulations = 1000
    /// Which child is looked at next.
    public var selection = Selection.uct
    /// The constant c, in units of half the range of returns.
    public var exploration = 1.4
    /// Random plays to value a new position with, at least 1.
    public var rollouts = 1

    /// The defaults.
    public init() {}
}

/// What a search found: each action with its visits and mean value for the mover.
public struct GameSearchResult<Action: Hashable & Sendable>: Hashable, Sendable {
    /// One action at the root.
    public struct Candidate: Hashable, Sendable {
        /// The action.
        public var action: Action
        /// How often it was tried.
        public var visits: Int
        /// Its mean return for the mover; 0 without visits.
        public var value: Double
        /// The probability it had beforehand.
        public var prior: Double
    }

    /// The actions, in the order of the game.
    public var candidates: [Candidate]

    /// The action with the most visits, the better value among equals, the first among those.
    public var best: Action? { bestCandidate?.action }

    /// The candidate of the best action.
    public var bestCandidate: Candidate? {
        var best: Candidate?
        for candidate in candidates {
            guard let leader = best else {
                best = candidate
                continue
            }
            if (candidate.visits, candidate.value) > (leader.visits, leader.value) { best = candidate }
        }
        return best
    }

    /// Visits as probabilities, in the order of the game.
    public var visitShares: [Double] {
        let sum = candidates.reduce(0) { $0 + $1.visits }
        return candidates.map { sum == 0 ? 1 / Double(candidates.count) : Double($0.visits) / Double(sum) }
    }
}

/// What a position is worth to each seat, and how likely the mover is thought to take each action; nil for all alike.
public typealias GameEvaluator<Rules: ExtensiveGame> = @Sendable (Rules.State, inout SeededGenerator) -> (values: [Double], priors: [Double]?)
