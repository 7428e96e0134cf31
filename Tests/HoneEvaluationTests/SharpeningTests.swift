import Foundation
import HoneCore
import HoneEvaluation
import HoneNumerics
import HoneTestSupport
import Testing

/// A model of four tokens, of which 0 ends, that draws each token by a rule from what came after the one-token context.
private struct TableModel: Model {
    let abilities: Set<HoneCore.Trait> = [.tokens, .logProbs]
    let rule: @Sendable ([TokenID]) -> [Double]

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { throw CoreError.unsupported("It only scores") }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        try transcripts.map { transcript in
            guard let tokens = transcript.tokens else { throw CoreError.invalid("not tokenised") }
            let rows = (1..<tokens.count).map { rule(Array(tokens[1..<$0])).map { Float(log($0)) } }
            if quantity == .allLogProbs { return Scores(values: rows.flatMap { $0 }, shape: [rows.count, 4]) }
            return Scores(values: zip(rows, tokens.dropFirst()).map { $0[Int($1)] }, shape: [rows.count])
        }
    }

    /// All answers of at most three tokens with their log-probabilities.
    var answers: [(tokens: [TokenID], logProb: Double)] {
        var found: [(tokens: [TokenID], logProb: Double)] = []
        func go(_ prefix: [TokenID], _ logProb: Double) {
            for (token, p) in rule(prefix).enumerated() {
                let tokens = prefix + [TokenID(token)]
                if token == 0 || tokens.count == 3 { found.append((tokens, logProb + log(p))) } else { go(tokens, logProb + log(p)) }
            }
        }
        go([], 0)
        return found
    }

    /// Greedy decoding misses the likeliest answer: 1 comes first with 0.6, but what goes on from it is spread.
    static let misleading = TableModel { prefix in
        switch prefix.first {
        case nil: [0.0001, 0.5999, 0.4, 0]
        case 1: [0.34, 0.33, 0.33, 0]
        default: [0.9, 0.05, 0.05, 0]
        }
    }

    static func random(_ seed: UInt64) -> TableModel {
        TableModel { prefix in
            var generator = Seed(seed).child(prefix.map(String.init).joined(separator: " ")).generator
            let weights = (0..<4).map { _ in pow(generator.unit(), 3) + 1e-3 }
            return weights.map { $0 / weights.reduce(0, +) }
        }
    }
}

private let context: Transcript = [Segment(origin: .prompt, content: .tokens([3], text: "?"))]

@Suite("The likeliest answer")
struct LikeliestAnswerTests {
    private func find(_ model: TableModel, expansions: Int = 256) async throws -> LikeliestAnswer? {
        let scope = ScriptedServices(models: ["m": model]).scope()
        return try await LikeliestAnswer.find(after: [context], by: "m", end: 0, limit: 3, expansions: expansions, in: scope)[0]
    }

    @Test("is found where greedy decoding misses it")
    func misleading() async throws {
        let found = try #require(try await find(.misleading))
        #expect(found.tokens == [2, 0])
        #expect(abs(found.logProb - log(0.36)) < 1e-6)
    }

    @Test("is the best of all answers, by enumeration", arguments: 0..<40)
    func byEnumeration(seed: UInt64) async throws {
        let model = TableModel.random(seed)
        let best = try #require(model.answers.max { $0.logProb < $1.logProb })
        let found = try #require(try await find(model))
        #expect(found.tokens == best.tokens)
        #expect(abs(found.logProb - best.logProb) < 1e-5)
    }

    @Test("is not named when it is not proven")
    func unproven() async throws { #expect(try await find(.misleading, expansions: 1) == nil) }
}

@Suite("Measures of sharpening")
struct SharpeningEvaluationTests {
    /// A policy that is surer of the answer 2 than its base.
    private let policy = TableModel { prefix in prefix.isEmpty ? [0.05, 0.15, 0.8, 0] : [0.9, 0.05, 0.05, 0] }

    private func episode(_ tokens: [TokenID], isRight: Bool) -> Episode {
        Episode(
            id: "e",
            steps: [
                Step(
                    role: .solver, context: context,
                    move: Move(segments: [Segment(origin: .model("policy", update: 0), content: .tokens(tokens, text: ""), entropies: tokens.map { _ in 0.5 })]))
            ], returns: [.solver: isRight ? 1 : 0])
    }

    @Test("by hand: two problems, of which the base's likeliest answer solves one")
    func byHand() async throws {
        let problems = ["a", "b"].map { Problem(id: $0, world: "w", isHeldOut: true) }
        let services = ScriptedServices(
            models: ["policy": policy, "base": TableModel.misleading],
            player: { assignment, _ in
                let solves = assignment.problem.id == "a"
                let tokens: [[TokenID]] = [[2, 0], [1, 0], [1, 0], [1, 1, 0]]
                return EpisodeGroup(
                    assignment: assignment,
                    episodes: tokens.prefix(assignment.samples).map { self.episode($0, isRight: ($0 == [2, 0]) == solves) })
            })
        let measure = SharpeningEvaluation(
            problems: problems, samples: 4, cast: [.solver: Player(model: "policy", sampling: Sampling(limit: 3))], base: "base")
        let found = try await measure.measure(in: services.scope())
        let values = found.values
        func value(_ name: String, _ problem: String) throws -> Double { try #require(values[name]?[problem]) }
        #expect(try value("pass@1", "a") == 0.25)
        #expect(try value("pass@1", "b") == 0.75)
        #expect(try value("pass@4", "a") == 1)
        // Of all four samples the base likes [2, 0] best (0.36 against 0.204 and 0.067).
        #expect(try value("best-of-4", "a") == 1)
        #expect(try value("best-of-4", "b") == 0)
        #expect(try value("selection gain", "a") == 0.75)
        #expect(try value("greedy", "a") == 1)
        #expect(try value("greedy", "b") == 0)
        #expect(try value("mode accuracy", "a") == 1)
        #expect(try value("mode accuracy", "b") == 0)
        #expect(abs(try value("mode probability", "a") - 0.72) < 1e-6)
        #expect(abs(try value("base mode probability", "a") - 0.36) < 1e-6)
        #expect(abs(try value("coverage", "b") - 1 / 0.36) < 1e-5)
        #expect(try value("sharpened", "a") == 1)
        #expect(try value("different answers", "a") == 3)
        #expect(try value("entropy", "a") == 0.5)
        #expect(try value("length", "a") == 2.25)
        let rewards = [log(0.36), log(0.5999 * 0.34), log(0.5999 * 0.34), log(0.5999 * 0.33 * 0.34)]
        #expect(abs(try value("self-reward", "a") - rewards.reduce(0, +) / 4) < 1e-6)
        #expect(found["pass@1"]?.mean == 0.5)
        #expect(found["best-of-4"]?.count == 2)
        #expect(found.answering["pass@1"]?.answers == 8 && found.answering["best-of-4"]?.answers == 2)
        // Contexts of one token, answers of 2, 2, 2 and 3, twice.
        #expect(found.answering["best-of-4"]?.cost.scoredTokens == 26)
    }
}

@Suite("Sharpening in tables")
struct TabularSharpeningTests {
    private func queries(_ form: SharpeningForm, seed: UInt64 = 1) throws -> [String: [String: Double]] {
        var settings = TabularSharpening.Settings()
        settings.form = form
        settings.prompts = 60
        settings.tables = 2
        return try TabularSharpening(settings).values(seed: Seed(seed))
    }

    @Test("queries rise with the coverage, coverage is as constructed, and the same seed has the same tables in every form")
    func values() throws {
        let (sft, exploration) = (try queries(.sft), try queries(.exploration))
        for table in ["table 0", "table 1"] {
            let found = try [5, 20, 80].map { try #require(sft["queries at \($0)"]?[table]) }
            #expect(found == found.sorted() && Set(found).count == 3)
            #expect(sft["rank correlation"]?[table] == 1)
            for coverage in [5, 20, 80] {
                #expect(abs(try #require(sft["coverage at \(coverage)"]?[table]) - Double(coverage)) < 1e-9)
                #expect(sft["best-of-N queries at \(coverage)"] == exploration["best-of-N queries at \(coverage)"])
            }
            #expect(try #require(exploration["queries at 80"]?[table]) < (try #require(sft["queries at 80"]?[table])))
        }
        #expect(try queries(.sft) == sft)
        #expect(try queries(.sft, seed: 2) != sft)
    }

    @Test("the sampled queries of best-of-N lie about the exact ones")
    func exact() throws {
        var settings = TabularSharpening.Settings()
        settings.coverages = [20]
        settings.tables = 8
        let found = try TabularSharpening(settings).values(seed: Seed(5))
        let exact = try #require(found["best-of-N queries at 20"]?["table 0"])
        // ⌈log 0.1 / log 0.95⌉ = 45 draws for each of 200 prompts; the sampled 90th percentile of 200 has a spread of about 4 draws.
        #expect(exact == 9000)
        let values = try #require(found["queries at 20"]).values.sorted()
        #expect(abs(values.reduce(0, +) / 8 - 9000) < 1000)
    }

    @Test("settings that no table can have are refused before anything is computed")
    func refusals() {
        var settings = TabularSharpening.Settings()
        settings.answers = 64
        #expect(throws: CoreError.self) { try TabularSharpening(settings) }
        settings = TabularSharpening.Settings()
        settings.share = 0
        #expect(throws: CoreError.self) { try TabularSharpening(settings) }
        settings.share = 0.9
        settings.coverages = []
        #expect(throws: CoreError.self) { try TabularSharpening(settings) }
    }
}
