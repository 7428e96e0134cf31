/// What a reader sees of a response: no thoughts, no echo of the question, and nothing that hides.
enum VisibleText {
    /// Why a response cannot be read as it looks, as a sentence; nil when it is plain.
    static func deception(in text: [Unicode.Scalar], readsNumbers: Bool) -> String? {
        var previous: Unicode.Scalar = "\n"
        for scalar in text {
            defer { previous = scalar }
            if scalar.isASCII {
                if scalar.value < 32, scalar != "\n", scalar != "\r", scalar != "\t" { return "the response holds control characters" }
                if scalar.value == 127 { return "the response holds control characters" }
                continue
            }
            let properties = scalar.properties
            if properties.generalCategory == .format || properties.isDefaultIgnorableCodePoint {
                return "the response holds invisible characters (U+\(String(scalar.value, radix: 16, uppercase: true)))"
            }
            if properties.generalCategory == .control, scalar.value != 0x85 { return "the response holds control characters" }
            guard readsNumbers else { continue }
            switch properties.numericType {
            case .decimal, .digit:
                // A unit such as m² is the one place where raised digits are ordinary.
                guard scalar == "²" || scalar == "³", previous.isLetter else {
                    return "the response writes digits in another script"
                }
            default: break
            }
            if previous.isDigit, [.nonspacingMark, .enclosingMark, .spacingMark].contains(properties.generalCategory) {
                return "the response puts marks on digits"
            }
        }
        return nil
    }

    private static let thoughtTags = ["think", "thinking", "thought", "reasoning", "scratchpad"].map { Array($0.unicodeScalars) }

    /// The text without what stands between think tags; an unclosed thought hides all that follows, and a closing tag
    /// without an opening one hides all that came before.
    static func withoutThoughts(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var kept: [Unicode.Scalar] = []
        kept.reserveCapacity(text.count)
        var depth = 0
        var index = 0
        while index < text.count {
            if text[index] == "<", let tag = tag(in: text, at: index) {
                if tag.closes {
                    if depth == 0 { kept.removeAll(keepingCapacity: true) } else { depth -= 1 }
                } else {
                    depth += 1
                }
                index = tag.end
                kept.append("\n")
                continue
            }
            if depth == 0 { kept.append(text[index]) }
            index += 1
        }
        return kept
    }

    private static func tag(in text: [Unicode.Scalar], at start: Int) -> (closes: Bool, end: Int)? {
        var index = start + 1
        let closes = index < text.count && text[index] == "/"
        if closes { index += 1 }
        for name in thoughtTags {
            let end = index + name.count
            guard end < text.count, text[end] == ">" else { continue }
            if zip(text[index..<end], name).allSatisfy({ $0.lowered == $1 }) { return (closes, end + 1) }
        }
        return nil
    }

    /// The text without calculator annotations such as `<<48/2=24>>` of at most 100 characters.
    static func withoutAnnotations(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard text.contains("<") else { return text }
        var kept: [Unicode.Scalar] = []
        kept.reserveCapacity(text.count)
        var done = 0
        for range in annotations(in: text) {
            kept += text[done..<range.lowerBound]
            done = range.upperBound
        }
        return kept + text[done...]
    }

    /// Where annotations stand, with their brackets: within one line, without other angle brackets inside, at most 100
    /// characters between the brackets.
    static func annotations(in text: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index + 1 < text.count {
            if text[index] == "<", text[index + 1] == "<" {
                let inside = text[(index + 2)...].prefix(100).prefix { $0 != "<" && $0 != ">" && !$0.isLineEnd }
                if text[inside.endIndex...].starts(with: [">", ">"]) {
                    found.append(index..<(inside.endIndex + 2))
                    index = inside.endIndex + 2
                    continue
                }
            }
            index += 1
        }
        return found
    }

    /// The text with every occurrence of the question replaced by a line end, whatever its spaces and capitals.
    ///
    /// - Parameter sentences: whether single sentences of the question (of four words or more) are removed as well.
    static func withoutEcho(of problem: String, in text: [Unicode.Scalar], sentences: Bool) -> [Unicode.Scalar] {
        let question = Array(problem.unicodeScalars.prefix(20_000))
        var removed: [Range<Int>] = []
        let words = pieces(of: text)
        let whole = pieces(of: question)
        if whole.count >= 3 { removed += occurrences(of: whole, from: question, in: words, from: text) }
        if sentences {
            for sentence in Prose.sentences(of: question) {
                let part = pieces(of: question, in: sentence)
                let count = part.count { question[$0.lowerBound].isLetter }
                if count >= 4 { removed += occurrences(of: part, from: question, in: words, from: text) }
            }
        }
        guard !removed.isEmpty else { return text }
        var isGone = [Bool](repeating: false, count: text.count)
        for range in removed { for index in range { isGone[index] = true } }
        var kept: [Unicode.Scalar] = []
        for (index, scalar) in text.enumerated() {
            if !isGone[index] { kept.append(scalar) } else if kept.last != "\n" { kept.append("\n") }
        }
        return kept
    }

    /// Words, runs of digits and single symbols.
    private static func pieces(of text: [Unicode.Scalar], in range: Range<Int>? = nil) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let range = range ?? 0..<text.count
        var index = range.lowerBound
        while index < range.upperBound {
            let start = index
            let scalar = text[index]
            index += 1
            if scalar.isBlank || scalar.isLineEnd { continue }
            if scalar.isDigit {
                while index < range.upperBound, text[index].isDigit { index += 1 }
            } else if scalar.isLetter {
                while index < range.upperBound, text[index].isLetter { index += 1 }
            }
            found.append(start..<index)
        }
        return found
    }

    /// Where a sequence of pieces occurs (Knuth, Morris and Pratt 1977).
    private static func occurrences(
        of pattern: [Range<Int>], from question: [Unicode.Scalar], in words: [Range<Int>], from text: [Unicode.Scalar]
    ) -> [Range<Int>] {
        guard !pattern.isEmpty, pattern.count <= words.count else { return [] }
        func same(_ a: ArraySlice<Unicode.Scalar>, _ b: ArraySlice<Unicode.Scalar>) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { $0.lowered == $1.lowered }
        }
        var back = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in 1..<max(1, pattern.count) {
            while length > 0, !same(question[pattern[index]], question[pattern[length]]) { length = back[length - 1] }
            if same(question[pattern[index]], question[pattern[length]]) { length += 1 }
            back[index] = length
        }
        var found: [Range<Int>] = []
        length = 0
        for (index, word) in words.enumerated() {
            while length > 0, !same(text[word], question[pattern[length]]) { length = back[length - 1] }
            if same(text[word], question[pattern[length]]) { length += 1 }
            guard length == pattern.count else { continue }
            let range = words[index - length + 1].lowerBound..<word.upperBound
            if !splitsNumber(range, in: text) { found.append(range) }
            length = 0
        }
        return found
    }

    /// Whether a decimal or a group of digits goes on beyond the range.
    private static func splitsNumber(_ range: Range<Int>, in text: [Unicode.Scalar]) -> Bool {
        let end = range.upperBound
        return end + 1 < text.count && text[end - 1].isDigit && (text[end] == "." || text[end] == ",") && text[end + 1].isDigit
    }
}

/// Sentences and words of plain text.
enum Prose {
    /// The sentences of a text, each with the mark that ends it; line ends separate sentences as well.
    ///
    /// - Parameter first: whether only the first one is wanted.
    static func sentences(of text: [Unicode.Scalar], in range: Range<Int>? = nil, first: Bool = false) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let range = range ?? 0..<text.count
        var start = range.lowerBound
        for index in range {
            let scalar = text[index]
            let isLast = index + 1 >= range.upperBound
            let endsSentence = scalar == "." || scalar == "?" || scalar == "!"
            if scalar.isLineEnd || (endsSentence && (isLast || text[index + 1].isBlank || text[index + 1].isLineEnd)) {
                if index + 1 > start { found.append(start..<(index + 1)) }
                start = index + 1
                if first, !found.isEmpty { return found }
            }
        }
        if start < range.upperBound { found.append(start..<range.upperBound) }
        return found
    }

    /// The lower-case words of a text; an apostrophe belongs to its word.
    static func words(of text: some Collection<Unicode.Scalar>) -> [String] {
        var found: [String] = []
        var word = String.UnicodeScalarView()
        for scalar in text {
            if scalar.isLetter {
                word.append(scalar.lowered)
            } else if scalar == "'" || scalar == "’", !word.isEmpty {
                word.append("'")
            } else if !word.isEmpty {
                found.append(String(word))
                word = String.UnicodeScalarView()
            }
        }
        if !word.isEmpty { found.append(String(word)) }
        return found
    }

    /// The text without white space around it.
    static func trimmed(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var text = text
        while let first = text.first, first.isBlank || first.isLineEnd { text.removeFirst() }
        while let last = text.last, last.isBlank || last.isLineEnd { text.removeLast() }
        return text
    }

    /// A string of scalars, cut to a length that suits a message.
    static func shown(_ text: some Collection<Unicode.Scalar>, limit: Int = 80) -> String {
        String(String.UnicodeScalarView(text.prefix(limit)))
    }
}
