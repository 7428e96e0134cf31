import HoneCore
import HoneSearch
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Repairs by a tree")
struct RepairTests {
    @Test("an answer is repaired until it is right, unless depth or budget end first; then the first of the best is kept", arguments: [
        (3, 0, ["10", "11", "12", "13"]), (2, 0, ["10"]), (3, 3, ["10"]), (3, 4, ["10", "11", "12", "13"]),
    ])
    func repairs(depth: Int, budget: Int, kept: [String]) async throws {
        for order in RepairSearch.Order.allCases {
            let counting = try Counting()
            // Three refinements that read alike are one attempt.
            let tree = try await counting.tree(RepairSearch(order: order, branches: budget > 0 ? 1 : 3, depth: depth, budget: budget))
            #expect(tree.path(to: tree.chosen).map { tree.nodes[$0].move.text } == kept + kept.suffix(1), "\(order)")
            #expect(tree.nodes.filter { $0.visits > 0 }.count == (budget == 3 ? 3 : depth + 1))
        }
    }

    @Test("a first answer that is good enough is kept at once")
    func goodAtOnce() async throws {
        let counting = try Counting(scores: [10: "90"])
        let tree = try await counting.tree(RepairSearch(threshold: 50, valuation: SeatScore(seat: Attempts.grader)))
        #expect(tree.nodes.map(\.move.text) == ["10", "10"] && tree.chosen == 1)
    }

    @Test("an answer that was given before is repaired from where it stands")
    func given() async throws {
        let counting = try Counting()
        var position = counting.position
        try await position.take([.solver: Move(text: "11")], in: counting.services.scope())
        let tree = try await RepairSearch(depth: 2).search(position, for: .solver, cast: counting.cast, judge: nil, in: counting.services.scope())
        #expect(tree.path(to: tree.chosen).map { tree.nodes[$0].move.text } == ["12", "13", "13"])
    }

    @Test("breadth first the two best of a level are refined together; depth first the best is refined to the end before the next", arguments: 0..<6 as Range<UInt64>)
    func orders(seed: UInt64) async throws {
        // Refinements are drawn between 100 and 999, which is never right; the grader thinks more of larger ones.
        func tree(_ order: RepairSearch.Order) async throws -> (tree: SearchTree, parents: [Int]) {
            let counting = try Counting { _, generator in generator.integer(in: 100...999) }
            let tree = try await counting.tree(RepairSearch(order: order, depth: 3, valuation: Size()), seed: seed)
            var parents: [Int] = []
            for node in tree.nodes.dropLast() { if let parent = node.parent, !parents.contains(parent) { parents.append(parent) } }
            return (tree, parents)
        }
        // The last node only says again what was kept.
        func best(_ nodes: [Int], _ tree: SearchTree) -> [Int] {
            nodes.filter { $0 < tree.nodes.count - 1 }.sorted { tree.nodes[$0].value > tree.nodes[$1].value }
        }
        let breadth = try await tree(.breadth)
        let level = best(breadth.tree.children(of: 0), breadth.tree)
        #expect(breadth.parents.prefix(3) == [0] + level.prefix(2) && breadth.parents.count == 5)
        let depth = try await tree(.depth)
        let first = best(depth.tree.children(of: 0), depth.tree)
        let second = best(depth.tree.children(of: first[0]), depth.tree)
        #expect(depth.parents.prefix(4) == [0, first[0], second[0], second[1]] && depth.parents[4] == first[1])
        let worths = depth.tree.nodes.dropLast().map(\.value)
        #expect(depth.tree.nodes[depth.tree.chosen].value == worths.max())
    }

    @Test("votes are the share of critiques that accept, and stay with the attempt in their words")
    func votes() async throws {
        let counting = try Counting()
        let tree = try await counting.tree(RepairSearch(valuation: VotedCritiques(seat: Attempts.critic, votes: 3, accepting: "y")))
        let last = try #require(tree.nodes.first { $0.move.text == "13" && $0.visits > 0 })
        #expect(last.value == 1 && tree.nodes[0].value == 0)
        #expect(last.verdicts.filter { $0.kind == VotedCritiques.kind }.map(\.critique) == ["y", "y", "y"])
        #expect(tree.nodes[0].verdicts.filter { $0.kind == VotedCritiques.kind }.map(\.value) == [0, 0, 0])
    }
}

/// The latest attempt's number as a share of −1000, below every threshold; larger ones are nearer to 0.
private struct Size: Valuation {
    static let card = PartCard(name: "size")

    func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        positions.map { Valued((Double(($0.state as? Attempts.State)?.attempts.last ?? "") ?? 0) / 1000 - 1) }
    }
}
