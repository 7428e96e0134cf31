import ArgumentParser
import Foundation
import HoneCore
import HoneStore

/// `hone redact <run>`.
struct RedactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact", abstract: "Take everything that was said out of a run: texts, tokens, answers, critiques.",
        discussion: "Numbers stay: rewards, measures, costs, weights. The run can be looked at, measured and exported as a model, but not resumed. "
            + "A model may have learned by heart what it was trained on; weights are not redacted.")
    @Argument(help: "The run's folder.") var run: String
    @Option(name: .long, help: "Write a redacted copy into this folder and leave the run as it is.") var out: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let folder = try RunFolder.open(at: self.run)
            guard !folder.manifest.isRedacted else { throw CoreError.invalid("The run in \(self.run) was redacted before; nothing was changed") }
            let lock = try RunLock(folder: folder.path)
            defer { withExtendedLifetime(lock) {} }
            let plain = (folder.path as NSString).standardizingPath
            let beside = out ?? plain + ".redacted"
            let copy = try folder.redactedCopy(at: beside) { output.terminal.warn($0) }
            try RunReporter(copy).write()
            if out == nil { try replace(plain, by: beside) }
            let place = out ?? folder.path
            if output.json { return printResult(JSONValue.object(["run": .string(place), "redacted": .bool(true)]).canonical) }
            output.terminal.say("Redacted", place)
        }
    }

    /// Puts the redacted folder in the run's place; the run is deleted only when its successor stands there.
    private func replace(_ path: String, by successor: String) throws {
        let old = path + ".unredacted"
        guard !FileManager.default.fileExists(atPath: old) else {
            throw CoreError.invalid("\(old) is in the way; move it, and the redacted copy is in \(successor)")
        }
        for (from, to) in [(path, old), (successor, path)] {
            guard rename(from, to) == 0 else {
                throw CoreError.invalid("\(from) cannot be renamed to \(to): \(String(cString: strerror(errno))); the redacted copy is in \(successor) or \(path)")
            }
        }
        do { try FileManager.default.removeItem(atPath: old) } catch {
            throw CoreError.invalid("The redacted run is in \(path), but what it was before is still in \(old): \(error.localizedDescription); delete it")
        }
    }
}
