import HoneCore
import HoneText

/// Problems from a JSONL file in one of the forms of `ProblemRow`: GSM8K, MATH, ProcessBench, TRL's data sets, `{prompt, answer}`.
///
/// With the view `equations`, each annotated calculation `<<48/2=24>>` of the worked solutions becomes a problem `48/2=`.
/// Text is made small and fitted to the nano alphabet unless `isFitted` is off.
public struct ProblemFile: QuestionWorld, FiledProblems {
    public static let card = PartCard(
        name: "file", summary: "problems from a JSONL file, whole or as the equations of their worked solutions",
        gives: [.branches, .demonstrations, .stepVerdicts])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The file with training problems.
        public var path = ""
        /// A file whose problems are held out; without it a share of `path` is.
        public var heldOutPath = ""
        /// `problems` or `equations`.
        public var view = "problems"
        /// The longest question that is kept, in characters.
        public var longest = 700
        /// Whether text is made small and fitted to the alphabet of the embedded models.
        public var isFitted = true

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    /// The training problems, in file order, each text once.
    public let problems: [Problem]
    /// The problems of `heldOutPath`, without those whose text is among the training problems.
    public let heldOut: [Problem]
    public var name: WorldName { "file" }
    var isHeldOutWhole: Bool { settings.heldOutPath == settings.path }

    /// Reads the files; throws all mistakes in them with file and line.
    public init(_ settings: Settings) throws {
        guard !settings.path.isEmpty else {
            throw CoreError.invalid("The world “file” needs a file: give --problems path.jsonl, or task.settings.path")
        }
        guard settings.view == "problems" || settings.view == "equations" else {
            throw CoreError.invalid("“task.settings.view” is “\(settings.view)”; it should be problems or equations")
        }
        self.settings = settings
        let held = settings.heldOutPath.isEmpty ? [] : try Self.read(settings.heldOutPath, settings)
        let heldTexts = Set(held.map(\.text))
        // A problem that occurs in both files is measured on and not learned from.
        problems = try Self.read(settings.path, settings).filter { !heldTexts.contains($0.text) }
        heldOut = held
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? { problems.indices.contains(index) ? problems[index] : nil }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let solution = problem.details["solution"] ?? problem.answer else { return nil }
        guard withError else { return Demonstration(text: solution) }
        guard settings.view == "equations", let value = Rational(decimal: solution) else { return nil }
        var generator = seed.generator
        let wrong = value + Rational(generator.integer(in: 1...3))
        return Demonstration(text: wrong.description, faultyStep: 0, critique: "\(problem.text)\(solution), not \(wrong)")
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        guard settings.view == "equations" else {
            return AnswerChecker().check(gold: problem.answer ?? "", response: response, problem: problem.text)
        }
        guard let wanted = Rational(decimal: problem.answer ?? ""), let found = Rational(decimal: response) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(response.prefix(40))” is not one number")
        }
        return AnswerVerdict(
            correct: wanted == found, extracted: response, reason: wanted == found ? "it is right" : "\(found) is not \(wanted)")
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        AnnotatedCalculations.checkedLines(of: response)
    }

    private static func read(_ path: String, _ settings: Settings) throws -> [Problem] {
        var seen: Set<String> = []
        let problems = try JSONLines.read(path, what: "problems") { (json) throws(CoreError) in
            try self.problems(ProblemRow(json), settings).filter { seen.insert($0.text).inserted }
        }
        guard !problems.isEmpty else {
            throw CoreError.invalid("\(path) holds no \(settings.view); expected lines such as {\"question\": \"…\", \"answer\": \"… #### 4\"}")
        }
        return problems
    }

    private static func problems(_ row: ProblemRow, _ settings: Settings) -> [Problem] {
        let alphabet = CharacterTokenizer.nano
        if settings.view == "equations" {
            return AnnotatedCalculations.all(in: row.solution ?? row.answer).compactMap { calculation in
                guard let worked = try? ArithmeticExpression(calculation.expression), let claimed = Rational(decimal: calculation.result),
                    worked.value == claimed, alphabet.fitted(calculation.expression) == calculation.expression
                else { return nil }
                let text = calculation.expression + "="
                return Problem(id: text, world: "file", text: text, answer: claimed.description)
            }
        }
        guard row.question.count <= settings.longest else { return [] }
        func fitted(_ text: String) -> String { settings.isFitted ? alphabet.fitted(text) : text }
        let text = fitted(row.question) + "\n"
        var details = row.details
        details["solution"] = fitted(row.solution ?? row.answer)
        return [Problem(id: text, world: "file", text: text, answer: row.answer, details: details)]
    }
}
