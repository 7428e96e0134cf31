import Foundation

extension Schedule {
    /// The value at a step counted from 0; before and after its range it keeps its end values.
    public func value(at step: Int) -> Double {
        let step = max(0, step)
        switch self {
        case .constant(let value): return value
        case .linear(let from, let to, let over):
            return step >= over ? to : from + (to - from) * Double(step) / Double(over)
        case .cosine(let from, let to, let over):
            return step >= over ? to : to + (from - to) * 0.5 * (1 + Double.cosine(of: Double(step) / Double(over)))
        case .geometric(let from, let to, let over):
            return step >= over ? to : from * Foundation.pow(to / from, Double(step) / Double(over))
        case .warmupCosine(let peak, let to, let warmup, let over):
            if step < warmup { return peak * Double(step + 1) / Double(warmup) }
            let rise = max(0, warmup)
            return Schedule.cosine(from: peak, to: to, over: max(0, over) - rise).value(at: step - rise)
        }
    }
}

extension Double {
    /// cos(π·share).
    fileprivate static func cosine(of share: Double) -> Double { Foundation.cos(Double.pi * share) }
}
