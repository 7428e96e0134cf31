import HoneCore
import HoneSearch
import HoneTestSupport
import Testing

@Suite("Witnessed values")
struct WitnessedTests {
    @Test("finished plays carry what the world returned, others nothing, and the search is the same with and without")
    func noted() async throws {
        let world = Letters(depth: 3)
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "a")], worlds: ["letters": world])
        func tree(_ valuation: any Valuation) async throws -> SearchTree {
            try await TreeSearch(simulations: 20, branches: 2, depth: 5, expansion: AllListedMoves(), valuation: valuation).search(
                world.position(), for: .solver, cast: [.solver: Player(model: "policy")], judge: nil, in: services.scope(seed: 2))
        }
        let (plain, noted) = (try await tree(WordValues()), try await tree(Witnessed(WordValues())))
        #expect(plain.chosen == noted.chosen && plain.nodes.map(\.visits) == noted.nodes.map(\.visits) && plain.nodes.map(\.value) == noted.nodes.map(\.value))
        for node in noted.nodes.indices {
            let word = noted.path(to: node).map { noted.nodes[$0].move.text }.joined()
            let expected = word.count == 3 ? [Verdict(on: .role(0, .solver), kind: .worldReturn, value: Letters.worth(of: word))] : []
            #expect(noted.nodes[node].verdicts == expected)
        }
        #expect(noted.nodes.contains { !$0.verdicts.isEmpty })
    }
}
