extension AnswerChecker {
    func checkExpression(gold: String, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        let wanted: Rational
        do throws(TextError) {
            wanted = try Self.expression(of: gold.unicodeScalars[...]).value
        } catch {
            return .refused("the gold answer “\(gold.prefix(60))” has no value: \(error)")
        }
        let content = try Self.markedOrLastLine(of: visible)
        let sides = content.split(separator: "=", omittingEmptySubsequences: false)
        guard sides.count <= 8 else { return .refused("the answer is a chain of \(sides.count) equations") }
        do throws(TextError) {
            var values: [Rational] = []
            for side in sides { values.append(try Self.expression(of: side).value) }
            let shown = Prose.shown(Prose.trimmed(sides.first ?? content))
            guard let value = values.first, values.allSatisfy({ $0 == value }) else {
                return .refused("“\(Prose.shown(content))” equates different values", extracted: shown)
            }
            guard value == wanted else { return .refused("its value is \(value), not \(wanted)", extracted: shown) }
            return AnswerVerdict(correct: true, extracted: shown, reason: "its value is \(value), as in the gold answer")
        } catch {
            return .refused(error.description, extracted: Prose.shown(content))
        }
    }

    private static func expression(of text: some Collection<Unicode.Scalar>) throws(TextError) -> ArithmeticExpression {
        guard text.count <= 2 * ArithmeticExpression.longest else {
            throw TextError("An expression may have \(ArithmeticExpression.longest) bytes; this has more")
        }
        var plain = Prose.trimmed(PlainMathematics.rewritten(text, forExpression: true)[...])
        while plain.count > 2, plain.first == "$", plain.last == "$" { plain = Prose.trimmed(plain.dropFirst().dropLast()) }
        if plain.last == "." { plain.removeLast() }
        return try ArithmeticExpression(String(String.UnicodeScalarView(plain)))
    }

    /// The one marked text, or the last line that is not empty.
    static func markedOrLastLine(of text: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> ArraySlice<Unicode.Scalar> {
        let marks = try AnswerMark.all(in: text)
        let marked = marks.map { mark in
            var content = Prose.trimmed(mark.content)
            if mark.kind != .boxed, content.last == "." { content.removeLast() }
            return Prose.trimmed(content)
        }
        if let first = marked.first {
            guard marked.allSatisfy({ $0.elementsEqual(first) }) else { throw .init(sentence: "the response marks several different answers") }
            let end = marks.map(\.content.endIndex).max() ?? 0
            if let word = AnswerMark.withdrawal(in: text[end...], claims: { $0.contains(where: \.isDigit) }) {
                throw .init(sentence: "the response takes its answer back: “\(word)”")
            }
            return first
        }
        let lines = text.split(whereSeparator: \.isLineEnd).map(Prose.trimmed)
        guard let last = lines.last(where: { !$0.isEmpty }) else { throw .init(sentence: "the response is empty") }
        return last
    }

    func checkChoice(gold: String, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        let named = Self.choices(in: Array(gold.unicodeScalars))
        guard let wanted = named.first, Set(named).count == 1 else {
            return .refused("the gold answer “\(gold.prefix(20))” is not one letter from A to J")
        }
        let marks = try AnswerMark.all(in: visible)
        let marked = marks.map { Self.choices(in: Array(Prose.trimmed($0.content)), denied: true) }
        let isMarked = marked.contains { !$0.isEmpty }
        let given = isMarked ? marked.flatMap { $0 } : Self.choices(in: visible, denied: true)
        let distinct = Set(given)
        if Prose.trimmed(visible[...]).last == "?" { return .refused("the response ends in a question") }
        let end = marks.map(\.content.endIndex).max() ?? visible.count
        if isMarked, let word = AnswerMark.withdrawal(in: visible[end...], claims: { !Self.choices(in: Array($0)).isEmpty }) {
            return .refused("the response takes its answer back: “\(word)”")
        }
        guard let found = given.last, distinct.count == 1 else {
            return .refused(
                distinct.isEmpty ? "no choice was found" : "several choices were given: \(distinct.sorted().joined(separator: ", "))")
        }
        return found == wanted
            ? AnswerVerdict(correct: true, extracted: found, reason: "it is the gold choice")
            : .refused("\(found) is not \(wanted)", extracted: found)
    }

    /// Whether a letter is followed by another choice, as A is in “A and B” or “A B”.
    private static func isListed(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        var words = Prose.trimmed(rest.prefix(40)).split { $0.isBlank || $0.isLineEnd }.prefix(2)
        // A sign between letters links them as a word does.
        if let link = words.first {
            let isSign = !link.contains { $0.isLetter || $0.isDigit }
            if isSign || ["and", "or", "nor"].contains(String(String.UnicodeScalarView(link.map(\.lowered)))) { words.removeFirst() }
        }
        guard let next = words.first, let letter = next.first(where: { $0.isLetter }) else { return false }
        return next.count { $0.isLetter } == 1 && (65...74).contains(letter.value)
    }

    private static let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]

    /// The letters A to J that a text chooses: alone, in brackets or before one, after “option” or “choice”, or as “the second
    /// option”. “A” as an article and “I” as a pronoun are no choices; a sentence that denies has two.
    private static func choices(in text: [Unicode.Scalar], denied: Bool = false) -> [String] {
        let plain = PlainMathematics.rewritten(text)
        var found: [String] = []
        var previousWord = ""
        var index = 0
        let isAlone = plain.filter { $0.isLetter || $0.isDigit }.count == 1
        while index < plain.count {
            guard plain[index].isLetter || plain[index].isDigit else {
                index += 1
                continue
            }
            let start = index
            while index < plain.count, plain[index].isLetter || plain[index].isDigit || plain[index] == "'" { index += 1 }
            let word = plain[start..<index]
            let lower = String(String.UnicodeScalarView(word.map(\.lowered)))
            if denied, NumberReader.isDenial(lower) || lower == "both" || lower == "neither" { return ["?", "??"] }
            if word.count == 1, let letter = word.first, letter.isASCII, (97...106).contains(letter.value | 32) {
                let isBracketed = index < plain.count && (plain[index] == ")" || plain[index] == "]")
                let isNamed = ["option", "choice", "letter", "options", "choices", "letters"].contains(previousWord)
                let isCapital = letter.value < 97
                let endsSentence = index >= plain.count || plain[index].isLineEnd || ".:,*;/&+|".unicodeScalars.contains(plain[index])
                let isWord = letter.lowered == "a" || letter.lowered == "i"
                let isListed = isWord && isCapital && Self.isListed(plain[index...])
                if isAlone || isBracketed || isNamed || (isCapital && (!isWord || endsSentence || isListed)) {
                    found.append(String(Unicode.Scalar(UInt8(letter.lowered.value - 32))))
                }
            } else if ["option", "choice", "answer", "one"].contains(lower), let place = ordinals.firstIndex(of: previousWord) {
                found.append(String(Unicode.Scalar(UInt8(65 + place))))
            }
            previousWord = lower
        }
        return found
    }
}
