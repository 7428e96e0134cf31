import HoneCore
import HoneNumerics

extension Selection {
    /// How often each move is followed in the equilibrium of a small zero-sum game between a searcher and an opponent.
    ///
    /// The searcher follows a move, the opponent guards one. A move that is not guarded pays its upper bound, value + bonus; a guarded one only its
    /// value. The searcher's equilibrium strategy mixes the moves whose upper bounds reach the game's value, each in inverse proportion to its
    /// bonus, and settles on the best value as bonuses fall. The lists are equally long; uniform where a number is not finite.
    ///
    /// Source: the Nash term of Rabby et al. 2024, “MC-NEST”. Departures: the paper names an equilibrium strategy over candidates, which its
    /// released code sets uniform and multiplies with UCT; here the game is said and solved, and moves are drawn from its solution. Candidates are
    /// the moves of one position on the way down, not all open nodes of the tree.
    public static func equilibrium(values: [Double], bonuses: [Double]) -> [Double] {
        precondition(values.count == bonuses.count, "\(values.count) values against \(bonuses.count) bonuses")
        let game = values.indices.map { own in values.indices.map { $0 == own ? values[own] : values[own] + bonuses[own] } }
        return (try? ZeroSumSolution(game).row) ?? values.map { _ in 1 / Double(values.count) }
    }
}
