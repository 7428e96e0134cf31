import HoneCore

/// How a judge's question is laid out: the problem, the answer or answers, what is asked of them, and then the verdict word.
///
/// All judges that ask for a verdict word share it, and so does their teaching. The defaults are short and within the alphabet of the embedded
/// models; for others write sentences: opening `Question: `, answer `\nAnswer: `, ask `\nIs the answer right, yes or no? `.
public struct VerdictPrompt: Hashable, Sendable, Codable {
    /// What stands before the problem.
    public var opening = ""
    /// What stands before each answer.
    public var answer = ""
    /// What stands between the two answers of a pair.
    public var between = "|"
    /// What stands before a question of a checklist.
    public var item = " "
    /// What is asked at the end.
    public var ask = "?"

    /// The defaults.
    public init() {}

    /// The words before the verdict: on one answer, on two, or on one question of a checklist about an answer.
    public func text(problem: String, answers: [String], item question: String = "") -> String {
        opening + problem + answers.map { answer + $0 }.joined(separator: between) + (question.isEmpty ? "" : item + question) + ask
    }
}

/// The two words a verdict can be.
public struct VerdictWords: Hashable, Sendable, Codable {
    /// The word for right; of a pair, for the answer that stands first.
    public var yes: String
    /// The word for wrong; of a pair, for the answer that stands second.
    public var no: String

    /// The words of judges of one answer unless said otherwise.
    public init(yes: String = "yes", no: String = "no") {
        self.yes = yes
        self.no = no
    }

    /// The words of judges of pairs unless said otherwise.
    public static let pair = VerdictWords(yes: "1", no: "2")

    /// Throws a sentence unless neither word begins with the other, so that no probability is counted for both.
    public func check() throws {
        guard !yes.isEmpty, !no.isEmpty, !yes.utf8.starts(with: no.utf8), !no.utf8.starts(with: yes.utf8) else {
            throw CoreError.invalid("The verdict words are “\(yes)” and “\(no)”; expected two words of which neither begins with the other")
        }
    }

    /// The verdict a text comes to: the text itself where it is one of the two words, else that of its last word which is, in small letters or
    /// not; nil where there is none.
    public func verdict(in text: String) -> Bool? {
        // A word may be a sign, which is no word inside a longer text.
        if text == yes || text == no { return text == yes }
        let last = text.lowercased().split { !$0.isLetter && !$0.isNumber }.last { $0 == yes.lowercased() || $0 == no.lowercased() }
        return last.map { $0 == yes.lowercased() }
    }
}

/// What a judge reads of an episode: the question a role was put and all it said and heard after it.
public struct JudgedPlay: Hashable, Sendable {
    /// The question.
    public let problem: String
    /// What was said and heard after it.
    public let answer: String

    /// The play of a role; nil where it has not moved.
    ///
    /// The answer is what the last step's context holds beyond the first one's, with the last move: so the steps of one answer stand as they
    /// were said, and replies between them are read too. Where contexts do not go on from the first it is the last move alone.
    public init?(of role: Role, in episode: Episode, to problem: Problem) {
        let steps = episode.steps.filter { $0.role == role }
        guard let first = steps.first, let last = steps.last else { return nil }
        let (opening, before) = (first.context.text, last.context.text)
        self.problem = problem.text.isEmpty ? opening : problem.text
        let between = before.utf8.starts(with: opening.utf8) ? String(decoding: before.utf8.dropFirst(opening.utf8.count), as: UTF8.self) : ""
        answer = between + last.move.text
    }
}

extension EpisodeGroup {
    /// The plays of all roles that moved, episode by episode, roles in their order.
    var judgedPlays: [(episode: Int, role: Role, play: JudgedPlay)] {
        episodes.enumerated().flatMap { index, episode in
            Set(episode.steps.map(\.role)).sorted().compactMap { role in
                JudgedPlay(of: role, in: episode, to: assignment.problem).map { (index, role, $0) }
            }
        }
    }
}
