/// The one final answer of a response.
struct FinalAnswer {
    /// Its text.
    var text: String
    /// Whether the response marked it: boxed, after `####`, or after “answer”.
    var isMarked: Bool

    /// Why a response has no final answer.
    struct Refusal: Error, CustomStringConvertible { var description: String }

    /// Looks for the answer in the documented order.
    static func find(in response: String) -> Result<FinalAnswer, Refusal> {
        switch boxed(in: response) {
        case .success(let text): return single(text, marked: true)
        case .failure(let refusal) where !refusal.description.isEmpty: return .failure(refusal)
        case .failure: break
        }
        let marks = response.ranges(of: "####")
        if !marks.isEmpty {
            let answers = Set(marks.map { trimmed(response[$0.upperBound...].prefix { !$0.isNewline }) })
            guard answers.count == 1, let only = answers.first else {
                return .failure(Refusal(description: "several different answers follow ####"))
            }
            return single(only, marked: true)
        }
        let phrases = response.ranges(of: /(?i)\banswer\s*(?:is|:|=)\s*:?/)
        if !phrases.isEmpty {
            let answers = Set(phrases.map { clause(response[$0.upperBound...]) })
            let values = Set(answers.map { NumberReader.only(in: $0)?.value.description ?? $0 })
            guard values.count == 1, let only = answers.first else {
                return .failure(Refusal(description: "several different answers are announced"))
            }
            return single(only, marked: true)
        }
        let lines = response.split(whereSeparator: \.isNewline).map(trimmed).filter { line in
            line.unicodeScalars.contains { ("0"..."9").contains($0) }
        }
        guard let last = lines.last else { return .failure(Refusal(description: "no number was found")) }
        let parts = last.split(separator: "=", omittingEmptySubsequences: false)
        if parts.count > 1 {
            // A chain such as 41=42 claims two values at once; 6*7=42 is a calculation and its result.
            var values: [Rational?] = parts.map { part in
                let side = trimmed(part.split(whereSeparator: { $0 == "," || $0 == ";" }).last ?? "")
                return NumberReader.only(in: side)?.value ?? (try? ArithmeticExpression(side))?.value
            }
            if last.contains(",") { values = Array(values.suffix(2)) }
            let known = values.compactMap { $0 }
            if Set(known).count > 1 { return .failure(Refusal(description: "the last line equates different values")) }
            return single(trimmed(parts[parts.count - 1]), marked: false)
        }
        return single(last, marked: false)
    }

    /// The text inside the response's `\boxed{…}`; a refusal with an empty description where there is none.
    static func boxed(in response: String) -> Result<String, Refusal> {
        var found: [String] = []
        var rest = response[...]
        while let open = rest.firstRange(of: "\\boxed{") {
            var depth = 1
            var index = open.upperBound
            while index < rest.endIndex, depth > 0 {
                if rest[index] == "{" { depth += 1 }
                if rest[index] == "}" { depth -= 1 }
                if depth > 64 { return .failure(Refusal(description: "braces are nested too deep")) }
                index = rest.index(after: index)
            }
            guard depth == 0 else { return .failure(Refusal(description: "\\boxed{ is not closed")) }
            found.append(trimmed(rest[open.upperBound..<rest.index(before: index)]))
            rest = rest[index...]
        }
        guard let only = found.last else { return .failure(Refusal(description: "")) }
        guard Set(found).count == 1 else { return .failure(Refusal(description: "several different answers are boxed")) }
        return .success(only)
    }

    /// Refuses texts that offer several answers at once.
    private static func single(_ text: String, marked: Bool) -> Result<FinalAnswer, Refusal> {
        let lowered = text.lowercased()
        if marked, text.contains("=") { return .failure(Refusal(description: "the answer holds an equation")) }
        if lowered.contains("±") || lowered.contains("\\pm") || lowered.contains("+/-") || lowered.contains("+-") {
            return .failure(Refusal(description: "the answer offers two signs"))
        }
        if lowered.contains(/\d\s*(?:\bor\b|\band\b|\bto\b|\bvs\b|~|\.\.|–|—|\||;|,\s)\s*[-$]?\d/)
            || lowered.contains(/\d\s*-\s*\d/) || lowered.contains(/\b(?:either|not|isn't|between)\b.*\d/)
        {
            return .failure(Refusal(description: "the answer offers several values or denies one"))
        }
        return .success(FinalAnswer(text: text, isMarked: marked))
    }

    /// A response that means to deceive or cannot be read, as a sentence; nil when it is plain.
    static func suspicious(in response: String) -> String? {
        for scalar in response.unicodeScalars {
            switch scalar.value {
            case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2064, 0x2066...0x2069, 0xFEFF:
                return "the response holds invisible characters (U+\(String(scalar.value, radix: 16, uppercase: true)))"
            case 0xFF10...0xFF19, 0x660...0x669, 0x6F0...0x6F9, 0x966...0x96F, 0x1D7CE...0x1D7FF, 0x2070...0x2079, 0x2080...0x2089, 0x2460...0x249B:
                return "the response writes digits in another script"
            case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F: return "the response holds control characters"
            default: continue
            }
        }
        return nil
    }

    /// The response without what stands between think tags; an unclosed thought hides all that follows.
    static func withoutThoughts(_ response: String) -> String {
        var text = response
        while let open = text.firstRange(of: "<think>") {
            if let close = text[open.upperBound...].firstRange(of: "</think>") {
                text.removeSubrange(open.lowerBound..<close.upperBound)
            } else {
                text.removeSubrange(open.lowerBound...)
            }
        }
        return text
    }

    /// The letters A to J that stand alone, capital or in parentheses.
    static func letters(in text: String) -> [String] {
        text.matches(of: /(?:^|[^A-Za-z])\(?([A-J])\)?(?=$|[^A-Za-z'])/).map { String($0.output.1) }
    }

    /// Lower case, without punctuation, articles and extra spaces.
    static func normalised(_ text: String) -> String {
        let plain = text.lowercased().unicodeScalars.map { scalar -> Character in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.value > 0x2000
                ? Character(scalar) : " "
        }
        return String(plain).split(separator: " ").filter { !["a", "an", "the"].contains($0) }.joined(separator: " ")
    }

    /// The rest of a clause: up to a line break, or a full stop that ends a sentence.
    private static func clause(_ text: Substring) -> String {
        let line = text.prefix { !$0.isNewline }
        if let end = line.firstRange(of: /\.(?:\s|$)/) { return trimmed(line[..<end.lowerBound]) }
        return trimmed(line)
    }

    /// The text without white space around it.
    static func trimmed(_ text: some StringProtocol) -> String {
        var text = text[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
