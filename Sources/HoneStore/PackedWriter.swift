/// Packs trees of values into bytes: what was said once is referred to, numbers stay binary.
///
/// One byte says what follows (`PackedTag`). Texts are numbered as they come, and one that is new is spelled as the share of one of
/// the last eight that it begins with, and the rest. Sets of keys are numbered too, so an object is a number and its values.
/// An object whose bytes were written before, such as a prompt or a cast, is the number of the first of them. Whole numbers have
/// seven bits a byte, lowest first, the sign in the lowest bit; other numbers are IEEE 754, lowest byte first.
struct PackedWriter {
    /// What was packed so far.
    private(set) var bytes: [UInt8] = [PackedTag.format]
    private var texts: [[UInt8]: Int] = [:]
    private var recent: [[UInt8]] = []
    private var shapes: [[UInt8]: Int] = [:]
    private var objects: [Int: (range: Range<Int>, number: Int)] = [:]
    private var objectCount = 0

    /// Appends a value.
    mutating func write(_ value: PackedValue) {
        switch value {
        case .null: tag(.null)
        case .bool(let value): tag(value ? .yes : .no)
        case .integer(let value):
            tag(.integer)
            signed(value)
        case .unsigned(let value):
            tag(.unsigned)
            unsigned(value)
        case .float(let value):
            tag(.float)
            little(value.bitPattern)
        case .double(let value):
            tag(.double)
            little(value.bitPattern)
        case .text(let text): write(text)
        case .tokens(let tokens):
            tag(.tokens)
            unsigned(UInt64(tokens.count))
            for token in tokens { signed(Int64(token)) }
        case .floats(let floats):
            tag(.floats)
            unsigned(UInt64(floats.count))
            for float in floats { little(float.bitPattern) }
        case .list(let values):
            tag(.list)
            unsigned(UInt64(values.count))
            for value in values { write(value) }
        case .object(let members): write(members)
        }
    }

    private mutating func write(_ members: [(key: String, value: PackedValue)]) {
        let start = bytes.count
        let definitions = texts.count + shapes.count
        let before = objectCount
        var keys: [UInt8] = []
        for member in members {
            keys += member.key.utf8
            keys.append(0xFF)  // no byte of UTF-8
        }
        if let number = shapes[keys] {
            tag(.object)
            unsigned(UInt64(number))
        } else {
            shapes[keys] = shapes.count
            tag(.newShape)
            unsigned(UInt64(members.count))
            for member in members { write(member.key) }
        }
        for member in members { write(member.value) }
        // Only bytes that define nothing mean the same wherever they stand; the reader counts by the same rule.
        guard texts.count + shapes.count == definitions, bytes.count - start >= PackedTag.shortestReferred else { return }
        let hash = bytes.withUnsafeBytes { all in
            var hasher = Hasher()
            hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: all[start...]))
            return hasher.finalize()
        }
        if objectCount == before, let earlier = objects[hash], bytes[earlier.range].elementsEqual(bytes[start...]) {
            bytes.removeSubrange(start...)
            tag(.again)
            unsigned(UInt64(earlier.number))
        } else {
            if objects[hash] == nil { objects[hash] = (start..<bytes.count, objectCount) }
            objectCount += 1
        }
    }

    private mutating func write(_ text: String) {
        let spelled = Array(text.utf8)
        if let number = texts[spelled] {
            tag(.text)
            unsigned(UInt64(number))
            return
        }
        var best = (share: 0, back: 0)
        for (index, other) in recent.enumerated() {
            var share = 0
            while share < min(other.count, spelled.count), other[share] == spelled[share] { share += 1 }
            if share > best.share { best = (share, recent.count - 1 - index) }
        }
        tag(.newText)
        unsigned(UInt64(best.share))
        if best.share > 0 { unsigned(UInt64(best.back)) }
        unsigned(UInt64(spelled.count - best.share))
        bytes += spelled[best.share...]
        texts[spelled] = texts.count
        recent.append(spelled)
        if recent.count > PackedTag.recentTexts { recent.removeFirst() }
    }

    private mutating func tag(_ tag: PackedTag) { bytes.append(tag.rawValue) }

    private mutating func unsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func signed(_ value: Int64) { unsigned(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    private mutating func little<T: FixedWidthInteger>(_ value: T) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// What the bytes after it are.
enum PackedTag: UInt8 {
    case null, no, yes, integer, unsigned, float, double, text, newText, tokens, floats, list, object, newShape, again

    /// The first byte of everything that is packed.
    static let format: UInt8 = 1
    /// How many texts a new one may begin like.
    static let recentTexts = 8
    /// An object of fewer bytes is written again rather than referred to.
    static let shortestReferred = 4
}
