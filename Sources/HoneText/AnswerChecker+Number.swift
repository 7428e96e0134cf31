extension AnswerChecker {
    func checkNumber(gold: String, visible: [Unicode.Scalar], problem: String?) throws(AnswerMark.Refusal) -> AnswerVerdict {
        let wanted: NumberReader.Found
        do throws(AnswerMark.Refusal) {
            wanted = try Self.number(of: Array(gold.unicodeScalars.prefix(limit)), problem: nil)
        } catch {
            return .refused("the gold answer “\(gold.prefix(60))” is not one number: \(error.sentence)")
        }
        if let decline = Self.decline(in: visible) { return .refused("the response declines: “\(decline)”") }
        let found = try Self.number(of: visible, problem: problem)
        let shown = found.isPercent ? "\(found.value * 100)%" : "\(found.value)"
        let target = wanted.isPercent ? "\(wanted.value * 100)%" : "\(wanted.value)"
        guard found.value == wanted.value else { return .refused("\(shown) is not \(target)", extracted: shown) }
        guard found.isPercent == wanted.isPercent || !found.value.isWhole else {
            return .refused("a percentage and a whole number are different answers: \(shown) is not \(target)", extracted: shown)
        }
        return AnswerVerdict(correct: true, extracted: shown, reason: "\(shown) equals the gold answer")
    }

    private static let declines = [
        "i cannot", "i can't", "i can not", "i do not know", "i don't know", "no idea", "i am unable", "i'm unable",
        "i am not able", "i'm not able", "i won't", "i will not", "i refuse", "as an ai", "i am not sure", "i'm not sure",
        "i have no", "i am sorry", "i'm sorry",
    ].map { Array(" \($0) ".utf8) }

    /// Words by which a response declines to answer.
    private static func decline(in text: [Unicode.Scalar]) -> String? {
        var plain: [UInt8] = [32]
        for scalar in text {
            if scalar.isASCII, scalar.isLetter {
                plain.append(UInt8(scalar.lowered.value))
            } else if scalar == "'" || scalar == "’" {
                plain.append(UInt8(ascii: "'"))
            } else if plain.last != 32 {
                plain.append(scalar.isLetter ? UInt8(ascii: "?") : 32)
            }
        }
        plain.append(32)
        for start in plain.indices where plain[start] == 32 {
            if let phrase = declines.first(where: { plain[start...].starts(with: $0) }) {
                return String(decoding: phrase, as: UTF8.self)
            }
        }
        return nil
    }

    /// The one final number of a text.
    static func number(of text: [Unicode.Scalar], problem: String?) throws(AnswerMark.Refusal) -> NumberReader.Found {
        var answer: NumberReader.Found?
        var end = 0
        for mark in try AnswerMark.all(in: text) {
            guard mark.kind != .phrase || mark.content.contains(where: \.isDigit) else { continue }
            var content = Prose.trimmed(mark.content)
            if mark.kind == .phrase, content.last == "!" { content.removeLast() }
            let value = try claim(content, isBoxed: mark.kind == .boxed)
            guard let value else { throw .init(sentence: "“\(Prose.shown(mark.content))” holds no number") }
            if let answer, answer != value { throw .init(sentence: "the response marks several different answers") }
            answer = value
            end = max(end, mark.content.endIndex)
        }
        if let answer {
            try refuseWithdrawal(in: text[end...])
            return answer
        }
        var rest = text
        if let problem { rest = VisibleText.withoutEcho(of: problem, in: text, sentences: true) }
        return try unmarked(rest)
    }

    /// The number of the last sentence that has a digit, where no other sentence is a bare different number.
    private static func unmarked(_ text: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> NumberReader.Found {
        let sentences = Prose.sentences(of: text).filter { range in text[range].contains { $0.isDigit || "½¼¾⅓⅔".unicodeScalars.contains($0) } }
        guard let last = sentences.last else { throw .init(sentence: "no number was found") }
        let content = Prose.trimmed(text[last])
        guard content.last != "?" else { throw .init(sentence: "the number stands in a question") }
        guard let found = try claim(content, isBoxed: false) else { throw .init(sentence: "no number was found") }
        for range in sentences.dropLast().suffix(200) {
            let other = Prose.trimmed(text[range])
            guard other.count <= 40, !other.contains(where: { $0.isLetter || $0 == "=" }), !isEnumerator(range, in: text) else { continue }
            if case .one(let value) = NumberReader.read(other), value != found {
                throw .init(sentence: "the response lists several answers")
            }
        }
        try refuseWithdrawal(in: text[last.upperBound...])
        return found
    }

    private static func refuseWithdrawal(in rest: ArraySlice<Unicode.Scalar>) throws(AnswerMark.Refusal) {
        if let word = AnswerMark.withdrawal(in: rest, claims: { $0.contains(where: \.isDigit) }) {
            throw .init(sentence: "the response takes its answer back: “\(word)”")
        }
    }

    /// Whether a sentence such as “2.” only numbers the text that follows on its line.
    private static func isEnumerator(_ range: Range<Int>, in text: [Unicode.Scalar]) -> Bool {
        guard range.count <= 4, text[range.upperBound - 1] == ".", range.upperBound < text.count,
            range.lowerBound == 0 || text[range.lowerBound - 1].isLineEnd
        else { return false }
        let rest = text[range.upperBound...].prefix { !$0.isLineEnd }
        return rest.contains(where: \.isLetter) || rest.contains("=")
    }

    /// The number that a text claims, behind its last equals sign; every equation on the way must hold.
    private static func claim(_ text: ArraySlice<Unicode.Scalar>, isBoxed: Bool) throws(AnswerMark.Refusal) -> NumberReader.Found? {
        var text = Prose.trimmed(text)
        guard !text.contains(where: { "≈≠<>≤≥±|".unicodeScalars.contains($0) }) else {
            throw .init(sentence: "“\(Prose.shown(text))” is not one exact answer")
        }
        if !isBoxed, text.last == "?" { throw .init(sentence: "the number stands in a question") }
        if text.count > 2, text.first == "$", text.last == "$" { text = Prose.trimmed(text.dropFirst().dropLast()) }
        let sides = text.split(separator: "=", omittingEmptySubsequences: false)
        if sides.count > 1 {
            let negation = Array("\\not".unicodeScalars)
            guard !sides.dropLast().contains(where: { side in
                side.last.map { "!:<>~^/*+-".unicodeScalars.contains($0) } ?? false || Prose.trimmed(side).suffix(4).elementsEqual(negation)
            }) else {
                throw .init(sentence: "“\(Prose.shown(text))” is not an equation")
            }
            guard sides.count <= 32 else { throw .init(sentence: "the answer is a chain of \(sides.count) equations") }
            for (left, right) in zip(sides, sides.dropFirst()) { try Equation.mustHold(left: left, right: right) }
            if isBoxed, let other = sides.dropLast().first(where: { !Equation.isNameOrValue($0) }) {
                throw .init(sentence: "“\(Prose.shown(other))” is neither a name nor a value")
            }
        }
        let isCalculated = !isBoxed && sides.count > 1 && Equation.holds(left: sides[sides.count - 2], right: sides[sides.count - 1])
        switch NumberReader.read(sides.last ?? text, isStrict: isBoxed, followsCalculation: isCalculated) {
        case .nothing:
            if sides.count > 1 { throw .init(sentence: "no number follows the equals sign") }
            return nil
        case .one(let found): return found
        case .refused(let sentence): throw .init(sentence: sentence)
        }
    }
}

/// Equations in prose, such as “48 + 24 = 72 clips”.
enum Equation {
    /// Refuses two sides whose values are known and different.
    static func mustHold(left: ArraySlice<Unicode.Scalar>, right: ArraySlice<Unicode.Scalar>) throws(AnswerMark.Refusal) {
        guard let first = valueAtEnd(of: left), let second = valueAtStart(of: right), first != second else { return }
        throw .init(sentence: "the response equates \(first) and \(second)")
    }

    /// Whether a calculation on the left has the value on the right.
    static func holds(left: ArraySlice<Unicode.Scalar>, right: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = valueAtEnd(of: left), let second = valueAtStart(of: right) else { return false }
        return first == second
    }

    /// Whether a side is a short name such as `x` or “total cost”, or has a value.
    static func isNameOrValue(_ side: ArraySlice<Unicode.Scalar>) -> Bool {
        let side = Prose.trimmed(PlainMathematics.rewritten(side.prefix(600))[...])
        if !side.isEmpty, side.count <= 30, side.allSatisfy({ $0.isLetter || $0.isBlank }) { return true }
        return valueAtEnd(of: side) != nil
    }

    private static func isArithmetic(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isDigit || scalar.isBlank || "+-*/().,%^$€£".unicodeScalars.contains(scalar)
    }

    private static func value(_ text: ArraySlice<Unicode.Scalar>) -> Rational? {
        var plain = text.filter { !"$€£".unicodeScalars.contains($0) }[...]
        plain = Prose.trimmed(plain)
        while let last = plain.last, ".,".unicodeScalars.contains(last) { plain.removeLast() }
        guard plain.count <= ArithmeticExpression.longest else { return nil }
        return (try? ArithmeticExpression(String(String.UnicodeScalarView(plain))))?.value
    }

    /// The value of the arithmetic that ends a side, with at most one word such as a unit behind it.
    private static func valueAtEnd(of side: ArraySlice<Unicode.Scalar>) -> Rational? {
        let plain = PlainMathematics.rewritten(side.suffix(600))
        var end = plain.count
        while end > 0, plain[end - 1].isBlank { end -= 1 }
        let wordEnd = end
        while end > 0, plain[end - 1].isLetter { end -= 1 }
        let hasUnit = end < wordEnd
        var start = end
        while start > 0, isArithmetic(plain[start - 1]) { start -= 1 }
        // Arithmetic that begins with a sign behind a word continues what the word ended: “5 apples + 3”.
        var content = Prose.trimmed(plain[start..<end])
        if start > 0, let sentence = content.lastIndex(where: { $0 == "," || $0 == "." }), content[sentence...].dropFirst().first?.isBlank == true {
            content = Prose.trimmed(content[(sentence + 1)...])
        }
        while let first = content.first, first == "." || first == "," { content = Prose.trimmed(content.dropFirst()) }
        guard let first = content.first, content.contains(where: \.isDigit) else { return nil }
        if start > 0, "+-*/^%)".unicodeScalars.contains(first) { return nil }
        if hasUnit, content.contains(where: { "+*/^".unicodeScalars.contains($0) }) { return nil }
        return value(content)
    }

    /// The value of the arithmetic that begins a side.
    private static func valueAtStart(of side: ArraySlice<Unicode.Scalar>) -> Rational? {
        let plain = PlainMathematics.rewritten(side.prefix(600))
        var end = 0
        while end < plain.count, isArithmetic(plain[end]) { end += 1 }
        var content = Prose.trimmed(plain[..<end])
        if let stop = content.indices.first(where: { index in
            (content[index] == "." || content[index] == ",") && (index + 1 >= content.endIndex || content[index + 1].isBlank)
        }) {
            content = content[..<stop]
        }
        while let last = content.last, last == "(" || last.isBlank || last == "-" { content.removeLast() }
        guard content.contains(where: \.isDigit) else { return nil }
        return value(content)
    }
}
