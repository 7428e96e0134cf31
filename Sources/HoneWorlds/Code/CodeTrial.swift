import Foundation
import HoneCore
import HoneSandbox
import HoneText
import Synchronization

/// Tries programs on tasks, each in the sandbox, and keeps every verdict, so that a program is tried once.
///
/// What should come out never enters the process that a model's program runs in: the calls that the tests make are listed first, the program answers those, and the
/// tests are then run elsewhere on its answers. A program can so be right or wrong, and not lie. Tests whose later calls depend on earlier answers are gone through in several rounds.
/// A change that a function makes to what it was given is not seen by the tests.
final class CodeTrial: Sendable {
    /// The most rounds of calls; tests that want more are failed.
    private static let rounds = 8

    private struct Key: Hashable {
        var task: CodeTask
        /// As bytes: texts that Swift takes for equal may write different things.
        var program: [UInt8]
    }

    private struct Call: Hashable, Codable {
        var name: String
        var given: JSONValue
        var json: JSONValue { .array([.string(name), given]) }
    }

    private struct Asked {
        var calls: [Call]
        var functions: [String]
    }

    private let isolation: Isolation
    private let limits: SandboxLimits
    private let verdicts = Mutex<[Key: AnswerVerdict]>([:])
    private let asked = Mutex<[CodeTask: Asked]>([:])

    /// A trial with so many seconds of processor time for each run.
    init(isolation: Isolation, seconds: Double) {
        self.isolation = isolation
        var limits = SandboxLimits()
        limits.processorTime = seconds
        limits.time = max(limits.time, 6 * seconds)
        self.limits = limits
    }

    /// Why a task's own tests cannot be run: nobody's answer passes them.
    private struct BrokenTests: Error {
        var reason: String
    }

    /// The verdict on a response; blocks its thread while programs run. Throws where the sandbox cannot be made ready.
    func verdict(on response: String, to task: CodeTask) throws -> AnswerVerdict {
        let program = task.program(in: response)
        let key = Key(task: task, program: Array(program.utf8))
        if let known = verdicts.withLock({ $0[key] }) { return known }
        let fault: String?
        do {
            fault = task.pairs.isEmpty ? try self.fault(of: program, inTestsOf: task) : try self.fault(of: program, inPairsOf: task)
        } catch let broken as BrokenTests {
            fault = "the task's own tests cannot be run: \(broken.reason)"
        }
        let verdict = AnswerVerdict(correct: fault == nil, extracted: program, reason: fault ?? "it passes all tests")
        verdicts.withLock { $0[key] = verdict }
        return verdict
    }

    /// What is wrong with a program that reads and writes; nil where nothing is.
    private func fault(of program: String, inPairsOf task: CodeTask) throws -> String? {
        for (number, pair) in task.pairs.enumerated() {
            let outcome = try run(["python3", "answer.py"], reading: Array(pair.input.utf8), files: ["answer.py": Array(program.utf8)])
            if let stopped = Self.stopped(outcome) { return "test \(number + 1): \(stopped)" }
            if Self.plain(outcome.output.bytes) != Self.plain(pair.output.utf8) {
                return "test \(number + 1): it writes “\(outcome.output.text.prefix(80))”, not “\(pair.output.prefix(80))”"
            }
        }
        return nil
    }

    /// What is wrong with functions that tests call; nil where nothing is.
    private func fault(of program: String, inTestsOf task: CodeTask) throws -> String? {
        let first = try calls(of: task)
        guard !first.calls.isEmpty else { throw BrokenTests(reason: "they call no function that is to be written, or with nothing that can be handed to another process") }
        var recorded: [JSONValue] = []
        var wanted = first.calls
        for _ in 0..<Self.rounds {
            let outcome = try run(
                ["python3", "caller.py"], reading: Self.bytes(.array(wanted.map(\.json))),
                files: ["caller.py": Array(CodeHarness.caller.utf8), "answer.py": Array(program.utf8)])
            if let stopped = Self.stopped(outcome) { return stopped }
            guard !outcome.output.isCut, case .array(let results)? = try? JSONValue(parsing: outcome.output.text), results.count == wanted.count else {
                return "it ends before it has answered"
            }
            recorded += zip(wanted, results).map { .array([.string($0.name), $0.given, $1]) }
            let report = try test(task, functions: first.functions, on: recorded)
            wanted = try Self.wanted(report)
            guard wanted.isEmpty else { continue }
            guard case .array(let failed)? = report["failed"], failed.count == 2 else { return nil }
            let (test, why) = (failed[0].int ?? 0, failed[1].text ?? "")
            let shown = task.tests.indices.contains(test) && task.tests.count > 1 ? "“\(task.tests[test].prefix(120))” fails" : "a test fails"
            return why.isEmpty ? shown : "\(shown): \(why)"
        }
        return "its tests want more than \(Self.rounds) rounds of calls"
    }

    /// The calls that a task's tests make, found out once.
    private func calls(of task: CodeTask) throws -> Asked {
        if let known = asked.withLock({ $0[task] }) { return known }
        let report = try test(task, functions: task.functions, on: [])
        guard case .array(let functions)? = report["functions"] else { throw BrokenTests(reason: "they gave no functions") }
        let found = Asked(calls: try Self.wanted(report), functions: functions.compactMap(\.text))
        asked.withLock { $0[task] = found }
        return found
    }

    private func test(_ task: CodeTask, functions: [String], on recorded: [JSONValue]) throws -> JSONValue {
        let input = JSONValue.object([
            "tests": .array(task.tests.map { .string($0) }), "setup": .string(task.setup), "functions": .array(functions.map { .string($0) }),
            "recorded": .array(recorded),
        ])
        let outcome = try run(["python3", "tester.py"], reading: Self.bytes(input), files: ["tester.py": Array(CodeHarness.tester.utf8)])
        guard outcome.succeeded, let report = try? JSONValue(parsing: outcome.output.text) else {
            let last = outcome.errors.text.split(separator: "\n").last.map(String.init) ?? "\(outcome.ending)"
            throw BrokenTests(reason: outcome.limit.map { "they were ended at the limit of \($0.rawValue)" } ?? last)
        }
        return report
    }

    private static func wanted(_ report: JSONValue) throws -> [Call] {
        guard case .array(let wanted)? = report["wanted"] else { throw BrokenTests(reason: "they gave no calls") }
        return wanted.compactMap { call in
            guard case .array(let parts) = call, parts.count == 2, let name = parts[0].text else { return nil }
            return Call(name: name, given: parts[1])
        }
    }

    private func run(_ command: [String], reading input: [UInt8], files: [String: [UInt8]]) throws -> ProgramOutcome {
        try IsolatedProgram(command, input: input, files: files, limits: limits).runBlocking(in: isolation)
    }

    private static func bytes(_ json: JSONValue) -> [UInt8] { Array(json.canonical.utf8) }

    /// How a run ended where it did not end by itself and well; nil where it did.
    private static func stopped(_ outcome: ProgramOutcome) -> String? {
        if let limit = outcome.limit { return "it was ended at its limit of \(limit.rawValue)" }
        switch outcome.ending {
        case .status(0): return nil
        case .status(let status):
            return "it ends with status \(status): \(outcome.errors.text.split(separator: "\n").last?.prefix(120) ?? "")"
        case .signal(let signal): return "it was ended by signal \(signal)"
        }
    }

    /// The bytes of an output's lines, without blanks at their ends and without empty lines at the end.
    private static func plain(_ output: some Sequence<UInt8>) -> [[UInt8]] {
        var lines = Array(output).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            Array(line.reversed().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }.reversed())
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
