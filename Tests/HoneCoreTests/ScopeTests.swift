import HoneCore
import Testing

@Suite("Scopes and costs")
struct ScopeTests {
    @Test("costs add up in every field, none forgotten")
    func sums() throws {
        guard case .object(let fields) = try JSONValue(encoding: Cost()) else {
            Issue.record("a cost is no object")
            return
        }
        #expect(fields.values.allSatisfy { $0 == .integer(0) } && fields.count == 8, "counts of later versions are written where there are some")
        let names = Cost.counts.map(\.name).sorted()
        func cost(_ start: Int) throws -> Cost {
            try JSONValue.object(Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, .integer(start * ($0 + 1))) })).decode(Cost.self)
        }
        #expect(try cost(3) + cost(10) == cost(13))
        var sum = try cost(1)
        sum += try cost(2)
        #expect(try sum == cost(3))
        #expect(names.count == 10)
    }

    @Test("adding is commutative and associative, and nothing adds nothing", arguments: 0..<10)
    func arithmetic(number: Int) throws {
        var generator = Seed(1).child("cost", number).generator
        let costs = try (0..<3).map { _ in
            try JSONValue.object(
                Dictionary(
                    uniqueKeysWithValues: [
                        "sampledTokens", "promptTokens", "trainedTokens", "scoredTokens", "worldSteps", "judgeCalls", "optimiserSteps", "episodes", "calls", "flops",
                    ].map { ($0, .integer(generator.integer(in: 0...1_000_000))) })
            ).decode(Cost.self)
        }
        #expect(costs[0] + costs[1] == costs[1] + costs[0])
        #expect((costs[0] + costs[1]) + costs[2] == costs[0] + (costs[1] + costs[2]))
        #expect(costs[0] + Cost() == costs[0])
        #expect(try roundTrip(costs[0]) == costs[0])
    }

    @Test("a child's path and seed follow its label and index; its services stay")
    func children() {
        let root = Scope(services: BareServices(), seed: Seed(5))
        let child = root.child("improve").child("p17").child("sample", 2)
        #expect(root.path == "")
        #expect(child.path == "improve/p17/sample 2")
        #expect(child.seed == Seed(5).child("improve").child("p17").child("sample", 2))
        #expect(root.child("a").seed == root.child("a", 0).seed)
        #expect(root.child("a").path == "a" && root.child("a", 0).path == "a 0")
        #expect(child.services as AnyObject === root.services as AnyObject)
    }

    @Test("a completion charges its prompt and its tokens once per sample; words that were not tokenised cost nothing")
    func completing() async throws {
        let services = BareServices(model: CountingModel())
        let context = [spelled([1, 2, 3]), .text("not tokenised", from: .world), spelled([4])]
        let requests = [
            Completion.Request(context: context, sampling: Sampling(limit: 5), seed: Seed(0), count: 3),
            Completion.Request(context: [spelled([9])], sampling: Sampling(limit: 2), seed: Seed(0)),
        ]
        let completions = try await services.scope.complete("policy", requests)
        #expect(completions.map(\.samples.count) == [3, 1])
        var expected = Cost()
        expected.promptTokens = 3 * 4 + 1
        expected.sampledTokens = 3 * 5 + 2
        expected.calls = 4
        #expect(services.charges == [expected])
        #expect(try await services.scope.complete("policy", []) == [])
        #expect(services.charges.reduce(Cost(), +) == expected)
    }

    @Test("scoring charges the tokens shown; what fails charges nothing")
    func scoring() async throws {
        let services = BareServices(model: CountingModel())
        let scores = try await services.scope.score("policy", [[spelled([1, 2, 3])], [spelled([4]), spelled([5])]], .logProbs)
        #expect(scores.map(\.values.count) == [2, 1])
        #expect(services.charges.map(\.scoredTokens) == [5])
        await #expect(throws: CoreError.unsupported("log-probabilities only")) {
            try await services.scope.score("policy", [[spelled([1])]], .entropies)
        }
        await #expect(throws: CoreError.unknown(kind: "model", name: "polici", known: ["policy"])) {
            try await services.scope.complete("polici", [])
        }
        #expect(services.charges.count == 1)
    }

    @Test("what was asked of a missing part is told with its kind and name")
    func missing() {
        let services = BareServices()
        #expect(sentence { _ = try services.model("polici") } == "There is no model called “polici”; did you mean “policy”?")
        #expect(sentence { _ = try services.world("w") } == "There is no world called “w”")
        #expect(sentence { _ = try services.policy("direct") } == "There is no policy called “direct”")
    }
}
