/// What can go wrong between parts; each case is one sentence for the user.
public enum CoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A name that is not in the plan or in a catalogue, with the nearest names that are.
    case unknown(kind: String, name: String, known: [String])
    /// A part was asked for something it cannot do.
    case unsupported(String)
    /// A value that breaks a rule.
    case invalid(String)
    /// A budget ran out.
    case budget(String)

    public var description: String {
        switch self {
        case .unknown(let kind, let name, let known):
            let near = Spelling.nearest(to: name, among: known)
            let hint =
                near.isEmpty
                ? (known.isEmpty ? "" : "; known: \(known.sorted().joined(separator: ", "))")
                : "; did you mean \(near.map { "“\($0)”" }.joined(separator: " or "))?"
            return "There is no \(kind) called “\(name)”\(hint)"
        case .unsupported(let sentence), .invalid(let sentence), .budget(let sentence): return sentence
        }
    }
}

/// Finds what a mistyped name may have meant.
public enum Spelling {
    /// Up to three known names within a third of the name's length in edits, or that it is the beginning of; nearest first.
    ///
    /// Upper and lower case count as equal; one edit is always allowed.
    public static func nearest(to name: String, among known: [String]) -> [String] {
        let limit = max(1, name.count / 3)
        return Set(known).map { (distance(name.lowercased(), $0.lowercased()), $0) }
            .filter { $0.0 <= limit || $0.1.lowercased().hasPrefix(name.lowercased()) && !name.isEmpty }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .prefix(3).map(\.1)
    }

    /// The fewest insertions, deletions, replacements and swaps of neighbours between two words
    /// (Damerau 1964, restricted form).
    public static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars)
        let b = Array(right.unicodeScalars)
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in 1...a.count {
            for j in 1...b.count {
                let change = a[i - 1] == b[j - 1] ? 0 : 1
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
