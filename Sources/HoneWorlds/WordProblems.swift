import HoneCore
import HoneText

/// Small stories from templates, with worked solutions whose calculations are annotated as in GSM8K.
public struct WordProblems: QuestionWorld {
    public static let card = PartCard(
        name: "word-problems", summary: "templates of one to three steps, solved with annotated calculations and `#### n`",
        gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The largest number in a story, 5 to 999.
        public var largest = 20

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "word-problems" }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        guard (5...999).contains(settings.largest) else {
            throw CoreError.invalid("“task.settings.largest” is \(settings.largest); it should be from 5 to 999")
        }
        self.settings = settings
    }

    /// One kind of story: its text with N, M, O for the name and A, B, C for numbers, and its steps.
    private struct Template {
        let story: String
        /// Expressions over a, b, c and the results of earlier steps r, s.
        let steps: [String]
    }

    private static let templates: [Template] = [
        Template(story: "N has A O. N gets B more. how many O has N now?", steps: ["a+b"]),
        Template(story: "N had A O and B more, then lost C. how many are left?", steps: ["a+b", "r-c"]),
        Template(story: "a box holds A O. how many O are in B boxes?", steps: ["a*b"]),
        Template(story: "N buys A bags of B O and C single O. how many O?", steps: ["a*b", "r+c"]),
        Template(story: "N reads A pages a day for B days. M reads C pages. how many pages in all?", steps: ["a*b", "r+c"]),
        Template(story: "N has A O, M has B more than N. how many O have both?", steps: ["a+b", "a+r"]),
        Template(story: "N pays A dollars for each of B O, and has C dollars more. how much money had N?", steps: ["a*b", "r+c"]),
        Template(story: "A rows have B chairs each. C chairs are added. how many chairs?", steps: ["a*b", "r+c"]),
        Template(story: "N walks A miles, M walks twice as far. how many miles do both walk?", steps: ["a*2", "a+r"]),
        Template(story: "N picks A O in the morning, B at noon and C at night. how many in all?", steps: ["a+b", "r+c"]),
        Template(story: "N has A O and gives M half of twice as many. how many does M get?", steps: ["a*2", "r/2"]),
        Template(story: "A teams of B players meet C guests. each gets 2 O. how many O?", steps: ["a*b", "r+c", "s*2"]),
        Template(story: "N saves A dollars a week for B weeks and then earns C. how many dollars?", steps: ["a*b", "r+c"]),
    ]
    private static let names = ["tom", "ana", "lee", "mia", "sam", "eva", "ben", "zoe"]
    private static let objects = ["apples", "books", "coins", "pens", "cards", "shells", "nuts", "stamps"]

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("word-problems", index).generator
        for _ in 0..<200 {
            guard let template = generator.element(of: Self.templates), let n = generator.element(of: Self.names),
                let m = generator.element(of: Self.names.filter { $0 != n }), let o = generator.element(of: Self.objects)
            else { return nil }
            let numbers = (0..<3).map { _ in generator.integer(in: 2...settings.largest) }
            guard let lines = Self.solve(template, numbers), let last = lines.last, last.result >= 0 else { continue }
            var text = ""
            for character in template.story {
                switch character {
                case "N": text += n
                case "M": text += m
                case "O": text += o
                case "A": text += String(numbers[0])
                case "B": text += String(numbers[1])
                case "C": text += String(numbers[2])
                default: text.append(character)
                }
            }
            let solution = lines.map { "\($0.expression)=<<\($0.expression)=\($0.result)>>\($0.result)" }
            return Problem(
                id: text, world: name, text: text + "\n", answer: String(last.result),
                details: ["solution": solution.joined(separator: "\n")])
        }
        return nil
    }

    private static func solve(_ template: Template, _ numbers: [Int]) -> [(expression: String, result: Int)]? {
        var lines: [(expression: String, result: Int)] = []
        for step in template.steps {
            var expression = ""
            for character in step {
                switch character {
                case "a": expression += String(numbers[0])
                case "b": expression += String(numbers[1])
                case "c": expression += String(numbers[2])
                case "r": expression += String(lines.first?.result ?? 0)
                case "s": expression += String(lines.last?.result ?? 0)
                default: expression.append(character)
                }
            }
            guard let value = try? ArithmeticExpression(expression).value, value.isWhole, let result = Int(value.description),
                result >= 0
            else { return nil }
            lines.append((expression, result))
        }
        return lines
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let solution = problem.details["solution"], let answer = problem.answer else { return nil }
        guard withError else { return Demonstration(text: solution + "\n#### " + answer) }
        var lines = solution.split(separator: "\n").map(String.init)
        var generator = seed.generator
        let step = generator.integer(in: 0...(lines.count - 1))
        guard let calculation = AnnotatedCalculations.all(in: lines[step]).first, let right = Int(calculation.result) else { return nil }
        let wrong = right + generator.integer(in: 1...3)
        lines[step] = "\(calculation.expression)=<<\(calculation.expression)=\(wrong)>>\(wrong)"
        let final = step == lines.count - 1 ? String(wrong) : answer
        return Demonstration(
            text: lines.joined(separator: "\n") + "\n#### " + final, faultyStep: step,
            critique: "\(calculation.expression) is \(right), not \(wrong)")
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        AnswerChecker().check(gold: problem.answer ?? "", response: response, problem: problem.text)
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        AnnotatedCalculations.checkedLines(of: response)
    }
}

extension AnnotatedCalculations {
    /// Checks each line that has a calculation.
    static func checkedLines(of response: String) -> [StepCheck] {
        response.split(separator: "\n").compactMap { line in
            let calculations = all(in: String(line))
            guard !calculations.isEmpty else { return nil }
            for calculation in calculations {
                guard let value = try? ArithmeticExpression(calculation.expression).value,
                    let claimed = Rational(decimal: calculation.result)
                else {
                    return StepCheck(text: String(line), isCorrect: false, reason: "“\(calculation.expression)” cannot be worked out")
                }
                if value != claimed {
                    return StepCheck(
                        text: String(line), isCorrect: false, reason: "\(calculation.expression) is \(value), not \(claimed)")
                }
            }
            return StepCheck(text: String(line), isCorrect: true)
        }
    }
}
