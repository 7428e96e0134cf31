public import HoneCore

/// One token per Unicode scalar of a fixed alphabet, and two special tokens.
///
/// The nano alphabet, the default, has 64 entries: `<pad>`, `<end>`, line break, space, digits, lower-case letters, and the signs that
/// arithmetic and word problems need.
public struct CharacterTokenizer: Tokenizer {
    /// The alphabet, in token order after the special tokens.
    public let alphabet: [Unicode.Scalar]
    public let addedTokens: [AddedToken]
    private let tokens: [Unicode.Scalar: TokenID]
    /// The tokens of ASCII symbols, -1 where there is none.
    private let plainTokens: [TokenID]
    private let spelled: [[UInt8]]
    private let finder: AddedTokens

    /// The special tokens, which come before the alphabet.
    private static let specials = ["<pad>", "<end>"]

    /// The alphabet of the nano model.
    public static let nano: CharacterTokenizer = {
        let signs = "+-*/=()<>.,:;?!'\"%$#&@|_"
        return CharacterTokenizer(alphabet: "\n 0123456789abcdefghijklmnopqrstuvwxyz" + signs)
    }()

    /// Line break and all printable ASCII, for texts with capital letters and any sign.
    public static let ascii = CharacterTokenizer(alphabet: "\n" + String(String.UnicodeScalarView((32...126).compactMap(Unicode.Scalar.init))))

    /// The alphabets that a model made here can be given, by name.
    public static let alphabets: [(name: String, tokenizer: CharacterTokenizer)] = [("nano", nano), ("ascii", ascii)]

    /// A size without its alphabet, and the tokenizer of that: `nano:ascii` is a nano model over ASCII, `nano` one over the nano alphabet.
    ///
    /// Throws with the nearest names when there is no such alphabet.
    public static func alphabet(of size: String) throws -> (size: String, tokenizer: CharacterTokenizer) {
        let parts = size.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return (size, nano) }
        guard let found = alphabets.first(where: { $0.name == parts[1] }) else {
            throw CoreError.unknown(kind: "alphabet", name: parts[1], known: alphabets.map(\.name))
        }
        return (parts[0], found.tokenizer)
    }

    /// The tokenizer of an alphabet; scalars that occur again are left out.
    public init(alphabet: String) {
        var scalars: [Unicode.Scalar] = []
        var tokens: [Unicode.Scalar: TokenID] = [:]
        var plainTokens = [TokenID](repeating: -1, count: 128)
        for scalar in alphabet.unicodeScalars where tokens[scalar] == nil {
            let token = TokenID(Self.specials.count + scalars.count)
            tokens[scalar] = token
            if scalar.isASCII { plainTokens[Int(scalar.value)] = token }
            scalars.append(scalar)
        }
        self.alphabet = scalars
        self.tokens = tokens
        self.plainTokens = plainTokens
        spelled = Self.specials.map { _ in [] } + scalars.map { Array(String($0).utf8) }
        addedTokens = Self.specials.enumerated().map { AddedToken(text: $0.element, id: TokenID($0.offset)) }
        finder = AddedTokens(addedTokens)
    }

    public var vocabularySize: Int { spelled.count }
    public var padding: TokenID { 0 }
    public var endOfText: TokenID { 1 }

    public func encode(_ text: String) throws(TextError) -> [TokenID] {
        var result: [TokenID] = []
        result.reserveCapacity(text.utf8.count)
        var position = 0
        for scalar in text.unicodeScalars {
            let token = token(of: scalar)
            guard token >= 0 else { throw missing(scalar, at: position, in: text) }
            result.append(token)
            position += 1
        }
        return result
    }

    private func token(of scalar: Unicode.Scalar) -> TokenID {
        scalar.isASCII ? plainTokens[Int(scalar.value)] : tokens[scalar] ?? -1
    }

    private func missing(_ scalar: Unicode.Scalar, at position: Int, in text: String) -> TextError {
        let code = String(scalar.value, radix: 16, uppercase: true)
        return TextError(
            "Character “\(scalar)” (U+\(code)) at position \(position) of “\(String(text.prefix(40)))” is not in the "
                + "model's alphabet of \(alphabet.count) characters; use a model with another tokenizer, or other text")
    }

    public func encodeWithOffsets(_ text: String, recognizesAddedTokens: Bool) throws(TextError) -> TokenEncoding {
        let bytes = Array(text.utf8)
        var encoding = TokenEncoding()
        let parts = recognizesAddedTokens ? finder.split(bytes) : [(id: nil, range: 0..<bytes.count)]
        for part in parts {
            if let id = part.id {
                encoding.tokens.append(id)
                encoding.byteOffsets.append(part.range)
                continue
            }
            var position = part.range.lowerBound
            for scalar in String(decoding: bytes[part.range], as: UTF8.self).unicodeScalars {
                let token = token(of: scalar)
                guard token >= 0 else {
                    throw missing(scalar, at: String(decoding: bytes[..<position], as: UTF8.self).unicodeScalars.count, in: text)
                }
                encoding.tokens.append(token)
                encoding.byteOffsets.append(position..<(position + UTF8.width(scalar)))
                position += UTF8.width(scalar)
            }
        }
        encoding.locateScalars(in: bytes)
        return encoding
    }

    /// The text with capital letters made small, typographic signs made plain, and what is left outside the alphabet
    /// replaced by a space, or left out where the alphabet has none.
    public func fitted(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if tokens[scalar] != nil {
                out.unicodeScalars.append(scalar)
                continue
            }
            let small = Self.plain[scalar] ?? scalar.properties.lowercaseMapping
            // A small letter may have a plain form as well: É is é, and é is e.
            let plain = small.unicodeScalars.map { tokens[$0] == nil ? Self.plain[$0] ?? String($0) : String($0) }
            for symbol in plain.joined().unicodeScalars {
                if tokens[symbol] != nil { out.unicodeScalars.append(symbol) } else if tokens[" "] != nil { out.append(" ") }
            }
        }
        return out
    }

    private static let plain: [Unicode.Scalar: String] = [
        "’": "'", "‘": "'", "“": "\"", "”": "\"", "–": "-", "—": "-", "−": "-", "×": "*", "÷": "/", "…": "...", "\t": " ",
        "\r": "", "½": "1/2", "¼": "1/4", "¾": "3/4", "é": "e", "\u{00A0}": " ", "\u{200B}": "",
    ]

    public func bytes(of token: TokenID) -> [UInt8] {
        let index = Int(token)
        return spelled.indices.contains(index) ? spelled[index] : []
    }

    /// A `tokenizer.json` of kind BPE without merges, split into single characters: the form that the Python library
    /// loads and encodes identically.
    public func json() throws -> JSONValue {
        var vocabulary: [String: JSONValue] = [:]
        for (index, name) in Self.specials.enumerated() { vocabulary[name] = .integer(index) }
        for (index, scalar) in alphabet.enumerated() {
            vocabulary[String(scalar)] = .integer(Self.specials.count + index)
        }
        guard vocabulary.count == spelled.count else {
            throw TextError("The alphabet holds symbols in composed and decomposed form, which this format cannot keep apart")
        }
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null, "added_tokens": .array(addedTokens.map(\.json)),
            "normalizer": .null,
            "pre_tokenizer": .null, "post_processor": .null,
            "decoder": .object(["type": .string("Fuse")]),
            "model": .object([
                "type": .string("BPE"), "dropout": .null, "unk_token": .null, "continuing_subword_prefix": .null,
                "end_of_word_suffix": .null, "fuse_unk": .bool(false), "byte_fallback": .bool(false),
                "ignore_merges": .bool(false), "vocab": .object(vocabulary), "merges": .array([]),
            ]),
        ])
    }

    /// Reads a `tokenizer.json` that `json` wrote.
    public init(json: JSONValue) throws(TextError) {
        guard let model = json["model"], model["type"]?.text == "BPE", model["merges"]?.elements?.isEmpty == true,
            case .object(let vocabulary)? = model["vocab"]
        else { throw TextError("This tokenizer.json is not a character-level one: a BPE model without merges was expected") }
        let entries = vocabulary.sorted { ($0.value.int ?? -1, $0.key) < ($1.value.int ?? -1, $1.key) }
        for (place, entry) in entries.enumerated() where entry.value.int != place {
            throw TextError(
                "This tokenizer.json is not a character-level one: the ids 0 to \(entries.count - 1) were expected, but none is \(place)")
        }
        let ordered = entries.map(\.key)
        guard Array(ordered.prefix(2)) == Self.specials, ordered.dropFirst(2).allSatisfy({ $0.unicodeScalars.count == 1 }) else {
            throw TextError("This tokenizer.json is not a character-level one: tokens of one character were expected")
        }
        self.init(alphabet: ordered.dropFirst(2).joined())
    }
}
