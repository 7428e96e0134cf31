import HoneCore
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

/// A composition over a tiny model, taught little.
private let recipe = SmallRecipe(
    "compose",
    [
        "model.size": .string("pico"), "base.demonstrations": .integer(64), "base.passes": .integer(8), "play.problems": .integer(4), "iterations": .integer(2),
        "evaluation.problems": .integer(6), "evaluation.every": .integer(2), "search.samples": .integer(3), "search.width": .integer(2),
        "search.branches": .integer(2), "search.simulations": .integer(6), "process.iterations": .integer(1), "process.problems": .integer(4),
        "process.samples": .integer(2), "verdict.iterations": .integer(1), "verdict.problems": .integer(4), "verdict.samples": .integer(2),
        "lessons.attempts": .integer(64), "lessons.backward": .integer(32),
    ])

@Suite("Compositions", .serialized)
struct ComposeTests {
    @Test(
        "every search answers held-out problems; what it looked at beside its answer is in what the answer costs",
        arguments: [
            "greedy", "sample", "self-consistency", "weighted-consistency", "best-of-n", "knock-out", "beam", "diverse-tree", "depth-first", "mcts",
            "iterative-deepening", "deepened-best", "hint-infer", "state-tree", "forward-backward", "self-refine", "refinement-tree", "repair-tree",
        ])
    func searches(method: String) async throws {
        let store = try await played(try recipe.plan(["search.method": .string(method)]))
        let found = store.records.flatMap(\.measures).filter { $0.name == "pass@1" }
        #expect(!found.isEmpty && found.allSatisfy { (0...1).contains($0.estimate.mean) })
    }

    @Test("a process reward that learns written answers first is a base of its own, and judges as one that is played for")
    func written() async throws {
        let plan = try recipe.plan([
            "search.method": .string("best-of-n"), "compose.judge": .string("process"), "process.written": .integer(8), "process.writtenPasses": .integer(1),
            "process.iterations": .integer(0),
        ])
        #expect(plan.models["process"]?.base?.stages.map(\.name) == ["written answers"])
        #expect(try await played(plan).records.flatMap(\.measures).contains { $0.name == "judge.AUROC" || $0.name == "judge.accuracy" })
    }

    @Test("an answer that a search could find in one way only has a worth all the same, which learning sees")
    func single() async throws {
        let store = try await played(
            try recipe.plan(["search.method": .string("best-of-n"), "search.samples": .integer(1), "compose.judge": .string("self"), "compose.credit": .string("best-only")]))
        let groups = store.records.flatMap(\.groups)
        #expect(groups.count == 8 && groups.allSatisfy { $0.value(of: .worldReturn, episode: 0, role: .solver) != nil })
    }

    @Test("what asks the verifier in its search is told from what does not", arguments: [
        ("best-of-n", "exact", true), ("mcts", "steps", true), ("greedy", "exact", false), ("self-consistency", "exact", false), ("beam", "self", false),
    ])
    func verifiers(method: String, judge: String, asks: Bool) throws {
        let settings = try RecipeCatalog.defaults(of: "compose", world: "arithmetic")
            .setting(["search", "method"], to: .string(method)).setting(["compose", "judge"], to: .string(judge))
        #expect(Compose.asksTheVerifier(settings) == asks)
    }

    @Test(
        "trees are learned from: as answers to imitate, as pairs of siblings, and by the values of their nodes",
        arguments: [("best-only", "cross-entropy"), ("sibling-pairs", "dpo"), ("tree-backup", "grpo")], ["best-of-n", "mcts"])
    func learners(learner: (String, String), method: String) async throws {
        let store = try await played(
            try recipe.plan([
                "search.method": .string(method), "compose.credit": .string(learner.0), "compose.objective": .string(learner.1), "search.samples": .integer(6),
                // A model taught so little is right nowhere, but never equally sure of two answers.
                "compose.judge": .string("self"),
            ]))
        let trees = store.records.flatMap(\.groups).flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
        #expect(trees.count == 8 && trees.allSatisfy { $0.nodes.count > 1 && $0.path(to: $0.chosen).count >= 1 })
        #expect(store.records.contains { record in record.updates.contains { $0.key.hasSuffix("rows") && $0.value > 0 } })
    }

    @Test("each judge values what a search looks at; a process reward and verdict words are taught first", arguments: SearchJudge.allCases.filter { $0 != .marks })
    func judges(judge: SearchJudge) async throws {
        let store = try await played(
            try recipe.plan([
                "search.method": .string(judge == .pairs ? "knock-out" : "beam"), "compose.judge": .string(judge.rawValue), "compose.credit": .string("best-only"),
            ]))
        let searched = store.records.filter { $0.stage == "improve" }.flatMap(\.groups)
        let trees = searched.flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
        #expect(trees.count == 8)
        switch judge {
        case .own: #expect(trees.flatMap(\.nodes).allSatisfy { $0.value < 0 }, "log-probabilities")
        default: #expect(trees.flatMap(\.nodes).allSatisfy { (0...1).contains($0.value) })
        }
        #expect(store.records.contains { $0.stage == "process reward" } == (judge == .process))
        #expect(store.records.contains { $0.stage == "verdicts" } == [.probability, .votes, .pairs].contains(judge))
        // A judge that is not the world itself has a scorecard beside the held-out measure.
        let measured = Set(store.records.flatMap(\.measures).map(\.name))
        #expect(measured.contains("judge.calls") == ![.exact, .steps].contains(judge))
        #expect(measured.contains("judge.ECE") == [.process, .probability, .votes].contains(judge))
        #expect(measured.contains("judge.order consistency") == (judge == .pairs))
        // What is learned from is what the judge said.
        if judge != .exact {
            for group in searched {
                let tree = group.episodes[0].steps[0].move.tree
                #expect(group.value(of: .worldReturn, episode: 0, role: .solver) == tree.map { $0.nodes[$0.chosen].value })
            }
        }
    }

    @Test(
        "whole answers are refined in a tree of attempts, which critiques and marks value, and learned from as pairs of an attempt and its better refinement",
        arguments: ["refinement-tree", "repair-tree"], [("exact", false), ("marks", false), ("votes", true)])
    func attempts(method: String, judge: (String, Bool)) async throws {
        let store = try await played(
            try recipe.plan([
                "search.method": .string(method), "compose.judge": .string(judge.0), "search.refining.criticises": .bool(judge.1), "verdict.votes": .integer(3),
                "compose.credit": .string("refinement-pairs"), "compose.objective": .string("dpo"),
            ]))
        let searched = store.records.filter { $0.stage == "improve" }.flatMap(\.groups)
        let trees = searched.flatMap(\.episodes).compactMap { $0.steps.first { $0.role == .solver }?.move.tree }
        #expect(trees.count == 8 && trees.flatMap(\.nodes).allSatisfy { (0...1).contains($0.value) })
        // An attempt is the problem's whole answer, and what it is refined from is behind the problem.
        for (group, tree) in zip(searched, trees) {
            for node in tree.nodes {
                guard let parent = node.parent else { continue }
                let shown = (node.move.transcript ?? []).text
                #expect(shown.isEmpty || shown.hasPrefix(group.assignment.problem.text) && shown.contains(tree.nodes[parent].move.text.prefix(1)))
            }
        }
        #expect(store.records.flatMap(\.measures).contains { $0.name == "pass@1" })
        if judge.0 == "votes" { #expect(trees.flatMap(\.nodes).flatMap(\.verdicts).contains { $0.kind == "vote" }) }
    }

    @Test("judges and searches over attempts that do not go together say so")
    func attemptRefusals() {
        #expect(recipe.refusal(["search.method": .string("refinement-tree"), "compose.judge": .string("self")]).contains("exact, marks or votes"))
        #expect(recipe.refusal(["search.method": .string("repair-tree"), "compose.second": .string("process")]).contains("exact, marks or votes"))
        #expect(recipe.refusal(["search.method": .string("best-of-n"), "compose.judge": .string("marks")]).contains("makes none"))
        #expect(
            recipe.refusal([
                "search.method": .string("best-of-n"), "compose.judge": .string("process"), "compose.stepwise": .string("no"), "process.written": .integer(8),
            ]).contains("set process.written to 0"))
        #expect(recipe.refusal(["search.method": .string("best-of-n"), "compose.judge": .string("process"), "process.language": .number(-1)]).contains("“process.language” is -1"))
        #expect(recipe.refusal(["search.method": .string("self-refine"), "compose.stepwise": .string("yes")]).contains("whole answers"))
        #expect(recipe.refusal(["search.method": .string("self-refine"), "compose.judge": .string("marks")]).contains("asks no judge"))
        #expect(recipe.refusal(["search.method": .string("forward-backward"), "task.world": .string("countdown")]).contains("sums and differences"))
        #expect(recipe.refusal(["search.backward.alpha": .number(2), "lessons.attempts": .integer(0)]).contains("lessons.attempts"))
    }

    @Test("a verdict word is taught behind each beginning of an answer, and is the world's verdict on the whole of it")
    func verdicts() async throws {
        let store = try await played(try recipe.plan(["search.method": .string("beam"), "compose.judge": .string("true")]))
        let lessons = store.records.filter { $0.stage == "verdicts" }
        let episodes = lessons.flatMap(\.groups).flatMap { group in group.episodes.map { (group.assignment.problem.text, $0) } }
        #expect(episodes.count == 8 && lessons.allSatisfy { ($0.updates["rows"] ?? 0) > 0 })
        for (problem, episode) in episodes where episode.ending == .completed {
            let (said, taught) = (episode.steps.filter { $0.role == .solver }, episode.steps.filter { $0.role == "verdict" })
            #expect(said.count == taught.count && !said.isEmpty)
            #expect(taught.allSatisfy { $0.move.text == (episode.returns[.solver] == 1 ? "yes" : "no") })
            for (count, step) in taught.enumerated() {
                #expect(step.context.text == problem + said[...count].map(\.move.text).joined() + "?")
            }
        }
    }

    @Test("two judges are added by their shares; each that needs it is taught first")
    func hybrid() async throws {
        let store = try await played(
            try recipe.plan([
                "search.method": .string("beam"), "search.lookahead": .integer(1), "compose.judge": .string("process"), "compose.second": .string("true"),
                "compose.credit": .string("best-only"),
            ]))
        #expect(Set(store.records.map(\.stage)) == ["process reward", "verdicts", "improve"])
        let trees = store.records.filter { $0.stage == "improve" }.flatMap(\.groups).flatMap(\.episodes).compactMap { $0.steps.first?.move.tree }
        #expect(trees.count == 8 && trees.flatMap(\.nodes).allSatisfy { node in
            // Half of the head's value, which is from 0 to 1, and half of the word's probability, whose verdict is kept.
            let word = node.verdicts.first { $0.kind == "p-true" }?.value ?? -1
            return (0...1).contains(word) && (0...1).contains(2 * node.value - word)
        })
        #expect(recipe.refusal(["search.method": .string("beam"), "compose.second": .string("exact")]).contains("added to itself"))
        #expect(recipe.refusal(["search.method": .string("beam"), "compose.second": .string("proces")]).contains("process"))
        #expect(recipe.refusal(["search.method": .string("knock-out"), "compose.judge": .string("pairs"), "compose.second": .string("self")]).contains("no worth to add"))
    }

    @Test("with nothing taught the policy itself is asked for the word; pairs are for searches that compare pairs")
    func untaught() async throws {
        let store = try await played(
            try recipe.plan([
                "search.method": .string("best-of-n"), "compose.judge": .string("votes"), "verdict.iterations": .integer(0), "compose.credit": .string("best-only"),
            ]))
        #expect(store.records.allSatisfy { $0.stage != "verdicts" } && store.records.contains { !$0.groups.isEmpty })
        #expect(recipe.refusal(["search.method": .string("beam"), "compose.judge": .string("pairs")]).contains("knock-out"))
        #expect(recipe.refusal(["search.method": .string("beam"), "compose.judge": .string("true"), "verdict.votes": .integer(0)]).contains("verdict.votes"))
    }

    @Test("what makes no sense together does not apply, and says why; what is no part is refused with the nearest names")
    func refusals() {
        let pairs: [String: JSONValue] = ["compose.credit": .string("sibling-pairs"), "compose.objective": .string("dpo")]
        #expect(recipe.refusal(pairs).contains("does not apply") && recipe.refusal(pairs).contains("siblings"))
        #expect(recipe.refusal(["compose.judge": .string("self")]).contains("asks no judge"))
        #expect(recipe.refusal(["compose.credit": .string("group-relative"), "compose.objective": .string("grpo")]).contains("play.samples is 1"))
        #expect(
            recipe.refusal(["compose.credit": .string("group-relative"), "compose.objective": .string("grpo"), "play.samples": .integer(4), "search.method": .string("beam")])
                .contains("tree-backup"))
        #expect(recipe.refusal(["search.method": .string("beam"), "compose.stepwise": .string("no")]).contains("beginnings"))
        #expect(recipe.refusal(["search.method": .string("bem")]).contains("beam"))
        #expect(recipe.refusal(["compose.credit": .string("sibling-pair")]).contains("sibling-pairs"))
        #expect(recipe.refusal(["compose.stepwise": .string("perhaps")]).contains("yes, no or auto"))
        #expect(recipe.refusal(["search.width": .integer(0)]).contains("search.width"))
    }
}
