import Foundation
import HoneCore

/// Checkpoints on disk: one folder each, with the hashes of all files in a manifest, found again only when every byte is right.
struct Checkpoints: Sendable {
    /// The folder that holds them.
    let folder: String
    /// How many are kept.
    var kept = 3

    private struct Manifest: Codable {
        struct File: Codable {
            var bytes: Int
            var sha256: String
        }
        var iteration: Int
        var files: [String: File]
    }

    private func name(_ iteration: Int) -> String { String(format: "%06d", iteration) }

    /// Writes a checkpoint under a temporary name, syncs it, renames it, and then drops the oldest.
    func write(_ checkpoint: Checkpoint) throws {
        let partial = "\(folder)/.partial-\(name(checkpoint.iteration))"
        try? FileManager.default.removeItem(atPath: partial)
        try Files.makeFolder(partial)
        var manifest = Manifest(iteration: checkpoint.iteration, files: [:])
        for (file, data) in checkpoint.files.sorted(by: { $0.key < $1.key }) {
            try Files.writeSynced(data, to: "\(partial)/\(file)")
            manifest.files[file] = Manifest.File(bytes: data.count, sha256: Self.hash(data))
        }
        try Files.writeSynced(Data(try JSONValue(encoding: manifest).canonical.utf8), to: "\(partial)/manifest.json")
        try Files.syncFolder(of: "\(partial)/manifest.json")
        let final = "\(folder)/\(name(checkpoint.iteration))"
        try? FileManager.default.removeItem(atPath: final)
        guard rename(partial, final) == 0 else { throw StoreError.system("rename", final) }
        try Files.syncFolder(of: final)
        for old in all().dropLast(kept) { try? FileManager.default.removeItem(atPath: "\(folder)/\(name(old))") }
    }

    /// The iterations that have a checkpoint, oldest first.
    func all() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { $0.hasPrefix(".") ? nil : Int($0) }.sorted()
    }

    /// The newest whole checkpoint; those that are damaged are told and passed over. nil when there are none at all; throws
    /// when none of those there is whole, so that nobody mistakes a damaged run for one that has not begun.
    func latest(warning: (String) -> Void) throws -> Checkpoint? {
        let iterations = all()
        for iteration in iterations.reversed() {
            do { return try read(iteration) } catch {
                warning("checkpoint \(name(iteration)) is damaged and is passed over: \(error)")
            }
        }
        guard iterations.isEmpty else {
            throw StoreError(
                "None of the \(iterations.count) checkpoints in \(folder) is whole; nothing was changed. Put back a copy, or delete the folder to begin the run again")
        }
        return nil
    }

    private func read(_ iteration: Int) throws -> Checkpoint {
        let place = "\(folder)/\(name(iteration))"
        guard let data = FileManager.default.contents(atPath: place + "/manifest.json") else {
            throw StoreError("\(place) has no manifest.json")
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data), manifest.iteration == iteration else {
            throw StoreError("\(place)/manifest.json is not what was written")
        }
        var files: [String: Data] = [:]
        for (file, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            guard let content = FileManager.default.contents(atPath: "\(place)/\(file)") else { throw StoreError("\(place)/\(file) is missing") }
            guard content.count == expected.bytes else {
                throw StoreError("\(place)/\(file) has \(content.count) bytes instead of \(expected.bytes)")
            }
            guard Self.hash(content) == expected.sha256 else { throw StoreError("\(place)/\(file) does not have the hash that was written down") }
            files[file] = content
        }
        return Checkpoint(iteration: iteration, files: files)
    }

    static func hash(_ data: Data) -> String {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update($0) }
        return hash.hexDigest()
    }
}
