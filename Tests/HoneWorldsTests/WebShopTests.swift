import HoneCore
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Web shop")
struct WebShopTests {
    private func played(_ shop: WebShop, _ problem: Problem, _ commands: [String]) -> WebShop.State {
        var state = WebShop.State(problem: problem)
        for command in commands { shop.apply(command, to: &state) }
        return state
    }

    private func shown(_ shop: WebShop, _ state: WebShop.State) -> String { shop.observation(of: state, for: .solver).news.text }

    @Test("the same seed gives the same catalogue and the same wishes, and every wish can be met")
    func wishes() throws {
        let shop = try WebShop()
        #expect(try WebShop().catalogue == shop.catalogue && shop.catalogue.items.count == 60)
        #expect(Set(shop.catalogue.items.map { "\($0.colour) \($0.kind)" }).count == 24)
        for index in 0..<200 {
            let problem = try #require(shop.problem(index, seed: Seed(1)))
            #expect(shop.problem(index, seed: Seed(1)) == problem && !problem.isHeldOut)
            let goal = try #require(ShopCatalogue.Goal(problem.text))
            #expect(goal.text == problem.text && shop.catalogue.items.contains(where: goal.admits))
        }
    }

    @Test("an item that fits is found, chosen in its size and bought: the customer needs as many commands as it says")
    func customer() throws {
        let shop = try WebShop()
        for index in 0..<200 {
            let problem = try #require(shop.problem(index, seed: Seed(2)))
            var state = WebShop.State(problem: problem)
            var left = try #require(shop.distance(from: state))
            #expect((4...shop.settings.turns).contains(left))
            while let command = shop.customer(in: state) {
                #expect(shop.legalMoves(in: state).contains(command) && shop.distance(from: state) == left)
                shop.apply(command, to: &state)
                left -= 1
            }
            #expect(left == 0 && shop.returns(of: state) == [.solver: 1])
        }
    }

    @Test("a purchase of the wrong colour, kind, size or price is worth nothing, and so is none")
    func wrong() throws {
        let shop = try WebShop()
        for (index, item) in shop.catalogue.items.enumerated() {
            let page = "search(\(item.colour) \(item.kind))"
            func bought(_ goal: ShopCatalogue.Goal, _ size: String?) -> Double? {
                var commands = [page]
                let problem = Problem(id: "p", world: "web-shop", text: goal.text)
                while !shop.legalMoves(in: played(shop, problem, commands)).contains("click(\(index))") { commands.append("next") }
                return shop.returns(of: played(shop, problem, commands + ["click(\(index))"] + (size.map { ["option(\($0))"] } ?? []) + ["buy"]))[.solver]
            }
            let size = item.sizes[0]
            let fit = ShopCatalogue.Goal(colour: item.colour, kind: item.kind, size: size, bound: item.price + 1)
            #expect(bought(fit, size) == 1 && bought(fit, nil) == 0)
            #expect(bought(.init(colour: item.colour, kind: item.kind, size: size, bound: item.price), size) == 0)
            #expect(bought(.init(colour: item.colour == "red" ? "blue" : "red", kind: item.kind, size: size, bound: 99), size) == 0)
            #expect(bought(.init(colour: item.colour, kind: item.kind == "mug" ? "bag" : "mug", size: size, bound: 99), size) == 0)
        }
    }

    @Test("pages in words, and commands that mean nothing there leave them and count")
    func pages() throws {
        let shop = try WebShop()
        let item = shop.catalogue.items[0]
        let problem = Problem(id: "p", world: "web-shop", text: "\(item.colour) \(item.kind) \(item.sizes[0]) under 30")
        #expect(shown(shop, played(shop, problem, [])) == "want \(problem.text)>")
        #expect(shown(shop, played(shop, problem, ["buy"])) == "\nwhat?>" && shown(shop, played(shop, problem, ["search(sofa)"])) == "\nnone>")
        let listed = played(shop, problem, ["search(\(item.colour) \(item.kind))"])
        #expect(shown(shop, listed).contains("\n0 \(item.text)") && shown(shop, listed).split(separator: "\n").count <= 3)
        #expect(played(shop, problem, ["search[\(item.colour) \(item.kind)]"]) == listed, "square brackets will do")
        let opened = played(shop, problem, ["search(\(item.colour) \(item.kind))", "click(0)", "option(\(item.sizes[0]))\n"])
        #expect(shown(shop, opened).hasPrefix("\n\(item.text):(\(item.sizes[0]))") || shown(shop, opened).contains("(\(item.sizes[0]))"))
        for lost in ["click(00)", "click(59)", "click(x)", "next ", "Buy", "", "search()", "option(huge)", "buy()"] {
            var state = listed
            shop.apply(lost, to: &state)
            if lost == "click(59)", !state.isLost { continue }
            #expect(state.isLost && state.page == listed.page && state.commands == 2, "“\(lost)” meant something")
        }
        let tired = played(shop, problem, ["a", "b", "c", "d", "e", "f", "search(red mug)"])
        #expect(shop.turn(in: tired) == .over(.completed) && tired.commands == 6 && shop.legalMoves(in: tired).isEmpty)
    }

    @Test("at random: every listed command means something, states survive coding, copies are played apart, pages are short")
    func random() throws {
        for (items, listed) in [(60, 3), (1, 1), (100, 9)] {
            var settings = WebShop.Settings()
            (settings.items, settings.listed, settings.turns) = (items, listed, 12)
            let shop = try WebShop(settings)
            for play in 0..<60 {
                var generator = Seed(3).child("play", play).generator
                var state = WebShop.State(problem: try #require(shop.problem(play, seed: Seed(4))))
                while case .moves(let roles) = shop.turn(in: state) {
                    #expect(roles == [.solver] && shown(shop, state).count <= 160 && shown(shop, state).hasSuffix(">"))
                    let copy = try JSONValue(encoding: state).decode(WebShop.State.self)
                    let before = state
                    // What a page offers comes last, after all searches.
                    let offered = shop.legalMoves(in: state)
                    let own = offered.filter { !$0.hasPrefix("search") }
                    let drawn = generator.element(of: own.isEmpty || generator.chance(0.3) ? offered : own)
                    shop.apply(try #require(drawn), to: &state)
                    #expect(!state.isLost && copy == before && before.commands + 1 == state.commands)
                }
                #expect([0, 1].contains(shop.returns(of: state)[.solver] ?? -1))
            }
        }
    }

    @Test("keeps what worlds promise that are played move by move")
    func promises() async throws {
        let shop = try WebShop()
        let broken = try await checkPlayedWorld(shop, seed: Seed(5), problems: 20, longest: WebShop.Settings().turns) { state, generator in
            generator.element(of: shop.legalMoves(in: state)) ?? "back"
        }
        #expect(broken == [])
    }

    @Test("settings and wishes that cannot work are refused in a sentence; the catalogue's shop is played, not asked")
    func refusals() throws {
        for (key, change) in [("items", { $0.items = 0 }), ("listed", { $0.listed = 10 }), ("turns", { $0.turns = 3 })] as [(String, (inout WebShop.Settings) -> Void)] {
            var settings = WebShop.Settings()
            change(&settings)
            #expect { try WebShop(settings) } throws: { "\($0)".contains("“task.settings.\(key)”") }
        }
        for text in ["", "red mug large", "red mug large under x", "red sofa large under 9", "red mug huge under 9"] { #expect(ShopCatalogue.Goal(text) == nil) }
        let entry = try WorldCatalog.entry("web-shop")
        #expect(try WorldCatalog.playable(name: "web-shop", settings: entry.defaults).name == "web-shop")
        #expect { try entry.make(entry.defaults) } throws: { "\($0)".contains("move by move") }
    }
}
