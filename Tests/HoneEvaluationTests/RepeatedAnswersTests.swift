import HoneCore
import HoneEvaluation
import Testing

private func isNear(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool { a.map { abs($0 - b) <= tolerance } ?? false }
private func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

private struct NoJudge: Judge {
    static let card = PartCard(name: "none")
    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement { Judgement([]) }
}

/// A group of episodes given as answers with what a critic says behind each.
private func group(_ id: String, _ episodes: [[(isRight: Bool, critique: String?)]]) -> EpisodeGroup {
    var made = EpisodeGroup(assignment: Assignment(problem: Problem(id: id, world: "w")), episodes: [])
    for (index, answers) in episodes.enumerated() {
        var episode = Episode(id: "\(id)/\(index)")
        for answer in answers {
            made.verdicts.append(Verdict(on: .step(index, episode.steps.count), kind: "correct", value: answer.isRight ? 1 : 0))
            episode.steps.append(Step(role: .solver, context: [], move: Move(text: "x")))
            if let critique = answer.critique { episode.steps.append(Step(role: "critic", context: [], move: Move(text: critique))) }
        }
        made.episodes.append(episode)
    }
    return made
}

@Suite("Measures of answers given again")
struct RepeatedAnswersTests {
    private let measure = RepeatedAnswers(problems: [], samples: 1, cast: [:], judge: NoJudge(), accepts: { $0 == "y" })

    @Test("two problems by hand")
    func byHand() throws {
        let found = measure.findings(of: [
            group("a", [[(false, "n"), (true, "y")], [(false, "y")]]), group("b", [[(true, "n"), (false, "n"), (false, "n")], [(true, "y")]]),
        ])
        #expect(isNear(found["success"]?.mean, 0.5) && isNear(found["first answer"]?.mean, 0.5))
        #expect(isNear(found["answers"]?.mean, (1.5 + 2) / 2) && isNear(found["lost"]?.mean, 0.25))
        #expect(isNear(found["false accepts"]?.mean, 1.0 / 4), "four wrong answers were judged, one was accepted")
        #expect(isNear(found["false rejects"]?.mean, 1.0 / 3), "three right answers were judged, one was refused")
        #expect(found.values["success"] == ["a": 0.5, "b": 0.5] && found.values["lost"] == ["a": 0, "b": 0.5])
    }

    @Test("without a critic nothing is said of one")
    func noCritic() {
        let found = measure.findings(of: [group("a", [[(true, nil)]])])
        #expect(found.estimates.keys.sorted() == ["answers", "first answer", "lost", "success"])
    }

    @Test("values by problem have the estimate's mean, also of ratios", arguments: 0..<10)
    func valuesAverage(seed: Int) throws {
        var generator = Seed(9).child("groups", seed).generator
        let groups = (0..<20).map { index in
            group(
                "p\(index)",
                (0..<3).map { _ in
                    (0..<generator.integer(in: 1...4)).map { _ in (generator.chance(0.4), generator.chance(0.5) ? "y" : "n") }
                })
        }
        let found = measure.findings(of: groups)
        #expect(found.estimates.count == 6)
        for (name, estimate) in found.estimates {
            let values = try #require(found.values[name])
            #expect(values.count == 20 && isNear(mean(values.values), estimate.mean), "\(name)")
        }
    }
}

@Suite("The decomposition as a measure")
struct SelfCorrectionFindingsTests {
    private func random(_ seed: Int) -> [(problem: String, attempts: [SelfCorrection.Attempt])] {
        var generator = Seed(2).child("attempts", seed).generator
        return (0..<25).map { index in
            let (first, second) = (generator.unit(), generator.unit())
            return (
                "p\(index)",
                (0..<10).map { _ in SelfCorrection.Attempt(first: generator.chance(first), second: generator.chance(second)) }
            )
        }
    }

    @Test("Acc₂ = Acc₁·CL + (1 − Acc₁)·CS to 1e-9, and values by problem have the reported means", arguments: 0..<30)
    func identity(seed: Int) throws {
        let found = SelfCorrection.findings(of: random(seed))
        let a = try #require(found["first accuracy"]?.mean), b = try #require(found["second accuracy"]?.mean)
        let cl = try #require(found["confidence level"]?.mean), cs = try #require(found["critique score"]?.mean)
        #expect(isNear(a * cl + (1 - a) * cs, b))
        #expect(isNear(found["relative self-correction"]?.mean, (b - a * a) / (2 * a * (1 - a))))
        #expect(isNear(found["right to wrong"]?.mean, a * (1 - cl)) && isNear(found["wrong to right"]?.mean, (1 - a) * cs))
        #expect(found.estimates.count == 7)
        for (name, estimate) in found.estimates {
            #expect(isNear(found.values[name].map { mean($0.values) }, estimate.mean), "\(name)")
        }
    }

    @Test("the values of a ratio and of the relative score are its derivative along one problem's answers")
    func linearisation() throws {
        // Moving one problem's answers a little moves the whole number by its value's share: a check by differences.
        func whole(_ shift: Double, _ part: KeyPath<SelfCorrection, Double?>) throws -> Double {
            var chances = random(3).map { row -> (first: Double, bothRight: Double, corrected: Double) in
                let n = Double(row.attempts.count)
                return (
                    Double(row.attempts.count { $0.isFirstRight }) / n, Double(row.attempts.count { $0.isFirstRight && $0.isSecondRight }) / n,
                    Double(row.attempts.count { !$0.isFirstRight && $0.isSecondRight }) / n
                )
            }
            // A problem's weight grows by `shift`: it enters once more with that weight.
            let n = Double(chances.count), total = n + shift
            let own = chances[4]
            chances = chances.map { ($0.first * n / total, $0.bothRight * n / total, $0.corrected * n / total) }
            // Means over n rows with the fifth row heavier by `shift`.
            chances[4].first += own.first * shift * n / total
            chances[4].bothRight += own.bothRight * shift * n / total
            chances[4].corrected += own.corrected * shift * n / total
            return try #require(SelfCorrection(chances: chances)?[keyPath: part])
        }
        let found = SelfCorrection.findings(of: random(3))
        for (name, part) in [("confidence level", \SelfCorrection.confidence), ("critique score", \.critique), ("relative self-correction", \.relativeScore)] {
            let step = 1e-5
            let slope = (try whole(step, part) - (try whole(-step, part))) / (2 * step)
            // d mean / d weight of a row = (value − mean) / n.
            let value = try #require(found.values[name]?["p4"]), centre = try #require(found[name]?.mean)
            #expect(isNear(slope, (value - centre) / 25, 1e-6), "\(name): \(slope) against \((value - centre) / 25)")
        }
    }

    @Test("a model that repeats its first answer scores ½, and what is undefined is left out")
    func repeats() throws {
        let same = random(1).map { row in (row.problem, row.attempts.map { SelfCorrection.Attempt(first: $0.isFirstRight, second: $0.isFirstRight) }) }
        let found = SelfCorrection.findings(of: same)
        #expect(isNear(found["relative self-correction"]?.mean, 0.5) && found["confidence level"]?.mean == 1 && found["critique score"]?.mean == 0)
        let sure = SelfCorrection.findings(of: [("a", [.init(first: true, second: true)])])
        #expect(sure["critique score"] == nil && sure["relative self-correction"] == nil && sure["confidence level"]?.mean == 1)
        #expect(SelfCorrection.findings(of: []).estimates.isEmpty)
    }
}
