public import HoneCore

/// Turns text into tokens and back.
///
/// A tokenizer is an immutable value: the same text gives the same tokens on every thread and machine. Symbols are Unicode
/// scalars and token keys are bytes, so texts that Swift calls equal ("é" composed and decomposed) stay apart.
public protocol Tokenizer: Sendable {
    /// How many entries the vocabulary has; tokens are 0..<vocabularySize.
    var vocabularySize: Int { get }
    /// The token that ends a text.
    var endOfText: TokenID { get }
    /// The token that fills rows; never trained and never sampled on purpose.
    var padding: TokenID { get }
    /// The special tokens and other tokens with a written form of their own, in the order of their ids.
    var addedTokens: [AddedToken] { get }
    /// Which tokens stand around a text when a model reads it; none for most.
    var template: TokenTemplate { get }
    /// The tokens of a text, without special tokens around it. Written forms of special tokens are ordinary text here, so that
    /// nobody can end a turn by writing "<end>"; added tokens that are not special are ordinary words, and are recognised.
    func encode(_ text: String) throws(TextError) -> [TokenID]
    /// The tokens of a text with the part of the text that each covers.
    ///
    /// With `recognizesAddedTokens`, the written form of every added token becomes that token, as in other libraries; without,
    /// only that of tokens that are not special.
    func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding
    /// The tokens of a text in which the written form of every added token becomes that token.
    func encodeRecognizingAddedTokens(_ text: String) throws(TextError) -> [TokenID]
    /// The text that tokens spell, without special tokens. Bytes that are not UTF-8 become U+FFFD.
    func decode(_ tokens: [TokenID]) -> String
    /// The bytes a token stands for; empty for special tokens.
    func bytes(of token: TokenID) -> [UInt8]
    /// What a token contributes to a text, at its beginning or later in it.
    func piece(of token: TokenID, isFirst: Bool) -> TokenPiece
    /// What is taken off the beginning of a text when tokens are decoded; nothing for most.
    var leadingText: LeadingText? { get }
    /// The token that begins a text, for models that have one.
    var beginOfText: TokenID? { get }
    /// The tokens after which a model has finished its turn, in ascending order; `endOfText` is among them.
    var stopTokens: [TokenID] { get }
    /// How the file spells a token; the bytes of the token for most.
    func spelling(of token: TokenID) -> [UInt8]
    /// How offsets leave out white space when a text is encoded as its file says; nil when they do not.
    var offsetTrimming: OffsetTrimming? { get }
    /// The `tokenizer.json` that other tools load.
    func json() throws -> JSONValue
    /// The bytes of that file: those it was read from, where it was read.
    func fileBytes() throws -> [UInt8]
    /// A hash of everything that decides which tokens a text gets.
    var fingerprint: String { get }
}

extension Tokenizer {
    /// The hash of the `tokenizer.json`, where there is one.
    public var fingerprint: String {
        if let json = try? json() { return SHA256.hex(json.canonical) }
        // A vocabulary that the file format cannot keep apart is told apart by the bytes of its tokens.
        let tokens = (0..<vocabularySize).map { bytes(of: TokenID($0)).map(String.init).joined(separator: " ") }
        return SHA256.hex((addedTokens.map(\.text) + tokens).joined(separator: "\n"))
    }

    /// The bytes of the token.
    public func piece(of token: TokenID, isFirst: Bool) -> TokenPiece { .bytes(bytes(of: token)) }

    /// The bytes of the token.
    public func spelling(of token: TokenID) -> [UInt8] { bytes(of: token) }

    /// Nothing.
    public var leadingText: LeadingText? { nil }

    /// No token.
    public var beginOfText: TokenID? { nil }

    /// The token that ends a text.
    public var stopTokens: [TokenID] { [endOfText] }

    /// No trimming.
    public var offsetTrimming: OffsetTrimming? { nil }

    /// The canonical spelling of the `tokenizer.json`.
    public func fileBytes() throws -> [UInt8] { Array(try json().canonical.utf8) }

    /// The text that tokens spell.
    public func decode(_ tokens: [TokenID]) -> String {
        var joining = TokenJoining(leadingText)
        for token in tokens { joining.take(piece(of: token, isFirst: joining.isAtStart)) }
        joining.finishRun()
        return String(decoding: joining.bytes, as: UTF8.self)
    }

    /// The tokens of a text in which written forms of added tokens become those tokens, without locating them.
    public func encodeRecognizingAddedTokens(_ text: String) throws(TextError) -> [TokenID] {
        try encodeWithOffsets(text, recognizesAddedTokens: true).tokens
    }

    /// The id of the added token with this written form, such as "<end>".
    public func id(ofAdded text: String) -> TokenID? { addedTokens.first { $0.text.utf8.elementsEqual(text.utf8) }?.id }
}

/// The tokens of a text with the part of the text that each covers.
public struct TokenEncoding: Hashable, Sendable {
    /// The tokens.
    public var tokens: [TokenID] = []
    /// For each token the bytes of the text's UTF-8 form that it stands for.
    public var byteOffsets: [Range<Int>] = []
    /// For each token the Unicode scalars that it touches; tokens that share a scalar name the same one.
    public var scalarOffsets: [Range<Int>] = []

    /// Completes the scalar offsets from the byte offsets.
    mutating func locateScalars(in text: [UInt8]) {
        var scalarAt: [Int] = []
        scalarAt.reserveCapacity(text.count)
        var count = -1
        for byte in text {
            if byte & 0xC0 != 0x80 { count += 1 }
            scalarAt.append(count)
        }
        scalarOffsets = byteOffsets.map { range in
            guard range.lowerBound < scalarAt.count else { return (count + 1)..<(count + 1) }
            let first = scalarAt[range.lowerBound]
            // A space put before a text touches the text's first scalar, as in the Python library.
            return first..<(range.isEmpty ? first + 1 : scalarAt[range.upperBound - 1] + 1)
        }
    }
}

/// What can go wrong with text, in one sentence.
public struct TextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}
