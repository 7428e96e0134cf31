import HoneCore
import HoneSandbox
import HoneTestSupport
import HoneWorlds
import Testing

/// A repository whose second file should triple and only adds three.
private let tripled = Problem(
    id: "tripled", world: "repo-repair", text: "tripled",
    details: ["files": "f x2*;g x3+;h xg1-", "right": "f x2*;g x3*;h xg1-", "tests": "f3=6 g2=6 h2=5", "hidden": "f1=2 g5=15 h0=-1"])

private func played(_ moves: [String], _ settings: RepoRepair.Settings = RepoRepair.Settings()) throws -> (world: RepoRepair, state: RepoRepair.State) {
    let world = try RepoRepair(settings)
    var state = try world.start(of: tripled)
    for move in moves { world.play(move, in: &state) }
    return (world, state)
}

private func shown(_ played: (world: RepoRepair, state: RepoRepair.State), to role: Role = .solver) -> String {
    played.world.observation(of: played.state, for: role).news.text
}

private func refusal(_ body: () throws -> Void) -> String {
    do { try body(); return "" } catch { return "\(error)" }
}

@Suite("Repairing a repository")
struct RepoRepairTests {
    @Test("functions by hand: a stack of values, calls of other files, choices, and how many steps they take", arguments: [
        ("f", 3, 6, 3), ("g", 1, 8, 7), ("h", 3, 5, 5), ("h", 7, 7, 5), ("k", 4, 10, 11),
    ])
    func functions(name: String, argument: Int, value: Int, steps: Int) throws {
        let repository = try #require(PostfixRepository("f x2*;g x3+f;h x4<5x?;k 21-xf+1+"))
        let found = try repository.run(name, argument)
        // Every part that is looked at is a step: x, 2 and * are three; x, 3, the call, f's three and + are seven; of a choice one side is looked at.
        #expect(found.value == value && found.steps == steps)
    }

    @Test("a call of itself ends with the budget, and one step too few is too few")
    func budgets() throws {
        let repository = try #require(PostfixRepository("f x2*;g xg"))
        var budget = SmallBudget()
        // Three steps, and one for handing the value over.
        budget.steps = 4
        #expect(try repository.run("f", 3, budget: budget).value == 6)
        budget.steps = 3
        #expect(refusal { _ = try repository.run("f", 3, budget: budget) }.contains("3 steps"))
        budget.steps = 50
        #expect(refusal { _ = try repository.run("g", 3, budget: budget) }.contains("50 steps"))
        #expect(RepairTest.values([RepairTest(file: "g", argument: 3, expected: 0)], in: repository, budget: budget) == [nil])
    }

    @Test("functions that leave no single number are refused with their tokens, and break only what calls them", arguments: [
        ("f x2", "leaves 2 values"), ("f x+", "takes 2 off a stack that has 1"), ("f x2<", "bool"), ("f xx2?", "f"),
    ])
    func broken(text: String, sentence: String) throws {
        let repository = try #require(PostfixRepository(text + ";g x1+;h xf"))
        #expect(refusal { _ = try repository.run("f", 1) }.contains(sentence))
        #expect(refusal { _ = try repository.run("h", 1) } != "")
        #expect(try repository.run("g", 1).value == 2)
    }

    @Test("texts are read exactly", arguments: ["", "f", "f ", "f y", "f x g", "f x;f x", "q x", "f xg", "f x;"])
    func unreadable(text: String) {
        #expect(PostfixRepository(text) == nil)
    }

    @Test("what is shown: nothing viewed, a file viewed, tests run with what came instead, and stale after an edit")
    func views() throws {
        #expect(try shown(played([])) == "\nf:. g:. h:.\n- f3=6 g2=6 h2=5\n")
        #expect(try shown(played(["view g"])) == "\nf:. g:x3+ h:.\n- f3=6 g2=6 h2=5\n")
        #expect(try shown(played(["view g", "test"])) == "\nf:. g:x3+ h:.\n+ f3=6 g2=6!5 h2=5!4\n")
        #expect(try shown(played(["view g", "test", "edit g 3 *"])) == "\nf:. g:x3* h:.\n- f3=6 g2=6 h2=5\n")
        #expect(try shown(played(["edit g 3 3", "test"])) == "\nf:. g:. h:.\n+ f3=6 g2=6! h2=5!\n", "a broken edit gives nothing")
        let mended = try played(["test", "edit g 3 *", "test"])
        #expect(shown(mended, to: RepoRepair.value) == "\nf:. g:. h:.\n+ f3=6 g2=6 h2=5\n" && shown(mended, to: RepoRepair.debater) == "t3/3 e1")
        #expect(try shown(played(["edit g 3 *"]), to: RepoRepair.debater) == "t- e1")
    }

    @Test("hidden tests decide at the end: mended pays, another mending that gives the same pays, fitting the shown tests does not")
    func returns() throws {
        func paid(_ moves: [String]) throws -> Double {
            let (world, state) = try played(moves)
            return world.returns(of: state)[.solver] ?? -1
        }
        #expect(try paid(["edit g 3 *"]) == 0, "not over yet")
        #expect(try paid(["edit g 3 *", "finish"]) == 1)
        #expect(try paid(["edit g 3 *", "edit g 1 3", "edit g 2 x", "finish"]) == 1)
        // 2 + 4 is 6 as well, but 5 + 4 is not 15.
        #expect(try paid(["edit g 2 4", "finish"]) == 0)
        #expect(try paid(["finish"]) == 0)
    }

    @Test("what cannot be read changes nothing, counts as a move and is answered with ?", arguments: [
        "", "look f", "view", "view q", "view f g", "edit g 3", "edit g 0 *", "edit g 4 *", "edit g 03 *", "edit g 3 k", "edit g 3 **", "test f", " test", "finish now",
    ])
    func unread(text: String) throws {
        let before = try played(["view g", "test"])
        let after = try played(["view g", "test", text])
        #expect(shown(after) == shown(before) + "?\n" && after.state.moves == 3 && !after.state.isOver)
        #expect(after.state.repository == before.state.repository && after.state.report == before.state.report)
        #expect(try shown(played([text, "test\n"])) == shown(played(["test"])), "the mark is gone with the next move")
    }

    @Test("a play ends with its last move, as it then stands")
    func limit() throws {
        var settings = RepoRepair.Settings()
        settings.moves = 2
        let (world, state) = try played(["edit g 3 *", "test", "edit g 3 +"], settings)
        #expect(state.isOver && state.moves == 2 && world.returns(of: state) == [.solver: 1] && world.turn(in: state) == .over(.completed))
    }

    @Test("promises hold over random moves, and somebody who knows the bugs mends every repository", arguments: [false, true])
    func conformance(isLarge: Bool) async throws {
        var settings = RepoRepair.Settings()
        if isLarge { (settings.files, settings.bugs, settings.choices, settings.moves) = (5, 2, 0.5, 12) }
        let world = try RepoRepair(settings)
        let broken = try await checkPlayedWorld(world, seed: Seed(3), problems: 20, longest: settings.moves) { state, generator in
            let file = generator.element(of: state.repository.files.map(\.name)) ?? "f"
            let edit = "edit \(file) \(generator.integer(in: 1...3)) \(generator.element(of: state.repository.tokens) ?? "x")"
            return generator.element(of: ["view \(file)", edit, edit, edit, "test", "nothing"]) ?? "test"
        }
        #expect(broken == [])
        for index in 0..<20 {
            let problem = try #require(world.problem(index, seed: Seed(4)))
            var state = try world.start(of: problem)
            let bugs = world.differences(in: state).count
            #expect((1...settings.bugs).contains(bugs) && !RepairTest.pass(state.tests, in: state.repository, budget: world.budget), "the shown tests see a bug")
            while !state.isOver { world.play(world.expertMove(in: state), in: &state) }
            #expect(world.returns(of: state) == [.solver: 1] && state.edits == bugs, "\(problem.text)")
        }
    }

    @Test("the catalogue lists it as a world that is played, and settings that cannot work are refused by name")
    func catalogue() throws {
        let entry = try WorldCatalog.entry("repo-repair")
        #expect(try WorldCatalog.playable(name: "repo-repair", settings: entry.defaults) is RepoRepair)
        #expect(refusal { _ = try WorldCatalog.make(name: "repo-repair", settings: entry.defaults) }.contains("move by move"))
        for (key, change) in [
            ("files", { $0.files = 2 }), ("bugs", { $0.bugs = 3 }), ("calls", { $0.calls = 2 }), ("moves", { $0.moves = 1 }), ("steps", { $0.steps = 1 }),
        ] as [(String, (inout RepoRepair.Settings) -> Void)] {
            var settings = RepoRepair.Settings()
            change(&settings)
            #expect(refusal { _ = try RepoRepair(settings) }.contains("task.settings.\(key)"))
        }
        #expect(refusal { _ = try RepoRepair().start(of: Problem(id: "other", world: "repo-repair")) }.contains("other"))
    }
}
