import HoneCore
import HoneText

/// Quantities that follow from one another, of which one is asked for: the answer is a plan of short steps, then the calculation.
///
/// A problem reads `c=6 d=b*2 a=4 b=a+3 d?`, its statements in any order and some of no use; an answer reads `d:b*;b:a+;4+3=7,7*2=14`. Plan steps are without numbers:
/// what is wanted, what it is taken from, and how. Right is what comes to the right number; steps are judged by what was said before them.
public struct Quantities: QuestionWorld {
    public static let card = PartCard(
        name: "quantities", summary: "quantities that follow from one another; the answer is a plan of short steps, then the calculation",
        source: "the output format of Wang et al. 2024, “CPL”, section 3.1, in a small language", gives: [.stepVerdicts, .branches, .demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The fewest operations between a told number and the question.
        public var fewest = 2
        /// The most; at most 8.
        public var most = 4
        /// Statements of no use, 0 to 10.
        public var distractors = 3
        /// The smallest told number, 1 or more.
        public var smallest = 1
        /// The largest told number, at most 99.
        public var largest = 9
        /// Which operations occur, of `+`, `-` and `*`.
        public var operations = "+-*"

        /// The defaults.
        public init() {}
    }

    /// Its settings.
    public let settings: Settings
    public var name: WorldName { "quantities" }
    public var separator: String { ";" }

    /// Values stay from 0 to this.
    private static let limit = 99

    /// The world; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        guard settings.fewest >= 1, settings.fewest <= settings.most, settings.most <= 8 else {
            throw CoreError.invalid(
                "“task.settings.fewest” is \(settings.fewest) and “task.settings.most” \(settings.most); they should rise from 1 or more to 8 or less")
        }
        guard (0...10).contains(settings.distractors) else {
            throw CoreError.invalid("“task.settings.distractors” is \(settings.distractors); it should be from 0 to 10")
        }
        guard settings.smallest >= 1, settings.smallest <= settings.largest, settings.largest <= Self.limit else {
            throw CoreError.invalid(
                "“task.settings.smallest” is \(settings.smallest) and “task.settings.largest” \(settings.largest); they should rise from 1 or more to 99 or less")
        }
        guard !settings.operations.isEmpty, settings.operations.allSatisfy({ "+-*".contains($0) }) else {
            throw CoreError.invalid("“task.settings.operations” is “\(settings.operations)”; it should be made of + - *")
        }
        self.settings = settings
    }

    public func problem(_ index: Int, seed: Seed) -> Problem? {
        var generator = seed.child("quantities", index).generator
        var names = generator.shuffled(Array("abcdefghijklmnopqrstuvwxyz"))
        var values: [(name: Character, value: Int)] = []
        var written: [String] = []
        func tell(_ generator: inout SeededGenerator) {
            let (name, number) = (names.removeLast(), generator.integer(in: settings.smallest...settings.largest))
            values.append((name, number))
            written.append(QuantityProblem.Statement(number: number).text(of: name))
        }
        func derive(from source: (name: Character, value: Int), _ generator: inout SeededGenerator) {
            let (name, (sign, number)) = (names.removeLast(), operation(on: source.value, &generator))
            values.append((name, Arithmetic.apply(sign, source.value, number)))
            written.append(QuantityProblem.Statement(source: source.name, sign: sign, number: number).text(of: name))
        }
        tell(&generator)
        let operations = generator.integer(in: settings.fewest...settings.most)
        for step in 0..<operations { derive(from: values[step], &generator) }
        let (asked, answer) = values[operations]
        for _ in 0..<settings.distractors {
            // What follows from the way to the question tempts more than what stands apart.
            if generator.chance(0.3) { tell(&generator) } else if let source = generator.element(of: values) { derive(from: source, &generator) }
        }
        let text = generator.shuffled(written).joined(separator: " ") + " \(asked)?"
        return Problem(id: text, world: name, text: text, answer: String(answer), parameters: [Double(operations)])
    }

    /// An operation that keeps a value within bounds: up to 9 is added or taken away, and products are by 2 or 3.
    private func operation(on value: Int, _ generator: inout SeededGenerator) -> (Character, Int) {
        for _ in 0..<50 {
            let sign = generator.element(of: Array(settings.operations)) ?? "+"
            let number = sign == "*" ? generator.integer(in: 2...3) : generator.integer(in: 1...9)
            if (0...Self.limit).contains(Arithmetic.apply(sign, value, number)) { return (sign, number) }
        }
        return value < Self.limit ? ("+", 1) : ("-", 1)
    }

    /// A worked answer. An error is a wrong sign or a wrong source in the plan, or a wrong result; what comes after goes on from it.
    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let parsed = QuantityProblem(problem.text), let way = parsed.way(to: parsed.asked), way.count > 1 else { return nil }
        guard withError else { return Demonstration(text: written(parsed, Self.plan(parsed, from: parsed.asked))) }
        var generator = seed.generator
        for kind in generator.shuffled(["sign", "source", "result"]) {
            var plan = Self.plan(parsed, from: parsed.asked)
            var (place, slip) = (generator.integer(in: 0...(plan.count - 1)), 0)
            switch kind {
            case "sign": plan[place].sign = generator.element(of: Array("+-*").filter { $0 != plan[place].sign }) ?? "+"
            case "source":
                // What follows from the quantity itself would lead back to it.
                let name = plan[place].name
                let others = parsed.statements.keys.sorted().filter { $0 != plan[place].source && parsed.way(to: $0)?.contains(name) == false }
                guard let other = generator.element(of: others) else { continue }
                plan[place].source = other
                plan = plan.prefix(place + 1) + Self.plan(parsed, from: other)
            default:
                slip = (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3)
                place += plan.count
            }
            let text = written(parsed, plan, slip: slip, at: place - plan.count)
            guard !check(text, to: problem).correct, let fault = checkSteps(of: text, to: problem).firstIndex(where: { !$0.isCorrect }) else { continue }
            return Demonstration(text: text, faultyStep: fault, critique: "step \(fault + 1) is wrong: \(checkSteps(of: text, to: problem)[fault].reason)")
        }
        return nil
    }

    private typealias Step = (name: Character, source: Character, sign: Character)

    /// The plan from a quantity back to the told one it follows from.
    private static func plan(_ problem: QuantityProblem, from name: Character) -> [Step] {
        (problem.way(to: name) ?? []).compactMap { name in problem.statements[name].flatMap { said in said.source.map { (name, $0, said.sign) } } }
    }

    /// The plan with its calculation, of which the result at a place is moved.
    private func written(_ problem: QuantityProblem, _ plan: [Step], slip: Int = 0, at place: Int = -1) -> String {
        var value = plan.last.flatMap { problem.statements[$0.source]?.number } ?? 0
        var calculations: [String] = []
        for (index, step) in plan.reversed().enumerated() {
            let number = problem.statements[step.name]?.number ?? 0
            let result = Arithmetic.apply(step.sign, value, number) + (index == place ? slip : 0)
            calculations.append("\(value)\(step.sign)\(number)=\(result)")
            value = result
        }
        return plan.map { "\($0.name):\($0.source)\($0.sign);" }.joined() + calculations.joined(separator: ",")
    }

    public func check(_ response: String, to problem: Problem) -> AnswerVerdict {
        guard let answer = QuantityProblem(problem.text)?.answer else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(problem.text)” is no question about quantities")
        }
        guard let result = PlannedAnswer(response).result else {
            return AnswerVerdict(correct: false, extracted: nil, reason: "“\(response.suffix(40))” does not end with a calculation such as 4+3=7")
        }
        return AnswerVerdict(correct: result == answer, extracted: String(result), reason: result == answer ? "\(result) is right" : "\(result) is not \(answer)")
    }

    /// The steps of the plan, then the calculations; each goes on from what was said before it.
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        guard let parsed = QuantityProblem(problem.text) else { return [] }
        let answer = PlannedAnswer(response)
        var wanted: Character? = parsed.asked
        var said: [Step] = []
        var checks: [StepCheck] = []
        func add(_ text: Substring, _ fault: String?) { checks.append(StepCheck(text: String(text), isCorrect: fault == nil, reason: fault ?? "")) }
        for text in answer.plan {
            guard let step = PlannedAnswer.step(text) else {
                add(text, "“\(text)” is no step of a plan, such as b:a+")
                continue
            }
            said.append(step)
            let statement = parsed.statements[step.name]
            if let name = wanted, let source = parsed.statements[name]?.source {
                let right = statement.map { "\(name):\(source)\($0.sign)" } ?? ""
                add(text, step.name != name ? "\(name) is wanted there" : text == right ? nil : "it should be \(right)")
            } else {
                add(text, "nothing more is wanted there")
            }
            wanted = step.source
        }
        var value = said.last.flatMap { parsed.statements[$0.source].flatMap { $0.source == nil ? $0.number : nil } }
        for (index, text) in answer.calculations.enumerated() {
            let step = index < said.count ? said[said.count - 1 - index] : nil
            guard let step, let left = value, let number = parsed.statements[step.name]?.number else {
                add(text, "the plan does not lead there")
                continue
            }
            let right = "\(left)\(step.sign)\(number)=\(Arithmetic.apply(step.sign, left, number))"
            value = PlannedAnswer.sides(text)?.result
            add(text, text == right ? nil : "it should be \(right)")
        }
        return checks
    }
}
