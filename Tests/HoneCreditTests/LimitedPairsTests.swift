import HoneCore
import HoneCredit
import Testing

@Suite("Pairs in a fixed number")
struct LimitedPairsTests {
    @Test("so many pairs are kept of those there are, evenly from all, each with its own rows")
    func limit() throws {
        struct Many: Credit {
            static let card = PartCard(name: "many")
            func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
                var batch = TrainingBatch()
                for place in 0..<6 {
                    batch.pairs.append(Pair(chosen: 2 * place, rejected: 2 * place + 1))
                    batch.examples += (0..<2).map { Example(tokens: [TokenID(place), TokenID($0)], isTrained: [false, true], group: 0, episode: "e") }
                }
                return batch
            }
        }
        var limited = LimitedPairs(credit: Many(), limit: 3)
        let batch = try limited.batch(for: [.solver], from: [], scores: ScoreTable())
        #expect(batch.pairs.map { [batch.examples[$0.chosen].tokens, batch.examples[$0.rejected].tokens] } == [0, 2, 4].map { [[$0, 0], [$0, 1]] })
        #expect(batch.examples.count == 6)
        limited.limit = 0
        #expect(try limited.batch(for: [.solver], from: [], scores: ScoreTable()).pairs.count == 6)
    }
}
