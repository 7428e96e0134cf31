import Foundation
import HoneCore
import HoneNumerics
import Testing

@Suite("Population values as files")
struct PopulationCodingTests {
    private static func same<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value)) == value
    }

    @Test("all values come back from JSON as they were")
    func roundTrips() throws {
        let results = GameResults([
            try Encounter("a", "b", wins: 6, draws: 1, losses: 3), try Encounter("b", "c", wins: 6, losses: 4), try Encounter("a", "c", meanScore: 0.3, games: 9),
        ])
        let matrix = try PayoffMatrix(results)
        var skills = SkillRatings(try SkillModel())
        try skills.add(ranking: [["a"], ["b", "c"]])
        #expect(try Self.same(results))
        #expect(try Self.same(matrix))
        #expect(try Self.same(EloRatings(results)))
        #expect(try Self.same(EloUpdate()))
        #expect(try Self.same(skills))
        #expect(try Self.same(AlphaRank(selection: .intensity(2))))
        #expect(try Self.same(AlphaRank().masses(row: [[1, 2]], column: [[0, 3]])))
        #expect(try Self.same(NashAverage(matrix)))
        #expect(try Self.same(MetaSolver.nash.mixture(for: "a", in: matrix)))
        for solver in [MetaSolver.latest, .uniform, .prioritised(.hard(power: 2)), .prioritised(.variance), .replicator(try ReplicatorDynamics())] {
            #expect(try Self.same(solver))
        }
        #expect(try Self.same(CyclicDecomposition(matrix)))
        #expect(try Self.same(Forgetting(snapshots: matrix)))
        #expect(try Self.same(ThreeCycle.established(in: matrix)))
    }

    @Test("files that would break a computation are refused when they are read")
    func refused() {
        func reads<Value: Decodable>(_ type: Value.Type, _ text: String) -> Bool { (try? JSONDecoder().decode(type, from: Data(text.utf8))) != nil }
        #expect(!reads(ReplicatorDynamics.self, #"{"steps":-1,"stepSize":0.1,"floor":0}"#))
        #expect(reads(ReplicatorDynamics.self, #"{"steps":1,"stepSize":0.1,"floor":0}"#))
        #expect(!reads(AlphaRank.self, #"{"selection":{"intensity":{"_0":-1}},"populationSize":50}"#))
        #expect(reads(AlphaRank.self, #"{"selection":{"intensity":{"_0":1}},"populationSize":50}"#))
        #expect(!reads(EloUpdate.self, #"{"factor":0,"start":0}"#))
        #expect(!reads(Skill.self, #"{"mean":0,"deviation":0}"#))
        #expect(!reads(SkillModel.self, #"{"newcomer":{"mean":0,"deviation":1},"performanceDeviation":1,"drift":0,"drawProbability":1}"#))
        #expect(!reads(OpponentMixture.self, #"{"players":["a"],"probabilities":[]}"#))
        #expect(!reads(PayoffMatrix.self, #"{"players":["a"],"scores":[]}"#))
        #expect(!reads(EloRatings.self, #"{"ratings":[],"groups":[],"covariance":[[]]}"#))
    }
}
