/// The words around an attempt: for the one who attempts again, for a critic, and for a grader.
///
/// The solver is shown the problem, `beforeAttempt`, the attempt and `afterAttempt`, and, where there is a critique, `beforeCritique`, it, and
/// `afterCritique`. The critic is shown the problem, `beforeAttempt`, the attempt and `askCritique`; the grader the same with `askScore`.
public struct AttemptWording: Codable, Hashable, Sendable {
    /// Between the problem and the attempt.
    public var beforeAttempt: String
    /// Behind the attempt, where it is to be attempted again.
    public var afterAttempt: String
    /// Between that and a critique.
    public var beforeCritique: String
    /// Behind the critique.
    public var afterCritique: String
    /// What a critic is asked.
    public var askCritique: String
    /// What a grader is asked.
    public var askScore: String

    /// Words.
    public init(
        beforeAttempt: String, afterAttempt: String, beforeCritique: String, afterCritique: String, askCritique: String, askScore: String
    ) {
        self.beforeAttempt = beforeAttempt
        self.afterAttempt = afterAttempt
        self.beforeCritique = beforeCritique
        self.afterCritique = afterCritique
        self.askCritique = askCritique
        self.askScore = askScore
    }

    /// Single signs of the nano alphabet, for models that are taught what they mean.
    public static let short = AttemptWording(
        beforeAttempt: "", afterAttempt: "\n", beforeCritique: "", afterCritique: "\n", askCritique: "?", askScore: "#")

    /// Sentences, for models that follow instructions. A grader is asked for a whole number from −100 to 100.
    public static let sentences = AttemptWording(
        beforeAttempt: "\n\nAn earlier answer to this question:\n", afterAttempt: "\n\nIt may be wrong. Answer the question again, better.",
        beforeCritique: "\n\nWhat a reviewer says of it:\n", afterCritique: "\n\nWrite the improved answer.",
        askCritique: "\n\nSay what is wrong with this answer, if anything, and how it could be improved. Do not answer the question yourself.",
        askScore: "\n\nHow good is this answer, from -100 (wrong) to 100 (perfect)? Be strict. Reply with one whole number.")

    /// What the solver reads behind the problem.
    public func refining(_ attempt: String, critique: String?) -> String {
        beforeAttempt + Self.trimmed(attempt) + afterAttempt + (critique.map { beforeCritique + Self.trimmed($0) + afterCritique } ?? "")
    }

    /// What a critic reads behind the problem.
    public func criticising(_ attempt: String) -> String { beforeAttempt + Self.trimmed(attempt) + askCritique }

    /// What a grader reads behind the problem.
    public func grading(_ attempt: String) -> String { beforeAttempt + Self.trimmed(attempt) + askScore }

    /// Without white space at the end.
    static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
