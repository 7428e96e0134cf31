import Foundation
import HoneCore
import HoneJudges
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Synchronization
import Testing

@Suite("Search")
struct SearchTests {
    @Test("an answer in steps is checked as one, ends where a step has no separator, and keeps its tokens")
    func stepwise() async throws {
        let sums = try Sums(right: 1)
        let episode = try await Solo().play(sums.position, cast: Sums.cast, in: sums.services.scope())
        #expect(episode.steps.map(\.move.text) == ["11,", "6,", "13"] && episode.returns == [.solver: 1])
        #expect(episode.steps[2].context.text == "3+8-5+7=11,6,")
        let wrong = try Sums(right: 0)
        #expect(try await Solo().play(wrong.position, cast: Sums.cast, in: wrong.services.scope()).returns == [.solver: 0])
        let short = try Stepwise(try Arithmetic(), separator: ",", limit: 2)
        var state = Stepwise.State(problem: sums.problem)
        for _ in 0..<2 { try await short.advance(&state, by: [.solver: Move(text: "11,")], in: sums.services.scope()) }
        #expect(short.turn(in: state) == .over(.completed) && short.returns(of: state) == [.solver: 0])
        #expect(throws: CoreError.self) { try Stepwise(try Arithmetic(), separator: "") }
    }

    @Test("votes, weighted votes and the worthiest answer, by hand; of equals the earliest, and what cannot be read does not vote")
    func choices() {
        func choose(_ choice: AnswerSearch.Choice, _ conclusions: [String?], _ worths: [Double]) -> Int {
            AnswerSearch.choose(choice, conclusions: conclusions, worths: worths)
        }
        let said: [String?] = ["7", "9", nil, "9", nil, nil]
        #expect(choose(.first, said, [0, 1, 0, 0, 0, 0]) == 0)
        #expect(choose(.majority, said, [5, 0, 5, 0, 5, 5]) == 1)
        #expect(choose(.weighted, said, [0.9, 0.3, 1, 0.4, 1, 1]) == 0, "0.9 for 7, 0.7 for 9")
        #expect(choose(.weighted, said, [0.6, 0.3, 1, 0.4, 1, 1]) == 3, "0.7 for 9, whose worthiest is the fourth")
        #expect(choose(.best, said, [0.9, 0.3, 1, 0.4, 1, 0]) == 2)
        #expect(choose(.majority, ["1", "2"], [0, 0]) == 0 && choose(.majority, [nil, nil], [0, 1]) == 0 && choose(.weighted, [nil, nil], [0, 1]) == 1)
    }

    @Test("a vote finds what single answers miss, and stops drawing when it is decided")
    func votes() async throws {
        let sums = try Sums(right: 0.75)
        var alone = 0
        var voted = 0
        for seed in 0..<40 as Range<UInt64> {
            if try await sums.found(by: AnswerSearch(samples: 1, choice: .first), seed: seed).text.hasSuffix("13") { alone += 1 }
            if try await sums.found(by: AnswerSearch(samples: 15, choice: .majority), seed: seed).text.hasSuffix("13") { voted += 1 }
        }
        #expect(voted > alone + 8, "\(voted) of 40 by vote, \(alone) alone")
        let sure = try Sums(right: 1)
        let tree = try await sure.found(by: AnswerSearch(samples: 12, choice: .majority, batch: 4)).tree
        #expect(tree.children(of: nil).count == 8, "after eight of twelve alike answers nothing can overtake them")
    }

    @Test("a beam with the world's check of steps finds what the player says once in thirty times; its tree has every step it looked at")
    func beams() async throws {
        let steps = Judged(StepVerifier(), kind: .step, together: .least)
        for isDiverse in [false, true] {
            let sums = try Sums(right: 0.35)
            var right = 0
            for seed in 0..<20 as Range<UInt64> {
                let (text, tree) = try await sums.found(by: BeamSearch(width: 2, branches: 4, isDiverse: isDiverse, valuation: steps), seed: seed)
                if text == "11,6,13" { right += 1 }
                #expect(tree.path(to: tree.chosen).count == 3 && tree.nodes.allSatisfy { !$0.verdicts.isEmpty && $0.visits > 0 })
            }
            #expect(right >= 10, "\(right) of 20, where single answers are right once; diverse: \(isDiverse)")
        }
    }

    @Test("a tree search finds the best word of all, with every selection; best-of-n only among those it drew")
    func words() async throws {
        let world = Letters(depth: 4)
        let best = (0..<16).map { number in (0..<4).map { number >> $0 & 1 == 0 ? "a" : "b" }.joined() }.map { Letters.worth(of: $0) }.max() ?? 0
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "a")], policies: ["direct": DirectPolicy()])
        for selection in [Selection.uct(c: 1.4), .puct(c: 2), .epsilonGreedy(0.4), .importance(temperature: 0.5)] {
            let search = TreeSearch(simulations: 200, selection: selection, expansion: AllListedMoves(), valuation: PlayedOut(plays: 1))
            let tree = try await search.search(world.position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
            #expect(tree.nodes[tree.chosen].value == best && tree.path(to: tree.chosen).count == 4, "\(selection)")
        }
    }

    @Test("a search ends when a finished answer is worth enough, and spends all simulations where none is")
    func enough() async throws {
        var settings = SearchSettings()
        (settings.method, settings.simulations, settings.parallel) = ("mcts", 400, 1)
        let services = ScriptedServices(models: ["policy": ScriptedModel { request, number in
            var generator = request.seed.child("draw", number).generator
            return generator.chance(0.5) ? "a" : "b"
        }], policies: ["direct": DirectPolicy()])
        func visits(_ enough: Double) async throws -> (sum: Int, best: Double) {
            settings.enough = enough
            let search = try #require(try SearchCatalog.entry("mcts").method(settings, asking: PlayedOut(plays: 1)))
            let tree = try await search.search(Letters(depth: 4).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
            return (tree.children(of: nil).map { tree.nodes[$0].visits }.reduce(0, +), tree.nodes[tree.chosen].value)
        }
        let (all, early, never) = (try await visits(0), try await visits(0.5), try await visits(1.5))
        #expect(early.sum < all.sum && early.best >= 0.5, "\(early) of \(all)")
        #expect(never.sum == all.sum && never.best == all.best)
        settings.enough = -1
        #expect(settings.faults().contains { $0.contains("search.enough") })
    }

    @Test("a tree of fixed priors and values has the visits and values of a plain count", arguments: [Selection.uct(c: 1.4), .puct(c: 1.25)])
    func reference(selection: Selection) async throws {
        let search = TreeSearch(simulations: 60, selection: selection, expansion: AllListedMoves(), valuation: WordValues(), choice: .visits)
        let tree = try await search.search(
            Letters(depth: 5).position(), for: .solver, cast: Sums.cast, judge: nil, in: ScriptedServices().scope())
        var found: [String: (visits: Int, value: Double)] = [:]
        for node in tree.nodes.indices {
            found[tree.path(to: node).map { tree.nodes[$0].move.text }.joined()] = (tree.nodes[node].visits, tree.nodes[node].value)
        }
        let expected = PlainCount(depth: 5, simulations: 60, selection: selection)
        #expect(found.keys.sorted() == expected.visits.keys.sorted())
        for (word, visits) in expected.visits {
            #expect(found[word]?.visits == visits, "\(word)")
            #expect(abs((found[word]?.value ?? .nan) - (expected.sums[word] ?? 0) / Double(visits)) < 1e-12, "\(word)")
        }
    }

    @Test("several simulations at once give the same tree however long each answer takes")
    func scheduling() async throws {
        var trees: [SearchTree] = []
        for delay in [0, 3, 11] {
            let services = ScriptedServices(models: ["policy": Delayed(chainSolver(right: 0.5), nanoseconds: delay)], policies: ["direct": DirectPolicy()])
            let sums = try Sums(right: 0.5)
            trees.append(
                try await TreeSearch(simulations: 24, width: 6, branches: 3).search(
                    sums.position, for: .solver, cast: Sums.cast, judge: nil, in: services.scope(seed: 4)))
        }
        #expect(trees[0].nodes.count > 9 && trees[0].nodes.contains { $0.parent != nil })
        #expect(trees[0] == trees[1])
        #expect(trees[0] == trees[2])
    }

    @Test("what a search chose steps ahead is played on without searching again, and its tree stays with the first step")
    func plans() async throws {
        let counted = CountedSearch(TreeSearch(simulations: 12, branches: 3))
        let sums = try Sums(right: 0.6, search: counted)
        var player = Player(model: "policy")
        player.search = "looking"
        let episode = try await Solo().play(sums.position, cast: [.solver: player], in: sums.services.scope(seed: 3))
        #expect(episode.ending == .completed && episode.returns == [.solver: 1])
        let tree = try #require(episode.steps.first?.move.tree)
        #expect(episode.steps.map(\.move.text) == tree.path(to: tree.chosen).map { tree.nodes[$0].move.text })
        #expect(episode.steps.dropFirst().allSatisfy { $0.move.tree == nil })
        #expect(counted.searches.withLock { $0 } == 1)
    }

    @Test("worlds that cannot be branched, sizes of 0 and a missing judge are refused with a sentence")
    func refusals() async throws {
        let services = ScriptedServices(models: ["policy": ScriptedModel(saying: "a")], policies: ["direct": DirectPolicy()])
        func refusal(_ search: any SearchMethod, _ world: Letters) async -> String {
            do {
                _ = try await search.search(world.position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
                return ""
            } catch { return "\(error)" }
        }
        var single = Letters(depth: 2)
        single.isBranchable = false
        #expect(await refusal(TreeSearch(), single).contains("cannot be played on twice"))
        #expect(await refusal(AnswerSearch(samples: 1, choice: .first), single).isEmpty)
        #expect(await refusal(TreeSearch(simulations: 0), Letters(depth: 2)).contains("0 simulations"))
        #expect(await refusal(BeamSearch(width: 0), Letters(depth: 2)).contains("width 0"))
        #expect(await refusal(BeamSearch(valuation: Judged(kind: .step)), Letters(depth: 2)).contains("no judge"))
    }
}

/// The same search counted plainly, with words as keys: all moves of a new node are valued and backed up one after the other.
private struct PlainCount {
    var visits: [String: Int] = [:]
    var sums: [String: Double] = [:]

    init(depth: Int, simulations: Int, selection: Selection) {
        for _ in 0..<simulations {
            var word = ""
            while visits[word + "a"] != nil {
                let total = Double((visits[word + "a"] ?? 0) + (visits[word + "b"] ?? 0))
                func score(_ letter: String) -> Double {
                    let count = Double(visits[word + letter] ?? 0)
                    let mean = count == 0 ? 0 : (sums[word + letter] ?? 0) / count
                    switch selection {
                    case .uct(let c): return count == 0 ? .infinity : mean + c * (log(total) / count).squareRoot()
                    case .puct(let c): return mean + c * 0.5 * total.squareRoot() / (1 + count)
                    default: return 0
                    }
                }
                word += score("b") > score("a") ? "b" : "a"
            }
            let fresh = word.count < depth ? [word + "a", word + "b"] : [word]
            for leaf in fresh {
                // A finished word says again what it is worth.
                let worth = Letters.worth(of: leaf)
                for length in 1...leaf.count {
                    visits[String(leaf.prefix(length)), default: 0] += 1
                    sums[String(leaf.prefix(length)), default: 0] += worth
                }
            }
        }
    }
}

/// A search that counts how often it is asked.
private final class CountedSearch: SearchMethod {
    static let card = PartCard(name: "counted")
    let searches = Mutex(0)
    private let search: TreeSearch

    init(_ search: TreeSearch) { self.search = search }

    func search<W: World>(_ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope) async throws -> SearchTree {
        searches.withLock { $0 += 1 }
        return try await search.search(position, for: role, cast: cast, judge: judge, in: scope)
    }
}

/// A model that takes its time, a different one for each request.
private struct Delayed: Model {
    let model: ScriptedModel
    let nanoseconds: Int
    var abilities: Set<HoneCore.Trait> { model.abilities }

    init(_ model: ScriptedModel, nanoseconds: Int) { (self.model, self.nanoseconds) = (model, nanoseconds) }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] {
        let wait = UInt64(nanoseconds) * ((requests.first?.seed.value ?? 0) % 97) * 1000
        if wait > 0 { try await Task.sleep(nanoseconds: wait) }
        return try await model.complete(requests)
    }

    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] { try await model.score(transcripts, quantity) }
}
