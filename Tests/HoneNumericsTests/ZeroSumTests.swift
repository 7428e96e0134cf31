import HoneCore
import HoneNumerics
import Testing

@Suite("Zero-sum games in normal form")
struct ZeroSumTests {
    @Test("rock, paper and scissors are played alike, and the value is 0")
    func rockPaperScissors() throws {
        let solution = try ZeroSumSolution([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
        #expect(abs(solution.value) < 1e-12)
        for value in solution.row + solution.column { #expect(abs(value - 1 / 3) < 1e-12) }
    }

    @Test("matching pennies with unequal payoffs: the hand-computed mixture")
    func pennies() throws {
        // [[a, b], [c, d]]: x = (d − c)/(a − b − c + d), y = (d − b)/(…), value = (ad − bc)/(…).
        let solution = try ZeroSumSolution([[3, -1], [-2, 1]])
        #expect(abs(solution.row[0] - 3 / 7) < 1e-12 && abs(solution.column[0] - 2 / 7) < 1e-12)
        #expect(abs(solution.value - 1 / 7) < 1e-12)
    }

    @Test("saddle points, constant games and games of one row are solved, and scale and shift do not matter")
    func special() throws {
        #expect(abs(try ZeroSumSolution([[4, 1], [3, 2]]).value - 2) < 1e-12)
        #expect(try ZeroSumSolution([[5, 5], [5, 5]]).value == 5)
        #expect(abs(try ZeroSumSolution([[3, -7, 2]]).value + 7) < 1e-12)
        #expect(abs(try ZeroSumSolution([[3], [-7], [2]]).value - 3) < 1e-12)
        let large = try ZeroSumSolution([[3e6 + 1e3, -1e6 + 1e3], [-2e6 + 1e3, 1e6 + 1e3]])
        #expect(abs(large.value - (1e6 / 7 + 1e3)) < 1e-5)
        #expect(throws: CoreError.self) { try ZeroSumSolution([[1, 2], [3]]) }
        #expect(throws: CoreError.self) { try ZeroSumSolution([]) }
    }

    @Test("in random games neither player can do better than the value", arguments: 0..<40)
    func random(index: Int) throws {
        var generator = Seed(11).child("matrix", index).generator
        let height = generator.integer(in: 1...9)
        let width = generator.integer(in: 1...9)
        // Few different numbers, so that ties are met.
        let matrix = (0..<height).map { _ in (0..<width).map { _ in Double(generator.integer(in: -3...3)) } }
        let solution = try ZeroSumSolution(matrix)
        let rows = matrix.map { zip($0, solution.column).map { $0 * $1 }.reduce(0, +) }
        let columns = (0..<width).map { j in (0..<height).map { matrix[$0][j] * solution.row[$0] }.reduce(0, +) }
        #expect((rows.max() ?? 0) <= solution.value + 1e-9 && (columns.min() ?? 0) >= solution.value - 1e-9)
        #expect(abs(solution.row.reduce(0, +) - 1) < 1e-12 && abs(solution.column.reduce(0, +) - 1) < 1e-12)
    }

    @Test("nobody can gain in games of nearly equal pay-offs, where tiny pivots lie in wait", arguments: 0..<12)
    func nearlyEqual(index: Int) throws {
        var generator = Seed(12).child("matrix", index).generator
        let n = generator.integer(in: 13...24)
        // One half of the players beats the other, and among themselves a millionth decides.
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for i in 0..<n {
            for j in 0..<i {
                matrix[i][j] = Double(generator.integer(in: -1...1)) * 1e-7 + (i > n / 2 ? 0.5 : 0)
                matrix[j][i] = -matrix[i][j]
            }
        }
        let solution = try ZeroSumSolution(matrix)
        let rows = matrix.map { zip($0, solution.column).map { $0 * $1 }.reduce(0, +) }
        let columns = (0..<n).map { j in (0..<n).map { matrix[$0][j] * solution.row[$0] }.reduce(0, +) }
        let (best, worst) = (rows.max() ?? 1, columns.min() ?? -1)
        #expect(best < 1e-9 && worst > -1e-9 && abs(solution.value) < 1e-9)
        #expect(isClose(solution.row.reduce(0, +), 1) && isClose(solution.column.reduce(0, +), 1))
    }
}
