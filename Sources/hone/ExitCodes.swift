import ArgumentParser
import Foundation
import HoneCore

/// What the program's exit status means; documented in `docs/command-line.md`.
enum Exit {
    /// All went well.
    static let success = ExitCode(0)
    /// The run or check came to a result, and the result is bad: a failed claim, lines of a pipe that had errors.
    static let failed = ExitCode(1)
    /// The input was wrong: unknown names, keys, files, values.
    static let usage = ExitCode(2)
    /// Something on the machine is missing or broken: libtorch, disk, permissions.
    static let environment = ExitCode(3)
    /// The run was asked to stop and has saved; `hone resume` goes on.
    static let interrupted = ExitCode(4)
}

/// Prints an error as people want it and ends with the status that fits.
func fail(_ error: any Error, json: Bool) -> ExitCode {
    if let code = error as? ExitCode { return code }
    let sentence = "\(error)"
    if json {
        printResult(JSONValue.object(["error": .object(["message": .string(sentence)])]).canonical)
    }
    for line in sentence.split(separator: "\n") {
        put("error: \(line)\n", on: STDERR_FILENO)
    }
    let name = String(describing: type(of: error))
    if name.contains("Store") || name.contains("Tensor") || (error as NSError).domain == NSPOSIXErrorDomain {
        return Exit.environment
    }
    return Exit.usage
}
