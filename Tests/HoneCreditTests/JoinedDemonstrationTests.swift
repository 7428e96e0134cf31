import HoneCore
import HoneCredit
import Testing

@Suite("Demonstrations in one row")
struct JoinedDemonstrationTests {
    private func played(_ steps: [Step]) -> EpisodeGroup {
        EpisodeGroup(assignment: Assignment(problem: Problem(id: "p", world: "w")), episodes: [Episode(id: "e", steps: steps)])
    }

    private let first = step(.solver, after: [1, 2], move: [10, 11], isTrained: false, origin: .demonstration)
    private let second = step(.solver, after: [1, 2, 10, 11], news: [3], move: [12], isTrained: false, origin: .demonstration)

    @Test("learn the same tokens upon the same contexts as rows of their own, once")
    func sameTokens() throws {
        var joined = Demonstrations(joins: true), apart = Demonstrations()
        let row = try joined.batch(for: [.solver], from: [played([first, second])], scores: ScoreTable()).examples
        let rows = try apart.batch(for: [.solver], from: [played([first, second])], scores: ScoreTable()).examples
        #expect(row.map(\.tokens) == [[1, 2, 10, 11, 3, 12]] && row.map(\.isTrained) == [[false, false, true, true, false, true]])
        #expect(rows.map(\.tokens) == [[1, 2, 10, 11], [1, 2, 10, 11, 3, 12]])
        #expect(rows.reduce(0) { $0 + $1.trainedCount } == row[0].trainedCount)
    }

    @Test("leave out roles without any, and moves that were sampled")
    func others() throws {
        var credit = Demonstrations(joins: true)
        let sampled = step(.solver, after: [1, 2], move: [9])
        let lesson = step(.solver, after: [1, 2, 9], news: [3], move: [12], isTrained: false, origin: .demonstration)
        let rows = try credit.batch(for: [.solver, "critic"], from: [played([sampled, lesson])], scores: ScoreTable()).examples
        #expect(rows.map(\.tokens) == [[1, 2, 9, 3, 12]] && rows[0].trainedCount == 1)
    }

    @Test("are refused where a context does not go on from the one before")
    func apart() throws {
        var credit = Demonstrations(joins: true)
        let other = step(.solver, after: [7], move: [12], isTrained: false, origin: .demonstration)
        #expect(throws: CreditError.self) { _ = try credit.batch(for: [.solver], from: [played([first, other])], scores: ScoreTable()) }
    }
}
