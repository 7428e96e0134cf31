import Foundation
import GRDB
import HoneCore

extension SQLiteRunStore {
    /// All iterations, without their groups and kept answers, in order: those of one moment, also while another process writes.
    public func iterations() throws -> [IterationRecord] { try read { try self.sealedIterations($0).map(\.record) } }

    /// The groups of an iteration, in order; none when there is no such iteration.
    public func groups(of iteration: Int) throws -> [EpisodeGroup] {
        var groups: [EpisodeGroup] = []
        try read { db in
            groups = []
            _ = try self.sealedIterations(db, iteration)
            try self.eachGroup(db, iteration) { groups.append(try Self.group($0)) }
        }
        return groups
    }

    /// The held-out answers that were kept when an iteration was measured, in order; empty where none were.
    public func answers(of iteration: Int) throws -> [EpisodeGroup] {
        var groups: [EpisodeGroup] = []
        try read { db in
            groups = []
            _ = try self.sealedIterations(db, iteration)
            try self.eachGroup(db, iteration, answers: true) { groups.append(try Self.group($0)) }
        }
        return groups
    }

    /// The iterations whose measuring left answers, in order; −1 is the start.
    public func answeredIterations() throws -> [Int] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT idx FROM packs WHERE place = ? ORDER BY idx", arguments: [Self.answersPlace]).map { try $0.whole(0) }
        }
    }

    /// The iterations that have a record, in order, without the one before the first.
    func indices() throws -> [Int] {
        try read { db in try Row.fetchAll(db, sql: "SELECT idx FROM iterations WHERE idx >= 0 ORDER BY idx").map { try $0.whole(0) } }
    }

    /// All iterations, after calling with the bytes of everything that must be reproducible, in order: records, then groups.
    /// Damage anywhere in the file is an error.
    func eachReproducible(_ body: ([UInt8]) -> Void) throws -> [IterationRecord] {
        try read { db in
            try RecordsFile.check(db, self.path)
            let iterations = try self.sealedIterations(db)
            for iteration in iterations where iteration.record.index >= 0 {
                body(Array((iteration.record.computedTokens == nil ? iteration.text : try Self.reproducible(iteration.text)).utf8))
            }
            for iteration in iterations { try self.eachGroup(db, iteration.record.index, body) }
            return iterations.map(\.record)
        }
    }

    /// A record's text without what two runs of one seed need not have in common.
    private static func reproducible(_ text: String) throws -> String {
        guard case .object(var members) = try JSONValue(parsing: text) else { return text }
        members["computedTokens"] = nil
        return JSONValue.object(members).canonical
    }

    private func read<T>(_ body: (Database) throws -> T) throws -> T {
        do { return try file.queue.read(body) } catch { throw StoreError.database(error, path, .reading) }
    }

    private static func group(_ canonical: [UInt8]) throws -> EpisodeGroup {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(EpisodeGroup.self, from: Data(canonical))
    }

    /// Calls with the canonical JSON of each group of an iteration: those that were played, or those that measuring kept.
    private func eachGroup(_ db: Database, _ iteration: Int, answers: Bool = false, _ body: ([UInt8]) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT count, hash, content FROM packs WHERE idx = ? AND place \(answers ? "=" : ">") ? ORDER BY place",
            arguments: [iteration, Self.answersPlace])
        while let row = try rows.next() {
            let content = [UInt8](try row.data(2))
            guard Seal.hash(content) == (try row.data(1)) else {
                throw StoreError.damaged(path, "the groups of iteration \(iteration) do not have the hash that was written down")
            }
            var reader = try PackedReader(content)
            for _ in 0..<(try row.whole(0)) { try body(try reader.value().canonical) }
            guard reader.isAtEnd else { throw StoreError.damaged(path, "iteration \(iteration) has more groups than were written") }
        }
    }

    /// The iterations, or one of them, whose rows are all as they were written; throws when one is not.
    private func sealedIterations(_ db: Database, _ only: Int? = nil) throws -> [(text: String, record: IterationRecord)] {
        let condition = only == nil ? "" : "WHERE idx = \(only ?? 0)"
        var measures: [Int: [MeasureRecord]] = [:]
        var costs: [Int: [String]] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT idx, name, mean, low, high, count, unit, cost FROM measures \(condition) ORDER BY idx, name") {
            let (index, cost) = (try row.whole(0), try row.text(7))
            let estimate = Estimate(
                mean: try row.number(2), low: try row.number(3), high: try row.number(4), count: try row.whole(5), unit: try row.text(6))
            measures[index, default: []].append(MeasureRecord(name: try row.text(1), estimate: estimate, cost: Cost()))
            costs[index, default: []].append(cost)
        }
        var pieces: [Int: [Data]] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT idx, hash FROM packs \(condition) ORDER BY idx, place") {
            pieces[try row.whole(0), default: []].append(try row.data(1))
        }
        let iterations = try Row.fetchAll(db, sql: "SELECT idx, stage, record, seconds, seal FROM iterations \(condition) ORDER BY idx").map { row in
            let (index, text, seconds) = (try row.whole(0), try row.text(2), try row.number(3))
            let own = measures.removeValue(forKey: index) ?? []
            let ownCosts = costs[index] ?? []
            let seal = Seal.of(
                index: index, record: text, seconds: seconds,
                measures: zip(own, ownCosts).map { Seal.Measure(name: $0.name, estimate: $0.estimate, cost: $1) },
                pieces: pieces.removeValue(forKey: index) ?? [])
            guard seal == (try row.data(4)) else {
                throw StoreError.damaged(path, "the record of iteration \(index) does not have the hash that was written down")
            }
            var record = try JSONValue(parsing: text).decode(IterationRecord.self)
            record.seconds = seconds
            record.measures = try zip(own, ownCosts).map { measure, cost in
                var measure = measure
                measure.cost = try JSONValue(parsing: cost).decode(Cost.self)
                return measure
            }
            guard record.index == index, record.stage.text == (try row.text(1)) else {
                throw StoreError.damaged(path, "the record of iteration \(index) is not its own")
            }
            return (text, record)
        }
        if let stray = (Array(measures.keys) + Array(pieces.keys)).min() { throw StoreError.damaged(path, "iteration \(stray) has lost its record") }
        return iterations
    }
}

/// Values of a row that may be anything, as a file that was damaged may hold anything.
extension Row {
    private func wrong(_ column: Int, _ wanted: String) -> StoreErrorOfRow { StoreErrorOfRow(column: column, wanted: wanted) }

    /// A whole number.
    fileprivate func whole(_ column: Int) throws -> Int {
        guard case .int64(let value) = (self[column] as DatabaseValue).storage else { throw wrong(column, "a whole number") }
        return Int(value)
    }

    /// A number; NULL stands for NaN.
    fileprivate func number(_ column: Int) throws -> Double {
        switch (self[column] as DatabaseValue).storage {
        case .null: return .nan
        case .double(let value): return value
        default: throw wrong(column, "a number")
        }
    }

    /// A text.
    fileprivate func text(_ column: Int) throws -> String {
        guard case .string(let value) = (self[column] as DatabaseValue).storage else { throw wrong(column, "text") }
        return value
    }

    /// Bytes.
    fileprivate func data(_ column: Int) throws -> Data {
        guard case .blob(let value) = (self[column] as DatabaseValue).storage else { throw wrong(column, "bytes") }
        return value
    }
}

/// A column that does not hold what was written there.
private struct StoreErrorOfRow: Error, CustomStringConvertible {
    var column: Int
    var wanted: String
    var description: String { "column \(column + 1) does not hold \(wanted)" }
}
