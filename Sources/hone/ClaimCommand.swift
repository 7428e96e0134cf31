import ArgumentParser
import Foundation
import HoneComparison
import HoneCore
import HoneNumerics

/// `hone claim <recipe>…` and `hone claim --all`.
struct ClaimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Check what a recipe's paper says: with seeds, intervals, controls, and the right to fail.",
        discussion: "Exit status 0: the claim holds or nothing can be said yet; 1: it fails.")

    @Argument(help: "One or several recipes; `hone list claims` shows those that claim something.") var recipes: [String] = []
    @Flag(name: .long, help: "All claims; what is finished is not run again. Writes docs/claims.md.") var all = false
    @Option(name: .long, help: "quick (minutes, often inconclusive) or full.") var size = ClaimCheck.Size.quick.rawValue
    @Option(name: .long, help: "The folder that keeps what was run.") var out = "claims"
    @Option(name: .long, help: "The record that what was checked is put into, keeping what it says of other claims; with --all docs/claims.md unless said otherwise.")
    var record: String?
    @OptionGroup var cells: CellOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard let size = ClaimCheck.Size(rawValue: size) else {
                throw CoreError.unknown(kind: "size", name: size, known: ClaimCheck.Size.allCases.map(\.rawValue))
            }
            guard all != !recipes.isEmpty else {
                throw CoreError.invalid("Give recipes or --all; recipes with a claim are \(ClaimCheck.identifiers.joined(separator: ", "))")
            }
            let record = record ?? (all ? "docs/claims.md" : nil)
            if let record { _ = try ClaimRecord.document(at: record) }
            let work = CellWork(cells, terminal: output.terminal)
            let pool = work.pool(in: out)
            // Whatever is refused is refused before a folder is made.
            let checks = try (all ? ClaimCheck.identifiers : recipes).map { try ClaimCheck($0, size: size, pool: pool) }
            let results = try await work.conduct(in: out) {
                var results: [ClaimResult] = []
                for check in checks {
                    guard let result = try await check.result() else {
                        output.terminal.say("Stopped", "finished seeds are kept; the same command goes on", .yellow)
                        throw Exit.interrupted
                    }
                    results.append(result)
                    try ClaimRecord(result, date: Date()).keep(in: out)
                    if let record { try ClaimRecord.put(out, into: record) }
                    if !output.json { for line in ClaimPage(result).lines() { printResult(line) } }
                }
                return results
            }
            if output.json {
                let list = JSONValue.array(try results.map(ClaimPage.json))
                printResult((all || recipes.count > 1 ? JSONValue.object(["claims": list]) : list.elements?.first ?? list).canonical)
            } else {
                for result in results { printResult("report   \(out)/\(result.id)-\(size.rawValue).html") }
                if let record { printResult("record   \(record)") }
            }
            if results.contains(where: { $0.verdict == .fails }) { throw Exit.failed }
        }
    }
}
