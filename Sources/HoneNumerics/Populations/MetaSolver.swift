import Foundation
import HoneCore

/// Whom a learner plays against, given what the players of a population score against each other.
///
/// All solvers are functions of the matrix alone: no chance is in them.
public enum MetaSolver: Hashable, Sendable, Codable {
    /// How prioritised fictitious self-play weighs an opponent against whom the learner scores p (Vinyals et al. 2019, AlphaStar).
    public enum Weighting: Hashable, Sendable, Codable {
        /// (1 − p)^k: opponents that are hard to beat. Where everyone is always beaten, all are alike.
        case hard(power: Double)
        /// p·(1 − p): opponents of about the learner's strength. Where nobody is, all are alike.
        case variance
    }

    /// The newest player only: plain self-play.
    case latest
    /// All alike: fictitious self-play (Brown 1951; Heinrich, Lanctot and Silver 2015).
    case uniform
    /// The equilibrium of largest entropy among the opponents, as `NashAverage` finds it: PSRO's oracle then answers the population's best
    /// mixture (Lanctot et al. 2017).
    case nash
    /// By how the learner does against each.
    case prioritised(Weighting)
    /// Of the equilibrium, only the opponents that the learner beats or ties: it is to amplify its strengths and ignore its weaknesses
    /// (Balduzzi et al. 2019, PSRO-rN).
    ///
    /// The paper trains only players that the equilibrium uses. For a learner that beats or ties none of the equilibrium's players it is
    /// the whole equilibrium.
    case rectifiedNash
    /// Projected replicator dynamics among the opponents (Lanctot et al. 2017).
    case replicator(ReplicatorDynamics)

    /// The mixture for a learner among these opponents, oldest first; without a list all of the matrix in its order, the learner included.
    ///
    /// Pairs that have not met count as even. Throws for unknown and repeated names, an empty list and a power below 0.
    public func mixture(for learner: String, in matrix: PayoffMatrix, among opponents: [String]? = nil) throws -> OpponentMixture {
        let row = try matrix.index(of: learner)
        let opponents = opponents ?? matrix.players
        guard let newest = opponents.last else {
            throw CoreError.invalid("“\(learner)” needs at least one opponent to choose from, but was offered none")
        }
        let part = try matrix.restricted(to: opponents)
        let scores = try opponents.map { matrix.scores[row][try matrix.index(of: $0)].mean }
        let even = OpponentMixture(even: opponents)
        func weighted(_ weights: [Double]) -> OpponentMixture? { OpponentMixture(players: opponents, weights: weights) }
        switch self {
        case .latest: return weighted(opponents.map { $0 == newest ? 1 : 0 }) ?? even
        case .uniform: return even
        case .nash: return weighted(try NashAverage(part).probabilities) ?? even
        case .prioritised(.hard(let power)):
            guard power >= 0, power.isFinite else {
                throw CoreError.invalid("Prioritised self-play needs a power from 0 up, but \(power) was given")
            }
            return weighted(scores.map { pow(1 - $0, power) }) ?? even
        case .prioritised(.variance): return weighted(scores.map { $0 * (1 - $0) }) ?? even
        case .rectifiedNash:
            let nash = try NashAverage(part).probabilities
            return weighted(zip(nash, scores).map { $1 >= 0.5 - 1e-12 ? $0 : 0 }) ?? weighted(nash) ?? even
        case .replicator(let dynamics): return weighted(dynamics.average(part.advantages)) ?? even
        }
    }
}
