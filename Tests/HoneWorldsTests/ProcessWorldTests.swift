import Foundation
import HoneCore
import HoneTestSupport
import HoneWorlds
import Testing

private let odd = Problem(id: "odd", world: "cmd", details: ["seed": "7"])
private let even = Problem(id: "even", world: "cmd", details: ["seed": "8"])

private func starts(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
}

@Suite("A world of another program")
struct ProcessWorldTests {
    let scripts: ProgramScripts
    let log: String

    init() throws {
        scripts = try ProgramScripts()
        log = scripts.folder + "/starts"
    }

    private func parity(sessions: Bool = true, processes: Int = 1) throws -> ProcessWorld {
        var settings = ProcessWorldSettings()
        settings.processes = processes
        settings.timeout = 60
        return try ProcessWorld(try scripts.command(ProgramScripts.parity(sessions: sessions, starts: log)), settings: settings)
    }

    private func world(_ script: String, _ change: (inout ProcessWorldSettings) -> Void = { _ in }) throws -> ProcessWorld {
        var settings = ProcessWorldSettings()
        settings.timeout = 60
        change(&settings)
        return try ProcessWorld(try scripts.command(script), settings: settings)
    }

    @Test("a play goes to the program and back, with its words unchanged")
    func onePlay() async throws {
        let world = try parity()
        #expect(world.rules == WorldRules(roles: [.solver], range: 0...1, isBranchable: false, hasPerfectInformation: false))
        let right = try await played(world, odd) { $0.transcript.text.hasSuffix("even? ") ? "wait" : "no" }
        #expect(right.returns == [.solver: 1])
        #expect(right.ending == .completed)
        #expect(right.steps.map(\.context.text) == ["Is 7 even? ", "Is 7 even? wait\n1 of 7? "])
        #expect(right.steps[0].context.map(\.origin) == [.prompt])
        #expect(try await played(world, even) { _ in "no" }.returns == [.solver: 0])
        #expect(starts(log).count == 1)
    }

    @Test("problems are seeds, the same for the same index, and a play depends on nothing else")
    func seeds() async throws {
        let world = try parity()
        let problems = (0..<20).compactMap { world.problem($0, seed: Seed(3)) }
        #expect(problems == (0..<20).compactMap { world.problem($0, seed: Seed(3)) })
        #expect(Set(problems.map(\.text)).count == 20)
        let first = try await played(world, problems[4]) { _ in "yes" }
        #expect(try await played(world, problems[4]) { _ in "yes" } == first)
        let split = ProblemSplit(world: world, heldOutShare: 0.3)
        let training = try split.trainProblems(50, seed: Seed(1))
        let heldOut = try split.heldOutProblems(50, seed: Seed(2))
        #expect(training.count == 50 && heldOut.count == 50)
        #expect(Set(training.map(\.text)).isDisjoint(with: heldOut.map(\.text)))
        let numbered = try self.world(ProgramScripts.answering(card: #"{"seats":1,"range":[0,1],"problems":3}"#, ""))
        #expect((0..<5).map { numbered.problem($0, seed: Seed(1))?.text } == ["problem 0", "problem 1", "problem 2", nil, nil])
        #expect(numbered.problem(1, seed: Seed(1)) == numbered.problem(1, seed: Seed(2)))
    }

    @Test("many plays at once give what each gives alone", arguments: [(true, 1), (true, 2), (false, 1), (false, 3)])
    func together(sessions: Bool, processes: Int) async throws {
        let world = try parity(sessions: sessions, processes: processes)
        let problems = (0..<12).compactMap { world.problem($0, seed: Seed(5)) }
        let episodes = try await withThrowingTaskGroup(of: (Int, Episode).self) { group in
            for (index, problem) in problems.enumerated() {
                group.addTask { (index, try await played(world, problem) { $0.transcript.count < 5 ? "wait" : "yes" }) }
            }
            return try await group.reduce(into: [(Int, Episode)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
        for (problem, episode) in zip(problems, episodes) {
            let seed = try #require(problem.details["seed"])
            #expect(episode.steps.last?.context.text == "Is \(seed) even? wait\n1 of \(seed)? wait\n2 of \(seed)? ")
            #expect(episode.returns == [.solver: Int(seed).map { $0 % 2 == 0 } == true ? 1 : 0])
        }
        #expect((1...processes).contains(starts(log).count))
    }

    @Test("a program that ends takes only the play with it that made it end")
    func takenUp() async throws {
        let world = try parity()
        let scope = ScriptedServices().scope()
        var first = try await world.begin(odd, in: scope)
        var second = try await world.begin(even, in: scope)
        try await world.advance(&second, by: [.solver: Move(text: "wait")], in: scope)
        try await world.advance(&first, by: [.solver: Move(text: "crash")], in: scope)
        guard case .over(.failed(let sentence)) = world.turn(in: first) else { Issue.record("it did not fail"); return }
        #expect(sentence.contains("ended with status 3; its last words: out of luck"), "\(sentence)")
        #expect(world.returns(of: first) == [.solver: 0])
        try await world.advance(&second, by: [.solver: Move(text: "wait")], in: scope)
        #expect(world.observation(of: second, for: .solver).news.text == "\n2 of 8? ")
        try await world.advance(&second, by: [.solver: Move(text: "yes")], in: scope)
        #expect(world.returns(of: second) == [.solver: 1])
        #expect(starts(log).count == 2)
        await world.release(first)
        await world.release(second)
    }

    @Test("a position that was played on already cannot be played on again")
    func noBranches() async throws {
        let world = try parity()
        let scope = ScriptedServices().scope()
        var one = try await world.begin(odd, in: scope)
        var other = one
        try await world.advance(&one, by: [.solver: Move(text: "wait")], in: scope)
        await #expect(throws: CoreError.self) { try await world.advance(&other, by: [.solver: Move(text: "wait")], in: scope) }
        await world.release(one)
    }

    @Test("programs end with the last one who has the world, and with a cancelled wait", .timeLimit(.minutes(30)))
    func ends() async throws {
        do { _ = try parity() }
        let pid = try #require(starts(log).first.flatMap { pid_t($0) })
        #expect(kill(pid, 0) == -1)
        let slow = try world("echo $$ > '\(log)'\n" + ProgramScripts.answering("*) sleep 3600 ;;"))
        let other = try #require(starts(log).first.flatMap { pid_t($0) })
        #expect(kill(other, 0) == 0)
        // It sleeps for an hour: only a cancelled wait that ends it can go on from here.
        let task = Task { try await slow.begin(odd, in: ScriptedServices().scope()) }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        #expect(kill(other, 0) == -1)
    }

    @Test("a cancelled wait for a process that plays on leaves the play alone")
    func cancelledInLine() async throws {
        let world = try parity(sessions: false)
        let scope = ScriptedServices().scope()
        let first = try await world.begin(even, in: scope)
        let waiting = Task { try await world.begin(odd, in: scope) }
        try await Task.sleep(for: .milliseconds(50))
        waiting.cancel()
        await #expect(throws: CancellationError.self) { _ = try await waiting.value }
        var going = first
        try await world.advance(&going, by: [.solver: Move(text: "yes")], in: scope)
        #expect(world.returns(of: going) == [.solver: 1])
        await world.release(going)
    }

    @Test("listed moves are shown as games show them, instructions once, and a line break behind a move does not count")
    func listed() async throws {
        let position = #"{"turn":{"seats":[SEAT]},"observations":{"0":"a|b","1":"b|a"},"legal":{"SEAT":["a","b"]},"information":{"0":"i"},"returns":[0,0]}"#
        let script = ProgramScripts.answering(
            card: #"{"seats":2,"range":[-1,1],"sum":0,"instructions":"Take a letter."}"#,
            """
            *reset*) n=0; echo '\(position.replacingOccurrences(of: "SEAT", with: "0"))' ;;
                *'{"0":"a"}'*|*'{"1":"a"}'*) n=$((n + 1)); [ $n = 1 ] && echo '\(position.replacingOccurrences(of: "SEAT", with: "1"))' || echo '\(position.replacingOccurrences(of: "SEAT", with: "0"))' ;;
                *'{"0":"b"}'*) echo '{"turn":{"over":"completed"},"returns":[0.5,-0.5]}' ;;
                *'{"0":'*) echo '{"error":{"message":"no such letter","illegal":0}}' ;;
            """)
        let world = try world(script)
        #expect(world.rules.roles == ["player 0", "player 1"])
        let episode = try await played(world, odd) { $0.transcript.text.contains("\na|b\nMoves: a b\na\n") ? "b" : $0.role == "player 0" ? "a\n" : "a" }
        #expect(episode.ending == .completed)
        #expect(episode.returns == ["player 0": 0.5, "player 1": -0.5])
        #expect(episode.steps.last?.context.text == "Take a letter.\na|b\nMoves: a b\na\n\na|b\nMoves: a b\n")
        let broken = try await played(world, odd) { _ in "c" }
        #expect(broken.ending == .illegal("player 0"))
        #expect(broken.returns == ["player 0": -1, "player 1": 1])
        let bare = try self.world(script) { ($0.showsMoves, $0.solvedAt) = (false, 0.5) }
        let quiet = try await played(bare, odd) { _ in "b" }
        #expect(quiet.steps[0].context.text == "Take a letter.\na|b\n")
        #expect(quiet.returns == ["player 0": 1, "player 1": -1])
        #expect(bare.rules.range == -2...2)
    }

    @Test("chance is drawn on this side where that is asked for")
    func chance() async throws {
        let script = ProgramScripts.answering(
            """
            *'"chance":"external"'*reset*) echo '{"turn":{"chance":[{"move":"tails","probability":0},{"move":"heads","probability":1}]},"observations":{},"returns":[0]}' ;;
                *'"move":"heads"'*'"op":"chance"'*) echo '\(ProgramScripts.asked)' ;;
                *step*) echo '\(ProgramScripts.done)' ;;
            """)
        let episode = try await played(try world(script) { $0.chance = "external" }, odd) { _ in "x" }
        #expect(episode.ending == .completed)
        #expect(episode.returns == [.solver: 1])
    }
}
