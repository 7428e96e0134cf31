import Foundation
import HoneCore

/// A run's folder: `run.json`, `records.sqlite`, `checkpoints/`, `lock`, `report.html`. It is the user's property.
public struct RunFolder: Sendable {
    /// Its path.
    public let path: String
    /// What the run is.
    public let manifest: RunManifest

    /// Makes a folder for a new run; refuses one that holds something already.
    public static func create(at path: String, _ manifest: RunManifest) throws -> RunFolder {
        let present = Files.names(in: path)
        if present.contains("run.json") {
            throw StoreError("There is a run in \(path) already; go on with `hone resume \(path)`, or choose another folder with --out")
        }
        // What a kill in this very function leaves behind is not something that anybody put there.
        let foreign = present.filter { name in
            name != "run.json.partial" && !(name == "checkpoints" && Files.names(in: path + "/checkpoints").isEmpty)
        }
        guard foreign.isEmpty else { throw StoreError("The folder \(path) is not empty; choose another one with --out") }
        try Files.makeFolder(path + "/checkpoints")
        try Files.write(try SealedJSON.data(manifest), to: path + "/run.json")
        try Files.syncFolder(of: (path as NSString).standardizingPath)
        return RunFolder(path: path, manifest: manifest)
    }

    /// Opens the folder of a run.
    public static func open(at path: String) throws -> RunFolder {
        let file = path + "/run.json"
        guard Files.exists(file) || errno == EACCES else {
            throw StoreError("There is no run in \(path): it has no run.json. Give the folder that `hone run` named")
        }
        let data = try Files.read(file)
        guard let json = SealedJSON.parse(data) else {
            throw StoreError("\(file) is not JSON; it was changed or damaged. Put back a copy")
        }
        guard let format = json["format"]?.int, format == RunManifest.currentFormat else {
            throw StoreError(
                "The run in \(path) has format \(json["format"]?.canonical ?? "none") in run.json; this program reads format \(RunManifest.currentFormat). "
                    + "Use the version of hone that wrote it")
        }
        guard let plain = SealedJSON.open(data) else {
            throw StoreError("\(file) is not as it was written: its seal does not fit; it was changed or damaged. Put back a copy")
        }
        do { return RunFolder(path: path, manifest: try plain.decode(RunManifest.self)) } catch {
            throw StoreError("\(file) lacks something a run needs; it was changed or damaged. Put back a copy")
        }
    }

    /// Where the run's records are.
    public var recordsPath: String { path + "/records.sqlite" }

    /// Where reports are written.
    public var reportPath: String { path + "/report.html" }

    /// Writes the run's report: whole or not at all.
    public func writeReport(_ html: String) throws { try Files.write(Data(html.utf8), to: reportPath) }
}
