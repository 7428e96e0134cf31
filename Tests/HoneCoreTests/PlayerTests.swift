import HoneCore
import Testing

@Suite("Players")
struct PlayerTests {
    @Test("a model or its snapshot is named so that people can tell them apart")
    func references() {
        #expect("\(ModelRef("policy"))" == "policy")
        #expect("\(ModelRef("policy", snapshot: "base"))" == "policy@base")
        #expect(ModelRef("policy") == "policy")
        #expect(ModelRef("policy", snapshot: "base") != "policy" && ModelRef("policy", snapshot: "") != "policy")
        #expect("\(Score(.logProbs, by: ModelRef("policy", snapshot: "base")))" == "logProbs by policy@base (sampled)")
    }

    @Test("sampling draws from the whole distribution unless it is cut", arguments: [
        (Sampling(), true), (Sampling(temperature: 0.3), true), (Sampling(topK: 1), false), (Sampling(topP: 0.99), false),
        (Sampling(topP: 1.5), true), (Sampling(limit: 1, stop: ["a"]), true), (Sampling(topK: 50, topP: 0.9), false),
    ])
    func wholeDistribution(sampling: Sampling, isWhole: Bool) {
        #expect(sampling.keepsWholeDistribution == isWhole)
    }

    @Test("greedy changes the temperature and nothing else")
    func greedy() {
        let sampling = Sampling(temperature: 0.7, topK: 5, topP: 0.9, limit: 12, stop: ["\n", "END"])
        let greedy = sampling.greedy
        #expect(greedy.temperature == 0)
        #expect(Sampling(temperature: 0.7, topK: greedy.topK, topP: greedy.topP, limit: greedy.limit, stop: greedy.stop) == sampling)
        #expect(greedy.greedy == greedy)
    }

    @Test("a player answers directly with its model unless said otherwise")
    func defaults() {
        let player = Player(model: "policy")
        #expect(player.policy == "direct" && player.sampling == Sampling())
        #expect(player.search == nil && player.memory == nil && player.view == nil)
        #expect(Sampling().temperature == 1 && Sampling().limit == 64 && Sampling().stop == [])
    }

    @Test("players and casts survive JSON; a cast is an object by role", arguments: 0..<10)
    func coding(number: Int) throws {
        var generator = Seed(1).child("player", number).generator
        let cast: Cast = ["solver": RandomValues.player(&generator), "player 1": RandomValues.player(&generator)]
        #expect(try roundTrip(cast) == cast)
        let json = try JSONValue(encoding: cast)
        #expect(json["solver"]?["model"]?["name"] == .string("policy"))
        #expect(json["player 1"]?["sampling"]?["limit"] == .integer(7))
    }

    @Test("the order in which a cast was written cannot change its spelling")
    func stableSpelling() throws {
        let roles = (0..<40).map { Role("player \($0)") }
        var generator = Seed(2).generator
        var spellings: Set<String> = []
        for _ in 0..<5 {
            var cast: Cast = [:]
            for role in generator.shuffled(roles) { cast[role] = Player(model: "policy", view: role.text) }
            spellings.insert(try JSONValue(encoding: cast).canonical)
        }
        #expect(spellings.count == 1)
    }
}

@Suite("Model sources and weight operations")
struct ModelSourceTests {
    @Test("survive JSON, every case", arguments: [
        ModelSource.scratch(size: "nano"), .folder("/a b"), .adapter(on: "base", rank: 8), .copy(of: "policy"),
    ])
    func sources(source: ModelSource) throws {
        #expect(try roundTrip(source) == source)
    }

    @Test("operations survive JSON, every case", arguments: [
        WeightOperation.copy("a", to: ModelRef("b", snapshot: "s")), .blend("a", into: "b", keep: 0.995), .reset("a", optimiserOnly: true),
        .reset("a", optimiserOnly: false),
    ])
    func operations(operation: WeightOperation) throws {
        #expect(try roundTrip(operation) == operation)
    }

    @Test("a case nobody knows is refused")
    func unknown() throws {
        let json = try JSONValue(parsing: #"{"cloud":{"_0":"x"}}"#)
        #expect(throws: DecodingError.self) { try json.decode(ModelSource.self) }
        #expect(throws: DecodingError.self) { try json.decode(WeightOperation.self) }
        #expect(throws: DecodingError.self) { try JSONValue(parsing: #"{"scratch":{}}"#).decode(ModelSource.self) }
    }
}
