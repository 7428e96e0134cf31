import HoneCore
import HoneSocieties
import HoneTestSupport
import Testing

/// A question with one right answer, whose letters are the steps: each is right where it is that of the answer.
private struct Spelling: StepChecking {
    static let card = PartCard(name: "spelling")

    struct State: Sendable, KnowsProblem {
        var problem: Problem
        var said: String?
    }

    var isBranchable = true
    var rules: WorldRules { WorldRules(isBranchable: isBranchable) }
    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }
    func turn(in state: State) -> Turn { state.said == nil ? .moves(of: [.solver]) : .over(.completed) }
    func observation(of state: State, for role: Role) -> Observation { Observation(news: [.text(state.problem.text, from: .prompt)]) }
    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        state.said = moves[.solver]?.text
        if state.said == "cancel" { throw CancellationError() }
        if state.said == "fail" { throw CoreError.invalid("the pencil broke") }
    }
    func returns(of state: State) -> [Role: Double] { [.solver: state.said == state.problem.answer ? 1 : 0] }
    func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        zip(response, problem.answer ?? "").map { StepCheck(text: String($0), isCorrect: $0 == $1) }
    }

    func start(_ demonstrations: [String] = [], script: Script? = nil) throws -> Position<Spelling> {
        let problem = Problem(id: "p", world: "spelling", text: "q:", answer: "abcd", demonstrations: demonstrations)
        return Position(world: self, state: State(problem: try script?.given(to: problem) ?? problem))
    }
}

private let cast: Cast = [.solver: Player(model: "m"), .critic: Player(model: "m")]

/// Services in which a model's answers depend on what it is shown.
private func services(_ answer: @escaping @Sendable (String) -> String) -> (ScriptedServices, ScriptedModel) {
    let model = ScriptedModel { request, _ in answer(request.context.text) }
    return (ScriptedServices(models: ["m": model], policies: ["direct": DirectPolicy()]), model)
}

private func play(_ society: some Society, _ services: ScriptedServices, seed: UInt64 = 0, start: Position<Spelling>? = nil) async throws -> Episode {
    try await society.play(try start ?? Spelling().start(), cast: cast, in: services.scope(seed: seed))
}

@Suite("Answering again")
struct RevisionTests {
    @Test("asked twice, the solver sees its first answer and the question again, and both answers are filed", arguments: ["", "sure? "])
    func twice(words: String) async throws {
        let (services, model) = services { $0 == "q:" ? "abcx" : "abcd" }
        let episode = try await play(Revision(answers: 2, reply: .question(after: words), stop: .never), services)
        #expect(model.requests.map(\.context.text) == ["q:", "q:abcx\n\(words)q:"])
        #expect(episode.steps.map(\.move.text) == ["abcx", "abcd"] && episode.steps.map(\.role) == [.solver, .solver])
        #expect(episode.ending == .completed && episode.returns == [.solver: 1])
        #expect(services.charged.judgeCalls == 0, "nobody looks at the answers in between")
        #expect(episode.steps[1].context.tokens == ScriptedModel.tokens(of: "q:abcx\n\(words)q:"))
    }

    @Test("the reply says what its kind says, and nothing more", arguments: [
        (Reply.verdict, "n"), (.firstFault, "n x"), (.allFaults, "n x y"),
    ])
    func replies(reply: Reply, line: String) async throws {
        let (services, model) = services { $0 == "q:" ? "axcy" : "abcd" }
        let episode = try await play(Revision(answers: 8, reply: reply), services)
        #expect(model.requests.map(\.context.text) == ["q:", "q:axcy\n\(line)\n"])
        #expect(episode.ending == .completed && episode.returns == [.solver: 1])
        #expect(services.charged.judgeCalls == 2, "one look at each answer")
    }

    @Test("wrong advice names as many right steps as are wrong, drawn by the seed")
    func wrongAdvice() async throws {
        var seen: Set<String> = []
        for seed in 0..<20 {
            let (services, model) = services { _ in "axcy" }
            _ = try await play(Revision(answers: 2, reply: .soundSteps), services, seed: UInt64(seed))
            let again = services
            _ = try await play(Revision(answers: 2, reply: .soundSteps), again, seed: UInt64(seed))
            #expect(model.requests[1].context.text == model.requests[3].context.text, "the same seed draws the same")
            seen.insert(String(model.requests[1].context.text.dropFirst("q:axcy\n".count)))
        }
        #expect(seen == ["n a c\n"], "only a and c are right, and two are wrong")
        let (services, model) = services { _ in "abcx" }
        var named: Set<String> = []
        for seed in 0..<40 { _ = try await play(Revision(answers: 2, reply: .soundSteps), services, seed: UInt64(seed)) }
        for request in model.requests where request.context.count > 1 { named.insert(String(request.context.text.dropFirst("q:abcx\n".count))) }
        #expect(named == ["n a\n", "n b\n", "n c\n"])
    }

    @Test("without a reply each answer is asked for anew, by a stream of its own, until one is right")
    func samples() async throws {
        let (services, model) = services { _ in "zzzz" }
        let episode = try await play(Revision(answers: 5, reply: .nothing), services)
        #expect(model.requests.map(\.context.text) == [String](repeating: "q:", count: 5))
        #expect(Set(model.requests.map(\.seed)).count == 5)
        #expect(episode.ending == .budget && episode.returns == [.solver: 0] && episode.steps.count == 5)
    }

    @Test("every condition that never succeeds asks for the same count of answers", arguments: [
        Reply.nothing, .verdict, .firstFault, .allFaults, .soundSteps, .critic, .question(after: ""),
    ])
    func equalSamples(reply: Reply) async throws {
        let (services, _) = services { $0.hasSuffix("?") ? "n" : "axcd" }
        let stop: Revision.Stop = reply == .critic ? .accepted : .verified
        let episode = try await play(Revision(answers: 6, reply: reply, stop: stop), services)
        #expect(episode.steps.filter { $0.role == .solver }.count == 6)
        #expect(episode.ending == .budget)
    }

    @Test("a window forgets earlier turns, and without one all are seen", arguments: [
        (0, "q:axcd\nn x\naxcd\nn x\n"), (1, "q:axcd\nn x\n"), (5, "q:axcd\nn x\naxcd\nn x\n"),
    ])
    func window(size: Int, context: String) async throws {
        let (services, model) = services { _ in "axcd" }
        _ = try await play(Revision(answers: 3, reply: .firstFault, window: size), services)
        #expect(model.requests.last?.context.text == context)
    }

    @Test("a critic's own words are the reply, and its acceptance is the end, right or wrong")
    func critic() async throws {
        let (services, model) = services { context in
            switch context {
            case "q:": "axcd"
            case "q:axcd?": "n b\nand more"
            case "q:axcd\nn b\n": "aycd"
            default: "y"
            }
        }
        let episode = try await play(Revision(answers: 8, reply: .critic, stop: .accepted), services)
        #expect(model.requests.map(\.context.text) == ["q:", "q:axcd?", "q:axcd\nn b\n", "q:aycd?"])
        #expect(episode.steps.map(\.role) == [.solver, .critic, .solver, .critic])
        #expect(episode.ending == .completed && episode.returns == [.solver: 0], "accepted, and wrong")
        #expect(services.charged.judgeCalls == 0, "no outside check")
    }

    @Test("what cannot be played ends this episode in a sentence; cancelling ends the run", arguments: [
        ("fail", "the pencil broke")
    ])
    func failures(answer: String, sentence: String) async throws {
        let (broken, _) = services { _ in answer }
        #expect(try await play(Revision(), broken).ending == .failed(sentence))
        let (fine, _) = services { _ in "abcd" }
        let rigid = try await play(Revision(), fine, start: Spelling(isBranchable: false).start())
        #expect(rigid.ending == .failed("World “spelling” cannot be branched, so a second answer cannot start where the first one did"))
        let noCritic = try await Revision(reply: .critic, stop: .accepted).play(try Spelling().start(), cast: [.solver: Player(model: "m")], in: fine.scope())
        #expect(noCritic.ending == .failed("There is no player for role called “critic”; known: solver"))
        let (cancelled, _) = services { _ in "cancel" }
        await #expect(throws: CancellationError.self) { try await play(Revision(), cancelled) }
    }

    @Test("in a world without checked steps only the verdict can be told, and one that goes on cannot be answered again")
    func noSteps() async throws {
        let services = ScriptedServices(models: ["m": ScriptedModel(saying: "0")], policies: ["direct": DirectPolicy()])
        let start = CountUp(target: 0).start()
        let told = try await Revision(answers: 2, reply: .verdict).play(start, cast: cast, in: services.scope())
        #expect(told.steps.count == 2 && told.ending == .budget)
        let unknown = try await Revision(answers: 2, reply: .allFaults).play(start, cast: cast, in: services.scope())
        #expect(unknown.ending == .failed("World “count-up” cannot check single steps; let the reply be only the verdict"))
        let goesOn = try await Revision(answers: 2, reply: .verdict).play(CountUp().start(), cast: cast, in: services.scope())
        #expect(goesOn.ending == .failed("World “count-up” is not over after one answer, so it cannot be answered again"))
    }
}

@Suite("Rehearsing and examining")
struct RehearsalTests {
    @Test("a rehearsed exchange has the contexts that live play has, and steps for what is taught only")
    func sameContexts() async throws {
        let wording = Wording()
        let between = wording.between(wording.verdict(isRight: false, faults: ["x"]))
        let script = Script(answers: ["axcd", "abcd"], between: [between], critique: "y", firstTaught: 1)
        let (services, model) = services { $0 == "q:" ? "axcd" : "abcd" }
        let rehearsed = try await play(Rehearsal(), services, start: Spelling().start(script: script))
        #expect(model.requests.isEmpty && rehearsed.ending == .completed)
        #expect(rehearsed.steps.map(\.role) == [.solver, .critic] && rehearsed.steps.map(\.move.text) == ["abcd", "y"])
        let live = try await play(Revision(answers: 2, reply: .firstFault), services)
        #expect(rehearsed.steps[0].context.text == live.steps[1].context.text)
        #expect(rehearsed.steps[1].context.text == "q:abcd?")
        #expect(rehearsed.steps.flatMap(\.move.segments).allSatisfy { $0.origin == .demonstration })
        let both = try await play(
            Rehearsal(), services, start: Spelling().start(script: Script(answers: ["axcd", "abcd"], between: ["\nq:"])))
        #expect(both.steps.map(\.context.text) == ["q:", "q:axcd\nq:"])
    }

    @Test("without a script there is nothing to rehearse")
    func noScript() async throws {
        let (services, _) = services { _ in "" }
        #expect(try await play(Rehearsal(), services).ending == .failed("There is no written exchange to rehearse"))
    }

    @Test("a lesson on second answers has the demonstration as second, after a right or a wrong first answer")
    func lesson() async throws {
        let (services, model) = services { _ in "axcd" }
        let start = try Spelling().start(["abcd"])
        let right = try await play(SecondAnswerLesson(wrongShare: 0), services, start: start)
        #expect(model.requests.isEmpty)
        #expect(right.steps.map(\.context.text) == ["q:abcd\nq:"] && right.steps.map(\.move.text) == ["abcd"])
        let wrong = try await play(SecondAnswerLesson(wrongShare: 1, words: "sure? "), services, start: start)
        #expect(wrong.steps.map(\.move.text) == ["axcd", "abcd"] && wrong.steps[1].context.text == "q:axcd\nsure? q:")
        #expect(wrong.steps[1].move.segments[0].origin == .demonstration && wrong.steps[0].move.segments[0].origin != .demonstration)
        #expect(wrong.returns == [.solver: 1])
        var mixed = 0
        for seed in 0..<200 {
            let episode = try await play(SecondAnswerLesson(wrongShare: 0.5), services, seed: UInt64(seed), start: start)
            if episode.steps.count == 2 { mixed += 1 }
        }
        #expect((70...130).contains(mixed), "half of the first answers are wrong, not \(mixed) of 200")
    }

    @Test("a solver that is always right has nothing to correct")
    func alwaysRight() async throws {
        let (services, model) = services { _ in "abcd" }
        let episode = try await play(SecondAnswerLesson(wrongShare: 1, tries: 3), services, start: Spelling().start(["abcd"]))
        #expect(episode.steps.isEmpty && episode.ending == .budget && model.requests.count == 3)
    }

    @Test("a critic is paid for accepting what is right and refusing what is wrong", arguments: [
        ("abcd", "y", 1.0), ("abcd", "n a", 0.0), ("axcd", "y", 0.0), ("axcd", "n", 1.0), ("axcd", "yes", 1.0),
    ])
    func examination(answer: String, critique: String, paid: Double) async throws {
        let (services, _) = services { $0.hasSuffix("?") ? critique : answer }
        for start in [try Spelling().start([answer]), try Spelling().start()] {
            let episode = try await play(Examination(), services, start: start)
            #expect(episode.returns["critic"] == paid && episode.steps.map(\.move.text) == [answer, critique])
            #expect(episode.steps[1].context.text == "q:\(answer)?")
        }
    }
}
