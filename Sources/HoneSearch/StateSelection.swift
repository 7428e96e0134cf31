import Foundation
import HoneCore

/// Which state of a tree of states is gone on from next, of all that can be: a score of many terms.
///
///     w_e·value + w_x·√(ln N(parent) / N) + b·e^{−d(depth − 1)} − d·√depth + bonuses − penalties
///
/// in which value is the state's own. Terms and thresholds are in units from −100 to 100, whatever the range of values.
///
/// Source: Antoniades et al. 2024, “SWE-Search”, section 3.3, and the authors' released selector. Departures: the bonus near the root falls with the
/// depth instead of being the root's alone, and repeated moves are told by their text.
public struct StateSelection: Hashable, Sendable, Codable {
    /// How one of the states is taken.
    public enum Policy: String, Hashable, Sendable, Codable, CaseIterable {
        /// The highest score.
        case greedy
        /// In proportion to e^{score / temperature}.
        case softmax
    }

    /// What the terms weigh; a weight of 0 leaves a term out.
    public struct Weights: Hashable, Sendable, Codable {
        /// w_e.
        public var value = 1.0
        /// w_x.
        public var exploration = 1.0
        /// d: of the depth.
        public var depth = 0.8
        /// b: of being near the root.
        public var nearRoot = 0.0
        /// From this value on a state is good.
        public var good = 50.0
        /// For a good state that nothing was tried in.
        public var untried = 50.0
        /// Times value − child, for a good state whose only child is worth `bad` or less: a second chance after a broken move.
        public var secondChance = 5.0
        /// The largest value of such a child.
        public var bad = 0.0
        /// Against a state with a very good child.
        public var goodChild = 5.0
        /// From this value on a child is very good.
        public var veryGood = 75.0
        /// Against a state below which a play has finished well.
        public var finished = 50.0
        /// From this value on a play has finished well.
        public var well = 100.0
        /// Times `good` − value, for a state below good that nothing was tried in, under a good parent or under one without a value.
        public var goodParent = 1.0
        /// Times the share of other states that look different.
        public var diversity = 0.0
        /// Against a state whose move was tried beside it before.
        public var repeated = 50.0
        /// Against a state below which a move was tried twice.
        public var repeatedChild = 25.0

        /// The released defaults.
        public init() {}
    }

    /// How one is taken.
    public var policy: Policy
    /// Of softmax, in units of the score.
    public var temperature: Double
    /// What the terms weigh.
    public var weights: Weights
    /// The range of values, which becomes −100 to 100.
    public var range: ClosedRange<Double>

    /// A selection.
    public init(policy: Policy = .greedy, temperature: Double = 1, weights: Weights = Weights(), range: ClosedRange<Double> = -100...100) {
        self.policy = policy
        self.temperature = temperature
        self.weights = weights
        self.range = range
    }

    /// What is known of a state, with values as they were found.
    public struct Known: Hashable, Sendable {
        /// What the state itself was found to be worth; nil for the root, which nobody is asked of.
        public var value: Double?
        /// How often the search came by.
        public var visits: Int
        /// How often it came by its parent; nil for the root.
        public var parentVisits: Int?
        /// The parent's own value; nil where it has none.
        public var parentValue: Double?
        /// Moves from the root.
        public var depth: Int
        /// The own values of its children.
        public var children: [Double]
        /// The best value of a finished play below it; nil where none has finished.
        public var finished: Double?
        /// Whether its move was tried beside it before.
        public var isRepeated: Bool
        /// Whether a move was tried twice below it.
        public var hasRepeatedChild: Bool
        /// The share of other states that look different, 0 to 1.
        public var difference: Double

        /// What is known.
        public init(
            value: Double?, visits: Int, parentVisits: Int?, parentValue: Double? = nil, depth: Int, children: [Double] = [], finished: Double? = nil,
            isRepeated: Bool = false, hasRepeatedChild: Bool = false, difference: Double = 0
        ) {
            self.value = value
            self.visits = visits
            self.parentVisits = parentVisits
            self.parentValue = parentValue
            self.depth = depth
            self.children = children
            self.finished = finished
            self.isRepeated = isRepeated
            self.hasRepeatedChild = hasRepeatedChild
            self.difference = difference
        }
    }

    /// A value in units from −100 to 100.
    func scaled(_ value: Double) -> Double {
        let width = range.upperBound - range.lowerBound
        return width > 0 ? (value - range.lowerBound) / width * 200 - 100 : 0
    }

    /// The terms of a state's score, each with its name; a state that was never come by has one that is infinite.
    public func terms(_ known: Known) -> [(name: String, value: Double)] {
        guard known.visits > 0 else { return [("never visited", .infinity)] }
        let own = known.value.map(scaled) ?? 0
        let children = known.children.map(scaled)
        let depth = Double(known.depth)
        let isGood = own >= weights.good
        let isUntried = children.isEmpty
        var terms = [
            ("value", weights.value * own),
            ("exploration", weights.exploration * (log(Double(max(1, known.parentVisits ?? 1))) / Double(known.visits)).squareRoot()),
            ("near the root", weights.nearRoot * exp(-weights.depth * (depth - 1))), ("depth", -weights.depth * depth.squareRoot()),
        ]
        if isUntried, isGood { terms.append(("untried", weights.untried)) }
        if isGood, children.count == 1, children[0] <= weights.bad { terms.append(("second chance", weights.secondChance * (own - children[0]))) }
        if let best = children.max(), best >= weights.veryGood { terms.append(("good child", -weights.goodChild)) }
        if isUntried, !isGood, known.parentVisits != nil, known.parentValue.map(scaled) ?? .infinity > weights.good {
            terms.append(("good parent", weights.goodParent * (weights.good - own)))
        }
        if let best = known.finished, scaled(best) >= weights.well { terms.append(("finished", -weights.finished)) }
        if weights.diversity != 0 { terms.append(("diversity", weights.diversity * known.difference)) }
        if known.isRepeated { terms.append(("repeated", -weights.repeated)) }
        if known.hasRepeatedChild { terms.append(("repeated child", -weights.repeatedChild)) }
        return terms
    }

    /// The score of a state.
    public func score(_ known: Known) -> Double { terms(known).reduce(0) { $0 + $1.value } }

    /// The place of the state to go on from, of one or more; of equals the first.
    public func choose(_ states: [Known], using generator: inout SeededGenerator) -> Int {
        let scores = states.map(score)
        let best = scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) } ?? 0
        guard policy == .softmax, scores[best].isFinite else { return best }
        return RefinementSelection.draw(scores.map { exp(($0 - scores[best]) / max(1e-9, temperature)) }, using: &generator)
    }
}
