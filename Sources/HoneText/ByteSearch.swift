/// The places where some bytes occur in others, from left to right, in a time that is linear in both.
///
/// Long parts are found with a table of what repeats at their beginning (Knuth, Morris and Pratt 1977): comparing anew at every
/// place would take the product of both lengths where a part nearly occurs everywhere.
struct ByteSearch: Sequence, IteratorProtocol {
    private let part: [UInt8]
    private let bytes: [UInt8]
    private let end: Int
    private let mayOverlap: Bool
    /// For each length of a beginning of the part, how long the longest beginning is that also ends it; empty for short parts.
    private var borders: [Int32] = []
    private var place: Int
    private var matched = 0

    /// Parts up to this length are compared at every place.
    private static let short = 8

    /// The places of a part, which give none when it is empty; apart from each other unless they may overlap.
    init(of part: [UInt8], in bytes: [UInt8], _ range: Range<Int>? = nil, mayOverlap: Bool = false) {
        self.part = part
        self.bytes = bytes
        self.mayOverlap = mayOverlap
        (place, end) = (range?.lowerBound ?? 0, range?.upperBound ?? bytes.count)
        guard part.count > Self.short, part.count <= end - place else { return }
        borders = [Int32](repeating: 0, count: part.count)
        var length = 0
        for index in 1..<part.count {
            while length > 0, part[index] != part[length] { length = Int(borders[length - 1]) }
            if part[index] == part[length] { length += 1 }
            borders[index] = Int32(length)
        }
    }

    mutating func next() -> Int? {
        guard let first = part.first, part.count <= end else { return nil }
        guard borders.isEmpty else { return nextLong() }
        while place <= end - part.count {
            let here = place
            place += 1
            guard bytes[here] == first, (1..<part.count).allSatisfy({ bytes[here + $0] == part[$0] }) else { continue }
            if !mayOverlap { place = here + part.count }
            return here
        }
        return nil
    }

    private mutating func nextLong() -> Int? {
        while place < end {
            while matched > 0, bytes[place] != part[matched] { matched = Int(borders[matched - 1]) }
            if bytes[place] == part[matched] { matched += 1 }
            place += 1
            guard matched == part.count else { continue }
            matched = mayOverlap ? Int(borders[part.count - 1]) : 0
            return place - part.count
        }
        return nil
    }
}
