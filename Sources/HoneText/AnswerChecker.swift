import HoneCore

/// What a checker found.
public struct AnswerVerdict: Hashable, Sendable, Codable {
    /// Whether the response's one final answer equals the gold answer.
    public var correct: Bool
    /// The final answer that was read from the response; nil when there is not exactly one.
    public var extracted: String?
    /// Why, in a sentence.
    public var reason: String

    /// A verdict.
    public init(correct: Bool, extracted: String?, reason: String) {
        self.correct = correct
        self.extracted = extracted
        self.reason = reason
    }
}

/// Decides whether a response gives an answer, exactly and in bounded time.
///
/// A response has one final answer or none. It is looked for, in this order, in `\boxed{…}`, after `####`, after “answer is”
/// or “answer:”, after the last equals sign of the last line, and else as the last number of the last line that has one.
/// Responses that offer several answers (“41 or 42”, two different boxes, `41=42`, lists, ranges, ±) have none. A number is
/// compared as an exact fraction; `50%` equals `0.5` and `50%`, never `50`.
public struct AnswerChecker: Sendable {
    /// What kind of answer is compared.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// One number, with signs, commas, units, fractions, percents and words around it.
        case number
        /// An arithmetic expression, compared by its value.
        case expression
        /// One letter of several choices.
        case choice
        /// A text, compared without case, punctuation, articles and extra spaces.
        case text
    }

    /// The kind of answer.
    public let kind: Kind
    /// The longest response that is read, in bytes.
    public static let longest = 100_000

    /// A checker.
    public init(kind: Kind = .number) { self.kind = kind }

    /// The verdict on a response. `problem` is the question, so that an answer that only echoes it does not count.
    public func check(gold: String, response: String, problem: String? = nil) -> AnswerVerdict {
        guard response.utf8.count <= Self.longest else {
            return AnswerVerdict(
                correct: false, extracted: nil,
                reason: "the response has \(response.utf8.count) bytes; at most \(Self.longest) are read")
        }
        if let odd = FinalAnswer.suspicious(in: response) {
            return AnswerVerdict(correct: false, extracted: nil, reason: odd)
        }
        var text = FinalAnswer.withoutThoughts(response)
        if let problem, !problem.isEmpty {
            while let echo = text.firstRange(of: problem) { text.removeSubrange(echo) }
        }
        switch kind {
        case .number: return checkNumber(gold: gold, response: text)
        case .expression: return checkExpression(gold: gold, response: text)
        case .choice: return checkChoice(gold: gold, response: text)
        case .text: return checkText(gold: gold, response: text)
        }
    }

    private func checkNumber(gold: String, response: String) -> AnswerVerdict {
        guard let wanted = NumberReader.only(in: gold) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "the gold answer “\(gold.prefix(60))” is not one number")
        }
        let answer: FinalAnswer
        switch FinalAnswer.find(in: response) {
        case .failure(let refusal): return AnswerVerdict(correct: false, extracted: nil, reason: refusal.description)
        case .success(let found): answer = found
        }
        guard let found = NumberReader.only(in: answer.text) else {
            return AnswerVerdict(
                correct: false, extracted: String(answer.text.prefix(80)),
                reason: "“\(answer.text.prefix(80))” is not one number")
        }
        let isEqual = found.value == wanted.value && (found.isPercent == wanted.isPercent || found.value == wanted.value)
        return AnswerVerdict(
            correct: isEqual, extracted: found.value.description,
            reason: isEqual ? "\(found.value) equals the gold answer" : "\(found.value) is not \(wanted.value)")
    }

    private func checkExpression(gold: String, response: String) -> AnswerVerdict {
        let lines = response.split(whereSeparator: \.isNewline).map { FinalAnswer.trimmed($0) }.filter { !$0.isEmpty }
        guard var last = lines.last else { return AnswerVerdict(correct: false, extracted: nil, reason: "the response is empty") }
        if let boxed = try? FinalAnswer.boxed(in: response).get() { last = boxed }
        guard !last.contains("=") else {
            return AnswerVerdict(correct: false, extracted: last, reason: "“\(last.prefix(80))” is an equation, not an expression")
        }
        do {
            let wanted = try ArithmeticExpression(gold).value
            let found = try ArithmeticExpression(last).value
            let isEqual = wanted == found
            return AnswerVerdict(
                correct: isEqual, extracted: last,
                reason: isEqual ? "its value is \(found), as in the gold answer" : "its value is \(found), not \(wanted)")
        } catch {
            return AnswerVerdict(correct: false, extracted: String(last.prefix(80)), reason: error.description)
        }
    }

    private func checkChoice(gold: String, response: String) -> AnswerVerdict {
        guard let wanted = FinalAnswer.letters(in: gold).first else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "the gold answer “\(gold.prefix(20))” is not one letter")
        }
        var text = response
        if case .success(let answer) = FinalAnswer.find(in: response), answer.isMarked { text = answer.text }
        let letters = FinalAnswer.letters(in: text)
        let distinct = Set(letters)
        guard distinct.count == 1, let found = letters.last else {
            let reason = distinct.isEmpty ? "no choice was found" : "several choices were given: \(distinct.sorted().joined(separator: ", "))"
            return AnswerVerdict(correct: false, extracted: nil, reason: reason)
        }
        return AnswerVerdict(
            correct: found == wanted, extracted: found,
            reason: found == wanted ? "it is the gold choice" : "\(found) is not \(wanted)")
    }

    private func checkText(gold: String, response: String) -> AnswerVerdict {
        var text = response
        if case .success(let answer) = FinalAnswer.find(in: response), answer.isMarked { text = answer.text }
        let found = FinalAnswer.normalised(text)
        let isEqual = !found.isEmpty && found == FinalAnswer.normalised(gold)
        return AnswerVerdict(
            correct: isEqual, extracted: found,
            reason: isEqual ? "it is the gold text" : "“\(found.prefix(60))” is not the gold text")
    }
}
