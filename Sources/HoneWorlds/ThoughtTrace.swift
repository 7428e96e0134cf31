import HoneCore
import HoneText

/// A response that thinks before it answers: steps with `;` between them, then `|`, then the answer.
///
/// Steps are calculations `3*2=6`, checks `?12=13 no` and `?13=13 ok`, `back` (drops what was tried), `aim 6` (a number to be
/// made on the way) and work from the goal backwards, `<13-7=6` or `<u+7` (the goal is some u plus 7). Dots alone are padding.
public struct ThoughtTrace: Hashable, Sendable {
    /// What a step is.
    public enum Kind: Hashable, Sendable {
        /// `left=right`.
        case calculation(left: Rational, right: Rational)
        /// `?left=right ok` or `?left=right no`.
        case check(left: Rational, right: Rational, passes: Bool)
        /// `back`.
        case back
        /// `aim number`.
        case aim(Rational)
        /// `<left=right`, or `<u+7` with nothing to compare.
        case backward(left: Rational?, right: Rational?)
        /// Something else.
        case unknown
    }

    /// One step.
    public struct Step: Hashable, Sendable {
        /// As it is written.
        public let text: String
        /// What it is.
        public let kind: Kind
    }

    /// The steps before the first bar.
    public let steps: [Step]
    /// What stands behind the bar; the whole text where there is no bar; nil where there are several.
    public let answer: String?
    /// Whether there is a bar.
    public let hasBar: Bool

    /// Reads any text; what is no step of the format becomes an unknown one.
    public init(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        hasBar = parts.count > 1
        answer = parts.count > 2 ? nil : parts.last.map(String.init)
        steps = (parts.first ?? "").split(whereSeparator: { $0 == ";" || $0 == "\n" }).compactMap { part in
            if part.allSatisfy({ $0 == "." }) { return nil }
            return Step(text: String(part), kind: Self.kind(of: part))
        }
    }

    private static func kind(of step: Substring) -> Kind {
        if step == "back" { return .back }
        if step.hasPrefix("aim ") { return Rational(decimal: step.dropFirst(4)).map { .aim($0) } ?? .unknown }
        if step.first == "?" {
            let passes = step.hasSuffix(" ok")
            guard passes || step.hasSuffix(" no"), let (left, right) = sides(step.dropFirst().dropLast(3)) else { return .unknown }
            return .check(left: left, right: right, passes: passes)
        }
        if step.first == "<" {
            if let (left, right) = sides(step.dropFirst()) { return .backward(left: left, right: right) }
            let rest = step.dropFirst()
            guard let letter = rest.first, letter.isASCII, letter.isLowercase, let sign = rest.dropFirst().first, "+-*".contains(sign),
                isWhole(rest.dropFirst(2))
            else { return .unknown }
            return .backward(left: nil, right: nil)
        }
        guard let (left, right) = sides(step) else { return .unknown }
        return .calculation(left: left, right: right)
    }

    private static func isWhole(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber } }

    /// Both sides of the one equals sign, worked out exactly.
    private static func sides(_ text: Substring) -> (left: Rational, right: Rational)? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, let left = try? ArithmeticExpression(String(parts[0])).value,
            let right = try? ArithmeticExpression(String(parts[1])).value
        else { return nil }
        return (left, right)
    }

    /// Whether each step is right, by exact arithmetic.
    ///
    /// The last calculation before a `back` is dropped by it and need not hold. An aim is right when a later calculation makes
    /// it.
    public var checks: [StepCheck] {
        steps.indices.map { index in
            let reason = fault(at: index)
            return StepCheck(text: steps[index].text, isCorrect: reason == nil, reason: reason ?? "")
        }
    }

    private func fault(at index: Int) -> String? {
        switch steps[index].kind {
        case .calculation(let left, let right):
            guard left != right, !isDropped(index) else { return nil }
            return Self.correction(steps[index].text, left)
        case .check(let left, let right, let passes):
            guard (left == right) != passes else { return nil }
            return "\(left) \(left == right ? "is" : "is not") \(right)"
        case .aim(let number):
            let isMade = steps[(index + 1)...].contains { step in
                if case .calculation(_, let right) = step.kind { right == number } else { false }
            }
            return isMade ? nil : "\(number) is never made"
        case .backward(let left?, let right?): return left == right ? nil : Self.correction(steps[index].text, left)
        case .back, .backward: return nil
        case .unknown: return "“\(steps[index].text)” is not a step"
        }
    }

    /// `3+8 is 11, not 12`.
    static func correction(_ text: String, _ right: Rational) -> String {
        let sides = text.split(separator: "=").map { $0.drop(while: { $0 == "<" || $0 == "?" }) }
        return "\(sides.first ?? "") is \(right), not \(sides.last ?? "")"
    }

    private func isDropped(_ index: Int) -> Bool {
        for step in steps[(index + 1)...] {
            switch step.kind {
            case .back: return true
            case .check: continue
            default: return false
            }
        }
        return false
    }
}

/// The habits of thought that help a model to improve itself.
///
/// Source: Gandhi et al. 2025, “Cognitive Behaviors that Enable Self-Improving Reasoners”.
public enum Habit: String, Hashable, Sendable, Codable, CaseIterable {
    /// Checks a result against what it should be.
    case verification
    /// Drops what was tried and tries something else.
    case backtracking
    /// Aims for a number on the way.
    case subgoals = "sub-goals"
    /// Works from the goal towards what is given.
    case backward = "backward chaining"
}

/// How often each habit occurs in a text.
public struct HabitCounts: Hashable, Sendable {
    private var counts: [Habit: Int] = [:]

    /// The habits in a text: each well-formed step counts, whether or not it is right.
    public init(in text: String) {
        for step in ThoughtTrace(text).steps {
            switch step.kind {
            case .check: counts[.verification, default: 0] += 1
            case .back: counts[.backtracking, default: 0] += 1
            case .aim: counts[.subgoals, default: 0] += 1
            case .backward: counts[.backward, default: 0] += 1
            case .calculation, .unknown: continue
            }
        }
    }

    /// How often a habit occurs.
    public subscript(habit: Habit) -> Int { counts[habit] ?? 0 }
}
