import HoneCore
import HoneText

/// Sums and differences of n-digit numbers, answered directly or with running totals.
///
/// A problem reads `3+8-5+7=`; with `steps` the answer is the running totals, `11,6,13`, of which the last is the result.
public struct Arithmetic: QuestionWorld {
    public static let card = PartCard(
        name: "arithmetic", summary: "chains of sums and differences, with running totals as checked steps",
        gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Numbers in a problem, 2 to 12.
        public var terms = 4
        /// Digits of each number, 1 to 9.
        public var digits = 1
        /// Which operations occur, of `+`, `-` and `*`.
        public var operations = "+-"
        /// Whether the answer shows the running totals.
        public var steps = true
        /// Whether totals below 0 may occur.
        public var negatives = false

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "arithmetic" }
    public var separator: String { "," }

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...12).contains(settings.terms) else {
            throw CoreError.invalid("“task.settings.terms” is \(settings.terms); it should be from 2 to 12")
        }
        guard (1...9).contains(settings.digits) else {
            throw CoreError.invalid("“task.settings.digits” is \(settings.digits); it should be from 1 to 9")
        }
        guard !settings.operations.isEmpty, settings.operations.allSatisfy({ "+-*".contains($0) }) else {
            throw CoreError.invalid("“task.settings.operations” is “\(settings.operations)”; it should be made of + - *")
        }
        self.settings = settings
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("arithmetic", index).generator
        let low = settings.digits == 1 ? 1 : Self.power(settings.digits - 1)
        let high = Self.power(settings.digits) - 1
        // Without negatives a draw that dips below 0 is drawn again; a last resort adds only.
        for attempt in 0..<200 {
            var text = ""
            var total = 0
            var lowest = 0
            for term in 0..<settings.terms {
                let number = generator.integer(in: low...high)
                let sign = attempt < 199 ? generator.element(of: Array(settings.operations)) ?? "+" : "+"
                if term == 0 {
                    total = number
                } else {
                    text.append(sign)
                    total = Self.apply(sign, total, number)
                }
                text += String(number)
                lowest = min(lowest, total)
            }
            if lowest >= 0 || settings.negatives {
                return Problem(id: text, world: name, text: text + "=", answer: String(total))
            }
        }
        return nil
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard var totals = Self.totals(of: problem.text), let last = totals.last else { return nil }
        guard settings.steps else {
            guard withError else { return Demonstration(text: String(last)) }
            var generator = seed.generator
            let wrong = last + (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3)
            return Demonstration(text: String(wrong), faultyStep: 0, critique: "\(problem.text)\(last), not \(wrong)")
        }
        guard withError else { return Demonstration(text: totals.map(String.init).joined(separator: ",")) }
        var generator = seed.generator
        let step = generator.integer(in: 0...(totals.count - 1))
        let shift = (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3)
        let right = totals[step]
        // Later steps go on from the wrong total, so that exactly one step is at fault.
        let moved = Self.totals(of: problem.text, shift: shift, at: step) ?? totals
        totals = moved
        return Demonstration(
            text: totals.map(String.init).joined(separator: ","), faultyStep: step,
            critique: "step \(step + 1) is wrong: it should be \(right), not \(totals[step])")
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        let text = response.hasSuffix("\n") ? String(response.dropLast()) : response
        guard let totals = Self.totals(of: problem.text), let last = totals.last else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(problem.text)” is not a chain of whole numbers")
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let allowed = settings.steps ? totals.count : 1
        guard parts.count <= allowed, let answer = parts.last.map(String.init), let value = Int(answer), String(value) == answer else {
            return AnswerVerdict(
                correct: false, extracted: nil,
                reason: "“\(text.prefix(60))” is not \(settings.steps ? "up to \(allowed) totals with commas between" : "one whole number")")
        }
        return AnswerVerdict(
            correct: value == last, extracted: answer, reason: value == last ? "\(answer) is right" : "\(answer) is not \(last)")
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        guard let chain = Self.chain(of: problem.text) else { return [] }
        var previous = chain.first
        return response.split(whereSeparator: { $0 == "," || $0 == "\n" }).enumerated().map { index, part in
            let text = String(part)
            guard index < chain.rest.count else { return StepCheck(text: text, isCorrect: false, reason: "there is no such step") }
            let (sign, number) = chain.rest[index]
            let wanted = Self.apply(sign, previous, number)
            guard let value = Int(text) else { return StepCheck(text: text, isCorrect: false, reason: "“\(text)” is not a whole number") }
            let reason = value == wanted ? "" : "\(previous)\(sign)\(number) is \(wanted), not \(value)"
            previous = value
            return StepCheck(text: text, isCorrect: value == wanted, reason: reason)
        }
    }

    /// The running totals of a problem's text; from step `at` on moved by `shift`.
    static func totals(of text: String, shift: Int = 0, at: Int = 0) -> [Int]? {
        guard let chain = chain(of: text) else { return nil }
        var total = chain.first
        var totals: [Int] = []
        for (index, (sign, number)) in chain.rest.enumerated() {
            total = apply(sign, total, number)
            if index == at { total += shift }
            totals.append(total)
        }
        return totals
    }

    /// A problem's text taken apart, worked from left to right.
    static func chain(of text: String) -> (first: Int, rest: [(Character, Int)])? {
        var numbers: [Int] = []
        var signs: [Character] = []
        var digits = ""
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                if digits.count > 12 { return nil }
            } else if "+-*=".contains(character), let number = Int(digits) {
                numbers.append(number)
                if character != "=" { signs.append(character) }
                digits = ""
            } else {
                return nil
            }
        }
        guard digits.isEmpty, numbers.count == signs.count + 1, let first = numbers.first else { return nil }
        return (first, Array(zip(signs, numbers.dropFirst())))
    }

    static func apply(_ sign: Character, _ left: Int, _ right: Int) -> Int {
        switch sign {
        case "-": left &- right
        case "*": left &* right
        default: left &+ right
        }
    }

    private static func power(_ digits: Int) -> Int { (0..<digits).reduce(1) { value, _ in value * 10 } }
}
