import HoneCore
import HoneText

/// Write words that meet all of several constraints; an answer exists by construction.
///
/// A problem reads `w3 z=e no=q>`; an answer reads `bad cab fae`. The steps of an answer are the constraints: each is right where it is met. The
/// return is the share of constraints that are met, so an answer is right where it is 1. What cannot be read as words meets none.
///
/// Source: after Zhou et al. 2023, “Instruction-Following Evaluation for Large Language Models” (IFEval), whose constraints a program verifies.
public struct Constraints: QuestionWorld {
    public static let card = PartCard(
        name: "constraints", summary: "write words under constraints on letters and lengths; the verifier checks each constraint exactly",
        source: "after Zhou et al. 2023 (IFEval)", gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The fewest constraints of an instruction, 1 or more.
        public var fewest = 2
        /// The most constraints, at most 7: one of each kind.
        public var most = 4
        /// How many letters words are made of, from a on: 5 to 20.
        public var letters = 10
        /// The most words of an answer that an instruction is made for, 2 to 6.
        public var words = 4
        /// Words that an instruction begins with and that may be used, 0 to 4: they make no difference to what is right.
        public var content = 0

        /// The defaults.
        public init() {}
    }

    /// The letters of a word in answers that are made here.
    static let wordLength = 2...4

    /// Its settings.
    public let settings: Settings
    /// The letters that answers are made of.
    let alphabet: [Character]
    public var name: WorldName { "constraints" }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        func require(_ holds: Bool, _ key: String, _ value: Int, _ expected: String) throws {
            if !holds { throw CoreError.invalid("“task.settings.\(key)” is \(value); it should be \(expected)") }
        }
        try require((1...Constraint.kinds).contains(settings.most), "most", settings.most, "from 1 to \(Constraint.kinds), as each kind is asked for once")
        try require((1...settings.most).contains(settings.fewest), "fewest", settings.fewest, "from 1 to task.settings.most, \(settings.most)")
        try require((5...20).contains(settings.letters), "letters", settings.letters, "from 5 to 20")
        try require((2...6).contains(settings.words), "words", settings.words, "from 2 to 6")
        try require((0...4).contains(settings.content), "content", settings.content, "from 0 to 4")
        self.settings = settings
        alphabet = Array("abcdefghijklmnopqrstuvwxyz".prefix(settings.letters))
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("constraints", index).generator
        let count = generator.integer(in: settings.fewest...settings.most)
        for _ in 0..<200 {
            let hidden = (0..<generator.integer(in: 2...settings.words)).map { _ in word(generator.integer(in: Self.wordLength), using: &generator) }
            var found: [Constraint] = []
            for kind in generator.shuffled(Array(0..<Constraint.kinds)) where found.count < count {
                let taken = Set(found.compactMap(\.letterInside))
                guard let made = Constraint.met(by: hidden, kind: kind, alphabet: alphabet, taken: taken, using: &generator) else { continue }
                // A number is one digit, so that it is read again as it was written.
                if Constraint(made.text) == made { found.append(made) }
            }
            guard found.count == count else { continue }
            let content = (0..<settings.content).map { _ in word(generator.integer(in: Self.wordLength), using: &generator) }
            let asked = ConstraintProblem(content: content, constraints: found)
            return Problem(
                id: asked.text, world: name, text: asked.text, parameters: [Double(count)], details: ["solution": hidden.joined(separator: " ")])
        }
        return nil
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let asked = ConstraintProblem(problem.text), let right = answer(to: problem, seed: seed.child("answer")) else { return nil }
        guard withError else { return Demonstration(text: right) }
        var generator = seed.child("error").generator
        for _ in 0..<300 {
            let wrong = edited(right, using: &generator)
            let unmet = asked.met(by: wrong).enumerated().filter { !$0.element }.map(\.offset)
            if unmet.count == 1 { return Demonstration(text: wrong, faultyStep: unmet[0], critique: reason(asked.constraints[unmet[0]])) }
        }
        return nil
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        guard let asked = ConstraintProblem(problem.text) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(problem.text)” is no instruction of constraints")
        }
        guard let words = ConstraintProblem.words(of: response) else { return AnswerVerdict(correct: false, extracted: nil, reason: unreadable(response)) }
        let unmet = asked.constraints.filter { !$0.isMet(by: words) }
        let text = words.joined(separator: " ")
        return AnswerVerdict(correct: unmet.isEmpty, extracted: text, reason: unmet.isEmpty ? "“\(text)” meets all" : unmet.map(reason).joined(separator: ", "))
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        guard let asked = ConstraintProblem(problem.text) else { return [StepCheck(text: "", isCorrect: false, reason: "this is no instruction")] }
        let isReadable = ConstraintProblem.words(of: response) != nil
        return zip(asked.constraints, asked.met(by: response)).map { constraint, isMet in
            StepCheck(text: constraint.text, isCorrect: isMet, reason: isMet ? "" : isReadable ? reason(constraint) : unreadable(response))
        }
    }

    /// The share of constraints that the answer meets.
    public func returns(of state: QuestionState) -> [Role: Double] {
        [.solver: state.response.flatMap { response in ConstraintProblem(state.problem.text)?.grade(response) } ?? 0]
    }

    private func reason(_ constraint: Constraint) -> String { "\(constraint.text) is not met" }
    private func unreadable(_ response: String) -> String { "“\(response.prefix(40))” is no row of words in small letters with one space between them" }
}
