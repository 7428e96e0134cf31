import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import Synchronization
import Testing

/// Prefers one letter to the other by a list of strengths, counts how often it is asked, and says what it was shown.
private final class StrengthJudge: Judge {
    static let card = PartCard(name: "strength")
    let asked = Mutex<[[String]]>([])
    private let strength: [String: Int]

    init(_ strength: [String: Int]) { self.strength = strength }

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let words = group.episodes.map { $0.steps.map(\.move.text).joined() }
        asked.withLock { $0.append(words) }
        let (first, second) = (strength[words[0]] ?? 0, strength[words[1]] ?? 0)
        return Judgement([Verdict(on: .pair(0, over: 1), kind: "better", value: first > second ? 1 : first < second ? 0 : 0.5)])
    }
}

@Suite("The knock-out")
struct KnockOutTests {
    /// A search whose answers are these, in order, and what it found.
    private func found(_ answers: [String], by judge: StrengthJudge) async throws -> SearchTree {
        let model = ScriptedModel { request, _ in
            let place = answers.indices.first { Seed(0).child("answer", $0).child("move", 0) == request.seed }
            return place.map { answers[$0] } ?? "?"
        }
        let services = ScriptedServices(models: ["policy": model], policies: ["direct": DirectPolicy()])
        let search = KnockOut(samples: answers.count, preference: PreferredByJudge(judge, kind: "better"))
        return try await search.search(Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
    }

    @Test("five answers take four comparisons; the best is left, and each is worth the share of its comparisons it won")
    func bracket() async throws {
        let judge = StrengthJudge(["c": 1, "a": 2, "d": 3, "b": 4, "e": 5])
        let tree = try await found(["c", "b", "a", "d", "e"], by: judge)
        // c–b, a–d, e waits; b–d, e waits; b–e.
        #expect(judge.asked.withLock { $0.map { $0.joined() }.sorted() } == ["ad", "bd", "be", "cb"])
        #expect(tree.nodes[tree.chosen].move.text == "e")
        #expect(tree.nodes.map(\.value) == [0, 2.0 / 3, 0, 0.5, 1])
        #expect(tree.nodes[1].verdicts.map(\.on) == [.pair(0, over: 1), .pair(1, over: 3), .pair(1, over: 4)])
        #expect(tree.nodes.allSatisfy { $0.visits == 1 })
    }

    @Test("of a tie the earlier goes on and both have half")
    func ties() async throws {
        let tree = try await found(["c", "b", "a"], by: StrengthJudge([:]))
        #expect(tree.chosen == 0 && tree.nodes.map(\.value) == [0.5, 0.5, 0.5])
        let alone = StrengthJudge([:])
        #expect(try await found(["b"], by: alone).chosen == 0 && alone.asked.withLock { $0.isEmpty })
    }

    @Test("by worth it keeps the worthiest; the catalogue compares so where nothing else is given; no judge, no samples are refused")
    func worth() async throws {
        var settings = SearchSettings()
        (settings.method, settings.samples) = ("knock-out", 6)
        let entry = try SearchCatalog.entry("knock-out")
        #expect(entry.comparesPairs && entry.asksJudge && !entry.isStepwise)
        let search = try #require(entry.method(settings, asking: PlayedOut(plays: 0)))
        let model = ScriptedModel { request, number in
            var generator = request.seed.child("draw", number).generator
            return generator.chance(0.5) ? "a" : "b"
        }
        let services = ScriptedServices(models: ["policy": model], policies: ["direct": DirectPolicy()])
        let tree = try await search.search(Letters(depth: 3).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
        let words = tree.nodes.indices.map { tree.path(to: $0).map { tree.nodes[$0].move.text }.joined() }.filter { $0.count == 3 }
        let kept = tree.path(to: tree.chosen).map { tree.nodes[$0].move.text }.joined()
        #expect(words.count == 6 && Letters.worth(of: kept) == words.map { Letters.worth(of: $0) }.max())
        for refused in [KnockOut(samples: 0, preference: PreferredByWorth(WordValues())), KnockOut(samples: 2, preference: PreferredByJudge(kind: "better"))] {
            await #expect(throws: CoreError.self) {
                try await refused.search(Letters(depth: 1).position(), for: .solver, cast: Sums.cast, judge: nil, in: services.scope())
            }
        }
    }
}
