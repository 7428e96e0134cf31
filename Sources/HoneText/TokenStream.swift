public import HoneCore

/// Turns tokens into text one by one, and never gives out half a character.
///
/// Bytes that cannot become valid UTF-8 any more are given out as U+FFFD at once, so the joined pieces equal what
/// `Tokenizer.decode` gives for all tokens together.
public struct TokenStream: Sendable {
    private let tokenizer: any Tokenizer
    private var held: [UInt8] = []

    /// A stream at the beginning of a text.
    public init(_ tokenizer: any Tokenizer) { self.tokenizer = tokenizer }

    /// The text that is complete now that this token has come; often empty in the middle of a character.
    public mutating func push(_ id: TokenID) -> String {
        held.append(contentsOf: tokenizer.bytes(of: id))
        let complete = held.count - TokenStream.unfinishedSuffix(of: held)
        let text = String(decoding: held[..<complete], as: UTF8.self)
        held.removeFirst(complete)
        return text
    }

    /// What is left when no token follows: U+FFFD for an unfinished character, or nothing.
    public mutating func finish() -> String {
        defer { held = [] }
        return String(decoding: held, as: UTF8.self)
    }

    /// How many bytes at the end are the beginning of a character that can still become valid.
    static func unfinishedSuffix(of bytes: [UInt8]) -> Int {
        for back in 1...3 where back <= bytes.count {
            let lead = bytes[bytes.count - back]
            if lead & 0xC0 == 0x80 { continue }
            let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
            guard lead <= 0xF4, length > back else { return 0 }
            if back >= 2 {
                let second = bytes[bytes.count - back + 1]
                switch lead {
                case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90,
                    0xF4 where second > 0x8F:
                    return 0
                default: break
                }
            }
            return back
        }
        return 0
    }
}
