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
            "rstrip": .bool(takesSpaceBehind), "normalized": .bool(false), "special": .bool(isSpecial),
        ])
    }
}

/// Finds added tokens in a text: the leftmost, and of those the longest.
struct AddedTokens: Sendable {
    let tokens: [AddedToken]
    /// Written forms by their first byte, longest first.
    private let starts: [UInt8: [(bytes: [UInt8], index: Int)]]

    init(_ tokens: [AddedToken]) {
        self.tokens = tokens
        var starts: [UInt8: [(bytes: [UInt8], index: Int)]] = [:]
        for (index, token) in tokens.enumerated() {
            let bytes = Array(token.text.utf8)
            guard let first = bytes.first else { continue }
            starts[first, default: []].append((bytes, index))
        }
        for key in Array(starts.keys) { starts[key]?.sort { ($1.bytes.count, $0.index) < ($0.bytes.count, $1.index) } }
        self.starts = starts
    }

    /// The parts of a text in order: added tokens, and ordinary text between them (nil).
    func split(_ text: [UInt8]) -> [(id: TokenID?, range: Range<Int>)] {
        guard !starts.isEmpty else { return text.isEmpty ? [] : [(nil, 0..<text.count)] }
        var parts: [(id: TokenID?, range: Range<Int>)] = []
        var done = 0
        var index = 0
        while index < text.count {
            guard let candidates = starts[text[index]],
                let match = candidates.first(where: { text[index...].starts(with: $0.bytes) })
            else {
                index += 1
                continue
            }
            let token = tokens[match.index]
            var range = index..<(index + match.bytes.count)
            index = range.upperBound
            if token.isWholeWord {
                let before = Self.scalars(text[..<range.lowerBound].suffix(4)).last
                let behind = Self.scalars(text[range.upperBound...].prefix(4)).first
                if before.map(Self.isWordPart) ?? false || behind.map(Self.isWordPart) ?? false { continue }
            }
            if token.takesSpaceBefore {
                let space = Self.scalars(text[done..<range.lowerBound]).reversed().prefix(while: \.properties.isWhitespace)
                range = (range.lowerBound - space.reduce(0) { $0 + UTF8.width($1) })..<range.upperBound
            }
            if token.takesSpaceBehind {
                var end = range.upperBound
                // One scalar at a time: what follows may be long, and most of it is no space.
                while let scalar = Self.scalars(text[end...].prefix(4)).first, scalar.properties.isWhitespace { end += UTF8.width(scalar) }
                range = range.lowerBound..<end
                index = range.upperBound
            }
            if done < range.lowerBound { parts.append((nil, done..<range.lowerBound)) }
            parts.append((token.id, range))
            done = range.upperBound
        }
        if done < text.count { parts.append((nil, done..<text.count)) }
        return parts
    }

    private static func scalars(_ bytes: ArraySlice<UInt8>) -> String.UnicodeScalarView {
        String(decoding: bytes, as: UTF8.self).unicodeScalars
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .connectorPunctuation, .nonspacingMark, .spacingMark, .enclosingMark: true
        default: scalar.properties.isAlphabetic || scalar.properties.isJoinControl
        }
    }
}
