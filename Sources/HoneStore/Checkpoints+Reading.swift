import Foundation
import HoneCore

extension Checkpoints {
    /// The newest whole checkpoint, if there is a limit the newest that is not after it; those that are damaged are told and
    /// passed over. nil when there are none at all; throws when none of those there is whole, so that nobody mistakes a damaged
    /// run for one that has not begun.
    ///
    /// - Parameter reach: the last iteration that has a record. A later checkpoint is taken only when no other is whole.
    func latest(reach: Int? = nil, warning: (String) -> Void) throws -> Checkpoint? {
        var told: Set<Entry> = []
        var beyond: Checkpoint?
        search: for _ in 0..<20 {
            let entries = all()
            beyond = nil
            for entry in entries.reversed() {
                do {
                    let checkpoint = try read(entry)
                    guard let reach, checkpoint.iteration > reach else {
                        if let beyond {
                            warning(
                                "the records end with iteration \(reach ?? checkpoint.iteration), before checkpoint \(beyond.iteration); going on from checkpoint \(checkpoint.iteration)"
                            )
                        }
                        return checkpoint
                    }
                    if beyond == nil { beyond = checkpoint }
                } catch {
                    // It may have been dropped by the process that writes the run, which has made a newer one by then.
                    guard Files.exists("\(folder)/\(entry.name)") else { continue search }
                    if told.insert(entry).inserted { warning("checkpoint \(entry.name) is damaged and is passed over: \(error)") }
                }
            }
            if let beyond, let reach {
                warning(
                    "the records end with iteration \(reach) and no checkpoint is that old; going on from checkpoint \(beyond.iteration), and the run will have no digest"
                )
                return beyond
            }
            guard entries.isEmpty else {
                throw StoreError(
                    "None of the \(entries.count) checkpoints in \(folder) is whole; nothing was changed. Put back a copy, or delete the folder to begin the run again"
                )
            }
            return nil
        }
        throw StoreError("The checkpoints in \(folder) change faster than they can be read; try again")
    }

    /// The manifest of the checkpoint at a place; throws when it is not as it was written.
    private func manifest(at place: String) throws -> Manifest {
        let file = place + "/manifest.json"
        guard Files.exists(file) else { throw StoreError("\(place) has no manifest.json") }
        guard let manifest = try SealedJSON.open(try Files.read(file))?.decode(Manifest.self),
            manifest.files.keys.allSatisfy({ !$0.contains("/") })
        else { throw StoreError("\(file) is not what was written") }
        return manifest
    }

    private func check(_ file: String, _ expected: Manifest.File, _ bytes: Int, _ sha256: String) throws {
        guard bytes == expected.bytes else { throw StoreError("\(file) has \(bytes) bytes instead of \(expected.bytes)") }
        guard sha256 == expected.sha256 else { throw StoreError("\(file) does not have the hash that was written down") }
    }

    /// Reads a checkpoint back and compares every byte with what was to be written.
    func verify(_ place: String) throws {
        for (file, expected) in try manifest(at: place).files {
            let seal = try Files.seal(of: "\(place)/\(file)")
            try check("\(place)/\(file)", expected, seal.bytes, seal.sha256)
        }
    }

    private func read(_ entry: Entry) throws -> Checkpoint {
        let place = "\(folder)/\(entry.name)"
        let manifest = try manifest(at: place)
        guard manifest.iteration == entry.iteration else {
            throw StoreError("\(place)/manifest.json is of iteration \(manifest.iteration)")
        }
        var files: [String: Data] = [:]
        for (file, expected) in manifest.files.sorted(by: { $0.key < $1.key }) {
            guard Files.exists("\(place)/\(file)") else { throw StoreError("\(place)/\(file) is missing") }
            let content = try Files.read("\(place)/\(file)")
            try check("\(place)/\(file)", expected, content.count, Self.hash(content))
            files[file] = content
        }
        return Checkpoint(iteration: entry.iteration, files: files)
    }
}
