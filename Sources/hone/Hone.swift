import ArgumentParser
import Foundation
import HoneCore
import HoneEngine
import HoneTensor
import HoneWorlds

/// The command line.
@main
struct Hone: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hone",
        abstract: "A self-improvement engine for language models: propose, play, judge, learn, measure, repeat.",
        discussion: "Start with `hone demo`, then `hone list recipes` and `hone run grpo`.",
        version: EngineVersion.release,
        subcommands: [
            DemoCommand.self, RunCommand.self, ResumeCommand.self, EvalCommand.self, ReportCommand.self,
            DigestCommand.self, ListCommand.self, ShowCommand.self, PipeCommand.self, DoctorCommand.self,
            ChatCommand.self, ServeCommand.self, PlayCommand.self, ExploitCommand.self, TournamentCommand.self, RedactCommand.self, BenchCommand.self, CompareCommand.self, ClaimCommand.self, ExportCommand.self, CellCommand.self,
        ])

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            try Machine.checkEnvironment()
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            leave(status: 0)
        } catch {
            let code = exitCode(for: error)
            let text = fullMessage(for: error)
            if !text.isEmpty, !(error is ExitCode) {
                put(text + "\n", on: code == .success ? STDOUT_FILENO : STDERR_FILENO)
            }
            let status = code == .validationFailure ? Exit.usage.rawValue : code.rawValue
            leave(status: status)
        }
    }
}

/// Ends this program, and with it all programs that worlds have started.
func leave(status: Int32) -> Never {
    ProcessWorld.endAllPrograms()
    TensorRuntime.leave(status: status)
}

/// Options that every command with output has.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Write the result as one JSON object on standard output.")
    var json = false

    @Flag(name: [.long, .customShort("q")], help: "Leave out progress; warnings and the result stay.")
    var quiet = false

    var terminal: Terminal { Terminal(quiet: quiet) }

    /// Runs a body and turns errors into sentences and exit codes, for commands without options of output.
    static func reportingPlainly(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as ExitCode { throw error } catch { throw fail(error, json: false) }
    }

    /// Runs a command's body and turns errors into sentences and exit codes.
    func reporting(_ body: () async throws -> Void) async throws {
        do { try await body() } catch let error as ExitCode { throw error } catch { throw fail(error, json: json) }
    }
}
