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
        if plain.count > 2, plain.first == "$", plain.last == "$" { plain = plain.dropFirst().dropLast() }
        if plain.last == "." { plain.removeLast() }
        return try ArithmeticExpression(String(String.UnicodeScalarView(plain)))
    }

    /// The one marked text, or the last line that is not empty.
    private static func markedOrLastLine(of text: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> ArraySlice<Unicode.Scalar> {
        let marked = try AnswerMark.all(in: text).map { mark in
            var content = Prose.trimmed(mark.content)
            if mark.kind != .boxed, content.last == "." { content.removeLast() }
            return Prose.trimmed(content)
        }
        if let first = marked.first {
            guard marked.allSatisfy({ $0.elementsEqual(first) }) else { throw .init(sentence: "the response marks several different answers") }
            return first
        }
        let lines = text.split(whereSeparator: \.isLineEnd).map(Prose.trimmed)
        guard let last = lines.last(where: { !$0.isEmpty }) else { throw .init(sentence: "the response is empty") }
        return last
    }

    func checkChoice(gold: String, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        guard let wanted = Self.choices(in: Array(gold.unicodeScalars)).first else {
            return .refused("the gold answer “\(gold.prefix(20))” is not one letter from A to J")
        }
        let marks = try AnswerMark.all(in: visible).map { Self.choices(in: Array(Prose.trimmed($0.content)), denied: true) }
        let given = marks.contains { !$0.isEmpty } ? marks.flatMap { $0 } : Self.choices(in: visible, denied: true)
        let distinct = Set(given)
        guard let found = given.last, distinct.count == 1 else {
            return .refused(
                distinct.isEmpty ? "no choice was found" : "several choices were given: \(distinct.sorted().joined(separator: ", "))")
        }
        return found == wanted
            ? AnswerVerdict(correct: true, extracted: found, reason: "it is the gold choice")
            : .refused("\(found) is not \(wanted)", extracted: found)
    }

    private static let ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]

    /// The letters A to J that a text chooses: alone, in brackets or before one, after “option” or “choice”, or as “the second
    /// option”. “A” as an article and “I” as a pronoun are no choices; a sentence that denies has two.
    private static func choices(in text: [Unicode.Scalar], denied: Bool = false) -> [String] {
        let plain = PlainMathematics.rewritten(text)
        let begin = plain.firstIndex { !$0.isBlank && !$0.isLineEnd } ?? 0
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
                let isNamed = ["option", "choice", "letter"].contains(previousWord)
                let isCapital = letter.value < 97
                let endsSentence = index >= plain.count || plain[index].isLineEnd || ".:,*;/&+|".unicodeScalars.contains(plain[index])
                let isWord = letter.lowered == "a" || letter.lowered == "i"
                let startsText = start == begin && endsSentence
                if isAlone || isBracketed || isNamed || (isCapital && (!isWord || endsSentence || startsText)) {
                    found.append(String(Unicode.Scalar(UInt8(letter.lowered.value - 32))))
                }
            } else if ["option", "choice", "answer", "one"].contains(lower), let place = ordinals.firstIndex(of: previousWord) {
                found.append(String(Unicode.Scalar(UInt8(65 + place))))
            }
            previousWord = lower
        }
        return found
    }

    func checkText(gold: String, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        let wanted = Self.normalized(gold.unicodeScalars)
        guard !wanted.isEmpty else { return .refused("the gold answer “\(gold.prefix(60))” has no letters or digits") }
        let whole = Self.normalized(visible)
        let found = whole == wanted ? whole : Self.normalized(try Self.markedOrLastLine(of: visible))
        let shown = String(found.prefix(80))
        return found == wanted
            ? AnswerVerdict(correct: true, extracted: shown, reason: "it is the gold text")
            : .refused("“\(shown)” is not the gold text", extracted: shown)
    }

    /// Small letters, without punctuation, articles and extra spaces; points and commas within numbers and signs before them
    /// stay, since they change what is said. Compared as scalars after canonical composition.
    static func normalized(_ text: some Collection<Unicode.Scalar>) -> String {
        let scalars = Array(text)
        var kept = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar.isASCII, scalar.isLetter || scalar.isDigit {
                kept.append(scalar.lowered)
                continue
            }
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            let last = index > 0 ? scalars[index - 1] : nil
            let isMark = scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .spacingMark
            let isNumberPart =
                next?.isDigit == true
                && (scalar == "." || ((scalar == "," || scalar == "/" || scalar == ":") && last?.isDigit == true)
                    || (scalar == "-" && last?.isLetter != true && last?.isDigit != true))
            if scalar.isLetter || isMark || scalar.properties.numericType != nil || isNumberPart || scalar == "%" || scalar == "+" {
                kept.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            } else if scalar == "'" || scalar == "’" {
                continue
            } else if scalar.value > 127, ![.dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation, .spaceSeparator].contains(scalar.properties.generalCategory)
            {
                kept.append(scalar)
            } else {
                kept.append(" ")
            }
        }
        return String(kept).split(separator: " ").filter { !["a", "an", "the"].contains($0) }.joined(separator: " ")
    }
}
