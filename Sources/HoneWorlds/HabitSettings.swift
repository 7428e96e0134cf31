import HoneCore

/// How often each habit occurs in the traces of a corpus.
public struct HabitSettings: Codable, Hashable, Sendable {
    /// The share of traces that check a result.
    public var verification = 0.5
    /// The share of traces that drop an attempt.
    public var backtracking = 0.5
    /// The share of traces that aim for a number on the way.
    public var subgoals = 0.5
    /// The share of traces that work from the goal backwards.
    public var backward = 0.5
    /// What stands before the answer: `full` thoughts, nothing (`empty`), or as many dots (`padded`), for controls.
    public var chain = "full"
    /// The most characters of a trace. Where it leaves traces out, those with many habits go first and the rates shift.
    public var longest = 120

    /// The defaults.
    public init() {}

    /// Throws a sentence when a setting cannot work.
    func check() throws(CoreError) {
        for (key, rate) in [
            ("verification", verification), ("backtracking", backtracking), ("subgoals", subgoals), ("backward", backward),
        ] where !(0...1).contains(rate) {
            throw CoreError.invalid("“base.settings.\(key)” is \(rate); it should be between 0 and 1")
        }
        guard ["full", "empty", "padded"].contains(chain) else {
            throw CoreError.invalid("“base.settings.chain” is “\(chain)”; it should be full, empty or padded")
        }
        guard (8...4000).contains(longest) else {
            throw CoreError.invalid("“base.settings.longest” is \(longest); it should be from 8 to 4000")
        }
    }

    /// The habits of one trace: each drawn by its own rate, independently of the others.
    func drawn(_ seed: Seed) -> Set<Habit> {
        let rates: [(Habit, Double)] = [
            (.verification, verification), (.backtracking, backtracking), (.subgoals, subgoals), (.backward, backward),
        ]
        return Set(
            rates.filter { habit, rate in
                var generator = seed.child(habit.rawValue).generator
                return generator.chance(rate)
            }.map(\.0))
    }

    /// The demonstration of written steps as `chain` has it.
    func demonstration(_ steps: [String], answer: String, faultyStep: Int?) -> Demonstration {
        let thoughts = steps.joined(separator: ";")
        guard chain == "full" else {
            let text = (chain == "padded" ? String(repeating: ".", count: thoughts.count) : "") + "|" + answer
            return Demonstration(
                text: text, faultyStep: faultyStep.map { _ in 0 }, critique: faultyStep == nil ? "" : "the answer \(answer) is wrong")
        }
        let text = thoughts + "|" + answer
        guard let faultyStep else { return Demonstration(text: text) }
        let reason = ThoughtTrace(text).checks[faultyStep].reason
        return Demonstration(text: text, faultyStep: faultyStep, critique: "step \(faultyStep + 1) is wrong: \(reason)")
    }
}
