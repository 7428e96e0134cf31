import HoneCore

/// The equilibrium of largest entropy of a symmetric zero-sum game between players, and what each player gets against it.
///
/// Source: Balduzzi, Tuyls, Perolat and Graepel, "Re-evaluating Evaluation", 2018 (maxent Nash, Nash averaging). It is unique, so that it
/// does not depend on the order of the players. Clones of a player have the same probability; they share what the player alone would have
/// where the equilibrium is unique. Where there are several, clones weigh in the entropy, so that the invariance which the paper states
/// does not hold. It is found in two steps, neither of which is the paper's: the central path of the game, which leads into the middle of
/// all equilibria and so tells which players any of them uses, and from there Newton's method on the entropy. Where a player outside the
/// support could barely gain, probabilities are accurate to about 1e-5; the exploitability is below 1e-9 always.
public struct NashAverage: Hashable, Sendable, Codable {
    /// Each player's probability.
    public let probabilities: [Double]
    /// What each player gets against the equilibrium: 0 for those it uses, below 0 or 0 for the others.
    public let averages: [Double]

    /// The entropy of the probabilities in nats.
    public var entropy: Double { Statistics.entropy(probabilities) }

    /// What the best player gets against the equilibrium, which is 0 up to rounding.
    public var exploitability: Double { max(0, averages.max() ?? 0) }

    /// Of the players of a pay-off matrix, in its order. Pairs that have not met count as even.
    public init(_ matrix: PayoffMatrix) throws { try self.init(advantages: matrix.advantages) }

    /// Of antisymmetric pay-offs; throws when the matrix is empty, not square, not finite or not antisymmetric.
    public init(advantages: [[Double]]) throws {
        let n = advantages.count
        guard n > 0, advantages.allSatisfy({ $0.count == n && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid("A symmetric game needs a square matrix of finite numbers, but its rows have the lengths \(advantages.map(\.count))")
        }
        let largest = advantages.joined().map(abs).max() ?? 0
        for i in 0..<n {
            for j in 0...i where abs(advantages[i][j] + advantages[j][i]) > 1e-9 * largest {
                throw CoreError.invalid(
                    "A symmetric zero-sum game needs antisymmetric pay-offs, but player \(i) gets \(advantages[i][j]) from player \(j), who gets \(advantages[j][i])")
            }
        }
        guard largest > 0 else {
            (probabilities, averages) = ([Double](repeating: 1 / Double(n), count: n), [Double](repeating: 0, count: n))
            return
        }
        // Exactly antisymmetric and of size 1, so that tolerances mean the same for every game.
        let game = (0..<n).map { i in (0..<n).map { (advantages[i][$0] - advantages[$0][i]) / (2 * largest) } }
        let path = CentralPath(game)
        let probabilities = EntropyAscent(game, support: path.support, start: path.probabilities).probabilities
        self.probabilities = probabilities
        averages = advantages.map { LinearSystem.dot($0, probabilities) }
    }
}
