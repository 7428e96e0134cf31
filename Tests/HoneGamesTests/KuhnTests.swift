import HoneCore
import HoneGames
import Testing

@Suite("Kuhn poker and its theory")
struct KuhnTests {
    /// The equilibria of the first player, by how often it bets the jack (0 to 1/3), and the only one of the second.
    static func equilibrium(_ alpha: Double) -> TabularStrategy {
        func mix(_ bet: Double, _ words: (String, String) = ("check", "bet")) -> [String: Double] { [words.0: 1 - bet, words.1: bet] }
        let answer = ("fold", "call")
        return TabularStrategy([
            "0|J|": mix(alpha), "0|Q|": mix(0), "0|K|": mix(3 * alpha),
            "0|J|pb": mix(0, answer), "0|Q|pb": mix(alpha + 1 / 3, answer), "0|K|pb": mix(1, answer),
            "1|J|p": mix(1 / 3), "1|Q|p": mix(0), "1|K|p": mix(1),
            "1|J|b": mix(0, answer), "1|Q|b": mix(1 / 3, answer), "1|K|b": mix(1, answer),
        ])
    }

    @Test("the tree has 58 nodes, 30 ends and 12 information states")
    func size() throws {
        let tree = try GameTree(KuhnPoker())
        #expect(tree.nodeCount == 58 && tree.endCount == 30 && tree.informationSets.count == 12)
    }

    @Test("uniform play can be exploited by 11/12, the first move by 2")
    func exploitability() throws {
        let tree = try GameTree(KuhnPoker())
        #expect(abs(try tree.nashConv(of: tree.uniform) - 11 / 12) < 1e-12)
        #expect(abs(try tree.exploitability(of: TabularStrategy()) - 11 / 24) < 1e-12)
        #expect(abs(try tree.nashConv(of: tree.firstMove) - 2) < 1e-12)
    }

    @Test("Kuhn's equilibria cannot be exploited and are worth −1/18", arguments: [0, 0.1, 0.2, 1.0 / 3])
    func equilibria(alpha: Double) throws {
        let tree = try GameTree(KuhnPoker())
        let strategy = Self.equilibrium(alpha)
        #expect(abs(try tree.nashConv(of: strategy)) < 1e-12)
        #expect(abs(try tree.expectedReturns(of: strategy)[0] + 1 / 18) < 1e-12)
    }

    @Test("a best response beats a strategy by what it says")
    func bestResponse() throws {
        let tree = try GameTree(KuhnPoker())
        for seat in 0...1 {
            let best = try tree.bestResponse(of: seat, to: tree.uniform)
            #expect(abs(try tree.expectedReturns(of: best.strategy)[seat] - best.value) < 1e-12)
        }
        // Against uniform play both gain 1/2 and 5/12: their sum is NashConv, as uniform play's own returns add up to 0.
        #expect(abs(try tree.bestResponse(of: 0, to: tree.uniform).value - 0.5) < 1e-12)
        #expect(abs(try tree.bestResponse(of: 1, to: tree.uniform).value - 5 / 12) < 1e-12)
    }

    @Test("CFR+ comes within 1e-4 of an equilibrium in 2,000 iterations, and the value within 1e-5 of −1/18")
    func plus() throws {
        var solver = CounterfactualRegret(try GameTree(KuhnPoker()))
        solver.iterate(2000)
        #expect(try solver.tree.nashConv(of: solver.averageStrategy) < 1e-4)
        #expect(abs(try solver.tree.expectedReturns(of: solver.averageStrategy)[0] + 1 / 18) < 1e-5)
    }

    @Test("plain CFR comes near an equilibrium, more slowly")
    func plain() throws {
        var solver = CounterfactualRegret(try GameTree(KuhnPoker()), variant: .plain)
        solver.iterate(500)
        let early = try solver.tree.exploitability(of: solver.averageStrategy)
        solver.iterate(1500)
        let late = try solver.tree.exploitability(of: solver.averageStrategy)
        #expect(late < early && late < 0.01, "from \(early) to \(late)")
    }

    @Test("for three players, uniform play has NashConv 2.0625 and 48 information states")
    func three() throws {
        var settings = KuhnPoker.Settings()
        settings.players = 3
        let tree = try GameTree(KuhnPoker(settings))
        #expect(tree.informationSets.count == 48)
        #expect(abs(try tree.nashConv(of: tree.uniform) - 2.0625) < 1e-12)
    }

    @Test("the pot holds the bets: a bet that is called is worth two chips, one that is not is worth one")
    func pot() throws {
        let game = try KuhnPoker()
        #expect(game.returns(of: try played(game, ["K", "J", "bet", "call"])) == [2, -2])
        #expect(game.returns(of: try played(game, ["J", "K", "bet", "fold"])) == [1, -1])
        #expect(game.returns(of: try played(game, ["J", "K", "check", "bet", "call"])) == [-2, 2])
        #expect(game.returns(of: try played(game, ["Q", "K", "check", "bet", "fold"])) == [-1, 1])
        #expect(game.returns(of: try played(game, ["Q", "J", "check", "check"])) == [1, -1])
    }

    @Test("a strategy that names an unknown move or adds up to too much is refused in a sentence")
    func refused() throws {
        let tree = try GameTree(KuhnPoker())
        #expect { _ = try tree.nashConv(of: TabularStrategy(["0|J|": ["raise": 1]])) } throws: { "\($0)".contains("“raise”") }
        #expect { _ = try tree.nashConv(of: TabularStrategy(["0|J|": ["bet": 0.7]])) } throws: { "\($0)".contains("add up to 1") }
    }
}
