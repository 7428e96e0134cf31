import HoneCore
import HoneGames
import Testing

@Suite("Search in games that hide something")
struct SearchEverywhereTests {
    static let names: [String] = ((try? GameCatalog.entries()) ?? []).filter { entry in
        guard let game = try? entry.make(entry.defaults) else { return true }
        return !game.facts.hasPerfectInformation
    }.map(\.card.name)

    @Test("a search from random positions gives every move of the player its visits", arguments: names)
    func searches(name: String) throws {
        let entry = try GameCatalog.entry(name)
        try search(try entry.make(entry.defaults))
    }

    private func search<Rules: ExtensiveGame>(_ game: Rules) throws {
        var settings = GameSearchSettings()
        settings.simulations = 12
        let search = try InformationSetSearch(game, settings: settings)
        for index in 0..<3 {
            let seed = Seed(3).child(Rules.card.name, index)
            var generator = seed.generator
            var scratch: [Rules.Action] = []
            var state = game.start
            var ply = 0
            while let action = game.drawAction(in: state, using: &generator, scratch: &scratch) {
                if case .chance = game.turn(in: state) {} else if ply % 5 == index, let mover = game.turn(in: state).mover {
                    let result = search.search(from: state, for: mover, seed: seed.child("search", ply))
                    #expect(result.candidates.map(\.action) == game.actions(of: mover, in: state))
                    #expect(result.candidates.reduce(0) { $0 + $1.visits } > 0, "“\(Rules.card.name)” after \(ply) actions")
                }
                game.apply(action, to: &state)
                ply += 1
                if ply > 40 { break }
            }
        }
    }
}
