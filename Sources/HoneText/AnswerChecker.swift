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

    static func refused(_ reason: String, extracted: String? = nil) -> AnswerVerdict {
        AnswerVerdict(correct: false, extracted: extracted, reason: reason)
    }
}

/// Decides whether a response gives an answer, exactly and in bounded time.
///
/// A response has one final answer or none. Marked answers come first: `\boxed{…}`, what follows `####`, and what follows
/// “answer is” or “answer:”; all marks of a response must agree. Without a mark, the answer is what follows the last equals
/// sign of the last line that has a digit, else the one number of that line's last sentence. Responses that offer several
/// answers (“41 or 42”, different boxes, `41=42`, lists, ranges, ±), take one back (“42. Wait, no”), ask, hedge or decline have none, nor have
/// those with invisible characters or digits of other scripts. What stands in think tags or calculator
/// annotations (`<<48/2=24>>`), or repeats the question, does not count. Numbers are compared as exact fractions; a percentage equals its hundredth only when that is not a whole number or
/// when both are percentages, so neither `42%` nor `4200%` is 42. Every length and magnitude is limited and all work is
/// linear, so a hostile response costs milliseconds. A checker is a value and can be used from many threads.
public struct AnswerChecker: Sendable {
    /// What kind of answer is compared.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// One number, with signs, commas, units, fractions, percents and words around it.
        case number
        /// An arithmetic expression, compared by its value.
        case expression
        /// One letter of several choices, A to J.
        case choice
        /// A text, compared without case, punctuation, articles and extra spaces; a gold answer in brackets with commas is a
        /// tuple, an interval or a set, compared part by part.
        case text
    }

    /// The kind of answer.
    public let kind: Kind
    /// The longest response that this checker reads, in bytes.
    public let limit: Int
    /// The longest response that is read by default, in bytes.
    public static let longest = 100_000

    /// The longest text outside think tags that is read, in Unicode scalars.
    public static let longestVisible = 40_000

    /// A checker; longer responses than `limit` bytes are refused.
    public init(kind: Kind = .number, limit: Int = Self.longest) {
        self.kind = kind
        self.limit = limit
    }

    /// The verdict on a response.
    ///
    /// - Parameters:
    ///   - gold: the right answer; for numbers also a worked solution that ends in `#### n` or a boxed number.
    ///   - problem: the question, so that an answer that only echoes it does not count.
    public func check(gold: String, response: String, problem: String? = nil) -> AnswerVerdict {
        let length = response.utf8.count
        guard length <= limit else { return .refused("the response has \(length) bytes; at most \(limit) are read") }
        let scalars = Array(response.unicodeScalars)
        let readsNumbers = kind == .number || kind == .expression
        if let deception = VisibleText.deception(in: scalars, readsNumbers: readsNumbers) { return .refused(deception) }
        var visible = VisibleText.withoutThoughts(scalars)
        if readsNumbers { visible = VisibleText.withoutAnnotations(visible) }
        guard visible.count <= Self.longestVisible else {
            return .refused("the response has \(visible.count) characters outside think tags; at most \(Self.longestVisible) are read")
        }
        if let comment = Self.comment(in: visible) { return .refused(comment) }
        if let problem { visible = VisibleText.withoutEcho(of: problem, in: visible, sentences: false) }
        guard !Prose.trimmed(visible[...]).isEmpty else { return .refused("the response is empty but for thoughts and the question") }
        do throws(AnswerMark.Refusal) {
            switch kind {
            case .number: return try checkNumber(gold: gold, visible: visible, problem: problem)
            case .expression: return try checkExpression(gold: gold, visible: visible)
            case .choice: return try checkChoice(gold: gold, visible: visible)
            case .text: return try checkText(gold: gold, visible: visible)
            }
        } catch {
            return .refused(error.sentence)
        }
    }

    private static func comment(in text: [Unicode.Scalar]) -> String? {
        for index in text.indices where text[index] == "<" {
            if text[index...].starts(with: "<!--".unicodeScalars) { return "the response holds a comment" }
        }
        return nil
    }
}
