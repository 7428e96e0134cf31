/// One unit of a template.
struct TemplateToken {
    enum Kind: Equatable {
        /// Text outside all tags.
        case data([UInt8])
        case variableBegin
        case variableEnd
        case blockBegin
        case blockEnd
        case name(String)
        case string([UInt8])
        case integer(Int)
        case number(Double)
        case sign(String)
    }

    let kind: Kind
    let line: Int
}

/// Cuts a template into tokens as Jinja 3.1 does with `trim_blocks` and `lstrip_blocks`: the line break behind a block goes, and so
/// does white space between the beginning of a line and a block.
struct TemplateLexer {
    private let source: [UInt8]
    private var at = 0
    private var line = 1
    private var isAtLineStart = true
    private var tokens: [TemplateToken] = []

    /// The tokens of a template; throws where a tag has no end or a character has no meaning.
    static func tokens(of text: String) throws(TemplateFailure) -> [TemplateToken] {
        // All line breaks are one character, and one at the end is left out.
        var source: [UInt8] = []
        source.reserveCapacity(text.utf8.count)
        var last: UInt8 = 0
        for byte in text.utf8 {
            if byte == 10, last == 13 {
                last = byte
                continue
            }
            source.append(byte == 13 ? 10 : byte)
            last = byte
        }
        if source.last == 10 { source.removeLast() }
        var lexer = TemplateLexer(source: source)
        try lexer.run()
        return lexer.tokens
    }

    private init(source: [UInt8]) { self.source = source }

    var position: Int { at }
    var currentLine: Int { line }

    func byte(_ place: Int) -> UInt8? { source.indices.contains(place) ? source[place] : nil }

    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { source[range] }

    /// Adds a token and goes on behind it.
    mutating func push(_ kind: TemplateToken.Kind, to end: Int) {
        emit(kind)
        advance(to: end)
    }

    private mutating func emit(_ kind: TemplateToken.Kind) { tokens.append(TemplateToken(kind: kind, line: line)) }

    private func has(_ text: StaticString, at place: Int) -> Bool {
        let count = text.utf8CodeUnitCount
        guard place >= 0, place + count <= source.count else { return false }
        return text.withUTF8Buffer { buffer in (0..<count).allSatisfy { buffer[$0] == source[place + $0] } }
    }

    /// Goes on to a place and counts the lines on the way.
    private mutating func advance(to place: Int) {
        for byte in source[at..<place] where byte == 10 { line += 1 }
        if place > at { isAtLineStart = source[place - 1] == 10 }
        at = place
    }

    private func skippingSpace(_ place: Int) -> Int {
        var place = place
        while place < source.count, let width = Self.spaceWidth(source, place) { place += width }
        return place
    }

    /// How many bytes the white space at a place has; nil when there is none.
    static func spaceWidth(_ bytes: [UInt8], _ place: Int) -> Int? {
        let byte = bytes[place]
        if byte < 0x80 { return byte == 32 || (9...13).contains(byte) || (28...31).contains(byte) ? 1 : nil }
        let (code, width) = bytes.withUnsafeBufferPointer { ScalarClasses.scalar(in: $0, at: place) }
        return ScalarClasses.of(code).contains(.space) ? width : nil
    }

    private mutating func run() throws(TemplateFailure) {
        while at < source.count {
            var place = at
            while place < source.count, !(source[place] == UInt8(ascii: "{") && (has("{%", at: place) || has("{#", at: place) || has("{{", at: place))) {
                place += 1
            }
            guard place < source.count else {
                emit(.data(Array(source[at...])))
                return
            }
            let isVariable = has("{{", at: place)
            let sign = place + 2 < source.count ? source[place + 2] : 0
            let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
            let text = stripped(at..<place, sign: isSigned ? sign : 0, isVariable: isVariable)
            if !text.isEmpty { emit(.data(text)) }
            advance(to: place + (isSigned ? 3 : 2))
            if has("{#", at: place) {
                try comment()
            } else if !isVariable, let inside = rawBegin() {
                advance(to: inside)
                try raw()
            } else {
                emit(isVariable ? .variableBegin : .blockBegin)
                try inside(isVariable)
            }
        }
    }

    /// Text before a tag without the white space that the tag's sign, or the rule for blocks, takes away.
    private func stripped(_ range: Range<Int>, sign: UInt8, isVariable: Bool) -> [UInt8] {
        let text = Array(source[range])
        if sign == UInt8(ascii: "-") { return Array(TemplateText.trimmed(text, leading: false)) }
        guard sign != UInt8(ascii: "+"), !isVariable else { return text }
        let lineStart = (text.lastIndex(of: 10) ?? -1) + 1
        guard lineStart > 0 || isAtLineStart else { return text }
        return TemplateText.trimmed(Array(text[lineStart...]), leading: false).isEmpty ? Array(text[..<lineStart]) : text
    }

    /// Where what is behind the end of a block begins, when that end stands here.
    private func blockEnd(_ place: Int, _ mark: (StaticString, StaticString, StaticString)) -> Int? {
        if has(mark.0, at: place) { return place + 3 }
        if has(mark.1, at: place) { return skippingSpace(place + 3) }
        guard has(mark.2, at: place) else { return nil }
        return place + 2 < source.count && source[place + 2] == 10 ? place + 3 : place + 2
    }

    private mutating func comment() throws(TemplateFailure) {
        for place in at..<max(at, source.count) {
            guard let end = blockEnd(place, ("+#}", "-#}", "#}")) else { continue }
            advance(to: end)
            return
        }
        throw TemplateFailure("A comment has no end “#}”", line: line)
    }

    /// Where raw text begins, when the block that begins here says so.
    private func rawBegin() -> Int? {
        let name = skippingSpace(at)
        guard has("raw", at: name) else { return nil }
        let end = skippingSpace(name + 3)
        if has("-%}", at: end) { return skippingSpace(end + 3) }
        return has("%}", at: end) ? end + 2 : nil
    }

    private mutating func raw() throws(TemplateFailure) {
        for place in at..<max(at, source.count) where has("{%", at: place) {
            let sign = place + 2 < source.count ? source[place + 2] : 0
            let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
            let name = skippingSpace(place + (isSigned ? 3 : 2))
            guard has("endraw", at: name), let end = blockEnd(skippingSpace(name + 6), ("+%}", "-%}", "%}")) else { continue }
            let text = stripped(at..<place, sign: isSigned ? sign : 0, isVariable: false)
            if !text.isEmpty { emit(.data(text)) }
            advance(to: end)
            return
        }
        throw TemplateFailure("A raw block has no end “{% endraw %}”", line: line)
    }

    private mutating func inside(_ isVariable: Bool) throws(TemplateFailure) {
        var open: [UInt8] = []
        let start = line
        while at < source.count {
            if open.isEmpty {
                if isVariable {
                    let end = has("-}}", at: at) ? skippingSpace(at + 3) : has("}}", at: at) ? at + 2 : nil
                    if let end {
                        emit(.variableEnd)
                        return advance(to: end)
                    }
                } else if let end = blockEnd(at, ("+%}", "-%}", "%}")) {
                    emit(.blockEnd)
                    return advance(to: end)
                }
            }
            let byte = source[at]
            if let width = Self.spaceWidth(source, at) {
                advance(to: at + width)
            } else if (48...57).contains(byte) {
                try number()
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                try string(byte)
            } else if let end = nameEnd(at) {
                emit(.name(String(decoding: source[at..<end], as: UTF8.self)))
                advance(to: end)
            } else {
                try sign(&open)
            }
        }
        throw TemplateFailure("A tag that begins with \(isVariable ? "{{" : "{%") has no end", line: start)
    }

    private func nameEnd(_ place: Int) -> Int? {
        var end = place
        while end < source.count {
            let byte = source[end]
            if byte < 0x80 {
                guard byte == 95 || (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) else { break }
                end += 1
            } else {
                let (code, width) = source.withUnsafeBufferPointer { ScalarClasses.scalar(in: $0, at: end) }
                guard !ScalarClasses.of(code).isDisjoint(with: [.letter, .number, .mark]) else { break }
                end += width
            }
        }
        return end > place ? end : nil
    }

    private mutating func sign(_ open: inout [UInt8]) throws(TemplateFailure) {
        for two in ["//", "**", "==", "!=", ">=", "<="] where at + 1 < source.count && source[at...(at + 1)].elementsEqual(two.utf8) {
            emit(.sign(two))
            return advance(to: at + 2)
        }
        let byte = source[at]
        let closing: [UInt8: UInt8] = [UInt8(ascii: ")"): UInt8(ascii: "("), UInt8(ascii: "]"): UInt8(ascii: "["), UInt8(ascii: "}"): UInt8(ascii: "{")]
        if closing.values.contains(byte) { open.append(byte) }
        if let wanted = closing[byte] {
            guard open.popLast() == wanted else { throw TemplateFailure("“\(Character(Unicode.Scalar(byte)))” closes nothing that is open", line: line) }
        }
        guard "+-/*%~[](){}><=.:|,;".utf8.contains(byte) else {
            let (code, _) = source.withUnsafeBufferPointer { ScalarClasses.scalar(in: $0, at: at) }
            throw TemplateFailure("The character “\(Unicode.Scalar(code).map { String(Character($0)) } ?? "?")” has no meaning inside a tag", line: line)
        }
        emit(.sign(String(Character(Unicode.Scalar(byte)))))
        advance(to: at + 1)
    }
}
