import HoneCore

/// Countdown worked step by step, with habits of thought at set rates.
///
/// For `3 7 2:13=`: `7+3=10;10-2=8;?8=13 no;back` drops an attempt that a check refused, `<13-7=6` works from the target,
/// `aim 6;3*2=6` aims for a number on the way, `6+7=13;?13=13 ok|3*2+7` ends.
public struct CountdownHabits: Corpus {
    public static let card = PartCard(
        name: "countdown-habits", summary: "countdown solutions that verify, backtrack, set sub-goals and chain backwards at set rates",
        source: "the habits and the wrong-answer control: Gandhi et al. 2025", gives: [.demonstrations])

    /// Its settings.
    public let settings: HabitSettings
    public var longest: Int { settings.longest }
    public var hasHabits: Bool { true }

    /// The corpus; throws a sentence when the settings cannot work.
    public init(_ settings: HabitSettings = HabitSettings()) throws {
        try settings.check()
        self.settings = settings
    }

    public func checkSteps(of response: String, to problem: Problem) -> [StepCheck] { ThoughtTrace(response).checks }

    public func demonstration(of problem: Problem, withError: Bool, seed: Seed) -> Demonstration? {
        guard let text = problem.details["solution"], var solution = FlatExpression(text), solution.numbers.count >= 2,
            let target = solution.value
        else { return nil }
        let habits = settings.drawn(seed.child("habits"))
        var generator = seed.child("places").generator
        if withError {
            guard let wrong = solution.changed(avoiding: target, &generator) else { return nil }
            solution = wrong
        }
        guard var calculations = solution.calculations(), let reached = calculations.last?.result else { return nil }
        var fault: Int?
        if withError {
            // One sum claims what is missing to the target; the later ones go on from it and are right.
            let sums = max(1, solution.signs.count { $0 != "*" })
            let place = calculations.count - (solution.signs.allSatisfy { $0 == "*" } ? 1 : generator.integer(in: 1...sums))
            for index in place..<calculations.count {
                if index > place { calculations[index].left += target - reached }
                calculations[index].result += target - reached
            }
            fault = place
        }
        var steps: [String] = []
        if habits.contains(.backtracking) {
            let attempt = Self.attempt(solution.numbers, missing: target, &generator)
            steps += attempt.map(\.text)
            if habits.contains(.verification), let result = attempt.last?.result { steps.append("?\(result)=\(target) no") }
            steps.append("back")
        }
        if habits.contains(.backward), let step = solution.backwardStep(from: target) { steps.append("<" + step) }
        let aim = calculations.count > 1 ? generator.integer(in: 0...(calculations.count - 2)) : 0
        var faultyStep: Int?
        for (index, calculation) in calculations.enumerated() {
            if habits.contains(.subgoals), index == aim { steps.append("aim \(calculation.result)") }
            if index == fault { faultyStep = steps.count }
            steps.append(calculation.text)
        }
        if habits.contains(.verification) { steps.append("?\(target)=\(target) ok") }
        return settings.demonstration(steps, answer: solution.text, faultyStep: faultyStep)
    }

    /// A way through the numbers that does not lead to the target, in small numbers.
    private static func attempt(_ numbers: [Int], missing target: Int, _ generator: inout SeededGenerator) -> [Calculation] {
        for _ in 0..<50 {
            let order = generator.shuffled(numbers)
            var total = order[0]
            var calculations: [Calculation] = []
            for number in order.dropFirst() {
                var sign = generator.element(of: Array("+-*")) ?? "+"
                if abs(Arithmetic.apply(sign, total, number)) > 999 { sign = total > 0 ? "-" : "+" }
                let result = Arithmetic.apply(sign, total, number)
                calculations.append(Calculation(left: total, sign: sign, right: number, result: result))
                total = result
            }
            if total != target { return calculations }
        }
        // A sum and a difference of the same two numbers cannot both be the target.
        let (left, right) = (numbers[0], numbers[1])
        let sign: Character = left + right == target ? "-" : "+"
        return [Calculation(left: left, sign: sign, right: right, result: Arithmetic.apply(sign, left, right))]
    }
}

/// One calculation with two numbers.
struct Calculation: Hashable, Sendable {
    var left: Int
    var sign: Character
    var right: Int
    var result: Int
    var text: String { "\(left)\(sign)\(right)=\(result)" }
}

/// Numbers joined by + - *, without brackets; products go first.
struct FlatExpression: Hashable, Sendable {
    let numbers: [Int]
    var signs: [Character]

    /// Reads `3*2+7`; nil for anything else and for numbers of more than nine digits.
    init?(_ text: String) {
        var numbers: [Int] = []
        var signs: [Character] = []
        for part in text.split(separator: /[-+*]/, omittingEmptySubsequences: false) {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part.count <= 9, let number = Int(part) else { return nil }
            numbers.append(number)
        }
        signs = text.filter { "+-*".contains($0) }
        guard !numbers.isEmpty, numbers.count == signs.count + 1 else { return nil }
        self.numbers = numbers
        self.signs = signs
    }

    /// As it is written.
    var text: String {
        var text = String(numbers[0])
        for (sign, number) in zip(signs, numbers.dropFirst()) { text += "\(sign)\(number)" }
        return text
    }

    /// Its value; nil beyond 64 bits.
    var value: Int? { signs.isEmpty ? numbers[0] : calculations()?.last?.result }

    /// The calculations in order: the products of each term, then the sums from left to right; nil beyond 64 bits.
    func calculations() -> [Calculation]? {
        var products: [Calculation] = []
        var terms: [(sign: Character, value: Int)] = [("+", numbers[0])]
        for (sign, number) in zip(signs, numbers.dropFirst()) {
            guard sign == "*" else {
                terms.append((sign, number))
                continue
            }
            let left = terms[terms.count - 1].value
            let (result, overflow) = left.multipliedReportingOverflow(by: number)
            if overflow { return nil }
            products.append(Calculation(left: left, sign: "*", right: number, result: result))
            terms[terms.count - 1].value = result
        }
        var total = terms[0].value
        var sums: [Calculation] = []
        for term in terms.dropFirst() {
            let (result, overflow) = term.sign == "+" ? total.addingReportingOverflow(term.value) : total.subtractingReportingOverflow(term.value)
            if overflow { return nil }
            sums.append(Calculation(left: total, sign: term.sign, right: term.value, result: result))
            total = result
        }
        return products + sums
    }

    /// What the target needs of the rest: the last term taken back, or the last factor of a pure product: `13-7=6`.
    func backwardStep(from target: Int) -> String? {
        guard let last = calculations()?.last, last.right != 0 else { return nil }
        switch last.sign {
        case "+": return "\(target)-\(last.right)=\(target - last.right)"
        case "-": return "\(target)+\(last.right)=\(target + last.right)"
        default: return target % last.right == 0 ? "\(target)/\(last.right)=\(target / last.right)" : "\(target)-\(last.right)=\(target - last.right)"
        }
    }

    /// The same numbers with one sign changed so that the value is another; nil where no change does that.
    func changed(avoiding target: Int, _ generator: inout SeededGenerator) -> FlatExpression? {
        for place in generator.shuffled(Array(signs.indices)) {
            for sign in generator.shuffled(Array("+-*")) where sign != signs[place] {
                var copy = self
                copy.signs[place] = sign
                if let value = copy.value, value != target { return copy }
            }
        }
        return nil
    }
}
