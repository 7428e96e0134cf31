import HoneCore
import HoneGames
import Testing

@Suite("The catalogue of games")
struct CatalogTests {
    static let names: [String] = ((try? GameCatalog.entries()) ?? []).map(\.card.name)

    @Test("names are sorted and unique, and every game says what it is")
    func cards() throws {
        #expect(Self.names == Self.names.sorted() && Set(Self.names).count == Self.names.count)
        for entry in try GameCatalog.entries() {
            #expect(!entry.card.summary.isEmpty)
            let game = try entry.make(entry.defaults)
            #expect(!game.instructions.isEmpty && !game.instructions.hasSuffix("\n"))
        }
    }

    @Test("every game keeps its promises over random plays", arguments: names)
    func conformance(name: String) throws {
        let entry = try GameCatalog.entry(name)
        func check(_ game: some ExtensiveGame) -> [String] {
            checkGame(game, seed: Seed(6).child(name), plays: game.facts.longest > 60 ? 60 : 2000)
        }
        let broken = check(try entry.make(entry.defaults))
        #expect(broken == [], "\(broken.joined(separator: "\n"))")
    }

    @Test("a name that is not there is answered with the nearest")
    func unknown() {
        #expect {
            _ = try GameCatalog.entry("kuhn-pocker")
        } throws: { "\($0)".contains("kuhn-poker") }
    }
}
