/// What Python's texts can do, on UTF-8 bytes; places and lengths are in Unicode scalars.
enum TemplateText {
    /// How many scalars there are.
    static func length(_ bytes: some Collection<UInt8>) -> Int { bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) } }

    /// The bytes of each scalar.
    static func scalars(_ bytes: [UInt8]) -> TemplateScalars { TemplateScalars(bytes) }

    /// The bytes so many times.
    static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
        guard bytes.count != 1 else { return [UInt8](repeating: bytes[0], count: count) }
        let length = bytes.count * count
        var out: [UInt8] = []
        out.reserveCapacity(length)
        if length > 0 { out += bytes }
        while out.count < length { out += out.prefix(length - out.count) }
        return out
    }

    private static func isSpace(_ scalar: ArraySlice<UInt8>) -> Bool { TemplateLexer.spaceWidth(Array(scalar), 0) == scalar.count }

    /// The text without white space, or without any of some characters, at its ends.
    static func trimmed(_ bytes: [UInt8], of characters: [UInt8]? = nil, leading: Bool = true, trailing: Bool = true) -> ArraySlice<UInt8> {
        let set = characters.map { Set(scalars($0).map { Array($0) }) }
        func belongs(_ scalar: ArraySlice<UInt8>) -> Bool { set.map { $0.contains(Array(scalar)) } ?? isSpace(scalar) }
        var (start, end) = (0, bytes.count)
        while leading, start < end {
            var next = start + 1
            while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
            guard belongs(bytes[start..<next]) else { break }
            start = next
        }
        while trailing, start < end {
            var last = end - 1
            while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
            guard belongs(bytes[last..<end]) else { break }
            end = last
        }
        return bytes[start..<end]
    }

    /// The first place in bytes where a text that is not empty occurs.
    static func place(of part: [UInt8], in bytes: [UInt8]) -> Int? {
        var search = ByteSearch(of: part, in: bytes)
        return search.next()
    }

    /// The last place in bytes where a text that is not empty occurs.
    static func lastPlace(of part: [UInt8], in bytes: [UInt8]) -> Int? { ByteSearch(of: part, in: bytes, mayOverlap: true).reduce(nil) { $1 } }

    /// The text with a part replaced, up to so many times; an empty part stands between all scalars.
    static func replaced(_ bytes: [UInt8], _ part: [UInt8], with other: [UInt8], count: Int = -1, limit: Int) throws(TemplateFailure) -> [UInt8] {
        let most = count < 0 ? Int.max : count
        var out: [UInt8] = []
        func check() throws(TemplateFailure) { guard out.count <= limit else { throw TemplateRun.tooLong(limit) } }
        guard !part.isEmpty else {
            var left = most
            for scalar in scalars(bytes) {
                if left > 0 {
                    out += other
                    left -= 1
                }
                out += scalar
                try check()
            }
            return left > 0 ? out + other : out
        }
        var done = 0
        var left = most
        var search = ByteSearch(of: part, in: bytes)
        while left > 0, let place = search.next() {
            out += bytes[done..<place]
            out += other
            done = place + part.count
            left -= 1
            try check()
        }
        return out + bytes[done...]
    }

    /// The parts between separators, from the left up to so many cuts; without a separator, between runs of white space.
    static func split(_ bytes: [UInt8], _ separator: [UInt8]?, limit: Int = -1) -> [[UInt8]] {
        let most = limit < 0 ? Int.max : limit
        guard let separator else {
            var parts: [[UInt8]] = []
            var place = 0
            while true {
                while place < bytes.count, let width = TemplateLexer.spaceWidth(bytes, place) { place += width }
                guard place < bytes.count else { return parts }
                guard parts.count < most else { return parts + [Array(bytes[place...])] }
                let start = place
                while place < bytes.count, TemplateLexer.spaceWidth(bytes, place) == nil { place += 1 }
                parts.append(Array(bytes[start..<place]))
            }
        }
        var parts: [[UInt8]] = []
        var done = 0
        var search = ByteSearch(of: separator, in: bytes)
        while parts.count < most, let place = search.next() {
            parts.append(Array(bytes[done..<place]))
            done = place + separator.count
        }
        return parts + [Array(bytes[done...])]
    }

    /// The parts between separators, from the right.
    static func splitFromRight(_ bytes: [UInt8], _ separator: [UInt8]?, limit: Int) -> [[UInt8]] {
        guard limit >= 0 else { return split(bytes, separator) }
        // Scalars stay whole when they are turned round one by one.
        func turned(_ bytes: [UInt8]) -> [UInt8] { scalars(bytes).reversed().flatMap { Array($0) } }
        return split(turned(bytes), separator.map(turned), limit: limit).map(turned).reversed()
    }

    /// Where the content of the line that begins at a place ends, and where the next begins; nil at the end of the text.
    static func lineEnd(_ bytes: [UInt8], from start: Int) -> (content: Int, next: Int)? {
        guard start < bytes.count else { return nil }
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case 13: return (place, place + (place + 1 < bytes.count && bytes[place + 1] == 10 ? 2 : 1))
            case 10, 11, 12, 28, 29, 30: return (place, place + 1)
            case 0xC2 where place + 1 < bytes.count && bytes[place + 1] == 0x85: return (place, place + 2)
            case 0xE2 where place + 2 < bytes.count && bytes[place + 1] == 0x80 && (bytes[place + 2] == 0xA8 || bytes[place + 2] == 0xA9):
                return (place, place + 3)
            default: place += 1
            }
        }
        return (place, place)
    }

    /// The lines, without or with their ends; no more than so many.
    static func lines(_ bytes: [UInt8], keepingEnds: Bool, limit: Int) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var place = 0
        while lines.count < limit, let line = lineEnd(bytes, from: place) {
            lines.append(Array(bytes[place..<(keepingEnds ? line.next : line.content)]))
            place = line.next
        }
        return lines
    }

    static func uppercased(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes.map { (97...122).contains($0) ? $0 - 32 : $0 } }
        return mapped(bytes) { $0.properties.uppercaseMapping }
    }

    /// In small letters; a capital sigma at the end of a word becomes the final one.
    static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.contains(where: { $0 >= 0x80 }) else { return bytes.map { (65...90).contains($0) ? $0 + 32 : $0 } }
        let scalars = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
        var out = ""
        for (place, scalar) in scalars.enumerated() {
            guard scalar == "\u{3A3}" else {
                out += scalar.properties.lowercaseMapping
                continue
            }
            let before = scalars[..<place].last { !$0.properties.isCaseIgnorable }
            let behind = scalars[(place + 1)...].first { !$0.properties.isCaseIgnorable }
            out += (before?.properties.isCased ?? false) && !(behind?.properties.isCased ?? false) ? "\u{3C2}" : "\u{3C3}"
        }
        return Array(out.utf8)
    }

    private static func mapped(_ bytes: [UInt8], _ map: (Unicode.Scalar) -> String) -> [UInt8] {
        var out = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars { out += map(scalar) }
        return Array(out.utf8)
    }

    /// The first letter as in titles, the others small.
    static func capitalized(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = scalars(bytes).first else { return bytes }
        return mapped(Array(first)) { $0.properties.titlecaseMapping } + Array(lowercased(bytes).dropFirst(lowercased(Array(first)).count))
    }

    /// Each run of letters capitalised, as Python's method of texts does.
    static func titled(_ bytes: [UInt8]) -> [UInt8] {
        var isInside = false
        return mapped(bytes) { scalar in
            defer { isInside = scalar.properties.isCased }
            return isInside ? scalar.properties.lowercaseMapping : scalar.properties.titlecaseMapping
        }
    }

    /// Where a slice begins and ends, as Python's slices mean it; backwards the end may be -1.
    static func ends(count: Int, start: Int?, stop: Int?, step: Int) -> (start: Int, stop: Int) {
        func clamped(_ value: Int, low: Int, high: Int) -> Int {
            let place = value < 0 ? (value < -count ? -1 : value + count) : value
            return min(max(place, low), high)
        }
        if step > 0 { return (start.map { clamped($0, low: 0, high: count) } ?? 0, stop.map { clamped($0, low: 0, high: count) } ?? count) }
        return (start.map { clamped($0, low: -1, high: count - 1) } ?? count - 1, stop.map { clamped($0, low: -1, high: count - 1) } ?? -1)
    }

    /// The places of a slice.
    static func slice(count: Int, start: Int?, stop: Int?, step: Int) -> TemplatePlaces {
        let (first, end) = ends(count: count, start: start, stop: stop, step: step)
        // The magnitude of a step may be beyond the range of steps.
        let distance = step > 0 ? end - first : first - end
        let places = distance > 0 ? Int((UInt(distance) - 1) / step.magnitude) + 1 : 0
        return TemplatePlaces(first: first, step: step, endIndex: places)
    }
}

/// Places at equal distances.
struct TemplatePlaces: RandomAccessCollection {
    let first: Int
    let step: Int
    let endIndex: Int
    var startIndex: Int { 0 }
    subscript(index: Int) -> Int { first + index * step }
}

/// The scalars of a text in UTF-8, each as its bytes.
struct TemplateScalars: RandomAccessCollection {
    private let bytes: [UInt8]
    /// Where each begins; nil when each has one byte.
    private let starts: [Int32]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            starts = nil
            return
        }
        var starts: [Int32] = []
        for place in bytes.indices where place == 0 || bytes[place] & 0xC0 != 0x80 { starts.append(Int32(place)) }
        self.starts = starts
    }

    var startIndex: Int { 0 }
    var endIndex: Int { starts?.count ?? bytes.count }

    subscript(index: Int) -> ArraySlice<UInt8> {
        guard let starts else { return bytes[index..<(index + 1)] }
        return bytes[Int(starts[index])..<(index + 1 < starts.count ? Int(starts[index + 1]) : bytes.count)]
    }
}
