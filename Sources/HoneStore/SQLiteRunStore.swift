import Foundation
import GRDB
import HoneCore
import Synchronization

/// A run's records in `records.sqlite`, beside its checkpoints.
///
/// One row an iteration (`record` is its JSON without groups and measures), its groups packed in pieces, its measures. Each
/// iteration has a seal, a hash over all of that, which is compared whenever it is read. While a run is written it has a
/// write-ahead log, so that others can read it; a run that is not is one file.
public final class SQLiteRunStore: RunStore {
    /// What a store is opened for.
    public enum Use: Sendable, Hashable {
        /// Nothing in the folder is changed.
        case reading
        /// The caller holds the run's lock; what kills have left is cleaned up.
        case writing
    }

    let file: RecordsFile
    let path: String
    let use: Use
    private let checkpoints: Checkpoints
    private let isClosed = Mutex(false)

    /// Opens the records of a run folder; for writing they are made when they are not there.
    public convenience init(_ folder: RunFolder, for use: Use = .reading) throws { try self.init(folder, for: use, atStep: { _ in }) }

    /// Opens the records, calling before each step of writing a checkpoint, for tests that stop there.
    package init(_ folder: RunFolder, for use: Use, atStep: @escaping @Sendable (String) -> Void) throws {
        path = folder.recordsPath
        self.use = use
        checkpoints = Checkpoints(folder: folder.path + "/checkpoints", atStep: atStep)
        if use == .reading, !Files.exists(path) {
            throw StoreError("The run in \(folder.path) has no records.sqlite; let it finish an iteration first")
        }
        do { file = try use == .writing ? RecordsFile.writing(path) : RecordsFile.reading(path) } catch {
            throw StoreError.database(error, folder.recordsPath, use)
        }
        if use == .writing { checkpoints.cleanUp(all: true) }
    }

    deinit { close() }

    /// Closes the records and leaves them as one file; nothing can be read or written through this store from then on. Who opens the run again in
    /// the same process closes it first: a file that others have open cannot be left as one.
    public func close() {
        let isFirst = isClosed.withLock { was in
            defer { was = true }
            return !was
        }
        if isFirst { file.close() }
    }

    // MARK: Writing

    /// Groups are packed until a piece has this many bytes.
    private static let pieceBytes = 1 << 18

    public func append(_ record: IterationRecord) throws {
        var bare = record
        bare.groups = []
        bare.measures = []
        bare.answers = nil
        bare.seconds = 0
        let text = try JSONValue(encoding: bare).canonical
        let answers = try record.answers.map { [try Self.piece(of: $0, at: Self.answersPlace)] } ?? []
        let pieces = try answers + Self.pieces(of: record.groups)
        let measures = try record.measures.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            .map { ($0, try JSONValue(encoding: $0.cost).canonical) }
        let seal = Seal.of(
            index: record.index, record: text, seconds: record.seconds,
            measures: measures.map { Seal.Measure(name: $0.name, estimate: $0.estimate, cost: $1) }, pieces: pieces.map(\.hash))
        try write { db in
            try Self.remove(db, "idx = ?", [record.index])
            try db.execute(
                sql: "INSERT INTO iterations VALUES (?, ?, ?, ?, ?)",
                arguments: [record.index, record.stage.text, text, record.seconds, seal])
            for piece in pieces {
                try db.execute(
                    sql: "INSERT INTO packs VALUES (?, ?, ?, ?, ?)",
                    arguments: [record.index, piece.place, piece.count, piece.hash, Data(piece.content)])
            }
            for (measure, cost) in measures {
                let e = measure.estimate
                try db.execute(
                    sql: "INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [record.index, measure.name, e.mean, e.low, e.high, e.count, e.unit, cost])
            }
            try Self.addLookups(db, record)
        }
    }

    /// Where the answers that were kept of measuring lie, before all groups that were played.
    static let answersPlace = -1

    private struct Piece {
        var place: Int
        var count: Int
        var content: [UInt8]
        var hash: Data
    }

    private static func piece(of groups: some Collection<EpisodeGroup>, at place: Int) throws -> Piece {
        var writer = PackedWriter()
        for group in groups { writer.write(try PackingEncoder.pack(group)) }
        return Piece(place: place, count: groups.count, content: writer.bytes, hash: Seal.hash(writer.bytes))
    }

    private static func pieces(of groups: [EpisodeGroup]) throws -> [Piece] {
        var pieces: [Piece] = []
        var writer = PackedWriter()
        var count = 0
        for (index, group) in groups.enumerated() {
            writer.write(try PackingEncoder.pack(group))
            count += 1
            guard writer.bytes.count >= pieceBytes || index == groups.count - 1 else { continue }
            pieces.append(Piece(place: pieces.count, count: count, content: writer.bytes, hash: Seal.hash(writer.bytes)))
            writer = PackedWriter()
            count = 0
        }
        return pieces
    }

    private static func addLookups(_ db: Database, _ record: IterationRecord) throws {
        let problem = try db.cachedStatement(sql: "INSERT INTO problems VALUES (?, ?, ?, ?)")
        let row = try db.cachedStatement(sql: "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?)")
        for (place, group) in record.groups.enumerated() {
            try problem.execute(arguments: [record.index, place, group.assignment.problem.id, group.assignment.problem.text])
            for (sample, episode) in group.episodes.enumerated() {
                let segments = episode.steps.flatMap(\.move.segments)
                try row.execute(arguments: [
                    record.index, place, sample, segments.text, episode.returns.min { $0.key < $1.key }?.value,
                    segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) }, episode.ending.map { "\($0)" },
                ])
            }
        }
    }

    private func write(_ body: (Database) throws -> Void) throws {
        guard use == .writing else { throw StoreError("The records in \(path) were opened for reading; nothing was changed") }
        do { try file.queue.write(body) } catch { throw StoreError.database(error, path, use) }
    }

    private static func remove(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws {
        for table in RecordsFile.tableNames { try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)", arguments: arguments) }
    }

    public func forget(after iteration: Int) throws { try write { try Self.remove($0, "idx > ?", [iteration]) } }

    public func keep(_ checkpoint: Checkpoint) throws {
        guard use == .writing else { throw StoreError("The run beside \(path) was opened for reading; nothing was changed") }
        try checkpoints.write(checkpoint)
    }

    /// Drops all checkpoints but the newest, for a run that has ended and is one of many; does nothing where the newest is damaged.
    public func keepNewestCheckpointAlone() {
        guard use == .writing else { return }
        checkpoints.keepNewestAlone()
    }

    /// The newest checkpoint that is whole, or nil; damaged ones are reported through `warning`.
    ///
    /// A store that is open for writing prefers one that all records reach, so that what is missing is played again.
    public func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint? {
        guard use == .writing else { return try checkpoints.latest(warning: warning) }
        return try checkpoints.latest(reach: try indices().enumerated().prefix { $0.offset == $0.element }.count - 1, warning: warning)
    }
}
