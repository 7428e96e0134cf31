import HoneCore

/// Step chains with injected errors, critiques that name the first wrong step, and repaired chains.
///
/// For `3+8-5+7=`: `3+8=11;11-5=7;7+7=14#bad 2,11-5=6#3+8=11;11-5=6;6+7=13|13`, and `3+8=11;11-5=6;6+7=13#ok|13` where nothing
/// is wrong. The share of faulty chains is `base.errorRate`.
public struct ErrorChains: Corpus {
    public static let card = PartCard(
        name: "error-chains", summary: "sums in steps with injected errors, a critique of the first wrong step, and the repaired steps",
        source: "the kinds of error: Chen et al. 2025 (SPC); critique and repair: Lu et al. 2023 (SELF)", gives: [.demonstrations])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The kinds of error, drawn evenly where they can occur: `digit` (one digit of a result), `carry` (a result off by ten),
        /// `operator` (worked with another sign), `operand` (a number copied wrongly).
        public var kinds = ["digit", "carry", "operator", "operand"]
        /// The share of chains that are followed by a critique.
        public var critiques = 1.0
        /// The share of critiques that are wrong: they miss the error, or blame a right step.
        public var critiqueErrors = 0.0
        /// Whether a critique that blames a step is followed by the repaired chain.
        public var repairs = true
        /// The most characters of a demonstration.
        public var longest = 120

        /// The defaults.
        public init() {}
    }

    /// What a critique in a text says.
    public struct Critique: Hashable, Sendable {
        /// The step that is blamed, from 0; nil for `ok`.
        public let step: Int?
        /// The calculation that should stand there: `11-5=6`; empty for `ok`.
        public let correction: String

        /// A critique.
        public init(step: Int?, correction: String) {
            self.step = step
            self.correction = correction
        }
    }

    /// Its settings.
    public let settings: Settings
    public var longest: Int { settings.longest }
    public var hasHabits: Bool { false }

    private static let kinds = ["digit", "carry", "operator", "operand"]

    /// The corpus; throws a sentence when the settings cannot work.
    public init(_ settings: Settings = Settings()) throws {
        for (key, rate) in [("critiques", settings.critiques), ("critiqueErrors", settings.critiqueErrors)] where !(0...1).contains(rate) {
            throw CoreError.invalid("“base.settings.\(key)” is \(rate); it should be between 0 and 1")
        }
        guard !settings.kinds.isEmpty else {
            throw CoreError.invalid("“base.settings.kinds” is empty; it should name some of \(Self.kinds.joined(separator: ", "))")
        }
        for kind in settings.kinds where !Self.kinds.contains(kind) {
            throw CoreError.unknown(kind: "kind of error for base.settings.kinds", name: kind, known: Self.kinds)
        }
        guard (8...4000).contains(settings.longest) else {
            throw CoreError.invalid("“base.settings.longest” is \(settings.longest); it should be from 8 to 4000")
        }
        self.settings = settings
    }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let chain = Arithmetic.chain(of: problem.text), !chain.rest.isEmpty else { return nil }
        var generator = seed.generator
        let right = Self.steps(chain)
        var steps = right
        var fault: (step: Int, correction: Calculation)?
        if withError {
            let step = generator.integer(in: 0...(right.count - 1))
            let wrong = Self.faulty(right[step], settings.kinds, &generator)
            steps = Self.steps(chain, upTo: step, then: wrong)
            fault = (step, right[step])
        }
        var text = steps.map(\.text).joined(separator: ";")
        var answer = steps.last?.result
        if generator.chance(settings.critiques) {
            var said = fault
            if generator.chance(settings.critiqueErrors) {
                if fault == nil {
                    let step = generator.integer(in: 0...(right.count - 1))
                    said = (step, Self.faulty(right[step], ["digit"], &generator))
                } else {
                    said = nil
                }
            }
            text += said.map { "#bad \($0.step + 1),\($0.correction.text)" } ?? "#ok"
            if said != nil, settings.repairs {
                text += "#" + right.map(\.text).joined(separator: ";")
                answer = right.last?.result
            }
        }
        guard let answer else { return nil }
        text += "|\(answer)"
        guard let fault else { return Demonstration(text: text) }
        let reason = checkSteps(of: text, to: problem)[fault.step].reason
        return Demonstration(text: text, faultyStep: fault.step, critique: "step \(fault.step + 1) is wrong: \(reason)")
    }

    /// The steps of the first chain: each goes on from the result before it, with the problem's next sign and number.
    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] {
        guard let chain = Arithmetic.chain(of: problem.text) else { return [] }
        var before = chain.first
        let first = response.prefix { $0 != "#" && $0 != "|" && $0 != "\n" }
        return first.split(separator: ";").enumerated().map { index, part in
            let text = String(part)
            func wrong(_ reason: String) -> StepCheck { StepCheck(text: text, isCorrect: false, reason: reason) }
            guard index < chain.rest.count else { return wrong("there is no such step") }
            let (sign, number) = chain.rest[index]
            let asked = "\(before)\(sign)\(number)"
            let sides = text.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let result = Int(sides[1]), String(result) == sides[1] else { return wrong("“\(text)” is not a calculation") }
            let wanted = Arithmetic.apply(sign, before, number)
            before = result
            guard sides[0] == asked else { return wrong("\(asked) is asked there, not \(sides[0])") }
            return result == wanted ? StepCheck(text: text, isCorrect: true) : wrong("\(asked) is \(wanted), not \(result)")
        }
    }

    /// The critique in a response; nil where there is none that can be read.
    public static func critique(in response: String) -> Critique? {
        let sections = response.prefix { $0 != "|" }.split(separator: "#", omittingEmptySubsequences: false)
        guard sections.count > 1 else { return nil }
        let said = sections[1]
        if said == "ok" { return Critique(step: nil, correction: "") }
        guard said.hasPrefix("bad "), let comma = said.firstIndex(of: ","), let step = Int(said[..<comma].dropFirst(4)), step >= 1 else { return nil }
        return Critique(step: step - 1, correction: String(said[said.index(after: comma)...]))
    }

    private static func steps(
        _ chain: (first: Int, rest: [(Character, Int)]), upTo place: Int = -1, then wrong: Calculation? = nil
    ) -> [Calculation] {
        var total = chain.first
        return chain.rest.enumerated().map { index, step in
            let right = Calculation(left: total, sign: step.0, right: step.1, result: Arithmetic.apply(step.0, total, step.1))
            let taken = index == place ? wrong ?? right : right
            total = taken.result
            return taken
        }
    }

    /// The calculation with an error of one of the kinds; a digit where none of them can occur.
    private static func faulty(_ step: Calculation, _ kinds: [String], _ generator: inout SeededGenerator) -> Calculation {
        for kind in generator.shuffled(kinds) {
            var wrong = step
            switch kind {
            case "carry": wrong = step.withoutCarry ?? step
            case "operator":
                let others = "+-*".filter { $0 != step.sign && Arithmetic.apply($0, step.left, step.right) != step.result }
                if let sign = generator.element(of: Array(others)) { wrong.result = Arithmetic.apply(sign, step.left, step.right) }
            case "operand":
                wrong.right = changedDigit(of: step.right, &generator)
                wrong.result = Arithmetic.apply(step.sign, step.left, wrong.right)
            default: wrong.result = changedDigit(of: step.result, &generator)
            }
            if wrong != step { return wrong }
        }
        var wrong = step
        wrong.result = changedDigit(of: step.result, &generator)
        return wrong
    }

    /// The number with one digit replaced by another; the first digit of several does not become 0.
    private static func changedDigit(of number: Int, _ generator: inout SeededGenerator) -> Int {
        var digits = String(number.magnitude).compactMap(\.wholeNumberValue)
        let place = generator.integer(in: 0...(digits.count - 1))
        let others = (place == 0 && digits.count > 1 ? 1...9 : 0...9).filter { $0 != digits[place] }
        digits[place] = generator.element(of: others) ?? digits[place]
        let size = digits.reduce(0) { $0 * 10 + $1 }
        return number < 0 ? -size : size
    }
}
