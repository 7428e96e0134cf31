import Foundation
import GRDB
import HoneCore

/// A run's records in `records.sqlite`, beside its checkpoints.
///
/// Tables: `iterations` (one row an iteration; `record` is its JSON without groups and measures), `groups` (one row a group;
/// `content` is the whole group as JSON), `episodes` (one row an episode, for looking things up: problem, response, reward,
/// tokens), `measures` (held-out estimates and what had been spent), `answers` (a few
/// held-out problems as they were answered when measured, one row a group). Write-ahead logging lets others read while a run writes.
public final class SQLiteRunStore: RunStore {
    private let queue: DatabasePool
    private let checkpoints: Checkpoints

    /// Opens the records of a run folder, making them when they are not there.
    public init(_ folder: RunFolder) throws {
        checkpoints = Checkpoints(folder: folder.path + "/checkpoints")
        let path = folder.path + "/records.sqlite"
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        do {
            queue = try DatabasePool(path: path, configuration: configuration)
            try Self.migrate(queue)
        } catch let error as DatabaseError {
            throw Self.sentence(error, path)
        }
    }

    private static func sentence(_ error: DatabaseError, _ path: String) -> StoreError {
        switch error.resultCode {
        case .SQLITE_FULL: return StoreError("Cannot write to \(path): the disk is full; free some space, then `hone resume`")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            return StoreError("Cannot write to \(path): it or its folder is read-only, or does not exist")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError(
                "\(path) is damaged; move it aside and `hone resume` goes on from the last checkpoint with new records")
        default: return StoreError("The records in \(path) cannot be used: \(error.message ?? "\(error.resultCode)")")
        }
    }

    private static func migrate(_ pool: DatabasePool) throws {
        try pool.write { db in
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard version <= currentFormat else {
                throw StoreError("The records have format \(version); this program reads up to \(currentFormat). Use a newer hone")
            }
            if version < 1 { try db.execute(sql: firstFormat) }
            if version < 2 { try db.execute(sql: secondFormat) }
        }
    }

    private static let currentFormat = 2

    private static let firstFormat = """
        CREATE TABLE iterations (idx INTEGER PRIMARY KEY, stage TEXT NOT NULL, record TEXT NOT NULL, seconds REAL NOT NULL);
        CREATE TABLE groups (idx INTEGER NOT NULL, place INTEGER NOT NULL, problem TEXT NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (idx, place)) WITHOUT ROWID;
        CREATE TABLE episodes (idx INTEGER NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL, problem TEXT NOT NULL,
            response TEXT NOT NULL, reward REAL, tokens INTEGER NOT NULL, ending TEXT, PRIMARY KEY (idx, place, sample)) WITHOUT ROWID;
        CREATE TABLE measures (idx INTEGER NOT NULL, name TEXT NOT NULL, mean REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
            count INTEGER NOT NULL, unit TEXT NOT NULL, cost TEXT NOT NULL, PRIMARY KEY (idx, name)) WITHOUT ROWID;
        PRAGMA user_version = 1;
        """

    /// Adds the answers of measuring; runs of the first format have none.
    private static let secondFormat = """
        CREATE TABLE answers (idx INTEGER NOT NULL, place INTEGER NOT NULL, problem TEXT NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (idx, place)) WITHOUT ROWID;
        PRAGMA user_version = 2;
        """

    public func append(_ record: IterationRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        var bare = record
        bare.groups = []
        bare.measures = []
        bare.answers = nil
        bare.seconds = 0
        let text = try JSONValue(encoding: bare).canonical
        let contents = try record.groups.map { try encoder.encode($0) }
        let answers = try (record.answers ?? []).map { ($0.assignment.problem.id, try encoder.encode($0)) }
        try write { db in
            try Self.remove(db, "idx = ?", [record.index])
            try db.execute(
                sql: "INSERT INTO iterations VALUES (?, ?, ?, ?)", arguments: [record.index, record.stage.text, text, record.seconds])
            for (place, group) in record.groups.enumerated() {
                try db.execute(
                    sql: "INSERT INTO groups VALUES (?, ?, ?, ?)",
                    arguments: [record.index, place, group.assignment.problem.id, contents[place]])
                for (sample, episode) in group.episodes.enumerated() {
                    let segments = episode.steps.flatMap(\.move.segments)
                    try db.execute(
                        sql: "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        arguments: [
                            record.index, place, sample, group.assignment.problem.text, segments.text,
                            episode.returns.sorted { $0.key < $1.key }.first?.value,
                            segments.reduce(0) { $0 + ($1.tokens?.count ?? 0) }, episode.ending.map { "\($0)" },
                        ])
                }
            }
            for (place, (problem, content)) in answers.enumerated() {
                try db.execute(sql: "INSERT INTO answers VALUES (?, ?, ?, ?)", arguments: [record.index, place, problem, content])
            }
            for measure in record.measures {
                let e = measure.estimate
                try db.execute(
                    sql: "INSERT INTO measures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        record.index, measure.name, e.mean, e.low, e.high, e.count, e.unit,
                        try JSONValue(encoding: measure.cost).canonical,
                    ])
            }
        }
    }

    private func write(_ body: (Database) throws -> Void) throws {
        do { try queue.write(body) } catch let error as DatabaseError { throw Self.sentence(error, queue.path) }
    }

    private static func remove(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws {
        for table in ["iterations", "groups", "episodes", "measures", "answers"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE \(condition)", arguments: arguments)
        }
    }

    public func forget(after iteration: Int) throws { try write { try Self.remove($0, "idx > ?", [iteration]) } }

    public func keep(_ checkpoint: Checkpoint) throws { try checkpoints.write(checkpoint) }

    public func latestCheckpoint(warning: (String) -> Void) throws -> Checkpoint? { try checkpoints.latest(warning: warning) }

    // MARK: Reading

    /// All iterations, without their groups, in order.
    public func iterations() throws -> [IterationRecord] {
        try queue.read { db in
            let measures = Dictionary(grouping: try Row.fetchAll(db, sql: "SELECT * FROM measures ORDER BY idx, name")) { $0["idx"] as Int }
            return try Row.fetchAll(db, sql: "SELECT idx, record, seconds FROM iterations ORDER BY idx").map { row in
                var record = try JSONValue(parsing: row["record"]).decode(IterationRecord.self)
                record.seconds = row["seconds"]
                record.measures = try (measures[row["idx"]] ?? []).map { measure in
                    MeasureRecord(
                        name: measure["name"],
                        estimate: Estimate(
                            mean: measure["mean"], low: measure["low"], high: measure["high"], count: measure["count"],
                            unit: measure["unit"]),
                        cost: try JSONValue(parsing: measure["cost"]).decode(Cost.self))
                }
                return record
            }
        }
    }

    /// The groups of an iteration, in order.
    public func groups(of iteration: Int) throws -> [EpisodeGroup] { try contents("groups", of: iteration) }

    /// The held-out answers that were kept when an iteration was measured, in order; empty where none were.
    public func answers(of iteration: Int) throws -> [EpisodeGroup] { try contents("answers", of: iteration) }

    /// The iterations whose measuring left answers, in order; −1 is the start.
    public func answeredIterations() throws -> [Int] {
        try queue.read { try Int.fetchAll($0, sql: "SELECT DISTINCT idx FROM answers ORDER BY idx") }
    }

    private func contents(_ table: String, of iteration: Int) throws -> [EpisodeGroup] {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try queue.read { db in
            try Data.fetchAll(db, sql: "SELECT content FROM \(table) WHERE idx = ? ORDER BY place", arguments: [iteration])
                .map { try decoder.decode(EpisodeGroup.self, from: $0) }
        }
    }

    /// Calls with the bytes of everything that must be reproducible, in order: records, then groups.
    func eachReproducible(_ body: (Data) -> Void) throws {
        try queue.read { db in
            let records = try Row.fetchCursor(db, sql: "SELECT record FROM iterations WHERE idx >= 0 ORDER BY idx")
            while let row = try records.next() { body(Data((row["record"] as String).utf8)) }
            let groups = try Row.fetchCursor(db, sql: "SELECT content FROM groups ORDER BY idx, place")
            while let row = try groups.next() { body(row["content"]) }
        }
    }
}
