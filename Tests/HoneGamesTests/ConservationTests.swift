import HoneCore
import HoneGames
import Testing

@Suite("Over a million random steps")
struct ConservationTests {
    private static let steps = 1_000_000

    /// Plays at random until so many steps were made; what `broken` says of an end is what is wrong there.
    private func walk<G: ExtensiveGame>(_ game: G, _ broken: (G.State) -> String?) -> String? {
        var scratch: [G.Action] = []
        var (made, play) = (0, 0)
        while made < Self.steps {
            var generator = Seed(9).child(G.card.name, play).generator
            var state = game.start
            while let action = game.drawAction(in: state, using: &generator, scratch: &scratch) {
                game.apply(action, to: &state)
                made += 1
            }
            if let found = broken(state) { return "play \(play): \(found)" }
            play += 1
        }
        return nil
    }

    @Test("the chips that some win are those that others lose", arguments: ["kuhn-poker", "leduc-poker", "liars-dice", "goofspiel", "pig", "nim", "tic-tac-toe"])
    func chips(name: String) throws {
        let entry = try GameCatalog.entry(name)
        func total(_ game: some ExtensiveGame) -> String? {
            walk(game) { state in
                let returns = game.returns(of: state)
                return returns.reduce(0, +) == 0 ? nil : "returns are \(returns)"
            }
        }
        let broken = total(try entry.make(entry.defaults))
        #expect(broken == nil, "\(broken ?? "")")
    }

    @Test("three at Kuhn poker lose what one wins, and nobody more than was put in")
    func three() throws {
        var settings = KuhnPoker.Settings()
        settings.players = 3
        let game = try KuhnPoker(settings)
        let broken = walk(game) { state in
            let returns = game.returns(of: state)
            return returns.reduce(0, +) == 0 && returns.allSatisfy { $0 >= -2 && $0 <= 5 } ? nil : "returns are \(returns)"
        }
        #expect(broken == nil, "\(broken ?? "")")
    }

    @Test("items that are divided are all items, once each")
    func items() throws {
        let game = try ItemTrading()
        let broken = walk(game) { state in
            guard let outcome = game.outcome(of: state) else { return "it has no outcome" }
            let given = zip(outcome.shares[0], outcome.shares[1]).map(+)
            return given == (outcome.isAgreement ? [3, 2, 1] : [0, 0, 0]) ? nil : "\(given) were given"
        }
        #expect(broken == nil, "\(broken ?? "")")
    }

    @Test("what is taken of a stock and what is left is what there was")
    func stock() throws {
        let game = try Commons()
        let broken = walk(game) { state in
            let isWhole = state.rounds.allSatisfy { round in
                round.got.reduce(0, +) <= round.stock && zip(round.got, round.wanted).allSatisfy { 0...$1 ~= $0 }
            }
            let taken = (0..<game.facts.seats).map { seat in state.rounds.reduce(0) { $0 + $1.got[seat] } }
            return isWhole && game.returns(of: state) == taken.map(Double.init) ? nil : "\(state.rounds) returns \(game.returns(of: state))"
        }
        #expect(broken == nil, "\(broken ?? "")")
    }
}
