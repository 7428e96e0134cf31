import Foundation
import HoneCore

/// Which move of a position a tree search follows.
public enum Selection: Hashable, Sendable, Codable {
    /// Q + c √(ln N / n): Kocsis and Szepesvári 2006.
    case uct(c: Double)
    /// Q + c P √N / (1 + n): Silver et al. 2017.
    case puct(c: Double)
    /// (1 − share) Q + share P + c √(ln N / (1 + n)), P what a critic said of the move beforehand: Putta et al. 2024 (Agent Q), equations 6 and 7.
    case critic(c: Double, share: Double)
    /// The best value, or with this probability any move.
    case epsilonGreedy(Double)
    /// Any move in proportion to e^{Q/temperature}.
    case importance(temperature: Double)
    /// Drawn from an equilibrium between the moves (`equilibrium`), with bonuses c √(ln(N + 1) / n); moves not yet looked at come first.
    case nash(c: Double)

    /// What is known of a move.
    struct Known {
        var visits: Int
        var value: Double
        var prior: Double
        /// Looks that are on their way and count as losses until they are back.
        var pending: Int
    }

    /// The place of the move to follow; of equals the first. Draws from the generator where chance decides.
    func choose(_ moves: [Known], using generator: inout SeededGenerator) -> Int {
        let total = Double(moves.reduce(0) { $0 + $1.visits + $1.pending })
        func best(_ score: (Known) -> Double) -> Int {
            var (place, most) = (0, -Double.infinity)
            for (index, move) in moves.enumerated() {
                let own = score(move)
                if own > most { (place, most) = (index, own) }
            }
            return place
        }
        /// The mean value, with looks on their way counted as 0.
        func mean(_ move: Known) -> Double {
            let count = move.visits + move.pending
            return count == 0 ? 0 : move.value * Double(move.visits) / Double(count)
        }
        switch self {
        case .uct(let c):
            return best { move in
                let count = move.visits + move.pending
                return count == 0 ? .infinity : mean(move) + c * (log(max(1, total)) / Double(count)).squareRoot()
            }
        case .puct(let c): return best { mean($0) + c * $0.prior * max(1, total).squareRoot() / Double(1 + $0.visits + $0.pending) }
        case .critic(let c, let share):
            return best { move in
                let bonus = c * (log(max(1, total)) / Double(1 + move.visits + move.pending)).squareRoot()
                return (1 - share) * mean(move) + share * move.prior + bonus
            }
        case .epsilonGreedy(let share):
            if generator.chance(share) { return generator.integer(in: 0...moves.count - 1) }
            return best { $0.visits + $0.pending == 0 ? .infinity : mean($0) }
        case .importance(let temperature):
            let top = moves.map(mean).max() ?? 0
            return Self.draw(moves.map { exp((mean($0) - top) / max(1e-9, temperature)) }, using: &generator)
        case .nash(let c):
            if let fresh = moves.firstIndex(where: { $0.visits + $0.pending == 0 }) { return fresh }
            let bonuses = moves.map { c * (log(total + 1) / Double($0.visits + $0.pending)).squareRoot() }
            return Self.draw(Self.equilibrium(values: moves.map(mean), bonuses: bonuses), using: &generator)
        }
    }

    /// A place in proportion to these weights.
    private static func draw(_ weights: [Double], using generator: inout SeededGenerator) -> Int {
        var rest = generator.unit() * weights.reduce(0, +)
        for (index, weight) in weights.enumerated() {
            rest -= weight
            if rest < 0 { return index }
        }
        return weights.lastIndex { $0 > 0 } ?? weights.count - 1
    }
}
