import Foundation
import HoneCore

/// Which attempt of a refinement tree is refined next.
///
/// UCT(a) = Q(a) + c √(ln(N(parent) + 1) / (N(a) + ε)), and a large constant for the first attempt; π is a strategy over the candidates.
///
/// Source: Zhang et al. 2024 (MCTSr), section 3.5, without π; Rabby et al. 2024 (MC-NEST), algorithm 1. Departures: weights below 0 are
/// drawn from as 0, and, unless `shifts` is false, all are first moved up so that the least is 0.
public struct RefinementSelection: Hashable, Sendable, Codable {
    /// How one of the candidates is taken.
    public enum Policy: String, Hashable, Sendable, Codable, CaseIterable {
        /// The largest UCT + π.
        case greedy
        /// In proportion to UCT · π.
        case importance
        /// The better of a pair, drawn in proportion to |UCT₁ − UCT₂| · π₁ · π₂.
        case pairwise
    }

    /// The strategy over candidates.
    public enum Strategy: String, Hashable, Sendable, Codable, CaseIterable {
        /// None, as in MCTSr: added as 0, multiplied as 1.
        case none
        /// Uniform over the candidates.
        case candidates
        /// Uniform over those candidates that refine the first attempt, 0 elsewhere: what the released program of MC-NEST computes.
        case rootChildren = "root-children"
    }

    /// How one is taken.
    public var policy: Policy
    /// The strategy.
    public var strategy: Strategy
    /// c, in the unit of Q.
    public var exploration: Double
    /// ε: what is added to visits, so that an attempt nobody came back to has a UCT.
    public var smallest: Double
    /// The UCT of the first attempt.
    public var first: Double
    /// Whether weights are moved up so that none is below 0.
    public var shifts: Bool

    /// A selection.
    public init(
        policy: Policy = .greedy, strategy: Strategy = .none, exploration: Double = 1, smallest: Double = 1e-10, first: Double = 10_000,
        shifts: Bool = true
    ) {
        self.policy = policy
        self.strategy = strategy
        self.exploration = exploration
        self.smallest = smallest
        self.first = first
        self.shifts = shifts
    }

    /// What is known of a candidate.
    public struct Known: Hashable, Sendable {
        /// Q.
        public var quality: Double
        /// How often values were backed up through it.
        public var visits: Int
        /// The same of the attempt it refines; nil for the first attempt.
        public var parentVisits: Int?
        /// Whether it refines the first attempt.
        public var refinesFirst: Bool

        /// What is known.
        public init(quality: Double, visits: Int, parentVisits: Int?, refinesFirst: Bool = false) {
            self.quality = quality
            self.visits = visits
            self.parentVisits = parentVisits
            self.refinesFirst = refinesFirst
        }
    }

    /// The UCT of a candidate.
    public func uct(_ known: Known) -> Double {
        guard let parent = known.parentVisits else { return first }
        return known.quality + exploration * (log(Double(parent) + 1) / (Double(known.visits) + smallest)).squareRoot()
    }

    /// π over the candidates.
    public func weights(_ candidates: [Known]) -> [Double] {
        switch strategy {
        case .none: return candidates.map { _ in policy == .greedy ? 0 : 1 }
        case .candidates: return candidates.map { _ in 1 / Double(candidates.count) }
        case .rootChildren:
            let count = candidates.count { $0.refinesFirst }
            return candidates.map { $0.refinesFirst ? 1 / Double(count) : 0 }
        }
    }

    /// The place of the candidate to refine, of one or more; of equals the first. Where all weights are 0 any is taken.
    public func choose(_ candidates: [Known], using generator: inout SeededGenerator) -> Int {
        let (scores, weights) = (candidates.map(uct), weights(candidates))
        func largest(_ values: [Double]) -> Int { values.indices.max { (values[$0], -$0) < (values[$1], -$1) } ?? 0 }
        switch policy {
        case .greedy: return largest(zip(scores, weights).map { $0 + $1 })
        case .importance:
            let least = min(0, scores.min() ?? 0)
            return Self.draw(zip(scores, weights).map { (shifts ? $0 - least : $0) * $1 }, using: &generator)
        case .pairwise:
            var pairs: [(better: Int, weight: Double)] = []
            for left in candidates.indices {
                for right in candidates.indices where right > left {
                    let weight = abs(scores[left] - scores[right]) * weights[left] * weights[right]
                    pairs.append((scores[right] > scores[left] ? right : left, weight))
                }
            }
            guard pairs.contains(where: { $0.weight > 0 }) else { return generator.integer(in: 0...(candidates.count - 1)) }
            return pairs[Self.draw(pairs.map(\.weight), using: &generator)].better
        }
    }

    /// A place in proportion to its weight; any where none is above 0.
    static func draw(_ weights: [Double], using generator: inout SeededGenerator) -> Int {
        let kept = weights.map { max(0, $0) }
        let sum = kept.reduce(0, +)
        guard sum > 0 else { return generator.integer(in: 0...(weights.count - 1)) }
        var rest = generator.unit() * sum
        for (index, weight) in kept.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return kept.lastIndex { $0 > 0 } ?? 0
    }
}
