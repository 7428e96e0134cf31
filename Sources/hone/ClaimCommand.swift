import ArgumentParser
import Foundation
import HoneComparison
import HoneCore
import HoneEngine
import HoneNumerics
import HoneRecipes
import HoneReport
import HoneStore

/// `hone claim <recipe>` and `hone claim --all`.
struct ClaimCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Check what a recipe's paper says: with seeds, intervals, controls, and the right to fail.",
        discussion: "Exit status 0: the claim holds or nothing can be said yet; 1: it fails.")

    @Argument(help: "The recipe; `hone list claims` shows those that claim something.") var recipe: String?
    @Flag(name: .long, help: "All claims; what is finished is not run again. Writes docs/claims.md.") var all = false
    @Option(name: .long, help: "quick (minutes, often inconclusive) or full.") var size = ClaimCheck.Size.quick.rawValue
    @Option(name: .long, help: "The folder that keeps what was run.") var out = "claims"
    @Option(name: .long, help: "Where the record of all claims checked so far is written; with --all docs/claims.md unless said otherwise.")
    var record: String?
    @OptionGroup var cells: CellOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            guard let size = ClaimCheck.Size(rawValue: size) else {
                throw CoreError.unknown(kind: "size", name: size, known: ClaimCheck.Size.allCases.map(\.rawValue))
            }
            guard all != (recipe != nil) else {
                throw CoreError.invalid("Give one recipe or --all; recipes with a claim are \(ClaimCheck.identifiers.joined(separator: ", "))")
            }
            let work = CellWork(cells, terminal: output.terminal)
            let pool = work.pool(in: out)
            // Whatever is refused is refused before a folder is made.
            let checks = try (recipe.map { [$0] } ?? ClaimCheck.identifiers).map { try ClaimCheck($0, size: size, pool: pool) }
            let results = try await work.conduct(in: out) {
                var results: [ClaimResult] = []
                for check in checks {
                    guard let result = try await check.result() else {
                        output.terminal.say("Stopped", "finished seeds are kept; the same command goes on", .yellow)
                        throw Exit.interrupted
                    }
                    results.append(result)
                    try ClaimRecord(result, date: Date()).keep(in: out)
                    if !output.json { for line in ClaimPage(result).lines() { printResult(line) } }
                }
                return results
            }
            let record = record ?? (all ? "docs/claims.md" : nil)
            if let record {
                try SealedFile.makeFolder(URL(fileURLWithPath: record).deletingLastPathComponent().path)
                try SealedFile.write(text: try ClaimRecord.document(in: out), to: record)
            }
            if output.json {
                let list = JSONValue.array(try results.map(ClaimPage.json))
                printResult((all ? JSONValue.object(["claims": list]) : list.elements?.first ?? list).canonical)
            } else {
                for result in results { printResult("report   \(out)/\(result.id)-\(size.rawValue).html") }
                if let record { printResult("record   \(record)") }
            }
            if results.contains(where: { $0.verdict == .fails }) { throw Exit.failed }
        }
    }
}

/// What is kept of a checked claim, with what `docs/claims.md` says of it.
struct ClaimRecord: Codable {
    var result: ClaimResult
    var verdict: ClaimVerdict
    var seconds: Double
    var release: String
    var commit: String
    var machine: String
    var date: String

    init(_ result: ClaimResult, date: Date) {
        self.result = result
        verdict = result.verdict
        seconds = result.seconds
        release = EngineVersion.release
        commit = Machine.commit
        machine = "\(Machine.processor), \(Machine.cores) cores"
        self.date = String(ISO8601DateFormatter().string(from: date).prefix(10))
    }

    /// Writes the record and its page.
    func keep(in folder: String) throws {
        let name = "\(folder)/\(result.id)-\(result.size.rawValue)"
        try SealedFile(name + ".json").write(self)
        try SealedFile.write(text: ClaimPage(result).report().html(), to: name + ".html")
    }

    /// All kept records as a document; of each claim the full size where there is one.
    static func document(in folder: String) throws -> String {
        var out = """
            # Claims

            What the papers say, checked here at a small size. Written by `hone claim --all`; a verdict comes from the 95 % interval against the
            smallest effect of interest, never from a point estimate. *Quick* checks take minutes and are often inconclusive. The null control is an arm
            against itself from the same first weights with other draws, the positive control the same with an effect planted. The commit is that of the folder the command was run in; the
            time is by the clock, whatever else the machine did.

            | claim | verdict | size | seeds | operations | time | release | commit | machine | date |
            |---|---|---|---|---|---|---|---|---|---|

            """
        var details = ""
        for id in ClaimCheck.identifiers {
            let kept = [ClaimCheck.Size.full, .quick].lazy.compactMap { SealedFile("\(folder)/\(id)-\($0.rawValue).json").read(ClaimRecord.self) }
            guard let record = kept.first else {
                out += "| \(id) | not checked yet | | | | | | | | |\n"
                continue
            }
            let result = record.result
            let flops = result.arms.flatMap(\.costs).reduce(0.0) { $0 + Double($1.flops) }
            out += "| [\(id)](#\(id)) | **\(record.verdict.rawValue)** | \(result.size.rawValue) | \(result.seeds.count) | \(Figure.short(flops)) | "
            out += "\(Figure.fixed(record.seconds / 60, decimals: 1)) min | \(record.release) | \(record.commit) | \(record.machine) | \(record.date) |\n"
            details += "\n## \(id)\n\n\(result.claim.statement)\n\nSource: \(result.source).\n\n"
            details += "| check | effect | 95 % interval | smallest of interest | could have seen | verdict |\n|---|---|---|---|---|---|\n"
            for outcome in result.checks { details += ClaimPage.row(outcome) }
            details += "\nNull control: \(ComparisonPage.interval(result.controls.null)), \(result.controls.nullIsQuiet ? "quiet" : "**not quiet**"). "
            details += "Positive control, \(Figure.change(result.controls.planted, unit: result.controls.null.unit)) planted: "
            details += "\(ComparisonPage.interval(result.controls.positive)), \(result.controls.positiveIsFound ? "found" : "**not found**").\n"
        }
        return out + details
    }
}
