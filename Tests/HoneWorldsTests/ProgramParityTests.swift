import Foundation
import HoneCore
import HoneGames
import HoneWorlds
import Testing

/// The built `hone`, where somebody says where it is: Tests/Interoperability/check.sh does.
private let program = ProcessInfo.processInfo.environment["HONE_PROGRAM"]

private func command(_ world: String) -> String { "cmd: '\(program ?? "hone")' pipe world \(world)" }

/// A move that depends on nothing but what is seen: one of those listed, or now and then one that is not.
private func chosen(_ view: View, nonsense: Double) -> String {
    var generator = Seed(11).child(view.transcript.text).child(view.role.text).generator
    if generator.chance(nonsense) { return "no such move" }
    return (generator.element(of: view.legal ?? []) ?? "42") + (generator.chance(0.3) ? "\n" : "")
}

private func episode<Rules: ExtensiveGame>(of game: Rules, seed: Int, nonsense: Double) async throws -> Episode {
    let world = GameWorld(game)
    return try await played(world, world.problem(0), path: "play \(seed)") { chosen($0, nonsense: nonsense) }
}

@Suite("Worlds over a pipe and back", .enabled(if: program != nil, "HONE_PROGRAM names no hone; Tests/Interoperability/check.sh runs this"))
struct ProgramParityTests {
    @Test(
        "a game through the process is the game in this program, step for step",
        arguments: ["kuhn-poker", "leduc-poker", "connect-four", "liars-dice", "iterated-prisoners-dilemma", "pig"])
    func games(name: String) async throws {
        guard let entry = try GameCatalog.entries().first(where: { $0.card.name == name }) else {
            Issue.record("There is no game \(name)")
            return
        }
        let game = try entry.make(entry.defaults)
        var settings = ProcessWorldSettings()
        settings.chance = "external"
        let bridged = try ProcessWorld(command(name), settings: settings)
        var endings: Set<String> = []
        for seed in 0..<6 {
            let nonsense = seed % 2 == 0 ? 0 : 0.1
            let here = try await episode(of: game, seed: seed, nonsense: nonsense)
            let there = try await played(bridged, Problem(id: "play", world: "cmd", details: ["seed": "0"]), path: "play \(seed)") {
                chosen($0, nonsense: nonsense)
            }
            #expect(there.steps == here.steps)
            #expect(there.returns == here.returns)
            #expect(there.ending == here.ending)
            #expect(!here.steps.isEmpty)
            endings.insert("\(String(describing: here.ending))".prefix(20).description)
        }
        #expect(!endings.isEmpty)
    }

    @Test("chance drawn by the process depends on the seed alone")
    func seeds() async throws {
        let bridged = try ProcessWorld(command("kuhn-poker"))
        var firsts: Set<String> = []
        for seed in 0..<12 {
            let problem = Problem(id: "play", world: "cmd", details: ["seed": String(seed)])
            let one = try await played(bridged, problem) { chosen($0, nonsense: 0) }
            #expect(try await played(bridged, problem) { chosen($0, nonsense: 0) } == one)
            firsts.insert(one.steps[0].context.text)
        }
        #expect(firsts.count == 3)
    }

    @Test("a question through the process is the question in this program")
    func questions() async throws {
        let entry = try WorldCatalog.entry("arithmetic")
        let world = try entry.make(entry.defaults)
        let bridged = try ProcessWorld(command("arithmetic"))
        #expect(bridged.rules.roles == [.solver])
        for seed in 0..<5 {
            let problem = try #require(world.problem(0, seed: Seed(UInt64(seed))))
            let right = try #require(world.demonstration(of: problem, withError: false, seed: Seed(1))).text
            for answer in [right, "nonsense"] {
                let here = try await played(world, problem) { _ in answer }
                let there = try await played(bridged, Problem(id: "play", world: "cmd", details: ["seed": String(seed)])) { _ in answer }
                #expect(there.steps == here.steps)
                #expect(there.returns == here.returns)
                #expect(there.ending == here.ending)
            }
        }
    }

    @Test("a world played move by move through the process is the world in this program", arguments: ["crafting", "web-shop", "repo-repair"])
    func moves(name: String) async throws {
        let entry = try WorldCatalog.entry(name)
        let world = try entry.playable(entry.defaults)
        var settings = ProcessWorldSettings()
        settings.showsMoves = false
        let bridged = try ProcessWorld(command(name), settings: settings)
        #expect(bridged.rules.range == world.rules.range)
        // The words around are the bridge's own; what is shown and what comes of it is the world's.
        func words(_ episode: Episode) -> [String] { episode.steps.map { $0.context.text.filter { !$0.isNewline } } }
        @Sendable func chosen(_ view: View, _ seed: Int) -> String {
            var generator = Seed(UInt64(seed)).child(String(view.transcript.count)).generator
            return generator.element(of: view.legal ?? ["view f", "edit f 1 2", "test", "nonsense", "edit g 2 +"]) ?? ""
        }
        for seed in 0..<5 {
            let problem = try #require(world.problem(0, seed: Seed(UInt64(seed))))
            let here = try await played(world, problem) { chosen($0, seed) }
            let there = try await played(bridged, Problem(id: "play", world: "cmd", details: ["seed": String(seed)])) { chosen($0, seed) }
            #expect(here.steps.count > 1)
            #expect(there.steps.map(\.move.text) == here.steps.map(\.move.text))
            #expect(words(there) == words(here))
            #expect(there.returns == here.returns)
            #expect(there.ending == here.ending)
        }
    }
}
