import HoneCore
import HoneTestSupport
import HoneWorlds
import Testing

/// What a program does when it is asked for a move, and what is said about it.
struct ProgramMischief: Sendable, CustomTestStringConvertible {
    var name: String
    /// The lines of the case statement behind the card.
    var script: String
    var sentence: String
    var timeout = 60.0
    var testDescription: String { name }

    private static let asked = ProgramScripts.asked

    private static func atMove(_ name: String, _ does: String, _ sentence: String, timeout: Double = 60) -> ProgramMischief {
        ProgramMischief(name: name, script: "*reset*) echo '\(asked)' ;;\n*step*) \(does) ;;", sentence: sentence, timeout: timeout)
    }

    private static func atBegin(_ name: String, _ answer: String, _ sentence: String) -> ProgramMischief {
        ProgramMischief(name: name, script: "*) echo '\(answer)' ;;", sentence: sentence)
    }

    static let all: [ProgramMischief] = [
        atMove("says nothing", "sleep 600", "did not answer “step” within 2.5 s", timeout: 2.5),
        atMove("says nothing but its worries", "echo thinking >&2; sleep 600", "its last words: thinking", timeout: 2.5),
        atMove("ends", "exit 0", "ended with status 0"),
        atMove("ends with words", "printf 'first\\nlast\\n\\n' >&2; exit 4", "ended with status 4; its last words: last"),
        atMove("ends by a signal", "kill -9 $$", "was ended by signal 9"),
        atMove("ends in the middle of a line", "printf '{\"turn\"'; exit 1", "in the middle of a line: “{\"turn\"”"),
        atMove("closes its output", "exec >&-; sleep 600", "closed its output"),
        ProgramMischief(name: "closes its input", script: "*reset*) echo '\(asked)'; exec <&-; sleep 600 ;;", sentence: "has closed its standard input"),
        atMove("never ends its line", "yes | tr -d '\\n'", "a line of more than 1024 bytes"),
        atMove("prints", "echo 'Gym has been unmaintained'", "what is no JSON: “Gym has been unmaintained”"),
        atMove("answers with a list", "echo '[1]'", "with a list, not with a JSON object"),
        atMove("answers with other bytes", "printf '\\377\\n'", "no UTF-8"),
        atMove("answers another line", "echo '{\"id\":99}'", "answered line 99, but was asked line 3"),
        atMove("refuses", "echo '{\"error\":{\"message\":\"the board is on fire\"}}'", "refused “step”: the board is on fire"),
        atMove("calls another seat illegal", "echo '{\"error\":{\"message\":\"no\",\"illegal\":5}}'", "refused “step”: no"),
        atMove("loses its returns", "echo '{\"turn\":{\"over\":\"completed\"}}'", "“returns” missing; expected 1 numbers"),
        ProgramMischief(name: "says two lines", script: "*reset*) echo '\(asked)'; echo more ;;\n*) sleep 600 ;;", sentence: "“more”"),
        atBegin("has other seats move", #"{"turn":{"seats":[1]},"observations":{"0":"x"},"returns":[0]}"#, "the turn of seats [1]; its seats are 0 to 0"),
        atBegin("has nobody move", #"{"turn":{"seats":[]},"observations":{"0":"x"},"returns":[0]}"#, "the turn of seats []"),
        atBegin("shows a seat nothing", #"{"turn":{"seats":[0]},"returns":[0]}"#, "no observation for seat 0"),
        atBegin("shows seats that are none", #"{"turn":{"seats":[0]},"observations":{"0":"x","7":"y"},"returns":[0]}"#, "“observations” for “7”"),
        atBegin("allows nothing", #"{"turn":{"seats":[0]},"observations":{"0":"x"},"legal":{"0":[]},"returns":[0]}"#, "an empty list of moves for seat 0"),
        atBegin("lists numbers", #"{"turn":{"seats":[0]},"observations":{"0":"x"},"legal":{"0":[1]},"returns":[0]}"#, "no list of texts"),
        atBegin("pays too much", #"{"turn":{"seats":[0]},"observations":{"0":"x"},"returns":[1.5]}"#, "a return of 1.5, but its card says 0.0 to 1.0"),
        atBegin("pays somebody else", #"{"turn":{"seats":[0]},"observations":{"0":"x"},"returns":[0,1]}"#, "“returns” [0,1]; expected 1 numbers"),
        atBegin("plays dice unasked", #"{"turn":{"chance":[{"move":"x","probability":1}]},"returns":[0]}"#, "a turn of chance, which it was not asked for"),
        atBegin("has no turn", #"{"observations":{"0":"x"},"returns":[0]}"#, "“turn” null"),
        atBegin("ends otherwise", #"{"turn":{"over":"won"},"returns":[0]}"#, "over as completed, budget, illegal or failed"),
        atBegin("gives up", #"{"turn":{"over":"failed","reason":"no more eggs"},"returns":[0]}"#, "no more eggs"),
    ]
}

@Suite("What programs do wrong")
struct ProgramFaultTests {
    @Test("ends the play as failed, with a sentence, and the next play goes on", arguments: ProgramMischief.all)
    func mischief(_ mischief: ProgramMischief) async throws {
        let scripts = try ProgramScripts()
        var settings = ProcessWorldSettings()
        settings.timeout = mischief.timeout
        settings.longestLine = 1024
        let world = try ProcessWorld(try scripts.command(ProgramScripts.answering(mischief.script)), settings: settings)
        for _ in 0..<2 {
            let episode = try await played(world, Problem(id: "p", world: "cmd", details: ["seed": "1"])) { _ in "x" }
            guard case .failed(let sentence)? = episode.ending else {
                Issue.record("it ended as \(String(describing: episode.ending))")
                return
            }
            #expect(sentence.contains(mischief.sentence), "\(sentence)")
            #expect(!sentence.contains("\n"))
            #expect(episode.returns == [.solver: 0])
            // The lines of one process are counted; a refusal leaves it as it is.
            if mischief.name == "answers another line" || sentence.contains("refused") { break }
        }
    }

    @Test(
        "at the start is said when the world is made",
        arguments: [
            ("read line; echo hello", "what is no JSON: “hello”"), ("exit 7", "ended with status 7"), ("read line; echo '{}'", "has no “seats”"),
            (#"read line; echo '{"seats":0,"range":[0,1]}'"#, "“seats” 0"), (#"read line; echo '{"seats":1,"range":[1,0]}'"#, "“range” [1,0]"),
            (#"read line; echo '{"seats":1}'"#, "no “range”"), (#"read line; echo '{"seats":1,"range":[0,1],"sessions":"many"}'"#, "“sessions” \"many\""),
            (#"read line; echo '{"seats":1,"range":[0,1],"problems":0}'"#, "“problems” 0"), ("sleep 600", "did not answer “card” within 0.5 s"),
        ])
    func atStart(script: String, words: String) throws {
        var settings = ProcessWorldSettings()
        settings.timeout = words.contains("within") ? 0.5 : 60
        let scripts = try ProgramScripts()
        let error = #expect(throws: ProgramFault.self) { try ProcessWorld(try scripts.command(script), settings: settings) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("a program that is not there is named")
    func notThere() throws {
        let error = #expect(throws: ProgramFault.self) { try ProcessWorld("cmd: no-such-program-here --x") }
        #expect(error?.description.contains("there is no program “no-such-program-here”") == true)
        #expect(throws: CoreError.self) { try ProcessWorld("cmd: ") }
        var settings = ProcessWorldSettings()
        settings.processes = 0
        let refusal = #expect(throws: CoreError.self) { try ProcessWorld("cmd: sh", settings: settings) }
        #expect("\(refusal.map { "\($0)" } ?? "")".contains("“processes” of the world is 0"))
    }

    @Test("a flood on standard error holds nothing up")
    func flood() async throws {
        let scripts = try ProgramScripts()
        let flood = "yes error | head -c 1000000 >&2"
        let script = ProgramScripts.answering("*reset*) \(flood); echo '\(ProgramScripts.asked)' ;;\n*step*) \(flood); echo '\(ProgramScripts.done)' ;;")
        let episode = try await played(try ProcessWorld(try scripts.command(script)), Problem(id: "p", world: "cmd")) { _ in "x" }
        #expect(episode.ending == .completed)
    }

    @Test("a move longer than a pipe holds reaches the program whole")
    func long() async throws {
        let scripts = try ProgramScripts()
        let script = ProgramScripts.answering("*reset*) echo '\(ProgramScripts.asked)' ;;\n*step*) echo '\(ProgramScripts.done)' ;;")
        let episode = try await played(try ProcessWorld(try scripts.command(script)), Problem(id: "p", world: "cmd")) { _ in String(repeating: "x", count: 300_000) }
        #expect(episode.ending == .completed)
    }

    @Test("a program that plays otherwise when it is asked again is found out")
    func strayed() async throws {
        let scripts = try ProgramScripts()
        let script = ProgramScripts.answering(
            card: #"{"seats":1,"range":[0,1],"sessions":true}"#,
            "*crash*) exit 1 ;;\n*reset*) echo '{\"turn\":{\"seats\":[0]},\"observations\":{\"0\":\"process '$$'\"},\"returns\":[0]}' ;;\n*) echo '\(ProgramScripts.done)' ;;")
        let world = try ProcessWorld(try scripts.command(script))
        let scope = ScriptedServices().scope()
        let problem = Problem(id: "p", world: "cmd", details: ["seed": "1"])
        var first = try await world.begin(problem, in: scope)
        var second = try await world.begin(problem, in: scope)
        try await world.advance(&first, by: [.solver: Move(text: "crash")], in: scope)
        try await world.advance(&second, by: [.solver: Move(text: "x")], in: scope)
        guard case .over(.failed(let sentence)) = world.turn(in: second) else { Issue.record("it went on"); return }
        #expect(sentence.contains("answered line 1 of a play otherwise than before"))
        await world.release(first)
        await world.release(second)
    }
}
