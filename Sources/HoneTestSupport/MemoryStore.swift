import Foundation
import HoneCore
import Synchronization

/// A run store in memory, for tests.
public final class MemoryStore: RunStore {
    private struct Contents {
        var records: [IterationRecord] = []
        var checkpoint: Checkpoint?
    }
    private let contents = Mutex(Contents())

    /// An empty store.
    public init() {}

    /// All records, in order.
    public var records: [IterationRecord] { contents.withLock { $0.records } }

    public func append(_ record: IterationRecord) throws {
        contents.withLock { contents in
            contents.records.removeAll { $0.index == record.index }
            contents.records.append(record)
            contents.records.sort { $0.index < $1.index }
        }
    }

    public func forget(after iteration: Int) throws { contents.withLock { $0.records.removeAll { $0.index > iteration } } }
    public func keep(_ checkpoint: Checkpoint) throws { contents.withLock { $0.checkpoint = checkpoint } }
    public func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint? { contents.withLock { $0.checkpoint } }

    /// The bytes of everything that must be the same again: records without times, measures and measured answers, and weights.
    public func reproducible() throws -> String {
        var hash = SHA256()
        for record in records where record.index >= 0 {
            var bare = record
            bare.measures = []
            bare.answers = nil
            bare.seconds = 0
            bare.computedTokens = nil
            hash.update(Array(try JSONValue(encoding: bare).canonical.utf8))
        }
        let files = contents.withLock { $0.checkpoint?.files ?? [:] }
        for (name, data) in files.sorted(by: { $0.key < $1.key }) where name.hasSuffix(".safetensors") { hash.update([UInt8](data)) }
        return hash.hexDigest()
    }
}
