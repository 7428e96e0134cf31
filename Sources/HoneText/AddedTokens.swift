import HoneCore

/// A token with a written form of its own, outside the merges, such as the end of a text.
public struct AddedToken: Hashable, Sendable {
    /// The written form, such as "<end>".
    public var text: String
    /// The token's id.
    public var id: TokenID
    /// Whether decoding leaves it out.
    public var isSpecial: Bool
    /// Whether white space before it belongs to it.
    public var takesSpaceBefore = false
    /// Whether white space behind it belongs to it.
    public var takesSpaceBehind = false
    /// Whether it is recognised only between characters that are no part of a word.
    public var isWholeWord = false
    /// Whether it is looked for in the text as the normaliser leaves it, and not in the text as it was written.
    public var isNormalized = false

    /// A token with its written form and id.
    public init(text: String, id: TokenID, isSpecial: Bool = true) {
        self.text = text
        self.id = id
        self.isSpecial = isSpecial
    }

    /// The entry in `added_tokens` of a `tokenizer.json`.
    var json: JSONValue {
        .object([
            "id": .integer(Int(id)), "content": .string(text), "single_word": .bool(isWholeWord), "lstrip": .bool(takesSpaceBefore),
            "rstrip": .bool(takesSpaceBehind), "normalized": .bool(isNormalized), "special": .bool(isSpecial),
        ])
    }
}

/// Finds added tokens in a text: the leftmost, and of those the longest.
struct AddedTokens: Sendable {
    let tokens: [AddedToken]
    /// Places in `tokens` by written form.
    private var table: ByteTable
    /// The lengths of the written forms that begin with a byte, longest first.
    private var lengths: [[Int]]

    /// Looks for some tokens in their written forms, or in others that are given for them.
    init(_ tokens: [AddedToken], forms: [[UInt8]]? = nil) {
        self.tokens = tokens
        table = ByteTable(capacity: tokens.count)
        var lengths = [Set<Int>](repeating: [], count: 256)
        for (index, token) in tokens.enumerated() {
            let bytes = forms?[index] ?? Array(token.text.utf8)
            guard let first = bytes.first else { continue }
            lengths[Int(first)].insert(bytes.count)
            table.add(bytes, TokenID(index))
        }
        self.lengths = lengths.map { $0.sorted(by: >) }
    }

    /// The token that begins at a place, and its length.
    private func match(in text: UnsafeBufferPointer<UInt8>, at place: Int) -> (token: AddedToken, length: Int)? {
        for length in lengths[Int(text[place])] where place + length <= text.count {
            if let index = table.token(of: UnsafeBufferPointer(rebasing: text[place..<(place + length)])) { return (tokens[Int(index)], length) }
        }
        return nil
    }

    /// The parts of a text in order: added tokens, and ordinary text between them (nil). Without special tokens, their written
    /// forms are ordinary text, in which no other token is looked for.
    func split(_ bytes: [UInt8], special: Bool = true) -> [(id: TokenID?, range: Range<Int>)] {
        guard !tokens.isEmpty else { return bytes.isEmpty ? [] : [(nil, 0..<bytes.count)] }
        return bytes.withUnsafeBufferPointer { split($0, special: special) }
    }

    private func split(_ text: UnsafeBufferPointer<UInt8>, special: Bool) -> [(id: TokenID?, range: Range<Int>)] {
        var parts: [(id: TokenID?, range: Range<Int>)] = []
        var done = 0
        var place = 0
        // Where the white space ends that was last looked through: a token that is white space itself may begin within it.
        var spaces = 0..<0
        while place < text.count {
            guard !lengths[Int(text[place])].isEmpty, let (token, length) = match(in: text, at: place) else {
                place += 1
                continue
            }
            var (start, end) = (place, place + length)
            place = end
            if token.isSpecial, !special { continue }
            if token.isWholeWord, isWord(before: start, in: text) || isWord(at: end, in: text) { continue }
            if token.takesSpaceBefore {
                while start > done, let before = Self.scalar(before: start, in: text), before.scalar.properties.isWhitespace { start = before.start }
                start = max(start, done)
            }
            if token.takesSpaceBehind {
                if spaces.contains(end) {
                    end = spaces.upperBound
                } else {
                    let first = end
                    while end < text.count, let next = Self.scalar(at: end, in: text), next.scalar.properties.isWhitespace { end = next.end }
                    spaces = first..<end
                }
            }
            if done < start { parts.append((nil, done..<start)) }
            parts.append((token.id, start..<end))
            done = end
        }
        if done < text.count { parts.append((nil, done..<text.count)) }
        return parts
    }

    private static func scalar(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> (scalar: Unicode.Scalar, end: Int)? {
        let (code, width) = ScalarClasses.scalar(in: text, at: place)
        return Unicode.Scalar(code).map { ($0, place + width) }
    }

    private static func scalar(before place: Int, in text: UnsafeBufferPointer<UInt8>) -> (scalar: Unicode.Scalar, start: Int)? {
        guard place > 0 else { return nil }
        var start = place - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(at: start, in: text).map { ($0.scalar, start) }
    }

    private func isWord(before place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        Self.scalar(before: place, in: text).map { Self.isWordPart($0.scalar) } ?? false
    }

    private func isWord(at place: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        place < text.count && Self.scalar(at: place, in: text).map { Self.isWordPart($0.scalar) } ?? false
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: true
        default: scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }
}
