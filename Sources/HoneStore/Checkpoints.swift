import Foundation
import HoneCore

/// Checkpoints on disk: one folder each, with the hashes of all files in a sealed manifest, found again only when every byte is
/// right.
///
/// A folder never changes once it has its name: an iteration that is kept again gets a folder of the next generation
/// (`000007`, then `000007.1`), and only when that one has been read back are older ones dropped. Names with a dot in front
/// (`.partial-…`, `.dropped-…`) are what a kill has left and mean nothing.
struct Checkpoints: Sendable {
    /// The folder that holds them.
    let folder: String
    /// How many iterations are kept.
    var kept = 3
    /// Called before each step of writing, with its name, for tests that stop there.
    var atStep: @Sendable (String) -> Void = { _ in }

    /// One checkpoint's name.
    struct Entry: Comparable, Hashable {
        var iteration: Int
        var generation: Int

        init(iteration: Int, generation: Int) {
            self.iteration = iteration
            self.generation = generation
        }

        /// The entry of a name; nil when it is no checkpoint's.
        init?(name: String) {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, let iteration = Int(parts[0]), let generation = parts.count == 2 ? Int(parts[1]) : 0 else { return nil }
            self.init(iteration: iteration, generation: generation)
            guard self.name == name else { return nil }
        }

        var name: String { String(format: "%06d", iteration) + (generation > 0 ? ".\(generation)" : "") }

        static func < (left: Entry, right: Entry) -> Bool { (left.iteration, left.generation) < (right.iteration, right.generation) }
    }

    /// What a checkpoint's `manifest.json` says.
    struct Manifest: Codable {
        struct File: Codable {
            var bytes: Int
            var sha256: String
        }
        var iteration: Int
        var files: [String: File]
    }

    /// Writes a checkpoint under a temporary name, syncs it, reads it back, renames it, and then drops the oldest.
    func write(_ checkpoint: Checkpoint) throws {
        try Files.makeFolder(folder)
        let place = all().last { $0.iteration == checkpoint.iteration }
        var entry = Entry(iteration: checkpoint.iteration, generation: place.map { $0.generation + 1 } ?? 0)
        let partial = "\(folder)/.partial-\(entry.name)-\(getpid())"
        Files.remove(partial)
        do {
            try fill(partial, with: checkpoint)
            atStep("read back")
            try verify(partial)
            atStep("rename")
            while rename(partial, "\(folder)/\(entry.name)") != 0 {
                // Another process kept the same thing in the meantime, as happens with shared teaching.
                guard errno == EEXIST || errno == ENOTEMPTY, entry.generation < 1000 else {
                    throw StoreError.system("rename \(partial) to", "\(folder)/\(entry.name)")
                }
                entry.generation += 1
            }
        } catch {
            // What was half-written would only take the space that is missing.
            Files.remove(partial)
            throw error
        }
        atStep("sync folder")
        try Files.syncFolder(of: "\(folder)/\(entry.name)")
        drop(after: entry)
        atStep("end")
    }

    private func fill(_ partial: String, with checkpoint: Checkpoint) throws {
        atStep("make folder")
        try Files.makeFolder(partial)
        var manifest = Manifest(iteration: checkpoint.iteration, files: [:])
        for (file, data) in checkpoint.files.sorted(by: { $0.key < $1.key }) {
            atStep("write \(file)")
            try Files.writeSynced(data, to: "\(partial)/\(file)")
            manifest.files[file] = Manifest.File(bytes: data.count, sha256: Self.hash(data))
        }
        atStep("write manifest")
        try Files.writeSynced(try SealedJSON.data(manifest), to: "\(partial)/manifest.json")
        atStep("sync files")
        try Files.syncFolder(of: "\(partial)/manifest.json")
    }

    /// Drops what the newest checkpoint has made needless: older generations of its iteration, and all but the newest iterations.
    private func drop(after newest: Entry) {
        var iterations: Set<Int> = []
        for old in all().reversed() where old < newest {
            if old.iteration != newest.iteration, iterations.count < kept - 1 || iterations.contains(old.iteration) {
                iterations.insert(old.iteration)
                continue
            }
            atStep("drop \(old.name)")
            // Renamed first, so that a kill leaves no half of a checkpoint under a name that counts.
            let dropped = "\(folder)/.dropped-\(old.name)-\(getpid())"
            Files.remove(dropped)
            guard rename("\(folder)/\(old.name)", dropped) == 0 else { continue }
            atStep("delete \(old.name)")
            Files.remove(dropped)
        }
    }

    /// Drops all but the newest checkpoint of a run that has ended; nothing where the newest is not whole.
    func keepNewestAlone() {
        guard let newest = all().last, (try? verify("\(folder)/\(newest.name)")) != nil else { return }
        var alone = self
        alone.kept = 1
        alone.drop(after: newest)
    }

    /// Deletes what kills have left; of others' only what belongs to processes that are gone, unless all of it is meant.
    func cleanUp(all: Bool) {
        for name in Files.names(in: folder) where name.hasPrefix(".partial-") || name.hasPrefix(".dropped-") {
            let owner = name.split(separator: "-").last.flatMap { pid_t($0) }
            if !all, let owner, owner == getpid() || kill(owner, 0) == 0 || errno != ESRCH { continue }
            Files.remove("\(folder)/\(name)")
        }
    }

    /// What has a checkpoint's name, oldest first.
    func all() -> [Entry] { Files.names(in: folder).compactMap { Entry(name: $0) }.sorted() }

    static func hash(_ data: Data) -> String {
        var hash = SHA256()
        data.withUnsafeBytes { hash.update($0) }
        return hash.hexDigest()
    }
}
