/// The places where a response says that its answer follows.
struct AnswerMark {
    /// How an answer is marked.
    enum Kind { case boxed, hashes, phrase }

    /// How it is marked.
    let kind: Kind
    /// The marked text.
    let content: ArraySlice<Unicode.Scalar>

    /// Why marks cannot be read.
    struct Refusal: Error { let sentence: String }

    /// How many marks a response may have; more are an attack on the reader's time.
    static let most = 64
    /// The longest marked text, in characters; longer ones are cut, and then refused by the readers.
    private static let longest = 4000

    /// All marks of a text: `\boxed{…}`, what follows `####` on its line, and what follows “answer is” or “answer:”.
    static func all(in text: [Unicode.Scalar]) throws(Refusal) -> [AnswerMark] {
        let boxes = try boxed(in: text)
        var marks = boxes.map { AnswerMark(kind: .boxed, content: text[$0.content]) }
        let others = hashes(in: text).map { (Kind.hashes, $0) } + phrases(in: text).map { (Kind.phrase, $0) }
        guard boxes.count + others.count <= most else { throw Refusal(sentence: "the response marks more than \(most) answers") }
        for (kind, range) in others
        where !boxes.contains(where: { $0.whole.overlaps(range) }) {
            marks.append(AnswerMark(kind: kind, content: text[range]))
        }
        return marks
    }

    private static func boxed(in text: [Unicode.Scalar]) throws(Refusal) -> [(whole: Range<Int>, content: Range<Int>)] {
        var found: [(whole: Range<Int>, content: Range<Int>)] = []
        var index = 0
        while index < text.count, found.count <= most {
            guard text[index] == "\\" else {
                index += 1
                continue
            }
            let rest = text[(index + 1)...]
            let length = ["boxed", "fbox", "framebox"].first { rest.starts(with: $0.unicodeScalars) }?.unicodeScalars.count
            guard let length else {
                index += 2
                continue
            }
            let start = index
            index += 1 + length
            while index < text.count, text[index].isBlank { index += 1 }
            guard index < text.count, text[index] == "{" else { throw Refusal(sentence: "\\boxed has no braces") }
            guard let end = closingBrace(in: text, from: index) else { throw Refusal(sentence: "\\boxed{ is not closed, or nested too deep") }
            let content = (index + 1)..<end
            index = end + 1
            if let neighbour = neighbour(of: start..<index, in: text) {
                throw Refusal(sentence: "“\(neighbour)” stands beside the box, so the box is not the whole answer")
            }
            found.append((start..<index, content))
        }
        return found
    }

    private static func closingBrace(in text: [Unicode.Scalar], from open: Int) -> Int? {
        var depth = 0
        var index = open
        while index < text.count {
            switch text[index] {
            case "\\": index += 1
            case "{":
                depth += 1
                if depth > 16 { return nil }
            case "}":
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
            index += 1
        }
        return nil
    }

    /// A sign, digit or denial that touches a box and changes what it says.
    private static func neighbour(of box: Range<Int>, in text: [Unicode.Scalar]) -> String? {
        func skips(_ scalar: Unicode.Scalar) -> Bool { scalar.isBlank || scalar == "$" || scalar == "*" }
        var before = box.lowerBound - 1
        while before >= 0, skips(text[before]) { before -= 1 }
        if before >= 0, text[before].isDigit || "-−+/^±~<>≈≠≤≥×·÷%_".unicodeScalars.contains(text[before]) { return String(text[before]) }
        if before >= 0, let macro = macro(endingAt: before, in: text) { return macro }
        var after = box.upperBound
        while after < text.count, skips(text[after]) { after += 1 }
        if after < text.count {
            if text[after].isDigit || "%^!/+-−±=_{~<>≈≠≤≥×·÷".unicodeScalars.contains(text[after]) { return String(text[after]) }
            if text[after] == "\\" {
                let name = text[(after + 1)...].prefix { $0.isASCII && $0.isLetter }
                if name.isEmpty, text[(after + 1)...].first == "%" { return "\\%" }
                if operators.contains(String(String.UnicodeScalarView(name))) { return "\\\(String(String.UnicodeScalarView(name)))" }
            }
        }
        let lineStart = text[..<box.lowerBound].lastIndex(where: \.isLineEnd).map { $0 + 1 } ?? 0
        if let denial = Prose.words(of: text[lineStart..<box.lowerBound]).suffix(3).first(where: NumberReader.isDenial) { return denial }
        let lineEnd = text[box.upperBound...].firstIndex(where: \.isLineEnd) ?? text.count
        return Prose.words(of: text[box.upperBound..<lineEnd]).prefix(4).first(where: NumberReader.isDenial)
    }

    /// Macros that calculate or compare, so that a box beside them is a part of what is said.
    private static let operators: Set<String> = [
        "cdot", "times", "div", "ast", "pm", "mp", "ne", "neq", "not", "le", "leq", "lt", "gt", "ge", "geq", "approx", "sim", "simeq", "cong",
        "ll", "gg", "bmod", "mod", "pmod",
    ]

    /// Macros that make something else of what stands in their braces, or hide it.
    private static let wrappers: Set<String> = [
        "frac", "dfrac", "tfrac", "cfrac", "sqrt", "binom", "cancel", "bcancel", "xcancel", "sout", "st", "phantom", "hphantom", "vphantom",
        "overline", "underline", "log", "ln", "sin", "cos", "tan", "exp",
    ]

    /// The macro that ends right before a box, or whose braces open or close there, when it changes what the box says.
    private static func macro(endingAt end: Int, in text: [Unicode.Scalar]) -> String? {
        var index = end
        if text[index] == "}" {
            // Behind \frac{1}{2} the first of several groups has the name.
            var depth = 0
            while index >= 0, end - index < 400 {
                if text[index] == "}" { depth += 1 }
                if text[index] == "{" { depth -= 1 }
                if depth == 0, index == 0 || text[index - 1] != "}" { break }
                index -= 1
            }
        }
        if index >= 0, text[index] == "{" { index -= 1 }
        if index >= 0, text[index] == "^" || text[index] == "_" { return String(text[index]) }
        var start = index
        while start >= 0, text[start].isASCII, text[start].isLetter { start -= 1 }
        guard start >= 0, text[start] == "\\", start < index else { return nil }
        let name = String(String.UnicodeScalarView(text[(start + 1)...index]))
        return operators.contains(name) || wrappers.contains(name) ? "\\\(name)" : nil
    }

    /// The word by which the text behind the last answer takes it back, such as “wait” or “actually 41”.
    ///
    /// - Parameter claims: whether a text holds another answer; words such as “actually” count only then.
    static func withdrawal(in rest: ArraySlice<Unicode.Scalar>, claims: (ArraySlice<Unicode.Scalar>) -> Bool) -> String? {
        let words = Prose.words(of: rest)
        if let word = words.first(where: { ["wait", "oops", "mistake", "mistaken", "wrong", "incorrect", "miscalculated", "correction"].contains($0) }) {
            return word
        }
        guard let word = words.first(where: { ["actually", "no", "sorry", "instead", "rather", "however", "hmm"].contains($0) }) else { return nil }
        return claims(rest) ? word : nil
    }

    private static func hashes(in text: [Unicode.Scalar]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = 0
        while index < text.count, found.count <= most {
            guard text[index] == "#" else {
                index += 1
                continue
            }
            let start = index
            while index < text.count, text[index] == "#" { index += 1 }
            guard index - start >= 4 else { continue }
            let end = text[index...].firstIndex { $0.isLineEnd } ?? text.count
            // Several marks on one line are several answers, so each ends at the next.
            let next = text[index..<end].firstIndex(of: "#") ?? end
            found.append(index..<next)
        }
        return found
    }

    /// What follows “answer”, at most eight words and then “is”, “=”, or a colon, up to the end of the sentence.
    private static func phrases(in text: [Unicode.Scalar]) -> [Range<Int>] {
        let word = Array("answer".unicodeScalars)
        var found: [Range<Int>] = []
        var index = 0
        while index + word.count <= text.count, found.count <= most {
            guard text[index].lowered == "a", index == 0 || !text[index - 1].isLetter,
                zip(text[index..<(index + word.count)], word).allSatisfy({ $0.lowered == $1 })
            else {
                index += 1
                continue
            }
            index += word.count
            guard let start = verb(in: text, from: index) else { continue }
            var content = start
            while content < text.count, text[content].isBlank || text[content].isLineEnd || text[content] == "*" { content += 1 }
            guard content < text.count else { break }
            let end = Prose.sentences(of: text, in: content..<min(text.count, content + longest), first: true)
                .first?.upperBound ?? text.count
            found.append(content..<end)
        }
        return found
    }

    /// Where the text behind “is”, “:” or “=” begins.
    private static func verb(in text: [Unicode.Scalar], from start: Int) -> Int? {
        var index = start
        var words = 0
        if index < text.count, text[index].isLetter { return nil }
        while index < text.count, words <= 8 {
            let scalar = text[index]
            if scalar == ":" || scalar == "=" || scalar == "→" { return index + 1 }
            if scalar == ">", index > 0, text[index - 1] == "-" { return index + 1 }
            if scalar.isLetter {
                let end = text[index...].firstIndex { !$0.isLetter } ?? text.count
                let word = String(String.UnicodeScalarView(text[index..<end].map(\.lowered)))
                index = end
                if ["is", "was", "equals", "are"].contains(word) {
                    // “The answer is: 18” has both.
                    let next = text[index...].firstIndex { !$0.isBlank && $0 != "*" } ?? text.count
                    return next < text.count && (text[next] == ":" || text[next] == "=") ? next + 1 : index
                }
                words += 1
            } else if scalar.isBlank || scalar == "*" || scalar == "\"" || scalar == "'" || scalar == "(" || scalar == ")" || scalar == ">" || scalar == "-" {
                index += 1
            } else {
                return nil
            }
        }
        return nil
    }
}

extension NumberReader {
    /// Whether a word takes an answer back or offers another one.
    static func isDenial(_ word: String) -> Bool { denials.contains(word) || word.hasSuffix("n't") }
}
