import HoneCore
import HoneText

/// Make a target from given numbers, each used at most once (or exactly once), by + − × ÷.
///
/// A problem reads `3 7 2:13=`; the answer is an expression such as `3*2+7`.
public struct Countdown: QuestionWorld {
    public static let card = PartCard(
        name: "countdown", summary: "reach a target with given numbers; the verifier evaluates the expression exactly",
        gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// How many numbers, 2 to 6.
        public var numbers = 3
        /// The largest number, 2 to 100.
        public var largest = 9
        /// Whether every number has to be used.
        public var usesAll = true

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "countdown" }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...6).contains(settings.numbers) else {
            throw CoreError.invalid("“task.settings.numbers” is \(settings.numbers); it should be from 2 to 6")
        }
        guard (2...100).contains(settings.largest) else {
            throw CoreError.invalid("“task.settings.largest” is \(settings.largest); it should be from 2 to 100")
        }
        self.settings = settings
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("countdown", index).generator
        for _ in 0..<200 {
            let numbers = (0..<settings.numbers).map { _ in generator.integer(in: 1...settings.largest) }
            var text = ""
            var value = Rational(0)
            for (place, number) in numbers.enumerated() {
                let sign = generator.element(of: Array("+-*")) ?? "+"
                if place > 0 { text.append(sign) }
                text += String(number)
            }
            guard let worked = try? ArithmeticExpression(text) else { continue }
            value = worked.value
            guard value.isWhole, value > Rational(0), value <= Rational(99) else { continue }
            let shown = generator.shuffled(numbers).map(String.init).joined(separator: " ")
            let question = "\(shown):\(value)="
            return Problem(id: question, world: name, text: question, details: ["solution": text])
        }
        return nil
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let solution = problem.details["solution"] else { return nil }
        guard withError else { return Demonstration(text: solution) }
        var generator = seed.generator
        let signs = solution.indices.filter { "+-*".contains(solution[$0]) }
        for place in generator.shuffled(signs) {
            for sign in "+-*" where sign != solution[place] {
                var wrong = solution
                wrong.replaceSubrange(place...place, with: String(sign))
                if !check(wrong, to: problem).correct {
                    return Demonstration(
                        text: wrong, faultyStep: 0, critique: "\(wrong) is \((try? ArithmeticExpression(wrong))?.value.description ?? "nothing")")
                }
            }
        }
        return nil
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        let text = response.last == "\n" ? String(response.dropLast()) : response
        guard let (numbers, target) = Self.parts(of: problem.text) else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(problem.text)” is not a countdown problem")
        }
        do {
            let expression = try ArithmeticExpression(text, allowing: ["+", "-", "*", "/"])
            var left = numbers
            for number in expression.numbers {
                guard let place = left.firstIndex(of: number) else {
                    return AnswerVerdict(correct: false, extracted: text, reason: "\(number) is not there to be used")
                }
                left.remove(at: place)
            }
            if settings.usesAll, !left.isEmpty {
                return AnswerVerdict(correct: false, extracted: text, reason: "\(left.map(\.description).joined(separator: ", ")) is not used")
            }
            let isRight = expression.value == target
            return AnswerVerdict(correct: isRight, extracted: text, reason: "its value is \(expression.value)")
        } catch { return AnswerVerdict(correct: false, extracted: nil, reason: error.description) }
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        let verdict = check(response, to: problem)
        return [StepCheck(text: response, isCorrect: verdict.correct, reason: verdict.correct ? "" : verdict.reason)]
    }

    private static func parts(of text: String) -> (numbers: [Rational], target: Rational)? {
        let sides = text.split(separator: ":")
        guard sides.count == 2, sides[1].hasSuffix("="), let target = Rational(decimal: sides[1].dropLast()) else { return nil }
        let numbers = sides[0].split(separator: " ").compactMap { Rational(decimal: $0) }
        return numbers.isEmpty ? nil : (numbers, target)
    }
}
