import HoneCore

/// One token per Unicode scalar of a fixed alphabet, and two special tokens.
///
/// The nano alphabet has 64 entries: `<pad>`, `<end>`, line break, space, digits, lower-case letters, and the signs that
/// arithmetic and word problems need.
public struct CharacterTokenizer: Tokenizer {
    /// The alphabet, in token order after the special tokens.
    public let alphabet: [Unicode.Scalar]
    private let tokens: [Unicode.Scalar: TokenID]
    private let spelled: [[UInt8]]

    /// How many special tokens come before the alphabet.
    private static let specials = ["<pad>", "<end>"]

    /// The alphabet of the nano model.
    public static let nano: CharacterTokenizer = {
        let signs = "+-*/=()<>.,:;?!'\"%$#&@|_"
        return CharacterTokenizer(alphabet: "\n 0123456789abcdefghijklmnopqrstuvwxyz" + signs)
    }()

    /// The tokenizer of an alphabet; scalars that occur again are left out.
    public init(alphabet: String) {
        var scalars: [Unicode.Scalar] = []
        var tokens: [Unicode.Scalar: TokenID] = [:]
        for scalar in alphabet.unicodeScalars where tokens[scalar] == nil {
            tokens[scalar] = TokenID(Self.specials.count + scalars.count)
            scalars.append(scalar)
        }
        self.alphabet = scalars
        self.tokens = tokens
        spelled = Self.specials.map { _ in [] } + scalars.map { Array(String($0).utf8) }
    }

    public var vocabularySize: Int { spelled.count }
    public var padding: TokenID { 0 }
    public var endOfText: TokenID { 1 }

    public func encode(_ text: String) throws(TextError) -> [TokenID] {
        var result: [TokenID] = []
        result.reserveCapacity(text.utf8.count)
        for (position, scalar) in text.unicodeScalars.enumerated() {
            guard let token = tokens[scalar] else {
                let code = String(scalar.value, radix: 16, uppercase: true)
                throw TextError(
                    "Character “\(scalar)” (U+\(code)) at position \(position) of “\(String(text.prefix(40)))” is not in the "
                        + "model's alphabet of \(alphabet.count) characters; use a model with another tokenizer, or other text")
            }
            result.append(token)
        }
        return result
    }

    /// The text with capital letters made small, typographic signs made plain, and what is left outside the alphabet
    /// replaced by a space.
    public func fitted(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if tokens[scalar] != nil {
                out.unicodeScalars.append(scalar)
                continue
            }
            let plain = Self.plain[scalar] ?? scalar.properties.lowercaseMapping
            for candidate in plain.unicodeScalars { out.unicodeScalars.append(tokens[candidate] == nil ? " " : candidate) }
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
        let added = Self.specials.enumerated().map { index, name in
            JSONValue.object([
                "id": .integer(index), "content": .string(name), "single_word": .bool(false), "lstrip": .bool(false),
                "rstrip": .bool(false), "normalized": .bool(false), "special": .bool(true),
            ])
        }
        return .object([
            "version": .string("1.0"), "truncation": .null, "padding": .null, "added_tokens": .array(added),
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
        let ordered = vocabulary.sorted { ($0.value.int ?? 0) < ($1.value.int ?? 0) }.map(\.key)
        guard Array(ordered.prefix(2)) == Self.specials, ordered.dropFirst(2).allSatisfy({ $0.unicodeScalars.count == 1 }) else {
            throw TextError("This tokenizer.json is not a character-level one: tokens of one character were expected")
        }
        self.init(alphabet: ordered.dropFirst(2).joined())
    }
}
