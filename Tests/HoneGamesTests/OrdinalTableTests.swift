import HoneCore
import HoneGames
import Testing

@Suite("Tables of ordinal 2×2 games and answers about them")
struct OrdinalTableTests {
    @Test("the 144 games have four tables each, and these are all pairs of strict orders")
    func all() {
        var seen: Set<OrdinalTable> = []
        for game in OrdinalGame.all {
            for (rows, columns) in [(false, false), (false, true), (true, false), (true, true)] {
                seen.insert(OrdinalTable(game).exchanged(rows: rows, columns: columns))
            }
        }
        #expect(seen.count == 576)
    }

    @Test("the table of the mirrored game is the transposed one")
    func mirrored() {
        for game in OrdinalGame.all { #expect(OrdinalTable(game.mirrored) == OrdinalTable(game).transposed) }
    }

    @Test("equilibria are those of the general solver, and 18 games have none, 108 one, 18 two")
    func equilibria() throws {
        var counts = [0, 0, 0]
        for game in OrdinalGame.all {
            let table = OrdinalTable(game)
            let general = try Bimatrix(row: table.row.map { $0.map(Double.init) }, column: table.column.map { $0.map(Double.init) }).pureEquilibria
            #expect(general.map { [$0.row, $0.column] } == table.equilibria.cells.map { [$0.row, $0.column] })
            counts[table.equilibria.cells.count] += 1
        }
        #expect(counts == [18, 108, 18])
    }

    @Test("in the prisoner's dilemma both have a dominant choice, and their outcome is the equilibrium")
    func dilemma() throws {
        let table = OrdinalTable(try OrdinalGame(named: "g111"))
        let row = try #require(table.dominant(of: 0))
        let column = try #require(table.dominant(of: 1))
        #expect(table.equilibria == OutcomeSet(row: row, column: column))
        #expect([table.row[row][column], table.column[row][column]] == [2, 2])
        let chicken = OrdinalTable(try OrdinalGame(named: "g122"))
        #expect(chicken.dominant(of: 0) == nil && chicken.equilibria.cells.count == 2)
    }

    @Test("a map is the answers' shares less the standard ones; ID and BD are means of squares")
    func maps() {
        let right = OutcomeSet(row: 0, column: 1)
        // Two of four runs right, one names two outcomes, one cannot be read: 2.5/4 − 1 where it is right, 0.5/4 beside it.
        let map = AnswerMap(answers: [right, right, [right, OutcomeSet(row: 1, column: 1)], nil], standard: right)
        #expect(map.differences == [[0, -0.375], [0, 0.125]])
        #expect(map.inconsistency == (0.375 * 0.375 + 0.125 * 0.125) / 4)
        // The same with the seats changed is no bias; nothing wrong on the other side is.
        let turned = OutcomeSet(row: 1, column: 0)
        let same = AnswerMap(answers: [turned, turned, [turned, OutcomeSet(row: 1, column: 1)], nil], standard: turned)
        #expect(map.bias(against: same) == 0)
        #expect(map.bias(against: AnswerMap(answers: [turned], standard: turned)) == map.inconsistency)
        #expect(AnswerMap(answers: [[]], standard: []).inconsistency == 0)
    }

    @Test("the biased solver looks at the first row, and the mirrored one says the same of both seats")
    func scripted() {
        for game in OrdinalGame.all {
            let table = OrdinalTable(game)
            #expect(ScriptedSolver.oracle.answer(to: table, run: 0) == table.equilibria)
            #expect(ScriptedSolver.biased.answer(to: table, run: 1).cells.allSatisfy { $0.row == 0 })
            let here = ScriptedSolver.mirrored.answer(to: table, run: 0).cells.map { [$0.column, $0.row] }
            #expect(ScriptedSolver.mirrored.answer(to: table.transposed, run: 1).cells.map { [$0.row, $0.column] } == here)
        }
    }

    @Test("words and stories tell all four outcomes of the table")
    func words() throws {
        let table = OrdinalTable(try OrdinalGame(named: "g312"))
        let story = try Story.named("market")
        let told = table.told(story, wording: 0), listed = table.listed(players: ["A", "B"], choices: [["A1", "A2"], ["B1", "B2"]])
        for i in 0...1 {
            for j in 0...1 {
                #expect(listed.contains("A\(i + 1) and B\(j + 1): \(table.row[i][j]) for A, \(table.column[i][j]) for B"))
                #expect(told.contains("gets \(table.row[i][j]) gold coins and the weaver \(table.column[i][j])."))
            }
        }
        #expect(table.digits.split(separator: " ").count == 4)
    }
}
