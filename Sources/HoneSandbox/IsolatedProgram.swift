import Dispatch
import HoneCore

/// A program that somebody who is not trusted wrote, such as a model, with what it is given and what it may use.
///
/// It sees the machine's programs and libraries (`/usr`), its own processes, and an empty working folder `/tmp` in memory; no other file, no
/// network, no environment of ours. It is user 65534 without any privilege. What it writes is all that comes back.
public struct IsolatedProgram: Hashable, Sendable {
    /// The program, by its name or path inside, and its arguments.
    public var command: [String]
    /// What it reads from its standard input.
    public var input: [UInt8]
    /// Files in its working folder that it can read and not change, by their names there; names may have folders, as in `data/words.txt`.
    public var files: [String: [UInt8]]
    /// Variables of its environment besides HOME, LANG, PATH, TMPDIR and those that make Python deterministic.
    public var environment: [String: String]
    /// What it may use.
    public var limits: SandboxLimits

    /// A program with its input, files, environment and limits.
    public init(
        _ command: [String], input: [UInt8] = [], files: [String: [UInt8]] = [:], environment: [String: String] = [:], limits: SandboxLimits = SandboxLimits()
    ) {
        self.command = command
        self.input = input
        self.files = files
        self.environment = environment
        self.limits = limits
    }

    /// Runs it to its end, or to a limit; the caller's thread is not blocked.
    ///
    /// When the task is cancelled, all its processes are ended and a `CancellationError` is thrown. Throws a `CoreError` for settings that
    /// cannot work, and where the sandbox cannot be made ready; what the program does wrong is in the result.
    public func run(in isolation: Isolation) async throws -> ProgramOutcome {
        if let fault = faults().first { throw CoreError.invalid(fault) }
        let givenUp = GivenUp()
        return try await withTaskCancellationHandler {
            try Task.checkCancellation()
            return try await withCheckedThrowingContinuation { (waiting: CheckedContinuation<ProgramOutcome, any Error>) in
                DispatchQueue(label: "hone.sandbox").async {
                    waiting.resume(with: Result { try Supervision.run(self, tools: isolation.tools, givenUp: givenUp) })
                }
            }
        } onCancel: {
            givenUp.mark()
        }
    }

    /// Runs it like `run(in:)` and blocks the caller's thread meanwhile: for callers that cannot wait otherwise.
    public func runBlocking(in isolation: Isolation) throws -> ProgramOutcome {
        if let fault = faults().first { throw CoreError.invalid(fault) }
        return try Supervision.run(self, tools: isolation.tools, givenUp: GivenUp())
    }

    /// Runs it where this machine can isolate it, and throws the sentence that says what is missing where it cannot.
    public func run() async throws -> ProgramOutcome { try await run(in: try Isolation.required()) }

    /// Everything that cannot work, as sentences.
    func faults() -> [String] {
        var faults = limits.faults()
        if command.first?.isEmpty != false { faults.append("The sandbox was given no command; expected a program and its arguments, such as python3 main.py") }
        for word in command + environment.keys.sorted() + environment.values.sorted() where word.utf8.contains(0) {
            faults.append("“\(word.prefix(40))” has a NUL character, which no program can be given")
        }
        for name in environment.keys.sorted() where name.isEmpty || name.contains("=") {
            faults.append("“\(name)” cannot be the name of a variable; expected a name without “=”")
        }
        for name in files.keys.sorted() {
            let parts = name.split(separator: "/", omittingEmptySubsequences: false)
            if name.utf8.contains(0) || name.utf8.count > 1000 || parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
                faults.append("“\(name.prefix(80))” cannot be a file in the sandbox; expected a name below its working folder, such as data/words.txt")
            }
        }
        if files.count > 200 { faults.append("The sandbox was given \(files.count) files; expected at most 200") }
        return faults
    }
}
