import HoneNumerics

/// Scores on every task after learning each of them in turn.
///
/// Source: Lopez-Paz and Ranzato 2017, “Gradient Episodic Memory for Continual Learning”; forgetting: Chaudhry et al. 2018, “Riemannian
/// Walk for Incremental Learning”, equation 3.
public struct TransferMatrix: Hashable, Sendable, Codable {
    /// Row i, column j: the score on task j after learning tasks 0…i.
    public let scores: [[Double]]
    /// The score on each task before learning anything.
    public let untrained: [Double]

    /// A matrix of T × T scores with T scores before learning.
    public init(scores: [[Double]], untrained: [Double]) {
        precondition(scores.allSatisfy { $0.count == scores.count } && untrained.count == scores.count, "The matrix is square")
        (self.scores, self.untrained) = (scores, untrained)
    }

    /// The mean score over tasks after the last one: Σ_j R_Tj / T; nil without tasks.
    public var finalAccuracy: Double? { scores.last.map(Statistics.mean) }

    /// What later learning did to earlier tasks: Σ_{j<T} (R_Tj − R_jj) / (T − 1), negative for forgetting; nil for fewer than two tasks.
    public var backwardTransfer: Double? { mean { j, last in last[j] - scores[j][j] } }

    /// How far earlier tasks fell below their best: Σ_{j<T} (max_{j≤i<T} R_ij − R_Tj) / (T − 1); nil for fewer than two tasks.
    public var forgetting: Double? {
        mean { j, last in (scores[j..<(scores.count - 1)].map { $0[j] }.max() ?? last[j]) - last[j] }
    }

    /// What earlier learning did for tasks to come: Σ_{j>1} (R_{j−1,j} − untrained_j) / (T − 1); nil for fewer than two tasks.
    public var forwardTransfer: Double? {
        guard scores.count > 1 else { return nil }
        return Statistics.mean((1..<scores.count).map { scores[$0 - 1][$0] - untrained[$0] })
    }

    private func mean(_ term: (Int, [Double]) -> Double) -> Double? {
        guard scores.count > 1, let last = scores.last else { return nil }
        return Statistics.mean((0..<(scores.count - 1)).map { term($0, last) })
    }
}
