/// An instruction: words that may be used, which nothing depends on, and constraints. It reads `dabi go: w3 z=e no=q>`, or without words `w3 z=e no=q>`.
public struct ConstraintProblem: Hashable, Sendable {
    /// Words that may be used.
    public let content: [String]
    /// What is asked of the answer, one or more.
    public let constraints: [Constraint]

    /// An instruction.
    public init(content: [String] = [], constraints: [Constraint]) {
        self.content = content
        self.constraints = constraints
    }

    /// Reads one as it is written; nil for anything else.
    public init?(_ text: String) {
        guard text.hasSuffix(">") else { return nil }
        let parts = text.dropLast().split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let asked = parts.last else { return nil }
        let items = asked.split(separator: " ", omittingEmptySubsequences: false)
        let read = items.compactMap { Constraint($0) }
        guard read.count == items.count else { return nil }
        if parts.count == 2 {
            guard let words = Self.words(of: String(parts[0])) else { return nil }
            content = words
        } else {
            content = []
        }
        constraints = read
    }

    /// As it is written.
    public var text: String { (content.isEmpty ? "" : content.joined(separator: " ") + ": ") + constraints.map(\.text).joined(separator: " ") + ">" }

    /// The words of an answer: small letters with one space between words and at most one line break behind them; nil for anything else.
    public static func words(of response: String) -> [String]? {
        let text = response.unicodeScalars.last == "\n" ? String(response.unicodeScalars.dropLast()) : response
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        return words.allSatisfy { !$0.isEmpty && $0.allSatisfy { ("a"..."z").contains($0) && $0.isASCII } } ? words : nil
    }

    /// Whether an answer meets each constraint; what cannot be read meets none.
    public func met(by response: String) -> [Bool] {
        let words = Self.words(of: response)
        return constraints.map { constraint in words.map { constraint.isMet(by: $0) } ?? false }
    }

    /// The share of constraints that an answer meets, from 0 to 1.
    public func grade(_ response: String) -> Double { Double(met(by: response).count { $0 }) / Double(max(1, constraints.count)) }
}
