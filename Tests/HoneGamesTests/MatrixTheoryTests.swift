import HoneCore
import HoneGames
import Testing

@Suite("Games in normal form")
struct MatrixTheoryTests {
    @Test("the battle of the sexes has two pure equilibria and one mixture")
    func sexes() throws {
        let game = try Bimatrix(row: [[3, 0], [0, 2]], column: [[2, 0], [0, 3]])
        let all = game.equilibria()
        #expect(game.pureEquilibria.map { [$0.row, $0.column] } == [[0, 0], [1, 1]])
        #expect(all.count == 3)
        #expect(abs(all[2].row[0] - 0.6) < 1e-12 && abs(all[2].column[0] - 0.4) < 1e-12)
    }

    @Test("the prisoner's dilemma has one equilibrium, matching pennies none in pure play")
    func dilemma() throws {
        let dilemma = try Bimatrix(row: [[3, 0], [5, 1]], column: [[3, 5], [0, 1]])
        #expect(dilemma.equilibria() == [Bimatrix.Equilibrium].init(dilemma.equilibria().prefix(1)))
        #expect(dilemma.pureEquilibria.map { [$0.row, $0.column] } == [[1, 1]])
        let pennies = try Bimatrix(row: [[1, -1], [-1, 1]], column: [[-1, 1], [1, -1]])
        #expect(pennies.pureEquilibria.isEmpty)
        #expect(pennies.equilibria().count == 1)
    }
}
