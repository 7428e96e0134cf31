import HoneCore
import HoneGames
import HoneModel
import HoneSocieties
import HoneTestSupport
import HoneText
import Testing

@Suite("A thousand plays at once", .serialized)
struct ConcurrentPlayTests {
    @Test("are the plays that each would be alone, byte for byte", arguments: ["kuhn-poker", "tic-tac-toe"])
    func thousand(name: String) async throws {
        let entry = try GameCatalog.entry(name)
        try await check(try entry.make(entry.defaults))
    }

    private func check<Rules: ExtensiveGame>(_ game: Rules) async throws {
        var words = GameWorldSettings()
        words.isShort = true
        words.showsInstructions = false
        words.showsMoves = false
        let world = GameWorld(game, settings: words)
        // An untaught model says anything, so plays of all lengths and illegal moves occur.
        let model = try await ModelHost.make("policy", from: .scratch(size: "pico"), tokenizer: CharacterTokenizer.ascii, seed: Seed(3))
        let services = ScriptedServices(models: ["policy": model], worlds: [world.name: world], policies: ["direct": DirectPolicy()])
        let cast = Dictionary(uniqueKeysWithValues: world.rules.roles.map { ($0, Player(model: "policy", sampling: Sampling(temperature: 0.7, limit: 4))) })
        func play(_ index: Int) async throws -> Episode {
            try await Solo().play(Position(world: world, state: world.start(world.problem(0))), cast: cast, in: services.scope(seed: 5).child("play", index))
        }
        let together = try await withThrowingTaskGroup(of: (Int, Episode).self) { group in
            for index in 0..<1000 { group.addTask { (index, try await play(index)) } }
            var episodes = [Episode?](repeating: nil, count: 1000)
            for try await (index, episode) in group { episodes[index] = episode }
            return episodes
        }
        for index in 0..<1000 {
            let alone = try JSONValue(encoding: try await play(index)).canonical
            let beside = try JSONValue(encoding: try #require(together[index])).canonical
            #expect(alone == beside, "play \(index)")
        }
        #expect(Set(together.compactMap { $0?.steps.last?.move.text }).count > 20, "the plays are many different ones")
    }
}
