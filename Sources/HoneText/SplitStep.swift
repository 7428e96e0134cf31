/// A text in pieces: the state between the steps that split it into words.
struct TextPieces {
    var text: AlignedText
    /// The pieces in order; what lies between them was taken away.
    var ranges: [Range<Int>]

    /// A text in one piece.
    init(_ text: AlignedText) {
        self.text = text
        ranges = text.bytes.isEmpty ? [] : [0..<text.bytes.count]
    }

    /// Puts content before those pieces for which that is wanted; it becomes a part of them.
    mutating func prepend(_ content: [UInt8], where isWanted: (Range<Int>) -> Bool) {
        var shift = 0
        var places: [Int] = []
        var moved: [Range<Int>] = []
        for range in ranges {
            let start = range.lowerBound + shift
            if isWanted(range) {
                places.append(range.lowerBound)
                shift += content.count
            }
            moved.append(start..<(range.upperBound + shift))
        }
        text.insert(content, before: places)
        ranges = moved
    }
}

/// One step that splits a text into words: the `pre_tokenizer` of a `tokenizer.json`.
enum SplitStep: Hashable, Sendable {
    /// What becomes of the places that a pattern finds.
    enum Behavior: String, Hashable, Sendable {
        case removed = "Removed"
        case isolated = "Isolated"
        case mergedWithPrevious = "MergedWithPrevious"
        case mergedWithNext = "MergedWithNext"
        case contiguous = "Contiguous"
    }

    /// When a sign is put before a piece.
    enum Prefix: String, Hashable, Sendable {
        case always
        case first
        case never
    }

    case split(TextPattern, Behavior, isInverted: Bool)
    /// GPT-2's words, and bytes instead of characters from here on.
    case bytes(addsPrefixSpace: Bool, splitsWords: Bool)
    case digits(oneByOne: Bool)
    /// A visible sign instead of each space, and before what begins.
    case metaspace(sign: String, prefix: Prefix, splits: Bool)

    /// Splits the pieces; throws when an expression finds no end.
    func apply(to pieces: inout TextPieces) throws(TextError) {
        switch self {
        case .split(let pattern, let behavior, let isInverted):
            let bytes = pieces.text.bytes
            try Self.split(&pieces, behavior, isInverted: isInverted) { (range) throws(TextError) in try pattern.matches(in: bytes, range) }
        case .digits(let oneByOne):
            let bytes = pieces.text.bytes
            try Self.split(&pieces, oneByOne ? .isolated : .contiguous, isInverted: false) { Self.numbers(in: bytes, $0) }
        case .bytes(let addsPrefixSpace, let splitsWords):
            if addsPrefixSpace {
                let bytes = pieces.text.bytes
                pieces.prepend([32]) { bytes[$0.lowerBound] != 32 }
            }
            guard splitsWords else { return }
            var words: [Range<Int>] = []
            pieces.text.bytes.withUnsafeBufferPointer { bytes in
                for range in pieces.ranges { WordScanner.gpt2.split(bytes, range, into: &words) }
            }
            pieces.ranges = words
        case .metaspace(let sign, let prefix, let splits): try Self.metaspace(&pieces, Array(sign.utf8), prefix, splits: splits)
        }
    }

    private static func metaspace(_ pieces: inout TextPieces, _ sign: [UInt8], _ prefix: Prefix, splits: Bool) throws(TextError) {
        var spaces: [Range<Int>] = []
        var moved: [Range<Int>] = []
        var shift = 0
        for range in pieces.ranges {
            let found = try TextPattern(plain: " ").matches(in: pieces.text.bytes, range)
            spaces += found
            let start = range.lowerBound + shift
            shift += found.count * (sign.count - 1)
            moved.append(start..<(range.upperBound + shift))
        }
        pieces.text.replace(spaces, with: sign)
        pieces.ranges = moved
        let text = pieces.text
        if prefix != .never {
            pieces.prepend(sign) { range in
                !text.bytes[range].starts(with: sign) && (prefix == .always || text.original(range).lowerBound == 0)
            }
        }
        if splits {
            let pattern = TextPattern(plain: String(decoding: sign, as: UTF8.self))
            let bytes = pieces.text.bytes
            try split(&pieces, .mergedWithNext, isInverted: false) { (range) throws(TextError) in try pattern.matches(in: bytes, range) }
        }
    }

    private static func numbers(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        bytes.withUnsafeBufferPointer { bytes in
            var place = range.lowerBound
            while place < range.upperBound {
                let (code, width) = ScalarClasses.scalar(in: bytes, at: place)
                if ScalarClasses.of(code).contains(.number) { found.append(place..<(place + width)) }
                place += width
            }
        }
        return found
    }

    private static func split(
        _ pieces: inout TextPieces, _ behavior: Behavior, isInverted: Bool, matches: (Range<Int>) throws(TextError) -> [Range<Int>]
    ) throws(TextError) {
        var words: [Range<Int>] = []
        words.reserveCapacity(pieces.ranges.count)
        for range in pieces.ranges {
            var parts: [(range: Range<Int>, isMatch: Bool)] = []
            var done = range.lowerBound
            for match in try matches(range) {
                if done < match.lowerBound { parts.append((done..<match.lowerBound, isInverted)) }
                parts.append((match, !isInverted))
                done = match.upperBound
            }
            if done < range.upperBound { parts.append((done..<range.upperBound, isInverted)) }
            words += joined(parts, behavior).filter { !$0.isEmpty }
        }
        pieces.ranges = words
    }

    private static func joined(_ parts: [(range: Range<Int>, isMatch: Bool)], _ behavior: Behavior) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var wasMatch = false
        switch behavior {
        case .isolated: return parts.map(\.range)
        case .removed: return parts.filter { !$0.isMatch }.map(\.range)
        case .contiguous, .mergedWithPrevious:
            for part in parts {
                let joins = behavior == .contiguous ? part.isMatch == wasMatch : part.isMatch && !wasMatch
                if joins, let last = result.last {
                    result[result.count - 1] = last.lowerBound..<part.range.upperBound
                } else {
                    result.append(part.range)
                }
                wasMatch = part.isMatch
            }
            return result
        case .mergedWithNext:
            for part in parts.reversed() {
                if part.isMatch, !wasMatch, let next = result.last {
                    result[result.count - 1] = part.range.lowerBound..<next.upperBound
                } else {
                    result.append(part.range)
                }
                wasMatch = part.isMatch
            }
            return result.reversed()
        }
    }
}
