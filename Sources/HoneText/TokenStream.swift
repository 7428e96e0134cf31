import HoneCore

/// What a token contributes to a text.
public enum TokenPiece: Hashable, Sendable {
    /// Nothing, as if the token were not there: special tokens.
    case skipped
    /// Bytes that are joined with those around them.
    case bytes([UInt8])
    /// One byte of a character that is spelled in several such tokens. A run of them that is not valid UTF-8 as a whole becomes
    /// one U+FFFD for each byte.
    case byte(UInt8)
}

/// What is taken off the beginning of a decoded text.
public struct LeadingText: Hashable, Sendable {
    /// The bytes of the character.
    public let content: [UInt8]
    /// How often it is taken off at most.
    public let count: Int
}

/// Joins the pieces of tokens.
struct TokenJoining: Sendable {
    /// What has been joined and not been taken.
    private(set) var bytes: [UInt8] = []
    /// Whether no token has contributed yet.
    private(set) var isAtStart = true
    private var run: [UInt8] = []
    private let leading: LeadingText?
    private var toStrip: Int

    init(_ leading: LeadingText?) {
        self.leading = leading
        toStrip = leading?.count ?? 0
    }

    /// Adds the piece of the next token.
    mutating func take(_ piece: TokenPiece) {
        switch piece {
        case .skipped: return
        case .byte(let byte): run.append(byte)
        case .bytes(let content):
            finishRun()
            add(content)
        }
        isAtStart = false
    }

    /// Ends a run of single bytes.
    mutating func finishRun() {
        guard !run.isEmpty else { return }
        let isValid = String(validating: run, as: UTF8.self) != nil
        add(isValid ? run : Array(String(repeating: "\u{FFFD}", count: run.count).utf8))
        run.removeAll(keepingCapacity: true)
    }

    private mutating func add(_ content: [UInt8]) {
        guard toStrip > 0, let leading, !content.isEmpty else { return bytes += content }
        var rest = content[...]
        while toStrip > 0, rest.starts(with: leading.content) {
            rest = rest.dropFirst(leading.content.count)
            toStrip -= 1
        }
        if !rest.isEmpty { toStrip = 0 }
        bytes += rest
    }

    /// Takes out the first bytes.
    mutating func remove(first count: Int) -> [UInt8] {
        defer { bytes.removeFirst(count) }
        return Array(bytes[..<count])
    }
}

/// Turns tokens into text one by one, and never gives out half a character.
///
/// Bytes that cannot become valid UTF-8 any more are given out as U+FFFD at once, and characters spelled in single-byte tokens
/// when their run has ended, so the joined pieces equal what `Tokenizer.decode` gives for all tokens together.
public struct TokenStream: Sendable {
    private let tokenizer: any Tokenizer
    private var joining: TokenJoining

    /// A stream at the beginning of a text.
    public init(_ tokenizer: any Tokenizer) {
        self.tokenizer = tokenizer
        joining = TokenJoining(tokenizer.leadingText)
    }

    /// The text that is complete now that this token has come; often empty in the middle of a character.
    public mutating func push(_ id: TokenID) -> String {
        joining.take(tokenizer.piece(of: id, isFirst: joining.isAtStart))
        let complete = joining.bytes.count - TokenStream.unfinishedSuffix(of: joining.bytes)
        return complete > 0 ? String(decoding: joining.remove(first: complete), as: UTF8.self) : ""
    }

    /// What is left when no token follows: U+FFFD for an unfinished character, or nothing. The stream is at a beginning again.
    public mutating func finish() -> String {
        joining.finishRun()
        defer { joining = TokenJoining(tokenizer.leadingText) }
        return String(decoding: joining.bytes, as: UTF8.self)
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
