import HoneCore

/// Turns text into tokens and back.
public protocol Tokenizer: Sendable {
    /// How many entries the vocabulary has; tokens are 0..<vocabularySize.
    var vocabularySize: Int { get }
    /// The token that ends a text.
    var endOfText: TokenID { get }
    /// The token that fills rows; never trained and never sampled on purpose.
    var padding: TokenID { get }
    /// The tokens of a text, without special tokens around it.
    func encode(_ text: String) throws(TextError) -> [TokenID]
    /// The text that tokens spell, without special tokens. Bytes that are not UTF-8 become U+FFFD.
    func decode(_ tokens: [TokenID]) -> String
    /// The bytes a token stands for; empty for special tokens.
    func bytes(of token: TokenID) -> [UInt8]
    /// The `tokenizer.json` that other tools load.
    func json() throws -> JSONValue
}

extension Tokenizer {
    /// A hash of everything that decides which tokens a text gets.
    public var fingerprint: String { (try? json()).map { SHA256.hex($0.canonical) } ?? "" }

    /// The text that tokens spell.
    public func decode(_ tokens: [TokenID]) -> String {
        var all: [UInt8] = []
        for token in tokens { all += bytes(of: token) }
        return String(decoding: all, as: UTF8.self)
    }
}

/// What can go wrong with text, in one sentence.
public struct TextError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was found, what was expected.
    public var description: String

    /// The error with this sentence.
    public init(_ sentence: String) { description = sentence }
}
