import Foundation
import HoneComparison
import HoneCore
import HoneEngine
import HoneNumerics
import HoneRecipes
import HoneReport
import HoneStore

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

    private static let heading = """
        # Claims

        What the papers say, checked here at a small size. Written by `hone claim --all`, or by `hone claim NAME --record` with this file, which keeps what it says of other claims; a verdict comes from the
        95 % interval against the smallest effect of interest, never from a point estimate. *Quick* checks take minutes and are often inconclusive. The null control is an arm
        against itself from the same first weights with other draws, the positive control the same with an effect planted. The commit is that of the folder the command was run in; the
        time is by the clock, whatever else the machine did.
        """

    /// The document at a path, empty where there is none; throws where something else is there, which would be lost.
    static func document(at path: String) throws -> ClaimsDocument {
        guard FileManager.default.fileExists(atPath: path) else { return ClaimsDocument() }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.hasPrefix("# Claims\n") else {
            throw CoreError.invalid("\(path) is no record of claims, which begins with “# Claims”, and is left as it is; give --record another place")
        }
        return ClaimsDocument(reading: text)
    }

    /// Puts all kept records of a folder into the document at a path, which keeps what it says of other claims; of each claim the full size where there is one.
    static func put(_ folder: String, into path: String) throws {
        var document = try document(at: path)
        try SealedFile.makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        let pages = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("systems").path
        for id in ClaimCheck.identifiers {
            for size in [ClaimCheck.Size.quick, .full] {
                guard let record = SealedFile("\(folder)/\(id)-\(size.rawValue).json").read(ClaimRecord.self) else { continue }
                document.take(record.entry(page: FileManager.default.fileExists(atPath: "\(pages)/\(id).md") ? "systems/\(id).md" : nil))
            }
        }
        try SealedFile.write(text: document.text(heading: heading, order: ClaimCheck.identifiers), to: path)
    }

    /// What the document says of this record, with a link to the page of its system where there is one.
    private func entry(page: String?) -> ClaimsDocument.Entry {
        let flops = result.arms.flatMap(\.costs).reduce(0.0) { $0 + Double($1.flops) }
        var details = "\(result.claim.statement)\n\nSource: \(result.source)."
        if let page { details += " How it is run here and what was found: [\(page)](\(page))." }
        details += "\n\n| check | effect | 95 % interval | smallest of interest | could have seen | verdict |\n|---|---|---|---|---|---|\n"
        for outcome in result.checks { details += ClaimPage.row(outcome) }
        details += "\nNull control: \(ComparisonPage.interval(result.controls.null)), \(result.controls.nullIsQuiet ? "quiet" : "**not quiet**"). "
        details += "Positive control, \(Figure.change(result.controls.planted, unit: result.controls.null.unit)) planted: "
        details += "\(ComparisonPage.interval(result.controls.positive)), \(result.controls.positiveIsFound ? "found" : "**not found**")."
        return ClaimsDocument.Entry(
            id: result.id,
            cells: [
                "**\(verdict.rawValue)**", result.size.rawValue, "\(result.seeds.count)", Figure.short(flops), "\(Figure.fixed(seconds / 60, decimals: 1)) min", release, commit,
                machine, date,
            ], details: details)
    }
}
