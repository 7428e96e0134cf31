import HoneCore
import HoneSearch
import HoneSocieties
import HoneTestSupport
import HoneWorlds
import Testing

@Suite("Attempts")
struct AttemptsTests {
    @Test("a refinement is asked for with the problem and the latest attempt; the return is that of the last one")
    func layout() async throws {
        let counting = try Counting(limit: 4)
        let episode = try await Solo().play(counting.position, cast: counting.cast, in: counting.services.scope())
        #expect(episode.steps.map(\.move.text) == ["10", "11", "12", "13"])
        #expect(episode.steps.map(\.context.text) == ["3+8-5+7=", "3+8-5+7=10\n", "3+8-5+7=11\n", "3+8-5+7=12\n"])
        #expect(episode.ending == .completed && episode.returns == [.solver: 1])
        let short = try Counting(limit: 3)
        #expect(try await Solo().play(short.position, cast: short.cast, in: short.services.scope()).returns == [.solver: 0])
    }

    @Test("with a critic each attempt is criticised before the next, in words of its own; the last one is not")
    func critic() async throws {
        let counting = try Counting(limit: 3, isCriticised: true)
        let episode = try await Solo().play(counting.position, cast: counting.cast, in: counting.services.scope())
        #expect(episode.steps.map(\.role) == [.solver, "critic", .solver, "critic", .solver])
        #expect(episode.steps.map(\.context.text) == ["3+8-5+7=", "3+8-5+7=10?", "3+8-5+7=10\nn\n", "3+8-5+7=11?", "3+8-5+7=11\nn\n"])
        #expect(counting.world.rules.roles == [.solver, "critic"])
    }

    @Test("sentences for models that follow instructions have the problem, the attempt and the critique in them")
    func sentences() throws {
        let words = AttemptWording.sentences
        let text = words.refining("it is 7\n", critique: " too small\n")
        #expect(text.contains("it is 7\n\n") && text.contains("\n too small\n\n") && !text.contains("\n\n\n"))
        #expect(words.criticising("it is 7").hasPrefix(words.beforeAttempt + "it is 7"))
        #expect(words.grading("7").contains("-100") && words.refining("7", critique: nil).hasSuffix(words.afterAttempt))
    }

    @Test("attempts end by repeating one, as text or as answer, by the word that stops, or never", arguments: [
        (Attempts.Stop.never, "6,13", false), (.sameText, "6,13", true), (.sameText, "6,13\n", true), (.sameText, "13", false),
        (.sameAnswer, "13", true), (.sameAnswer, "6,12", false), (.never, "ok", true), (.sameText, "ok ", true),
    ])
    func ends(stop: Attempts.Stop, said: String, isOver: Bool) async throws {
        let world = try Attempts(try Arithmetic(), limit: 5, stop: stop, stopWord: "ok")
        let scope = ScriptedServices().scope()
        var state = Attempts.State(problem: Problem(id: "p", world: "arithmetic", text: "3+8-5+7="))
        #expect(!world.hasAnswer(in: state))
        try await world.advance(&state, by: [.solver: Move(text: "6,13")], in: scope)
        #expect(world.turn(in: state) == .moves(of: [.solver]) && world.hasAnswer(in: state))
        try await world.advance(&state, by: [.solver: Move(text: said)], in: scope)
        #expect((world.turn(in: state) == .over(.completed)) == isOver)
        #expect(state.attempts.count == (isOver ? 1 : 2) && world.conclusion(of: state) == (said == "6,12" ? "12" : "13"))
        #expect(world.returns(of: state) == [.solver: said == "6,12" ? 0 : 1])
    }

    @Test("attempts that cannot read alike do not end the play, and a tree search and a beam run over them unchanged")
    func searched() async throws {
        let counting = try Counting(limit: 6)
        for search in [TreeSearch(simulations: 8, branches: 2) as any SearchMethod, BeamSearch(width: 1, branches: 1, valuation: StandingReturn())] {
            let tree = try await counting.tree(search)
            let said = tree.path(to: tree.chosen).map { tree.nodes[$0].move.text }
            #expect(said == ["10", "11", "12", "13", "14", "15"], "nothing ends a play that counts on but the limit")
        }
    }

    @Test("no room for an attempt and an empty word that stops are refused with a sentence")
    func refusals() {
        #expect(throws: CoreError.self) { try Attempts(try Arithmetic(), limit: 0) }
        #expect(throws: CoreError.self) { try Attempts(try Arithmetic(), stopWord: "") }
    }
}
