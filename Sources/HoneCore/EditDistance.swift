/// How far two rows of things, such as tokens or bytes, are from each other.
public enum EditDistance {
    /// The least number of things put in, taken out or changed that makes one of the other (Levenshtein 1966).
    ///
    /// What both begin and end with alike is set aside first; the rest takes time in the product of the lengths.
    public static func count<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Int {
        let start = zip(first, second).prefix { $0 == $1 }.count
        let (a, b) = (first.dropFirst(start), second.dropFirst(start))
        let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
        let (left, right) = (Array(a.dropLast(end)), Array(b.dropLast(end)))
        var row = Array(0...right.count)
        for (i, thing) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let changed = diagonal + (thing == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }

    /// The count as a share of the longer one, from 0 to 1; 0 for two empty rows.
    public static func share<Element: Equatable>(_ first: [Element], _ second: [Element]) -> Double {
        let longer = max(first.count, second.count)
        return longer == 0 ? 0 : Double(count(first, second)) / Double(longer)
    }
}
