/// The record of checked claims as a text: a table with a row for each, and a section for each behind it.
///
/// What a text already says is kept entry by entry, so that claims checked on different days and machines come together in one record.
public struct ClaimsDocument: Hashable, Sendable {
    /// What is said of one claim.
    public struct Entry: Hashable, Sendable {
        /// The recipe.
        public var id: String
        /// What the table says: verdict, size, seeds, operations, time, release, commit, machine, date.
        public var cells: [String]
        /// The section's text without its heading.
        public var details: String

        /// An entry.
        public init(id: String, cells: [String], details: String) {
            self.id = id
            self.cells = cells
            self.details = details
        }

        /// Which size was run; empty where the table does not say.
        public var size: String { cells.count > 1 ? cells[1] : "" }
        /// The day, as 2026-01-31; empty where the table does not say.
        public var date: String { cells.count == ClaimsDocument.columns.count - 1 ? cells[cells.count - 1] : "" }
    }

    static let columns = ["claim", "verdict", "size", "seeds", "operations", "time", "release", "commit", "machine", "date"]

    /// What is said, by recipe.
    public private(set) var entries: [String: Entry] = [:]

    /// A document that says nothing.
    public init() {}

    /// What a written document says; rows without a section, such as those of claims that were not checked, say nothing.
    public init(reading text: String) {
        var rows: [String: [String]] = [:]
        var sections: [String: [Substring]] = [:]
        var current: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("## ") {
                current = String(line.dropFirst(3))
                sections[current ?? ""] = []
            } else if let id = current {
                sections[id, default: []].append(line)
            } else if line.hasPrefix("| ["), let end = line.firstIndex(of: "]") {
                let id = String(line[line.index(line.startIndex, offsetBy: 3)..<end])
                rows[id] = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst(2).dropLast().map { Self.trimmed($0) }
            }
        }
        for (id, cells) in rows {
            guard let section = sections[id] else { continue }
            entries[id] = Entry(id: id, cells: cells, details: Self.trimmed(section.joined(separator: "\n")[...]))
        }
    }

    /// Takes an entry in, unless what is there was run at the full size and this was not, or is newer at the same size.
    public mutating func take(_ entry: Entry) {
        if let known = entries[entry.id] {
            if known.size != entry.size, known.size == "full" { return }
            if known.size == entry.size, known.date > entry.date { return }
        }
        entries[entry.id] = entry
    }

    /// The document: claims in the order given, those nobody gave an order to behind them, by name.
    public func text(heading: String, order: [String]) -> String {
        var out = heading + "\n\n| " + Self.columns.joined(separator: " | ") + " |\n" + String(repeating: "|---", count: Self.columns.count) + "|\n"
        let all = order + entries.keys.filter { !order.contains($0) }.sorted()
        for id in all {
            let cells = entries[id]?.cells ?? ["not checked yet"] + Array(repeating: "", count: Self.columns.count - 2)
            out += "| \(entries[id] == nil ? id : "[\(id)](#\(id))") | " + cells.joined(separator: " | ") + " |\n"
        }
        for id in all {
            guard let entry = entries[id] else { continue }
            out += "\n## \(id)\n\n\(Self.trimmed(entry.details[...]))\n"
        }
        return out
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
