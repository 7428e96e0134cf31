public import HoneCore

/// Which tokens stand around a text when a model reads it, such as `<s>` before it: the post-processor of a
/// `tokenizer.json`.
public struct TokenTemplate: Hashable, Sendable {
    /// One place of a template.
    public enum Part: Hashable, Sendable {
        /// The first text.
        case first
        /// The second text of a pair.
        case second
        /// A token of its own.
        case token(TokenID)
    }

    /// The places around one text.
    public let single: [Part]
    /// The places around two texts.
    public let pair: [Part]

    /// The texts alone.
    public static let plain = TokenTemplate(single: [.first], pair: [.first, .second])

    /// A template from its places.
    public init(single: [Part], pair: [Part]) {
        self.single = single
        self.pair = pair
    }

    /// The tokens of one text, or of a pair, with those around them.
    public func applied(to first: [TokenID], and second: [TokenID]? = nil) -> [TokenID] {
        (second == nil ? single : pair).flatMap { part in
            switch part {
            case .first: first
            case .second: second ?? []
            case .token(let id): [id]
            }
        }
    }
}

extension Tokenizer {
    /// No tokens around a text.
    public var template: TokenTemplate { .plain }

    /// The tokens of a text, with the tokens that the template puts around it where that is wanted.
    public func encode(_ text: String, addSpecialTokens: Bool) throws(TextError) -> [TokenID] {
        let tokens = try encode(text)
        return addSpecialTokens ? template.applied(to: tokens) : tokens
    }

    /// The tokens of two texts with the tokens that the template puts around and between them.
    public func encode(pair first: String, _ second: String) throws(TextError) -> [TokenID] {
        template.applied(to: try encode(first), and: try encode(second))
    }

    /// The tokens of a text with the part of the text that each covers, trimmed as the file says; tokens of the
    /// template cover nothing, at 0.
    public func encodeWithOffsets(
        _ text: String, recognizesAddedTokens: Bool, addSpecialTokens: Bool
    ) throws(TextError) -> TokenEncoding {
        var inside = try encodeWithOffsets(text, recognizesAddedTokens: recognizesAddedTokens)
        if let offsetTrimming {
            for (index, token) in inside.tokens.enumerated() {
                inside.scalarOffsets[index] = offsetTrimming.trimmed(inside.scalarOffsets[index], spelling: spelling(of: token), isFirst: index == 0)
            }
        }
        guard addSpecialTokens else { return inside }
        var encoding = TokenEncoding()
        for part in template.single {
            switch part {
            case .first:
                encoding.tokens += inside.tokens
                encoding.byteOffsets += inside.byteOffsets
                encoding.scalarOffsets += inside.scalarOffsets
            case .second: continue
            case .token(let id):
                encoding.tokens.append(id)
                encoding.byteOffsets.append(0..<0)
                encoding.scalarOffsets.append(0..<0)
            }
        }
        return encoding
    }
}
