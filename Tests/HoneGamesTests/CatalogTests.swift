import HoneCore
import HoneGames
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("The catalogue of games")
struct CatalogTests {
    static let names: [String] = ((try? GameCatalog.entries()) ?? []).map(\.card.name)

    /// How many plays are asked for instead of the usual number: HONE_GAME_PLAYS.
    static var plays: Int? { getenv("HONE_GAME_PLAYS").flatMap { Int(String(cString: $0)) } }

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
            let isWide = game.actions(in: game.start).count > 100
            let usual = isWide ? 40 : game.facts.longest > 150 ? 4 : game.facts.longest > 60 ? 10 : game.facts.longest > 20 ? 200 : 2000
            return checkGame(game, seed: Seed(6).child(name), plays: Self.plays ?? usual)
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
