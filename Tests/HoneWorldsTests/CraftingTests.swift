import HoneCore
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Crafting")
struct CraftingTests {
    private let problem = Problem(id: "p", world: "crafting", text: "d=a+b g=c+d q=a+c\nmake g\n>")

    private func played(_ moves: [String], _ world: Crafting) -> Crafting.State {
        var state = Crafting.State(problem: problem)
        for move in moves { world.apply(move, to: &state) }
        return state
    }

    private func news(_ state: Crafting.State, _ world: Crafting) -> String { world.observation(of: state, for: .solver).news.text }

    @Test("things are got, made, dropped; what cannot be done changes nothing; thoughts are not read")
    func rules() throws {
        let world = try Crafting()
        #expect(news(Crafting.State(problem: problem), world) == problem.text)
        #expect(world.legalMoves(in: Crafting.State(problem: problem)) == ["get a", "get b", "get c", "make d", "make g", "make q", "wait"])
        #expect(news(played(["get b"], world), world) == "\nb>" && news(played(["get b", "get a\n"], world), world) == "\nab>")
        #expect(played(["get b", "get a", "make d"], world).held == ["d"])
        for wrong in ["make d", "get d", "drop a", "get z", "make a", "", "get", "get  a", "fly"] {
            #expect(news(played(["get b", wrong], world), world) == "\nb>", "\(wrong)")
        }
        #expect(news(played(["get b", "that was wrong: wait"], world), world) == "\nb>")
        #expect(played(["i take a: get a", "oops: drop a"], world).held.isEmpty)
        #expect(played(["get a", "get a", "get b", "get c"], world).held == ["a", "a", "b"], "three hands")
        #expect(world.legalMoves(in: played(["get a", "get a"], world)).suffix(2) == ["drop a", "wait"])
    }

    @Test("it is over when the thing is made or the moves are spent; returns are 1, or half of what was made on the way")
    func returns() throws {
        let world = try Crafting()
        let right = played(["get a", "get b", "make d", "get c", "make g"], world)
        #expect(world.turn(in: right) == .over(.completed) && world.returns(of: right) == [.solver: 1])
        #expect(world.legalMoves(in: right).isEmpty && news(right, world).isEmpty)
        #expect(world.returns(of: played(["get a", "get b", "make d"], world)) == [.solver: 0.5])
        #expect(world.returns(of: played(["get a", "get c", "make q"], world)) == [.solver: 0])
        let late = played([String](repeating: "wait", count: 12), world)
        #expect(world.turn(in: late) == .over(.completed) && world.returns(of: late) == [.solver: 0])
        #expect(world.turn(in: played([String](repeating: "wait", count: 11), world)) == .moves(of: [.solver]))
    }

    @Test("the fewest moves and the helpful ones, by hand")
    func distance() throws {
        let world = try Crafting()
        let map = try #require(CraftingMap(of: problem, in: world))
        #expect(map.movesLeft(in: played([], world)) == 5)
        #expect(map.helpfulMoves(in: played([], world)) == ["get a", "get b", "get c"])
        // With a twice and c nothing fits into the hands: one thing has to be dropped, then b is got.
        #expect(map.movesLeft(in: played(["get a", "get a", "get c"], world)) == 4)
        #expect(map.helpfulMoves(in: played(["get a", "get a", "get c"], world)) == ["drop a"])
        #expect(map.movesLeft(in: played(["get a", "get b", "make d", "get c", "make g"], world)) == 0)
        #expect(map.isHelpful("so: get b", in: played([], world)) && !map.isHelpful("wait", in: played([], world)))
        #expect(CraftingMap(of: Problem(id: "x", world: "crafting", text: "what?"), in: world) == nil)
    }

    @Test("problems are what index and seed say, can be made in time, and name each thing once")
    func problems() throws {
        let world = try Crafting()
        var lengths: Set<Int> = []
        var texts: Set<String> = []
        for index in 0..<60 {
            let problem = try #require(world.problem(index, seed: Seed(3)))
            #expect(world.problem(index, seed: Seed(3)) == problem && problem.text.count <= 48)
            let map = try #require(CraftingMap(of: problem, in: world))
            let left = try #require(map.movesLeft(in: Crafting.State(problem: problem)))
            #expect((5...8).contains(left), "\(problem.text)")
            lengths.insert(left)
            texts.insert(problem.text)
        }
        #expect(lengths.count >= 2 && texts.count == 60)
    }

    @Test("advice names the recipes that are being followed, and whoever follows it makes the thing in the fewest moves")
    func advice() throws {
        let world = try Crafting()
        let deep = Problem(id: "p", world: "crafting", text: "w=s+y k=p+y p=w+y a=t+y\nmake k\n>")
        let map = try #require(CraftingMap(of: deep, in: world))
        func said(_ moves: [String]) -> String? {
            var state = Crafting.State(problem: deep)
            for move in moves { world.apply(move, to: &state) }
            return map.advice(in: state).map { "\($0.thought): \($0.move)" }
        }
        let down = "k=p+y p=w+y w=s+y"
        #expect(said([]) == "\(down): get s" && said(["get s"]) == "\(down): get y" && said(["get s", "get y"]) == "\(down): make w")
        #expect(said(["get s", "get y", "make w", "get y", "make p"]) == "k=p+y: get y")
        #expect(said(["get t", "get t", "get t"]) == "\(down): drop t", "with full hands something has to go first")
        for index in 0..<60 {
            let problem = try #require(world.problem(index, seed: Seed(3)))
            let map = try #require(CraftingMap(of: problem, in: world))
            var state = Crafting.State(problem: problem)
            let fewest = try #require(map.movesLeft(in: state))
            for _ in 0..<fewest { world.apply(try #require(map.advice(in: state)).move, to: &state) }
            #expect(world.returns(of: state)[.solver] == 1, "\(problem.text)")
        }
    }

    @Test("the catalogue plays it and says that it asks no question; settings out of range are refused")
    func catalogue() throws {
        let entry = try WorldCatalog.entry("crafting")
        #expect(throws: CoreError.self) { _ = try entry.make(entry.defaults) }
        #expect(try WorldCatalog.playable(name: "crafting", settings: entry.defaults).name == "crafting")
        var settings = Crafting.Settings()
        settings.hands = 2
        #expect(throws: CoreError.self) { _ = try Crafting(settings) }
        settings = Crafting.Settings()
        settings.leastDepth = 4
        #expect(throws: CoreError.self) { _ = try Crafting(settings) }
    }
}
