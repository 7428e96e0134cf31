import Foundation
import HoneCore
import HoneStore

/// What belongs beside a run in its report: a control, and what was to be expected. Kept as `report.json` in the run's
/// folder, so that the report can be written again with the same comparison.
struct ReportCompanion: Codable {
    /// The control's folder, relative to the run's unless it begins with a slash.
    var control: String?
    /// What the control is, in a few words.
    var controlWords: String
    /// Values of the main measure to be expected, in the order of the measurements.
    var expected: [Double]
    /// Sentences that explain the comparison.
    var notes: [String]

    init(control: String? = nil, controlWords: String = "another run", expected: [Double] = [], notes: [String] = []) {
        self.control = control
        self.controlWords = controlWords
        self.expected = expected
        self.notes = notes
    }

    private static func path(_ folder: RunFolder) -> String { folder.path + "/report.json" }

    /// The companion of a run; an empty one where there is none.
    init(of folder: RunFolder) throws {
        self.init()
        guard let data = FileManager.default.contents(atPath: Self.path(folder)) else { return }
        guard let found = try? JSONDecoder().decode(Self.self, from: data) else {
            throw CoreError.invalid(
                "\(Self.path(folder)) does not say what to compare the run with; delete it, and the report goes without a comparison")
        }
        self = found
    }

    /// Keeps it beside the run.
    func write(to folder: RunFolder) throws {
        try Data((try JSONValue(encoding: self).canonical + "\n").utf8).write(
            to: URL(fileURLWithPath: Self.path(folder)), options: .atomic)
    }

    /// The control's folder, opened; nil where there is none, or where it is there no more.
    func controlFolder(of folder: RunFolder) throws -> RunFolder? {
        guard let control else { return nil }
        let path = control.hasPrefix("/") ? control : folder.path + "/" + control
        return FileManager.default.fileExists(atPath: path + "/run.json") ? try RunFolder.open(at: path) : nil
    }
}
