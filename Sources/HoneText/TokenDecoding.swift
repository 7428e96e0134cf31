import HoneCore

/// How the spellings of tokens become text: the `decoder` of a `tokenizer.json`.
struct TokenDecoding: Hashable, Sendable {
    /// What is done to each spelling before the spellings are joined.
    enum Step: Hashable, Sendable {
        case replace(TextPattern, with: String)
        case strip(String, start: Int, stop: Int)
        /// The sign becomes a space, and nothing in the first token.
        case metaspace(sign: String, prefix: SplitStep.Prefix)
    }

    /// Whether spellings are bytes in the alphabet of `ByteSpelling`.
    var isOfBytes = false
    var steps: [Step] = []
    /// Whether spellings such as `<0xE4>` are bytes.
    var hasByteFallback = false
    /// What is taken off the beginning of the whole text.
    var leading: LeadingText?

    /// The byte that a spelling such as `<0xE4>` stands for; nil for any other.
    static func fallbackByte(_ spelling: some Collection<UInt8>) -> UInt8? {
        guard spelling.count == 6 else { return nil }
        let bytes = Array(spelling)
        guard bytes.starts(with: Array("<0x".utf8)), bytes[5] == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
    }

    /// What a spelling contributes to a text.
    func piece(_ spelling: ArraySlice<UInt8>, isFirst: Bool) throws(TextError) -> TokenPiece {
        if isOfBytes { return .bytes(ByteSpelling.bytes(of: spelling) ?? Array(spelling)) }
        var bytes = Array(spelling)
        for step in steps {
            switch step {
            case .replace(let pattern, let content):
                let matches = try pattern.matches(in: bytes, 0..<bytes.count)
                guard !matches.isEmpty else { continue }
                guard bytes.count + matches.count * content.utf8.count <= 256 + 8 * spelling.count else {
                    throw TextError("The decoder makes more than \(256 + 8 * spelling.count) bytes out of the token “\(String(decoding: spelling, as: UTF8.self).shown)”")
                }
                var text = AlignedText(bytes, shift: 0, keepsAlignment: false)
                text.replace(matches, with: Array(content.utf8))
                bytes = text.bytes
            case .strip(let content, let start, let stop): bytes = Self.stripped(bytes, Array(content.utf8), start: start, stop: stop)
            case .metaspace(let sign, let prefix):
                let matches = try TextPattern(plain: sign).matches(in: bytes, 0..<bytes.count)
                guard !matches.isEmpty else { continue }
                var text = AlignedText(bytes, shift: 0, keepsAlignment: false)
                text.replace(matches, with: isFirst && prefix != .never ? [] : [32])
                bytes = text.bytes
            }
        }
        if hasByteFallback, let byte = Self.fallbackByte(bytes) { return .byte(byte) }
        return .bytes(bytes)
    }

    /// Whether the first token of a text is spelled otherwise than those behind it.
    var dependsOnPlace: Bool {
        steps.contains { if case .metaspace(_, let prefix) = $0 { prefix != .never } else { false } }
    }

    private static func stripped(_ bytes: [UInt8], _ content: [UInt8], start: Int, stop: Int) -> [UInt8] {
        var part = bytes[...]
        for _ in 0..<start where part.starts(with: content) { part = part.dropFirst(content.count) }
        for _ in 0..<stop where part.count >= content.count && part.suffix(content.count).elementsEqual(content) {
            part = part.dropLast(content.count)
        }
        return Array(part)
    }
}

extension TokenDecoding {
    /// The `decoder` of a file whose spellings are of bytes or of characters; without one the spellings are joined as they are.
    init(_ tree: JSONTree?, isOfBytes: Bool) throws(TextError) {
        guard let tree, !tree.isNull else {
            self.isOfBytes = isOfBytes
            return
        }
        let list = Self.flattened(tree)
        if isOfBytes {
            guard list.count == 1, list[0]["type"]?.string == "ByteLevel" else { throw Self.unsupported(tree, "with a ByteLevel pre-tokenizer") }
            self.isOfBytes = true
            return
        }
        var isFused = false
        guard list.count <= TokenizerParts.mostSteps else { throw TokenizerParts.tooManySteps("decoder") }
        for entry in list {
            switch entry["type"]?.string ?? "unknown" {
            case "Replace" where !hasByteFallback && !isFused:
                guard let content = entry["content"]?.string else { throw TextError("The decoder of type Replace has no text “content”") }
                steps.append(.replace(try TextPattern(entry["pattern"], of: "the decoder of type Replace"), with: content))
            case "Metaspace" where !hasByteFallback && !isFused:
                let (sign, prefix) = try TokenizerParts.metaspace(entry, of: "decoder")
                steps.append(.metaspace(sign: sign, prefix: prefix))
            case "ByteFallback" where !hasByteFallback && !isFused: hasByteFallback = true
            case "Fuse": isFused = true
            case "Strip" where leading == nil && (isFused || !hasByteFallback):
                guard let content = entry["content"]?.string, content.unicodeScalars.count == 1,
                    let start = entry["start"]?.integer, let stop = entry["stop"]?.integer, (0...1000).contains(start), (0...1000).contains(stop)
                else { throw TextError("The decoder of type Strip needs a “content” of one character and “start” and “stop” from 0 to 1000") }
                if isFused {
                    // What has been given out piece by piece cannot be taken back.
                    guard stop == 0 else { throw TextError("The decoder of type Strip takes \(stop) off the end of the text; only 0 is supported") }
                    leading = LeadingText(content: Array(content.utf8), count: start)
                } else {
                    steps.append(.strip(content, start: start, stop: stop))
                }
            default: throw Self.unsupported(tree, "without a ByteLevel pre-tokenizer")
            }
        }
        guard !list.isEmpty else { throw Self.unsupported(tree, "without steps") }
    }

    private static func unsupported(_ tree: JSONTree, _ circumstance: String) -> TextError {
        TokenizerParts.unsupported(
            "a decoder of type \(TokenizerParts.types(of: tree)) \(circumstance)",
            known: "ByteLevel is with a ByteLevel pre-tokenizer, and Replace or Metaspace, ByteFallback, Fuse and Strip in this order are without")
    }

    private static func flattened(_ tree: JSONTree) -> [JSONTree] {
        guard tree["type"]?.string == "Sequence", let list = tree["decoders"]?.array else { return [tree] }
        return list.flatMap(flattened)
    }

    /// The `decoder` of a `tokenizer.json`; `bytes` is what stands there for spellings of bytes.
    func json(bytes: JSONValue) -> JSONValue {
        if isOfBytes { return bytes }
        var list = steps.map { step -> JSONValue in
            switch step {
            case .replace(let pattern, let content):
                .object(["type": .string("Replace"), "pattern": pattern.json, "content": .string(content)])
            case .strip(let content, let start, let stop):
                .object(["type": .string("Strip"), "content": .string(content), "start": .integer(start), "stop": .integer(stop)])
            case .metaspace(let sign, let prefix):
                .object(["type": .string("Metaspace"), "replacement": .string(sign), "prepend_scheme": .string(prefix.rawValue), "split": .bool(true)])
            }
        }
        if hasByteFallback { list.append(.object(["type": .string("ByteFallback")])) }
        list.append(.object(["type": .string("Fuse")]))
        if let leading {
            list.append(
                .object([
                    "type": .string("Strip"), "content": .string(String(decoding: leading.content, as: UTF8.self)),
                    "start": .integer(leading.count), "stop": .integer(0),
                ]))
        }
        return list.count == 1 ? list[0] : .object(["type": .string("Sequence"), "decoders": .array(list)])
    }
}
