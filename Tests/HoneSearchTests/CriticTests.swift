import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import Testing

@Suite("A critic's word and known ends in a search")
struct CriticTests {
    private func services(_ model: ScriptedModel, _ world: Letters) -> ScriptedServices {
        ScriptedServices(models: ["policy": model], worlds: ["letters": world], policies: ["direct": DirectPolicy()])
    }

    @Test("the player picks the most useful of the moves that are left, again and again; ranks become 1, ½, ⅓")
    func ranks() async throws {
        let world = Letters(depth: 2)
        // Of moves a, b, c: first the second, then of a and c the second again.
        let model = ScriptedModel { request, _ in
            #expect(request.context.text.hasPrefix("spell:\nrank 1 "))
            return "2"
        }
        let found = try await RankedMoves(Fixed(["a", "b", "c"])).candidates(
            at: world.position(), after: [], for: .solver, as: Player(model: "policy"), cast: [:], count: 3, in: services(model, world).scope(seed: 1))
        #expect(found.map(\.move.text) == ["a", "b", "c"])
        #expect(found.map(\.prior) == [1.0 / 3, 1, 0.5])
        #expect(RankedMoves.question(["x", "y"]) == "\nrank 1 x 2 y?")
    }

    @Test("what cannot be read picks the first that is left, and a single move is not asked about", arguments: ["?", "0", "9"])
    func unreadable(said: String) async throws {
        let world = Letters(depth: 2)
        let two = try await RankedMoves(Fixed(["a", "b"])).candidates(
            at: world.position(), after: [], for: .solver, as: Player(model: "policy"), cast: [:], count: 2, in: services(ScriptedModel(saying: said), world).scope(seed: 1))
        #expect(two.map(\.prior) == [1, 0.5])
        let silent = ScriptedModel { _, _ in
            Issue.record("a single move was ranked")
            return ""
        }
        let one = try await RankedMoves(Fixed(["a"])).candidates(
            at: world.position(), after: [], for: .solver, as: Player(model: "policy"), cast: [:], count: 1, in: services(silent, world).scope(seed: 1))
        #expect(one.map(\.prior) == [1])
    }

    @Test("with the whole share the critic's order decides alone; with none of it values do")
    func shares() async throws {
        let world = Letters(depth: 4)
        func visits(_ share: Double) async throws -> [Int] {
            let search = TreeSearch(
                simulations: 12, branches: 2, depth: 6, selection: .critic(c: 0, share: share), expansion: Fixed(["a", "b"], priors: [0.5, 1]), valuation: OnlyA())
            let tree = try await search.search(
                world.position(), for: .solver, cast: [.solver: Player(model: "policy")], judge: nil, in: services(ScriptedModel(saying: "a"), world).scope(seed: 1))
            return tree.children(of: nil).map { tree.nodes[$0].visits }
        }
        let (byCritic, byValue) = (try await visits(1), try await visits(0))
        #expect(byCritic[1] > byCritic[0] && byCritic[0] == 1)
        #expect(byValue[0] > byValue[1] && byValue[1] == 1)
    }

    @Test("a tree search of settings alone asks the critic and heeds it")
    func settings() async throws {
        var settings = SearchSettings()
        (settings.method, settings.simulations, settings.parallel, settings.branches) = ("mcts", 12, 1, 8)
        (settings.selection, settings.exploration, settings.criticShare, settings.ranked) = ("critic", 0, 1, true)
        // Moves are drawn, a or b; asked to rank, the second of two is picked.
        let model = ScriptedModel { request, number in
            guard !request.context.text.contains("rank") else { return "2" }
            var generator = request.seed.child("draw", number).generator
            return generator.chance(0.5) ? "a" : "b"
        }
        let search = try #require(try SearchCatalog.entry("mcts").method(settings, asking: OnlyA()))
        let tree = try await search.search(
            Letters(depth: 4).position(), for: .solver, cast: [.solver: Player(model: "policy")], judge: nil, in: services(model, Letters(depth: 4)).scope(seed: 1))
        let moves = tree.children(of: nil)
        #expect(moves.map { tree.nodes[$0].prior } == [0.5, 1])
        #expect(moves.count == 2 && tree.nodes[moves[1]].visits > tree.nodes[moves[0]].visits)
        settings.criticShare = 1.5
        #expect(settings.faults().contains { $0.contains("search.criticShare") })
    }

    @Test("ends are worth what the world returned, other positions what is said of them")
    func ends() async throws {
        let world = Letters(depth: 1)
        let services = services(ScriptedModel(saying: "a"), world)
        var over = world.position()
        over.state.word = "b"
        let found = try await KnownEnds(before: PlayedOut(plays: 0, unknown: 0.25)).values(
            of: [over, world.position(), over], for: .solver, as: Player(model: "policy"), cast: [:], judge: nil, scopes: (0..<3).map { services.scope(seed: $0) })
        #expect(found.map(\.value) == [Letters.worth(of: "b"), 0.25, Letters.worth(of: "b")])
    }
}

/// The same moves everywhere.
private struct Fixed: Expansion {
    static let card = PartCard(name: "fixed-moves")
    let texts: [String]
    let priors: [Double]

    init(_ texts: [String], priors: [Double] = []) { (self.texts, self.priors) = (texts, priors) }

    func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        texts.enumerated().map { Candidate(move: Move(text: $1), prior: priors.indices.contains($0) ? priors[$0] : 0) }
    }
}

/// Words that begin with a are worth 1, others nothing.
private struct OnlyA: Valuation {
    static let card = PartCard(name: "only-a")

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { Valued(($0.state as? Letters.State)?.word.hasPrefix("a") == true ? 1 : 0) }
    }
}
