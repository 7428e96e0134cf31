import HoneCore

/// How the offsets of tokens leave out the white space they begin or end with, as post-processors of the kinds ByteLevel and
/// RobertaProcessing ask for.
public struct OffsetTrimming: Hashable, Sendable {
    /// Whether one space at the beginning of the text is taken for one that was put there, and kept.
    public let keepsPrefixSpace: Bool

    /// The trimming that a `post_processor` asks for; nil for none.
    init?(postProcessor tree: JSONTree?) throws(TextError) {
        guard let tree else { return nil }
        var found: Bool?
        for step in [tree] + (tree["processors"]?.array ?? []) {
            guard let kind = step["type"]?.string, kind == "ByteLevel" || kind == "RobertaProcessing",
                try TokenizerParts.flag("trim_offsets", of: step, default: true)
            else { continue }
            found = try TokenizerParts.flag("add_prefix_space", of: step, default: true)
        }
        guard let found else { return nil }
        keepsPrefixSpace = found
    }

    /// The post-processor that trims so.
    var json: JSONValue {
        .object([
            "type": .string("ByteLevel"), "add_prefix_space": .bool(keepsPrefixSpace), "trim_offsets": .bool(true), "use_regex": .bool(true),
        ])
    }

    /// A token's offsets without its white space.
    func trimmed(_ range: Range<Int>, spelling: some Collection<UInt8>, isFirst: Bool) -> Range<Int> {
        let scalars = String(decoding: spelling, as: UTF8.self).unicodeScalars
        // U+0120 spells the space in the alphabet of bytes.
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == "\u{120}" || scalar.properties.isWhitespace }
        var leading = scalars.prefix(while: isSpace).count
        let trailing = scalars.reversed().prefix(while: isSpace).count
        var (start, end) = (range.lowerBound, range.upperBound)
        if leading > 0 {
            if isFirst || start == 0, keepsPrefixSpace, leading == 1 { leading = 0 }
            start = min(start + leading, end)
        }
        if trailing > 0, end >= trailing { end = max(end - trailing, start) }
        return start..<end
    }
}

extension Tokenizer {
    /// What the Python library gives for a text: every added token recognised, the tokens of the template around it where that is
    /// wanted, and offsets trimmed where the file says so.
    ///
    /// `scalarOffsets` are that library's offsets; tokens of the template have 0..<0.
    public func encodeAsLibrary(_ text: String, addSpecialTokens: Bool = true) throws(TextError) -> TokenEncoding {
        try encodeWithOffsets(text, recognizesAddedTokens: true, addSpecialTokens: addSpecialTokens)
    }
}
