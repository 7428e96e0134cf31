import Foundation
import HoneCore

/// How long evolution under selection and rare mutation stays with each strategy.
///
/// Source: Omidshafiei et al., "α-Rank: Multi-Agent Evaluation by Evolution", 2019. A population plays one strategy at a time; a mutant
/// takes it over with the fixation probability (1 − e^(−αΔ)) / (1 − e^(−mαΔ)) for a gain Δ, 1/m for none. The masses are the stationary
/// distribution of this Markov chain, worked out on logarithms, so that no intensity of selection is too strong. Like any point estimate
/// they know nothing of how surely the pay-offs are known: see `PayoffMatrix.estimate`.
public struct AlphaRank: Hashable, Sendable, Codable {
    /// How strictly the fitter strategy wins.
    public enum Selection: Hashable, Sendable, Codable {
        /// The intensity α, from 0 up; 0 makes all strategies equal.
        case intensity(Double)
        /// The limit of large α: a better strategy takes over with probability 1 − ε, a worse one with ε, an equal one with ½ (Rowland et
        /// al. 2019).
        case unlimited(perturbation: Double)
    }

    /// The masses of two populations' strategies.
    public struct Pairs: Hashable, Sendable, Codable {
        /// The mass of each pair of strategies, by row and column; they add up to 1.
        public let masses: [[Double]]
        /// The row population's strategies.
        public var rows: [Double] { masses.map { $0.reduce(0, +) } }
        /// The column population's strategies.
        public var columns: [Double] { (masses.first ?? []).indices.map { j in masses.reduce(0) { $0 + ($1.indices.contains(j) ? $1[j] : 0) } } }
    }

    /// How strictly the fitter strategy wins.
    public let selection: Selection
    /// How many individuals a population has, m, at least 2.
    public let populationSize: Int

    /// A setting; throws for an intensity below 0, a perturbation that is not between 0 and ½, or fewer than two individuals.
    public init(selection: Selection = .unlimited(perturbation: 1e-6), populationSize: Int = 50) throws {
        switch selection {
        case .intensity(let alpha) where !(alpha >= 0 && alpha.isFinite):
            throw CoreError.invalid("α-Rank needs an intensity from 0 up, but \(alpha) was given; use the unlimited selection for its limit")
        case .unlimited(let epsilon) where !(epsilon > 0 && epsilon < 0.5):
            throw CoreError.invalid("α-Rank without limit needs a perturbation between 0 and ½, but \(epsilon) was given")
        case _ where populationSize < 2:
            throw CoreError.invalid("α-Rank needs a population of at least 2, but \(populationSize) was given")
        default: break
        }
        (self.selection, self.populationSize) = (selection, populationSize)
    }

    /// Reads a setting and checks it as the initialiser does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            selection: try container.decode(Selection.self, forKey: .selection),
            populationSize: try container.decode(Int.self, forKey: .populationSize))
    }

    /// One population: the masses of strategies of which the row's gets `payoffs[i][j]` against the column's; they add up to 1.
    ///
    /// A mutant's fitness is what it gets from the strategy it meets, which gets its own pay-off from the mutant. Throws when the matrix is
    /// empty, not square or not finite.
    public func masses(_ payoffs: [[Double]]) throws -> [Double] {
        guard !payoffs.isEmpty, payoffs.allSatisfy({ $0.count == payoffs.count && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid("α-Rank of one population needs a square matrix of finite numbers, but its rows have the lengths \(payoffs.map(\.count))")
        }
        return Self.stationary(payoffs.count) { from, to in logFixation(gain: payoffs[to][from] - payoffs[from][to]) }
    }

    /// One population of the players of a pay-off matrix, in its order. Pairs that have not met count as even.
    public func masses(_ matrix: PayoffMatrix) throws -> [Double] { try masses(matrix.advantages) }

    /// Two populations, of which the first chooses rows and gets `row[i][j]` while the second chooses columns and gets `column[i][j]`.
    ///
    /// Throws when the matrices are empty, ragged, not finite or of different shapes.
    public func masses(row: [[Double]], column: [[Double]]) throws -> Pairs {
        let width = row.first?.count ?? 0
        guard width > 0, row.count == column.count, (row + column).allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else {
            throw CoreError.invalid(
                "α-Rank of two populations needs two matrices of one shape with finite numbers, but their rows have the lengths \(row.map(\.count)) and \(column.map(\.count))"
            )
        }
        let masses = Self.stationary(row.count * width) { from, to in
            let (i, j, k, l) = (from / width, from % width, to / width, to % width)
            if j == l { return logFixation(gain: row[k][l] - row[i][j]) }
            if i == k { return logFixation(gain: column[k][l] - column[i][j]) }
            return -.infinity
        }
        return Pairs(masses: row.indices.map { i in Array(masses[(i * width)..<((i + 1) * width)]) })
    }

    /// The log of the probability that a mutant with this gain takes the population over.
    private func logFixation(gain: Double) -> Double {
        switch selection {
        case .unlimited(let epsilon): return abs(gain) <= 1e-12 ? log(0.5) : gain > 0 ? log1p(-epsilon) : log(epsilon)
        case .intensity(let alpha):
            let u = alpha * gain
            let m = Double(populationSize)
            if abs(u) < 1e-14 { return -log(m) }
            let ratio = log(-expm1(-abs(u))) - log(-expm1(-m * abs(u)))
            return u > 0 ? ratio : ratio + (m - 1) * u
        }
    }

    /// The stationary distribution of a chain given by the logs of its transition rates, which may have any common factor.
    ///
    /// States are eliminated one by one without a subtraction (Grassmann, Taksar and Heyman 1985); every state must lead to one before it.
    private static func stationary(_ count: Int, _ logRate: (Int, Int) -> Double) -> [Double] {
        var rates = (0..<count).map { i in (0..<count).map { i == $0 ? -.infinity : logRate(i, $0) } }
        for k in (1..<max(count, 1)).reversed() {
            let total = Statistics.logSumExp(Array(rates[k][0..<k]))
            for i in 0..<k where rates[i][k] > -.infinity {
                rates[i][k] -= total
                for j in 0..<k where j != i && rates[k][j] > -.infinity {
                    rates[i][j] = Statistics.logSumExp([rates[i][j], rates[i][k] + rates[k][j]])
                }
            }
        }
        var logs = [0.0]
        for k in 1..<max(count, 1) { logs.append(Statistics.logSumExp((0..<k).map { logs[$0] + rates[$0][k] })) }
        let total = Statistics.logSumExp(logs)
        return logs.map { exp($0 - total) }
    }
}
