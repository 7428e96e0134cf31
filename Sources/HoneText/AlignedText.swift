/// Text on its way to tokens, which knows from which bytes of the original each of its bytes came.
struct AlignedText: Sendable {
    /// The text as it is now, valid UTF-8.
    private(set) var bytes: [UInt8]
    /// Where in the original the first byte lies, as long as nothing has changed.
    private let shift: Int
    /// For each byte the range of the original that it came from; empty as long as nothing has changed, or when nobody asks.
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    private var isChanged = false
    /// Whether positions are wanted.
    let keepsAlignment: Bool
    /// How many bytes the text may come to have: replacing can double it again and again.
    private let longest: Int

    /// A part of an original text.
    init(_ bytes: [UInt8], shift: Int, keepsAlignment: Bool) {
        self.bytes = bytes
        self.shift = shift
        self.keepsAlignment = keepsAlignment
        longest = 1024 + 32 * bytes.count
    }

    /// Throws when so many pieces of content would make the text far longer than the original.
    func expectRoom(for count: Int, of length: Int) throws(TextError) {
        let (added, isTooLarge) = count.multipliedReportingOverflow(by: length)
        guard isTooLarge || added > longest - bytes.count else { return }
        throw TextError("The tokenizer's normalizer makes more than \(longest) bytes out of a text of \((longest - 1024) / 32); its file is unusable")
    }

    /// The bytes of the original that a range came from.
    func original(_ range: Range<Int>) -> Range<Int> {
        guard isChanged, keepsAlignment else { return (range.lowerBound + shift)..<(range.upperBound + shift) }
        guard !range.isEmpty, range.upperBound <= starts.count else { return shift..<shift }
        let start = Int(starts[range.lowerBound])
        return start..<max(start, Int(ends[range.upperBound - 1]))
    }

    /// The range of the original that the byte at a place came from.
    private func origin(_ place: Int) -> (start: Int32, end: Int32) {
        guard keepsAlignment, place >= 0, place < bytes.count else { return (Int32(shift), Int32(shift)) }
        return isChanged ? (starts[place], ends[place]) : (Int32(place + shift), Int32(place + 1 + shift))
    }

    /// A text that is being put together from another.
    private struct Draft {
        var bytes: [UInt8] = []
        var starts: [Int32] = []
        var ends: [Int32] = []

        mutating func copy(_ range: Range<Int>, of text: AlignedText) {
            bytes += text.bytes[range]
            guard text.keepsAlignment else { return }
            if text.isChanged {
                starts += text.starts[range]
                ends += text.ends[range]
            } else {
                for place in range {
                    starts.append(Int32(place + text.shift))
                    ends.append(Int32(place + 1 + text.shift))
                }
            }
        }

        mutating func insert(_ content: some Collection<UInt8>, from origin: (start: Int32, end: Int32), keepsAlignment: Bool) {
            bytes += content
            guard keepsAlignment else { return }
            for _ in content {
                starts.append(origin.start)
                ends.append(origin.end)
            }
        }
    }

    private mutating func become(_ draft: Draft) {
        bytes = draft.bytes
        starts = draft.starts
        ends = draft.ends
        isChanged = true
    }

    /// Replaces ranges, which are in order, by other content, which counts as coming from the last scalar of what it replaces.
    mutating func replace(_ ranges: [Range<Int>], with content: [UInt8]) {
        guard !ranges.isEmpty else { return }
        var draft = Draft()
        draft.bytes.reserveCapacity(bytes.count + ranges.count * content.count)
        var done = 0
        for range in ranges {
            draft.copy(done..<range.lowerBound, of: self)
            draft.insert(content, from: origin(ofScalarBefore: range.upperBound), keepsAlignment: keepsAlignment)
            done = range.upperBound
        }
        draft.copy(done..<bytes.count, of: self)
        become(draft)
    }

    private func origin(ofScalarBefore place: Int) -> (start: Int32, end: Int32) {
        var first = place - 1
        while first > 0, bytes[first] & 0xC0 == 0x80 { first -= 1 }
        return (origin(first).start, origin(place - 1).end)
    }

    /// Puts content before some places, which are in order; it touches the scalar that follows.
    mutating func insert(_ content: [UInt8], before places: [Int]) {
        guard !places.isEmpty else { return }
        var draft = Draft()
        draft.bytes.reserveCapacity(bytes.count + places.count * content.count)
        var done = 0
        for place in places {
            draft.copy(done..<place, of: self)
            let start = origin(place).start
            draft.insert(content, from: (start, start), keepsAlignment: keepsAlignment)
            done = place
        }
        draft.copy(done..<bytes.count, of: self)
        become(draft)
    }

    /// Takes the text that scalars spell.
    ///
    /// The change of each scalar says how it came about: 0, it stands for the next scalar of the old text; 1, it is new, and
    /// counts as coming from where the one before it came from; −n, it stands for the next scalar, and n more are gone.
    mutating func transform(_ scalars: [(scalar: Unicode.Scalar, change: Int)]) {
        var draft = Draft()
        draft.bytes.reserveCapacity(bytes.count)
        var place = 0
        func scalarEnd(_ place: Int) -> Int {
            var end = min(place + 1, bytes.count)
            while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
            return end
        }
        for (scalar, change) in scalars {
            var origin: (start: Int32, end: Int32)
            if change > 0 {
                origin = place > 0 ? self.origin(ofScalarBefore: place) : (Int32(shift), Int32(shift))
            } else {
                let end = scalarEnd(place)
                origin = (self.origin(place).start, self.origin(end - 1).end)
                place = end
                for _ in 0..<(-change) { place = scalarEnd(place) }
            }
            draft.insert(Array(UTF8.encode(scalar) ?? .init()), from: origin, keepsAlignment: keepsAlignment)
        }
        become(draft)
    }
}
