import HoneCore
import HoneSearch
import HoneText

/// Backward questions in words about any question with numbers: each number in turn becomes x, and the answer is told.
///
/// Source: Jiang et al. 2024, section 3.2; the words are ours. A digit in a word, a fraction's or decimal's part, and a number said twice are numbers of their own.
struct HiddenNumbers: BackwardQuestions {
    static let card = PartCard(
        name: "hidden-numbers", summary: "hides one number of a question in words and asks for it, given an answer", source: "Jiang et al. 2024, section 3.2")

    func questions(of problem: Problem, given answer: String) -> [BackwardQuestion] {
        problem.text.ranges(of: /[0-9]+/).map { place in
            let hidden = String(problem.text[place])
            let asked = problem.text.replacingCharacters(in: place, with: "x")
            return BackwardQuestion(text: asked + "\nThe right answer to this is \(answer). Find the number that x stands for.", hidden: hidden)
        }
    }

    func recovers(_ response: String, _ question: BackwardQuestion) -> Bool {
        AnswerChecker(kind: .number).check(gold: question.hidden, response: response, problem: question.text).correct
    }
}

extension String {
    /// The text with a part of it replaced.
    fileprivate func replacingCharacters(in place: Range<String.Index>, with text: String) -> String { self[..<place.lowerBound] + text + self[place.upperBound...] }
}
