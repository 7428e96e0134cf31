import Foundation
import HoneCore
import HoneSandbox
import Synchronization
import Testing

private func shell(_ script: String, input: String = "", files: [String: String] = [:], _ change: (inout SandboxLimits) -> Void = { _ in }) async throws -> ProgramOutcome {
    var limits = SandboxLimits()
    limits.time = 120
    limits.processorTime = 60
    change(&limits)
    return try await IsolatedProgram(["sh", "-c", script], input: Array(input.utf8), files: files.mapValues { Array($0.utf8) }, limits: limits).run()
}

@Suite("A program in the sandbox")
struct IsolatedProgramTests {
    @Test("what it reads, is given, writes and ends with comes through unchanged")
    func through() async throws {
        let outcome = try await shell("cat; cat data/words.txt; echo oops >&2; exit 3", input: "in\n", files: ["data/words.txt": "given"])
        #expect(outcome.output.text == "in\ngiven")
        #expect(outcome.errors.text == "oops\n")
        #expect(outcome.ending == .status(3))
        #expect(outcome.limit == nil)
        #expect(!outcome.succeeded)
        #expect(try await shell("exit 0").succeeded)
    }

    @Test("a signal is told from a status, and a command that is not there has 127")
    func endings() async throws {
        #expect(try await shell("kill -SEGV $$").ending == .signal(11))
        let missing = try await IsolatedProgram(["no-such-program"]).run()
        #expect(missing.ending == .status(127))
        #expect(missing.errors.text.contains("no-such-program"))
    }

    @Test("much is read and written both ways without waiting for each other")
    func bothWays() async throws {
        let text = String(repeating: "0123456789abcde\n", count: 40_000)
        let outcome = try await shell("tee /dev/stderr", input: text)
        #expect(outcome.output.text == text)
        #expect(outcome.errors.text == text)
        // One that never reads does not hold anybody up.
        #expect(try await shell("exit 0", input: text).ending == .status(0))
    }

    @Test("output is cut at the limit, to the byte, with a note; as much as the limit is whole")
    func cut() async throws {
        let long = try await shell("while :; do echo 123456789; done") { $0.output = 25 }
        #expect(long.limit == .output)
        #expect(long.output.text == "123456789\n123456789\n12345\n[cut after 25 bytes]")
        let exact = try await shell("printf 12345") { $0.output = 5 }
        #expect(exact.output == ProgramOutcome.Written(Array("12345".utf8)))
        #expect(exact.limit == nil)
        #expect(try await shell("printf '\\377ok'").output.text == "�ok")
    }

    @Test("the environment is the sandbox's own, and sets of texts have one order")
    func environment() async throws {
        let program = IsolatedProgram(["env"], environment: ["COLOUR": "a = b"])
        let lines = Set(try await program.run().output.text.split(separator: "\n").filter { !$0.hasPrefix("PWD=") && !$0.hasPrefix("_=") }.map(String.init))
        #expect(
            lines == [
                "COLOUR=a = b", "HOME=/tmp", "LANG=C.UTF-8", "MALLOC_ARENA_MAX=2", "PATH=/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE=1",
                "PYTHONHASHSEED=0", "TMPDIR=/tmp",
            ])
        let set = IsolatedProgram(["python3", "-c", "print({str(n) for n in range(50)})"])
        #expect(try await set.run().output == set.run().output)
    }

    @Test("one run leaves nothing to the next")
    func nothingStays() async throws {
        #expect(try await shell("echo x >file; mkdir folder; ls").output.text == "file\nfolder\n")
        #expect(try await shell("ls").output.text == "")
    }

    @Test("a cancelled task ends the program and all its processes")
    func cancelled() async throws {
        let token = "hone-cancel-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        // Among many tests this one may wait long for its turn; the program must still be there then.
        var limits = SandboxLimits()
        limits.time = 3600
        let hasEnded = Mutex(false)
        let program = IsolatedProgram(["sh", "-c", "setsid sleep 1000 & sleep 1000", token], limits: limits)
        let task = Task {
            defer { hasEnded.withLock { $0 = true } }
            return try await program.run()
        }
        while Surroundings.processes(with: token).count < 2, !hasEnded.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(20)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(Surroundings.processes(with: token).isEmpty)
    }

    @Test("many at once do not take each other's limits")
    func many() async throws {
        let results = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<12 {
                group.addTask { (number, try await shell("for i in 1 2 3 4 5 6; do sleep 0.2 & done; wait; echo \(number)") { $0.processes = 8 }.output.text) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(results == Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, "\($0)\n") }))
    }

    @Test("settings and names that cannot work are refused in a sentence")
    func refused() async throws {
        func sentence(_ program: IsolatedProgram) async -> String {
            do {
                _ = try await program.run()
                return ""
            } catch { return "\(error)" }
        }
        var limits = SandboxLimits()
        limits.memory = 5
        #expect(await sentence(IsolatedProgram(["true"], limits: limits)) == "“memory” of the sandbox is 5; it should be from 16777216 to 1099511627776")
        #expect(await sentence(IsolatedProgram([])) == "The sandbox was given no command; expected a program and its arguments, such as python3 main.py")
        #expect(
            await sentence(IsolatedProgram(["true"], files: ["../x": []]))
                == "“../x” cannot be a file in the sandbox; expected a name below its working folder, such as data/words.txt")
        for name in ["", "/x", "a//b", "a/", "./a"] { #expect(await !sentence(IsolatedProgram(["true"], files: [name: []])).isEmpty) }
        #expect(await sentence(IsolatedProgram(["a\0b"])).contains("NUL"))
        #expect(await sentence(IsolatedProgram(["true"], environment: ["A=B": ""])).contains("variable"))
    }
}
