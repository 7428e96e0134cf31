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
    /// nobody can end a turn by writing "<end>".
    func encode(_ text: String) throws(TextError) -> [TokenID]
    /// The tokens of a text with the part of the text that each covers.
    ///
    /// With `recognizesAddedTokens`, the written form of an added token becomes that token, as in other libraries.
    func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding
    /// The text that tokens spell, without special tokens. Bytes that are not UTF-8 become U+FFFD.
    func decode(_ tokens: [TokenID]) -> String
    /// The bytes a token stands for; empty for special tokens.
    func bytes(of token: TokenID) -> [UInt8]
    /// The `tokenizer.json` that other tools load.
    func json() throws -> JSONValue
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

    /// The text that tokens spell.
    public func decode(_ tokens: [TokenID]) -> String {
        var all: [UInt8] = []
        all.reserveCapacity(tokens.count * 2)
        for token in tokens { all += bytes(of: token) }
        return String(decoding: all, as: UTF8.self)
    }

    /// The tokens of a text in which written forms of added tokens become those tokens.
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
