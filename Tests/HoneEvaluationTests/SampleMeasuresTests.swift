import HoneCore
import HoneEvaluation
import Testing

private func episode(_ text: String, _ reward: Double, tokens: [TokenID] = [1, 2], entropies: [Float]? = nil) -> Episode {
    Episode(
        id: text,
        steps: [
            Step(
                role: .solver, context: [Segment(origin: .prompt, content: .tokens([9, 9, 9], text: "?"))],
                move: Move(segments: [
                    Segment(origin: .model("m", update: 0), content: .tokens(tokens, text: text), entropies: entropies)
                ]))
        ], returns: [.solver: reward])
}

private func group(_ episodes: [Episode]) -> EpisodeGroup {
    EpisodeGroup(assignment: Assignment(problem: Problem(id: "p", world: "w")), episodes: episodes)
}

@Suite("Measures of samples")
struct SampleMeasuresTests {
    let groups = [
        group([
            episode("so\n4", 1, tokens: [1, 2, 3], entropies: [0.5, 0.5, 2]), episode("thus\n4", 1, tokens: [1], entropies: [1]),
            episode("5", 0, tokens: [1, 2], entropies: [0, 0]),
        ]),
        group([episode("1", 0), episode("2", 0), episode("3", 1)]),
    ]

    @Test("each measure by hand")
    func byHand() throws {
        let found = SampleMeasures.estimates(of: groups)
        #expect(found.keys.sorted() == ["entropy", "length", "majority@3", "pass@1", "pass@3", "unique correct"])
        #expect(try #require(found["pass@1"]).mean == 0.5)
        #expect(try #require(found["pass@3"]).mean == 1)
        #expect(abs(try #require(found["majority@3"]).mean - (1 + 1.0 / 3) / 2) < 1e-12)
        #expect(try #require(found["unique correct"]).mean == 1.5)
        #expect(try #require(found["length"]).mean == 2)
        // Entropy is a mean over tokens: (0.5 + 0.5 + 2 + 1 + 0 + 0) / 6 in the only problem that has any.
        #expect(abs(try #require(found["entropy"]).mean - 4.0 / 6) < 1e-7)
    }

    @Test("intervals count problems, not samples, and have width even when all agree")
    func intervals() throws {
        let found = SampleMeasures.estimates(of: groups)
        #expect(found.values.allSatisfy { $0.count <= 2 })
        let passAt3 = try #require(found["pass@3"])
        #expect(passAt3.low < 1 && passAt3.high == 1)
    }

    @Test("pass@k leaves out problems with fewer samples, and one sample a problem has no pass@k")
    func fewSamples() {
        #expect(SampleMeasures.passAtK(groups + [group([episode("1", 1)])], k: 3).count == 2)
        let single = SampleMeasures.estimates(of: [group([episode("1", 1)])])
        #expect(single.keys.sorted() == ["length", "pass@1"])
        #expect(SampleMeasures.estimates(of: []).isEmpty)
    }

    @Test("an answer is the last line that is not blank")
    func finalLine() {
        #expect(SampleMeasures.finalLine("a\n  b c \n\n") == "b c")
        #expect(SampleMeasures.finalLine("1\r\n2\r\n") == "2")
        #expect(SampleMeasures.finalLine(" \n") == "" && SampleMeasures.finalLine("") == "")
    }

    @Test("the listing names every measure with formula and source")
    func catalogue() {
        let names = MeasureCatalog.entries.map(\.name)
        #expect(names == names.sorted() && names.contains("pass@k") && names.contains("greedy"))
        #expect(MeasureCatalog.entries.allSatisfy { !$0.formula.isEmpty && !$0.source.isEmpty && !$0.unit.isEmpty })
    }
}

/// Plays every problem right when its number is even; greedy players are always right.
private struct Table: Services {
    struct Unused: Error {}
    func model(_ ref: ModelRef) throws -> any Model { throw Unused() }
    func world(_ name: WorldName) throws -> any World { throw Unused() }
    func memory(_ name: MemoryName) throws -> any Memory { throw Unused() }
    func policy(_ name: PolicyName) throws -> any Policy { throw Unused() }
    func search(_ name: SearchName) throws -> any SearchMethod { throw Unused() }
    func charge(_ cost: Cost) {}
    func play(_ assignment: Assignment, in scope: Scope) async throws -> EpisodeGroup {
        let isGreedy = assignment.cast[.solver]?.sampling.temperature == 0
        let isRight = isGreedy || assignment.problem.parameters == [0]
        let episodes = (0..<assignment.samples).map { index in
            var played = episode("\(scope.path) \(index)", isRight ? 1 : 0)
            played.id = "\(scope.path)/\(index)"
            return played
        }
        return EpisodeGroup(assignment: assignment, episodes: episodes)
    }
}

@Suite("Evaluation")
struct EvaluationTests {
    private let problems = (0..<4).map { Problem(id: "\($0)", world: "w", parameters: [Double($0 % 2)], isHeldOut: true) }
    private let cast: Cast = [.solver: Player(model: "m")]

    @Test("held-out problems are played by the cast, sampled and greedily")
    func measures() async throws {
        let evaluation = Evaluation(problems: problems, samples: 2, cast: cast)
        let found = try await evaluation.measure(in: Scope(services: Table(), seed: Seed(1), path: "measure"))
        #expect(found["pass@1"]?.mean == 0.5 && found["pass@1"]?.count == 4)
        #expect(found["greedy"]?.mean == 1)
        #expect(found["unique correct"]?.mean == 1)
        #expect(found.values["pass@1"] == ["0": 1, "1": 0, "2": 1, "3": 0])
        #expect(found.values["greedy"] == ["0": 1, "1": 1, "2": 1, "3": 1])
        #expect(found.answering["pass@1"]?.answers == 8 && found.answering["majority@2"]?.answers == 4)
    }

    @Test("a ratio's values per problem have the ratio as their mean, and the spread of its first-order expansion")
    func ratios() throws {
        var findings = Findings()
        findings.addRatio("ratio", unit: "share", [("a", 1, 2), ("b", 0, 1), ("c", 3, 3)])
        // R = 4/6, mean denominator 2: 2/3 + (1 − 4/3)/2, 2/3 + (0 − 2/3)/2, 2/3 + (3 − 2)/2.
        let values = try #require(findings.values["ratio"])
        for (id, expected) in [("a", 0.5), ("b", 1.0 / 3), ("c", 7.0 / 6)] { #expect(abs((values[id] ?? -1) - expected) < 1e-12) }
        #expect(abs((findings["ratio"]?.mean ?? 0) - 2.0 / 3) < 1e-12)
        findings.addRatio("empty", unit: "share", [("a", 0, 0)])
        #expect(findings["empty"] == nil && findings.values["empty"] == nil)
    }

    @Test("the greedy try can be left out, and the same scope gives the same estimates")
    func withoutGreedy() async throws {
        let evaluation = Evaluation(problems: problems, samples: 1, cast: cast, triesGreedy: false)
        let scope = Scope(services: Table(), seed: Seed(1))
        let found = try await evaluation.measure(in: scope)
        #expect(found["greedy"] == nil)
        #expect(try await evaluation.measure(in: scope) == found)
    }
}
