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

    /// All whose turn it is; the last of those who move at once is the one whose search has to go past all others.
    private func movers(_ turn: GameTurn) -> [Int] {
        switch turn {
        case .seat(let seat): [seat]
        case .together(let seats): seats
        case .chance, .over: []
        }
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
                if ply % 5 == index, let mover = movers(game.turn(in: state)).last {
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
