import Foundation
import GRDB

/// `records.sqlite` opened for reading or for writing.
struct RecordsFile: Sendable {
    /// The open database.
    let queue: DatabaseQueue
    /// The folder of the copy that is read in place of the run's own file, where one had to be made.
    let copy: String?

    /// The layout this program reads and writes.
    static let format = 2

    /// Opens the file for writing: refuses other layouts and damage before anything is changed, makes the tables of a new file.
    static func writing(_ path: String) throws -> RecordsFile {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        let isNew = !Files.exists(path)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { db in
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            let version = try version(db, path)
            if version == format { try check(db, path) }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            // Every commit waits for the disk: a checkpoint must not be there after a power cut while its records are not.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // A file that may only be read is opened as such without a word.
            guard access(path, W_OK) == 0 else { throw DatabaseError(resultCode: .SQLITE_READONLY) }
            guard version == 0 else { return }
            try db.inTransaction {
                try db.execute(sql: tables)
                return .commit
            }
        }
        if isNew { try Files.syncFolder(of: path) }
        return RecordsFile(queue: queue, copy: nil)
    }

    /// Opens the file for reading. Nothing in its folder is changed or made, whether the folder can be written or not, and
    /// whether another process writes the run or not.
    static func reading(_ path: String) throws -> RecordsFile {
        var configuration = Configuration()
        configuration.busyMode = .timeout(30)
        configuration.readonly = true
        var file = RecordsFile(queue: try DatabaseQueue(), copy: nil)
        if try isReadableInPlace(path) {
            file = RecordsFile(queue: try DatabaseQueue(path: path, configuration: configuration), copy: nil)
        } else {
            // A log whose index is not there can only be read by making one beside it: do that beside a copy.
            let folder = try copied(path)
            do {
                let copy = folder + "/records.sqlite"
                try DatabaseQueue(path: copy).inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
                file = RecordsFile(queue: try DatabaseQueue(path: copy, configuration: configuration), copy: folder)
            } catch {
                Files.remove(folder)
                throw error
            }
        }
        do {
            try file.queue.inDatabase { db in
                try db.execute(sql: "PRAGMA cell_size_check = ON")
                guard try version(db, path) == format else {
                    throw StoreError("\(path) holds no records yet; let the run finish an iteration first")
                }
            }
        } catch {
            file.close()
            throw error
        }
        return file
    }

    /// Closes the file; leaves one that was written as a single file, so that a folder that cannot be written can be read.
    func close() {
        if copy == nil, !queue.configuration.readonly {
            try? queue.inDatabase { db in
                try db.execute(sql: "PRAGMA busy_timeout = 200")
                try db.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        try? queue.close()
        if let copy { Files.remove(copy) }
    }

    /// Throws when pages or rows of the file are not in order.
    static func check(_ db: Database, _ path: String) throws {
        let found = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
        guard found == ["ok"] else { throw StoreError.damaged(path, found.first?.replacing("\n", with: " ") ?? "its check says nothing") }
    }

    /// The layout of the file, 0 when it is empty; throws when this program does not read it.
    private static func version(_ db: Database, _ path: String) throws -> Int {
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        guard version == format || (version == 0 && count == 0) else {
            throw StoreError("\(path) has format \(version) and \(count) tables; this program reads format \(format). Use the version of hone that wrote it")
        }
        return version
    }

    /// Whether SQLite can read the file without making another one beside it: it has no log, or the log and its index are there.
    private static func isReadableInPlace(_ path: String) throws -> Bool {
        let header = try Files.read(path, first: 20)
        if let status = Files.status(path + "-journal"), status.size > 0 { return false }
        guard header.count == 20, header[18] == 2 || header[19] == 2 else { return true }
        return Files.status(path + "-wal") != nil && Files.status(path + "-shm") != nil
    }

    /// Copies the file and its logs to a new folder, at a moment in which nobody changes them.
    private static func copied(_ path: String) throws -> String {
        let folder = NSTemporaryDirectory() + "/hone-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try Files.makeFolder(folder)
        do {
            let endings = ["", "-wal", "-journal"]
            for _ in 0..<10 {
                let before = endings.map { Files.status(path + $0) }
                var failure: (any Error)?
                for (ending, status) in zip(endings, before) {
                    Files.remove(folder + "/records.sqlite" + ending)
                    guard status != nil else { continue }
                    do { try Files.writeSynced(try Files.read(path + ending), to: folder + "/records.sqlite" + ending) } catch { failure = error }
                }
                guard endings.map({ Files.status(path + $0) }) == before else { continue }  // a log may have gone meanwhile
                if let failure { throw failure }
                return folder
            }
            throw StoreError("Cannot read \(path): it changes faster than it can be copied; try again")
        } catch {
            Files.remove(folder)
            throw error
        }
    }

    /// The tables. `record`, `packs` and `measures` are what happened, sealed row by row; `problems` and `episodes` say some of it
    /// once more for looking things up with SQL, and nothing here reads them. NULL stands for a number that is NaN.
    private static let tables = """
        CREATE TABLE iterations (idx INTEGER PRIMARY KEY, stage TEXT NOT NULL, record TEXT NOT NULL, seconds REAL, seal BLOB NOT NULL);
        CREATE TABLE packs (idx INTEGER NOT NULL, place INTEGER NOT NULL, count INTEGER NOT NULL, hash BLOB NOT NULL, content BLOB NOT NULL,
            PRIMARY KEY (idx, place));
        CREATE TABLE measures (idx INTEGER NOT NULL, name TEXT NOT NULL, mean REAL, low REAL, high REAL,
            count INTEGER NOT NULL, unit TEXT NOT NULL, cost TEXT NOT NULL, PRIMARY KEY (idx, name)) WITHOUT ROWID;
        CREATE TABLE problems (idx INTEGER NOT NULL, place INTEGER NOT NULL, problem TEXT NOT NULL, text TEXT NOT NULL,
            PRIMARY KEY (idx, place)) WITHOUT ROWID;
        CREATE TABLE episodes (idx INTEGER NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL, response TEXT NOT NULL,
            reward REAL, tokens INTEGER NOT NULL, ending TEXT, PRIMARY KEY (idx, place, sample)) WITHOUT ROWID;
        CREATE VIEW answers AS SELECT idx, place, sample, problems.text AS problem, response, reward, tokens, ending
            FROM episodes JOIN problems USING (idx, place);
        PRAGMA user_version = \(format);
        """

    /// All tables.
    static let tableNames = ["iterations", "packs", "measures", "problems", "episodes"]
}
