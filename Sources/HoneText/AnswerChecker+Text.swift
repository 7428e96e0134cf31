extension AnswerChecker {
    func checkText(gold: String, visible: [Unicode.Scalar]) throws(AnswerMark.Refusal) -> AnswerVerdict {
        if let list = AnswerList(Array(gold.unicodeScalars)) { return try checkList(list, visible: visible) }
        let wanted = Self.normalized(gold.unicodeScalars)
        guard !wanted.isEmpty else { return .refused("the gold answer “\(gold.prefix(60))” has no letters or digits") }
        let whole = Self.normalized(visible)
        let content = whole == wanted ? visible[...] : try Self.markedOrLastLine(of: visible)
        let found = Self.normalized(content)
        let shown = String(found.prefix(80))
        guard found == wanted else { return .refused("“\(shown)” is not the gold text", extracted: shown) }
        let goldEnd = Prose.trimmed(Array(gold.unicodeScalars)[...]).last
        if content.last(where: { !$0.isBlank && !$0.isLineEnd && !"*_`\"”".unicodeScalars.contains($0) }) == "?", goldEnd != "?" {
            return .refused("the answer is a question", extracted: shown)
        }
        if let opposite = Self.opposites[wanted], let line = Self.lines(of: visible).first(where: { $0 == opposite }) {
            return .refused("the response says both “\(wanted)” and “\(line)”")
        }
        return AnswerVerdict(correct: true, extracted: shown, reason: "it is the gold text")
    }

    /// Answers of which a response may give only one.
    private static let opposites = ["yes": "no", "no": "yes", "true": "false", "false": "true"]

    /// The first words of lines and sentences, where they stand alone or before a comma.
    private static func lines(of text: [Unicode.Scalar]) -> [String] {
        Prose.sentences(of: text).compactMap { range in
            let opening = Prose.trimmed(text[range]).prefix { $0 != "," && $0 != "." && $0 != "!" && $0 != ";" }
            return opening.count <= 20 ? normalized(opening) : nil
        }
    }

    /// Small letters, without quotation marks, articles and extra spaces.
    ///
    /// Points and commas within numbers and signs before them stay, and so do `+ < > = ^ ~ &` and `#` behind a letter, since
    /// they change what is said. Compared as scalars after canonical composition.
    static func normalized(_ text: some Collection<Unicode.Scalar>) -> String {
        let scalars = text.contains("\\") ? PlainMathematics.rewritten(text) : Array(text)
        var kept = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            if scalar.isASCII, scalar.isLetter || scalar.isDigit {
                kept.append(scalar.lowered)
                continue
            }
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            let last = index > 0 ? scalars[index - 1] : nil
            switch role(of: scalar, after: last, before: next) {
            case .part: kept.append(contentsOf: (dashes.contains(scalar) ? "-" : scalar).properties.lowercaseMapping.unicodeScalars)
            case .word: kept.append(contentsOf: [" ", dashes.contains(scalar) ? "-" : scalar, " "])
            case .space: kept.append(" ")
            case .nothing: continue
            }
        }
        let words = String(kept).split(separator: " ")
        // “a” behind which nothing follows is a letter, as in “vitamin A”.
        return words.enumerated().filter { index, word in
            !(word == "an" || word == "the" || (word == "a" && index + 1 < words.count))
        }.map(\.element).joined(separator: " ")
    }

    /// What becomes of a sign.
    private enum Role { case part, word, space, nothing }

    private static let dashes: Set<Unicode.Scalar> = ["-", "−", "–"]

    private static func role(of scalar: Unicode.Scalar, after last: Unicode.Scalar?, before next: Unicode.Scalar?) -> Role {
        let followsDigit = last?.isDigit == true
        let followsLetter = last?.isLetter == true
        if dashes.contains(scalar) {
            guard let next, next.isDigit || next.isLetter || next == "∞" || next == "\\" else { return .space }
            return followsDigit && next.isDigit ? .word : followsDigit || followsLetter ? .space : .part
        }
        switch scalar {
        case ".": return next?.isDigit == true ? .part : .space
        case ",", "/", ":": return next?.isDigit == true && followsDigit ? .part : .space
        case "'", "’": return followsDigit ? .space : .nothing
        case "%": return .part
        case "+", "<", "=", "^", "&": return next == scalar && scalar != "+" ? .space : .word
        // At the beginning of a line it marks a quotation.
        case ">": return (last == nil || last?.isLineEnd == true) && next?.isDigit != true ? .space : .word
        case "~": return .word
        case "#": return followsLetter ? .part : .space
        default: break
        }
        let properties = scalar.properties
        let category = properties.generalCategory
        if scalar.isLetter || category == .nonspacingMark || category == .spacingMark || properties.numericType != nil { return .part }
        if scalar.isASCII { return .space }
        switch category {
        case .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation,
            .spaceSeparator: return .space
        default: return .part
        }
    }
}
