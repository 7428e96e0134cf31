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

    /// The digest of a run folder; throws when anything in it is damaged or missing, as half a run has no digest.
    public init(_ folder: RunFolder) throws {
        let store = try SQLiteRunStore(folder, for: .reading)
        // The checkpoint goes first: a run that goes on in the meantime has the records of every checkpoint it has.
        var damage: [String] = []
        let newest = try store.latestCheckpoint { damage.append($0) }
        if let first = damage.first { throw StoreError("The run in \(folder.path) has no digest: \(first)") }
        var weightHash = SHA256()
        if let checkpoint = newest {
            for (name, data) in checkpoint.files.sorted(by: { $0.key < $1.key }) where name.hasSuffix("weights.safetensors") {
                weightHash.update(Array("\(name)\n".utf8))
                data.withUnsafeBytes { weightHash.update($0) }
            }
        }
        weights = weightHash.hexDigest()
        var hash = SHA256()
        var settings = folder.manifest.settings
        if case .object(var members) = settings {
            members["evaluation"] = nil
            settings = .object(members)
        }
        hash.update(Array("\(folder.manifest.recipe)\n\(folder.manifest.seed)\n\(settings.canonical)\n".utf8))
        let records = try store.eachReproducible { bytes in
            hash.update(bytes)
            hash.update([10])
        }
        try Self.refuseGaps(in: records, upTo: newest?.iteration ?? -1, folder)
        hash.update(Array(weights.utf8))
        run = hash.hexDigest()
        var measureHash = SHA256()
        for record in records {
            for measure in record.measures { measureHash.update(Array("\(record.index) \(try JSONValue(encoding: measure).canonical)\n".utf8)) }
        }
        measures = measureHash.hexDigest()
    }

    private static func refuseGaps(in records: [IterationRecord], upTo last: Int, _ folder: RunFolder) throws {
        let indices = records.map(\.index).filter { $0 >= 0 }
        let whole = indices.enumerated().prefix { $0.offset == $0.element }.count
        guard whole == indices.count, whole > last else {
            throw StoreError(
                "The run in \(folder.path) has no digest: \(folder.recordsPath) lacks iteration \(whole); put back the records it had, or run it again from the start"
            )
        }
    }
}
