import Foundation
import HoneCore
import HoneNumerics
import Testing

@Suite("Skills")
struct SkillTests {
    @Test("two players and rankings of up to eight agree with the trueskill package")
    func references() throws {
        for reference in try PopulationReferences.read().skills {
            let model = try SkillModel(drawProbability: reference.draw)
            let skills = try reference.skills.map { try Skill(mean: $0[0], deviation: $0[1]) }
            let updated = try model.updated(skills, places: reference.places)
            // The package passes its messages at most ten times; with two players once is enough.
            let tolerance = skills.count == 2 ? 1e-9 : 1e-6
            for (found, expected) in zip(updated, reference.updated) {
                #expect(isClose(found.mean, expected[0], tolerance) && isClose(found.deviation, expected[1], tolerance))
            }
        }
    }

    @Test("the first game of two newcomers without draws: by hand")
    func byHand() throws {
        let model = try SkillModel(mean: 0, deviation: 1, performanceDeviation: 1, drift: 0, drawProbability: 0)
        let updated = try model.updated([model.newcomer, model.newcomer], places: [0, 1])
        // c² = 2β² + 2σ² = 4, v(0) = 2φ(0) = √(2/π), so μ = σ²/c · v, and σ² shrinks by the share σ²/c² · v².
        let moved: Double = (0.5 / Double.pi).squareRoot()
        let variance = updated[0].deviation * updated[0].deviation
        let expected: Double = 1 - 0.5 / Double.pi
        #expect(isClose(updated[0].mean, moved) && isClose(updated[1].mean, -moved) && isClose(variance, expected))
        #expect(model.winProbability(model.newcomer, model.newcomer) == 0.5 && model.drawMargin == 0)
        // Φ(0.5)
        #expect(isClose(model.winProbability(try Skill(mean: 1, deviation: 1), model.newcomer), 0.6914624612740131))
    }

    @Test("a draw pulls together, an upset moves far, and nothing breaks at a hundred deviations")
    func extremes() throws {
        let model = try SkillModel()
        let far = [try Skill(mean: 0, deviation: 1), try Skill(mean: 500, deviation: 1)]
        for places in [[0, 1], [1, 0], [0, 0]] {
            let updated = try model.updated(far, places: places)
            #expect(updated.allSatisfy { $0.mean.isFinite && $0.deviation > 0 && $0.deviation < 1.01 })
            if places != [1, 0] { #expect(updated[0].mean > 10 && updated[1].mean < 490) }
        }
        let expected = try model.updated(far, places: [1, 0])
        #expect(isClose(expected[0].mean, 0, 1e-9) && isClose(expected[1].mean, 500, 1e-9))
        #expect(throws: CoreError.self) { try SkillModel(drawProbability: 0).updated(far, places: [0, 0]) }
        #expect(throws: CoreError.self) { try model.updated([far[0]], places: [0]) }
        #expect(throws: CoreError.self) { try model.updated(far, places: [0, 1, 2]) }
        #expect(throws: CoreError.self) { try SkillModel(drawProbability: 1) }
        #expect(throws: CoreError.self) { try Skill(mean: 0, deviation: 0) }
    }

    @Test("the whole ranking may be turned round: skills change as in a mirror")
    func mirror() throws {
        let model = try SkillModel()
        let skills = try [(20.0, 3.0), (28, 6), (25, 8), (31, 2)].map { try Skill(mean: $0.0, deviation: $0.1) }
        // Turned round, because tied players are chained in the order they are given in.
        let mirrored = try skills.reversed().map { try Skill(mean: 50 - $0.mean, deviation: $0.deviation) }
        let found = try model.updated(skills, places: [0, 1, 1, 3])
        let other = try model.updated(mirrored, places: [0, 1, 1, 3])
        for (a, b) in zip(found, other.reversed()) { #expect(isClose(a.mean, 50 - b.mean, 1e-8) && isClose(a.deviation, b.deviation, 1e-8)) }
    }

    @Test("after many games the skills are ordered as the truth, and the truth lies in most intervals")
    func learning() throws {
        let truth = [15.0, 20, 25, 30, 35]
        let names = playerNames(5)
        var ratings = SkillRatings(try SkillModel(drift: 0, drawProbability: 0))
        var generator = Seed(9).generator
        for _ in 0..<400 {
            let performances = truth.map { level -> Double in
                let chance = min(max(generator.unit(), 1e-12), 1 - 1e-12)
                return level + 25.0 / 6 * Distributions.normalQuantile(chance)
            }
            let order = performances.indices.sorted { performances[$0] > performances[$1] }
            try ratings.add(ranking: order.map { [names[$0]] })
        }
        #expect(ratings.leaderboard.map(\.player) == names.reversed())
        #expect(ratings.players.allSatisfy { $0.games == 400 && $0.skill.deviation < 3 })
        // Only differences are told by results.
        for i in 1..<5 {
            let gap = ratings.players[i].skill.mean - ratings.players[i - 1].skill.mean
            #expect(gap > 4 && gap < 6)
        }
        var tied = SkillRatings(try SkillModel())
        try tied.add(ranking: [["b", "a"], ["c"]])
        var turned = SkillRatings(try SkillModel())
        try turned.add(ranking: [["a", "b"], ["c"]])
        #expect(tied == turned && tied.skill(of: "nobody") == tied.model.newcomer)
        #expect(throws: CoreError.self) { try tied.add(ranking: [["a"], ["a"]]) }
    }
}
