import Foundation
import HoneCore

/// What a run is: written once when it begins, never changed.
public struct RunManifest: Codable, Hashable, Sendable {
    /// The layout of the folder.
    public var format: Int
    /// Which recipe.
    public var recipe: String
    /// All its settings.
    public var settings: JSONValue
    /// The seed.
    public var seed: UInt64
    /// Versions of hone and libtorch.
    public var versions: [String: String]
    /// The machine it began on: processor, cores, instruction set.
    public var machine: [String: String]
    /// When it began, in ISO 8601.
    public var created: String

    /// The layout this program writes.
    public static let currentFormat = 1

    /// A manifest.
    public init(
        recipe: String, settings: JSONValue, seed: UInt64, versions: [String: String], machine: [String: String],
        created: String
    ) {
        format = Self.currentFormat
        self.recipe = recipe
        self.settings = settings
        self.seed = seed
        self.versions = versions
        self.machine = machine
        self.created = created
    }
}

/// A run's folder: `run.json`, `records.sqlite`, `checkpoints/`, `lock`, `report.html`. It is the user's property.
public struct RunFolder: Sendable {
    /// Its path.
    public let path: String
    /// What the run is.
    public let manifest: RunManifest

    /// Makes a folder for a new run; refuses one that holds something already.
    public static func create(at path: String, _ manifest: RunManifest) throws -> RunFolder {
        let present = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if present.contains("run.json") {
            throw StoreError("There is a run in \(path) already; go on with `hone resume \(path)`, or choose another folder with --out")
        }
        if !present.isEmpty { throw StoreError("The folder \(path) is not empty; choose another one with --out") }
        try Files.makeFolder(path + "/checkpoints")
        try Files.write(Data((try JSONValue(encoding: manifest).canonical + "\n").utf8), to: path + "/run.json")
        return RunFolder(path: path, manifest: manifest)
    }

    /// Opens the folder of a run.
    public static func open(at path: String) throws -> RunFolder {
        guard let data = FileManager.default.contents(atPath: path + "/run.json") else {
            throw StoreError("There is no run in \(path): it has no run.json. Give the folder that `hone run` named")
        }
        guard let json = try? JSONValue(parsing: String(decoding: data, as: UTF8.self)) else {
            throw StoreError("\(path)/run.json is not JSON; it was changed or damaged")
        }
        guard let format = json["format"]?.int, format <= RunManifest.currentFormat else {
            throw StoreError(
                "The run in \(path) has format \(json["format"]?.canonical ?? "none"); this program reads up to \(RunManifest.currentFormat). Use a newer hone")
        }
        do { return RunFolder(path: path, manifest: try json.decode(RunManifest.self)) } catch {
            throw StoreError("\(path)/run.json lacks something a run needs; it was changed or damaged")
        }
    }

    /// Where reports are written.
    public var reportPath: String { path + "/report.html" }
}
