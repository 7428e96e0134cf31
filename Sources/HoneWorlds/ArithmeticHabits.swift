import HoneCore

/// Chains of sums worked step by step, with habits of thought at set rates.
///
/// For `3+8-5=`: `<u-5` works from the goal, `aim 10;3+7=10;10+1=11` aims for a number on the way, `?11-8=3 ok` checks by the
/// inverse operation, `3+8=12;back;3+8=11` drops a slip.
public struct ArithmeticHabits: Corpus {
    public static let card = PartCard(
        name: "arithmetic-habits", summary: "sums worked in steps that verify, backtrack, set sub-goals and chain backwards at set rates",
        source: "the habits: Gandhi et al. 2025", gives: [.demonstrations])

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
        guard let chain = Arithmetic.chain(of: problem.text), !chain.rest.isEmpty, let right = Arithmetic.totals(of: problem.text) else {
            return nil
        }
        let habits = settings.drawn(seed.child("habits"))
        var generator = seed.child("places").generator
        let last = chain.rest.count - 1
        let slipAt = generator.integer(in: 0...last)
        let aimAt = aimingStep(chain, right, &generator)
        var faulty = withError ? generator.integer(in: 0...last) : -1
        let shift = withError ? (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3) : 0
        var totals = right
        if withError {
            totals = Arithmetic.totals(of: problem.text, shift: shift, at: faulty) ?? right
            if totals.last == right.last {
                // A product with 0 forgets an earlier error.
                faulty = last
                totals = Arithmetic.totals(of: problem.text, shift: shift, at: faulty) ?? right
            }
        }
        let sound = (0...last).filter { $0 != faulty }
        let checkAt = generator.element(of: sound) ?? last

        var steps: [String] = []
        var faultyStep: Int?
        if habits.contains(.backward) {
            let depth = min(generator.integer(in: 1...2), chain.rest.count)
            for (letter, (sign, number)) in zip("uv", chain.rest.reversed().prefix(depth)) { steps.append("<\(letter)\(sign)\(number)") }
        }
        for (index, (sign, number)) in chain.rest.enumerated() {
            let before = index == 0 ? chain.first : totals[index - 1]
            let total = totals[index]
            if habits.contains(.backtracking), index == slipAt {
                let wrong = Arithmetic.apply(sign, before, number) + (generator.chance(0.5) ? 1 : -1) * generator.integer(in: 1...3)
                steps.append("\(before)\(sign)\(number)=\(wrong)")
                if habits.contains(.verification) {
                    steps.append(Self.inverse(sign, number).map { "?\(wrong)\($0)\(number)=\(before) no" } ?? "?\(wrong)=\(wrong) ok")
                }
                steps.append("back")
            }
            if habits.contains(.subgoals), index == aimAt {
                if let part = Self.part(of: number, from: before, sign) {
                    let middle = Arithmetic.apply(sign, before, part)
                    steps += ["aim \(middle)", "\(before)\(sign)\(part)=\(middle)", "\(middle)\(sign)\(number - part)=\(total)"]
                } else {
                    steps += ["aim \(total)", "\(before)\(sign)\(number)=\(total)"]
                }
            } else {
                steps.append("\(before)\(sign)\(number)=\(total)")
            }
            if index == faulty { faultyStep = steps.count - 1 }
            if habits.contains(.verification), index == checkAt {
                // The check of a step that is itself at fault compares the total with itself: it passes, and shows nothing.
                let inverse = index == faulty ? nil : Self.inverse(sign, number)
                steps.append(inverse.map { "?\(total)\($0)\(number)=\(before) ok" } ?? "?\(total)=\(total) ok")
            }
        }
        guard let answer = totals.last else { return nil }
        return settings.demonstration(steps, answer: String(answer), faultyStep: faultyStep)
    }

    /// The step that is split to pass by a round number; else one that can be split at all; else any.
    private func aimingStep(
        _ chain: (first: Int, rest: [(Character, Int)]), _ totals: [Int], _ generator: inout SeededGenerator
    ) -> Int {
        let splits = chain.rest.indices.filter { index in
            Self.part(of: chain.rest[index].1, from: index == 0 ? chain.first : totals[index - 1], chain.rest[index].0) != nil
        }
        return generator.element(of: splits) ?? 0
    }

    /// How much of a number is added or taken away first: up to the next ten where it is passed, else half; nil where a number
    /// is not split.
    static func part(of number: Int, from total: Int, _ sign: Character) -> Int? {
        guard sign != "*", number >= 2 else { return nil }
        let units = ((total % 10) + 10) % 10
        let toTen = sign == "+" ? 10 - units : units
        return (1..<number).contains(toTen) ? toTen : number / 2
    }

    /// The sign that undoes a step; nil where nothing does.
    private static func inverse(_ sign: Character, _ number: Int) -> Character? {
        switch sign {
        case "+": "-"
        case "-": "+"
        default: number == 0 ? nil : "/"
        }
    }
}
