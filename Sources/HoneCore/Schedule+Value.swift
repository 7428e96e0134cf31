import Foundation

extension Schedule {
    /// The value at a step counted from 0; before and after its range it keeps its end values.
    public func value(at step: Int) -> Double {
        switch self {
        case .constant(let value): return value
        case .linear(let from, let to, let over):
            let share = over <= 0 ? 1 : min(1, Double(step) / Double(over))
            return from + (to - from) * share
        case .cosine(let from, let to, let over):
            let share = over <= 0 ? 1 : min(1, Double(step) / Double(over))
            return to + (from - to) * 0.5 * (1 + Double.cosine(of: share))
        case .warmupCosine(let peak, let to, let warmup, let over):
            if step < warmup { return peak * Double(step + 1) / Double(warmup) }
            return Schedule.cosine(from: peak, to: to, over: over - warmup).value(at: step - warmup)
        }
    }
}

extension Double {
    /// cos(π·share).
    fileprivate static func cosine(of share: Double) -> Double { Foundation.cos(Double.pi * share) }
}
