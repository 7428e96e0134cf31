import Foundation
import HoneCore

/// One hash over everything of a run that must be the same again: settings (without how it is measured), seed, episodes with
/// tokens and log-probabilities, verdicts, updates, training estimates, costs, decisions, and the newest weights.
///
/// Wall-clock times, the machine, paths, and held-out measures are left out; measures have a hash of their own.
public struct RunDigest: Hashable, Sendable {
    /// The run's hash.
    public let run: String
    /// The hash of held-out measures.
    public let measures: String
    /// The hash of the newest checkpoint's weights.
    public let weights: String

    /// The digest of a run folder.
    public init(_ folder: RunFolder) throws {
        guard FileManager.default.fileExists(atPath: folder.path + "/records.sqlite") else {
            throw StoreError("The run in \(folder.path) has no records.sqlite; a run without records has no digest")
        }
        let store = try SQLiteRunStore(folder)
        var hash = SHA256()
        var settings = folder.manifest.settings
        if case .object(var members) = settings {
            members["evaluation"] = nil
            settings = .object(members)
        }
        hash.update(Array("\(folder.manifest.recipe)\n\(folder.manifest.seed)\n\(settings.canonical)\n".utf8))
        try store.eachReproducible { data in
            data.withUnsafeBytes { hash.update($0) }
            hash.update([10])
        }
        var weightHash = SHA256()
        var damage: [String] = []
        let newest = try store.latestCheckpoint { damage.append($0) }
        if let first = damage.first { throw StoreError("The run in \(folder.path) has no digest: \(first)") }
        if let checkpoint = newest {
            for (name, data) in checkpoint.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix("weights.safetensors") {
                weightHash.update(Array("\(name)\n".utf8))
                data.withUnsafeBytes { weightHash.update($0) }
            }
        }
        weights = weightHash.hexDigest()
        hash.update(Array(weights.utf8))
        run = hash.hexDigest()
        var measureHash = SHA256()
        for record in try store.iterations() {
            for measure in record.measures { measureHash.update(Array("\(record.index) \(try JSONValue(encoding: measure).canonical)\n".utf8)) }
        }
        measures = measureHash.hexDigest()
    }
}
