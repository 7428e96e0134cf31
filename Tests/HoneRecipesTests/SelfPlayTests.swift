import Foundation
import HoneCore
import HoneCurricula
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

/// A recipe's plan over a tiny model, taught little, with a few settings.
private func plan(_ recipe: String, _ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
    let small: [String: JSONValue] = [
        "model.size": .string("pico:ascii"), "base.demonstrations": .integer(32), "base.passes": .integer(6), "base.miniBatch": .integer(32),
        "play.problems": .integer(6), "play.samples": .integer(2), "iterations": .integer(3), "yardsticks.plays": .integer(6),
        "evaluation.every": .integer(3),
    ]
    return try SmallRecipe(recipe, small).plan(settings, seed: seed)
}

/// What the plan says against settings.
private func refusal(_ recipe: String, _ settings: [String: JSONValue]) -> String {
    do {
        _ = try plan(recipe, settings)
        return ""
    } catch { return "\(error)" }
}

@Suite("Recipes that play games", .serialized)
struct SelfPlayTests {
    @Test("every scheme of opponents plays, learns and is measured", arguments: OpponentScheme.allCases)
    func schemes(scheme: OpponentScheme) async throws {
        let store = try await played(
            try plan("self-play", ["opponents.scheme": .string(scheme.rawValue), "opponents.keepEvery": .integer(1), "opponents.pool": .integer(2), "opponents.trials": .integer(4)]))
        let groups = store.records.flatMap(\.groups)
        #expect(groups.count == 18 && groups.allSatisfy { $0.episodes.count == 2 })
        let measures = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(measures.isSuperset(of: ["exploitability", "average exploitability", "legal mass", "points against random", "illegal"]))
        // Only the learner's own words are learned, by whom they were said.
        for group in groups {
            for episode in group.episodes {
                for step in episode.steps where episode.cast[step.role]?.learns == false {
                    #expect(step.move.segments.allSatisfy { !$0.isTrained })
                }
            }
        }
        #expect(store.records.dropFirst().allSatisfy { record in record.updates.contains { $0.key.hasSuffix("rows") && $0.value > 0 } })
    }

    @Test("phases share the iterations evenly, and a last one that is averaged has half; without averaging nothing is kept")
    func phases() async throws {
        func lengths(_ phases: Int, in iterations: Int, averaged: Int) throws -> [Int] {
            try plan("self-play", ["selfPlay.phases": .integer(phases), "selfPlay.averaged": .integer(averaged), "iterations": .integer(iterations)])
                .stages.map(\.iterations)
        }
        #expect(try lengths(3, in: 8, averaged: 0) == [3, 3, 2])
        #expect(try lengths(3, in: 9, averaged: 1) == [3, 2, 4])
        #expect(try lengths(2, in: 10, averaged: 1) == [5, 5])
        #expect(try lengths(1, in: 10, averaged: 1) == [10])
        #expect(try lengths(4, in: 2, averaged: 1) == [1, 1])
        let store = try await played(try plan("self-play", ["selfPlay.averaged": .integer(0), "opponents.keepEvery": .integer(1)]))
        #expect(!store.records.flatMap(\.measures).contains { $0.name == "average exploitability" })
    }

    @Test("a learner is rated among its snapshots and yardsticks, and may be taught from a teacher's plays first")
    func rated() async throws {
        let store = try await played(
            try plan("self-play", [
                "opponents.scheme": .string("past"), "opponents.keepEvery": .integer(1), "opponents.pool": .integer(2), "opponents.teacher": .string("equilibrium"),
                "yardsticks.rated": .integer(4), "evaluation.every": .integer(1),
            ]))
        let elo = store.records.flatMap(\.measures).filter { $0.name == "Elo over random" }
        #expect(elo.count == 4 && elo.allSatisfy { $0.estimate.low < $0.estimate.mean && $0.estimate.mean < $0.estimate.high })
        let ranks = store.records.map { $0.measures.first { $0.name == "rank" }?.estimate.high }
        #expect(ranks == [4, 4, 4, 4], "random, the learner, and two snapshots, which are the base until they are made")
        #expect(refusal("self-play", ["yardsticks.rated": .integer(-1)]).contains("yardsticks.rated"))
        #expect(refusal("self-play", ["yardsticks.rated": .integer(4), "yardsticks.against": .array([])]).contains("yardstick"))
        #expect(refusal("self-play", ["yardsticks.rated": .integer(4), "task.world": .string("iterated-prisoners-dilemma")]).contains("fixed sum"))
        #expect(refusal("self-play", ["opponents.teacher": .string("perfct")]).contains("perfect"))
    }

    @Test("a teacher meets the fixed opponent on each seat in turn, and only the teacher is learned from")
    func teacherMeets() async throws {
        let fixed = try plan("self-play", [
            "opponents.scheme": .string("fixed"), "opponents.player": .string("equilibrium:50"), "opponents.teacher": .string("random"), "base.demonstrations": .integer(6),
            "iterations": .integer(0), "evaluation.every": .integer(0),
        ])
        let base = try #require(fixed.models["policy"]?.base)
        var curriculum = try #require(base.stages.first?.curriculum)
        let met = try await curriculum.next(base.stages[0].perIteration, in: ScriptedServices().scope())
        #expect(met.map { $0.cast.filter { $0.value.learns == false }.map(\.key) } == [["player 1"], ["player 0"]])
        #expect(met.allSatisfy { $0.samples == 3 && $0.cast.values.contains { $0.search == "equilibrium:50" } && $0.cast.values.contains { $0.search == "random" } })
        #expect(base.fingerprint != (try plan("self-play", ["opponents.scheme": .string("fixed"), "base.demonstrations": .integer(6)]).models["policy"]?.base?.fingerprint))
    }

    @Test("another program with two seats is played and learned from; what needs rules that are not known is refused")
    func programs() async throws {
        let path = NSTemporaryDirectory() + "hone-pennies-\(UUID().uuidString).sh"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try """
        while read -r line; do case "$line" in
        *'"card"'*) echo '{"seats": '"${1:-2}"', "range": [-1, 1], "sum": 0}';;
        *'"reset"'*) echo '{"turn": {"seats": [0, 1]}, "observations": {"0": "even?", "1": "odd?"}, "legal": {"0": ["a", "b"], "1": ["a", "b"]}, "returns": [0, 0]}';;
        *'"0":"a","1":"a"'*|*'"0":"b","1":"b"'*) echo '{"turn": {"over": "completed"}, "returns": [1, -1]}';;
        *) echo '{"turn": {"over": "completed"}, "returns": [-1, 1]}';;
        esac; done
        """.write(toFile: path, atomically: true, encoding: .utf8)
        let pennies: [String: JSONValue] = ["task.world": .string("cmd: sh '\(path)'")]
        let store = try await played(try plan("self-play", pennies))
        let groups = store.records.flatMap(\.groups)
        #expect(groups.count == 18 && groups.allSatisfy { $0.episodes.allSatisfy { $0.ending == .completed && Set($0.returns.values) == [-1, 1] } })
        #expect(Set(store.records.flatMap(\.measures).map(\.name)).isSuperset(of: ["points against random", "illegal"]))
        #expect(store.records.dropFirst().allSatisfy { record in record.updates.contains { $0.key.hasSuffix("rows") && $0.value > 0 } })
        #expect(refusal("spiral", pennies.merging(["yardsticks.against": .array([.string("perfect")])]) { $1 }).contains("has “random”"))
        #expect(refusal("self-play", ["task.world": .string("cmd: sh '\(path)' 1")]).contains("nobody to play against"))
    }

    @Test("a stored run of before a setting was there takes its default")
    func older() throws {
        let entry = SettingsOverlay.Entry(path: ["iterations"], value: .integer(7), place: "test")
        guard case .object(var members) = try RecipeCatalog.resolve("self-play", [entry]).settings, case .object(var own) = members["selfPlay"] else {
            Issue.record("settings are no object")
            return
        }
        own["epsilon"] = nil
        members["selfPlay"] = .object(own)
        let restored = try RecipeCatalog.restore("self-play", settings: .object(members))
        #expect(restored.common.iterations == 7 && restored.games?.selfPlay.epsilon == 1e-8)
    }

    @Test("SPIRAL keeps a baseline for each seat, and its ablation one for both")
    func spiral() async throws {
        for isConditioned in [true, false] {
            let made = try plan("spiral", ["selfPlay.baseline": .string(isConditioned ? "role" : "all")])
            #expect(made.faults().isEmpty)
            let store = try await played(made)
            #expect(store.records.count == 4)
        }
    }

    @Test("the same seed gives the same plays and measures, another seed others")
    func seeds() async throws {
        let first = try await played(try plan("self-play"))
        let again = try await played(try plan("self-play"))
        let other = try await played(try plan("self-play", seed: 2), seed: 2)
        #expect(first.records.flatMap(\.groups) == again.records.flatMap(\.groups))
        #expect(first.records.flatMap(\.groups) != other.records.flatMap(\.groups))
        #expect(first.records.flatMap(\.measures).map(\.estimate) == again.records.flatMap(\.measures).map(\.estimate))
    }

    @Test("with nothing hidden the position alone is seen, by who learns, its opponents and what is taught beforehand; with hidden cards all that was seen")
    func latest() async throws {
        func contexts(_ world: String, _ settings: [String: JSONValue]) async throws -> [[String]] {
            let store = try await played(try plan("self-play", ["task.world": .string(world), "yardsticks.against": .array([.string("random")])].merging(settings) { $1 }))
            return store.records.flatMap(\.groups).flatMap(\.episodes).map { $0.steps.filter { $0.role.text.hasPrefix("player") }.map(\.context.text) }
        }
        // Nim's random plays have several moves a seat.
        for scheme in ["mirror", "past", "league"] {
            let alone = try await contexts("nim", ["opponents.scheme": .string(scheme)])
            #expect(alone.joined().allSatisfy { $0.count { $0 == ">" } == 1 })
        }
        func teacher(_ settings: [String: JSONValue]) throws -> Set<SearchName?> {
            let made = try plan("self-play", settings)
            let base = try #require(made.models["policy"]?.base?.stages.first)
            return Set(base.cast.values.map(\.search))
        }
        #expect(try teacher(["task.world": .string("nim")]) == ["teacher"])
        #expect(try teacher(["task.world": .string("nim"), "text.memory": .string("all")]) == ["random"] && teacher([:]) == ["random"])
        #expect(refusal("self-play", ["text.memory": .string("latest")]).contains("hidden information"))
        #expect(refusal("self-play", ["text.memory": .string("none")]).contains("auto, all or latest"))
        #expect(refusal("self-play", ["text.form": .string("squares")]).contains("not played with x and o"))
        #expect(refusal("self-play", ["text.form": .string("rhymes")]).contains("words, short or squares"))
    }

    @Test("settings that cannot work are refused in a sentence")
    func refusals() {
        #expect(refusal("self-play", ["task.world": .string("kuhn-pokr")]).contains("kuhn-poker"))
        #expect(refusal("self-play", ["task.world": .string("arithmetic")]).contains("arithmetic"))
        #expect(refusal("grpo", ["task.world": .string("nim")]).contains("nim"))
        #expect(refusal("self-play", ["opponents.pool": .integer(0)]).contains("opponents.pool"))
        #expect(refusal("self-play", ["opponents.scheme": .string("fixed"), "opponents.player": .string("mcts:0")]).contains("mcts:200"))
        #expect(refusal("self-play", ["yardsticks.against": .array([.string("perfect")])]).contains("kuhn-poker"))
        #expect(refusal("spiral", ["selfPlay.eta": .number(1)]).contains("self-play"))
        #expect(refusal("self-play", ["model.size": .string("http://localhost:1#m")]).contains("cannot learn"))
    }
}
