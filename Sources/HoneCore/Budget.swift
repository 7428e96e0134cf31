/// What a budget limits.
public enum BudgetUnit: String, Hashable, Sendable, Codable, CaseIterable {
    /// All tokens that models worked on: sampled, shown, scored, trained.
    case tokens
    /// Optimiser steps.
    case steps
    /// Answers drawn from models.
    case calls
    /// Floating-point operations of models.
    case flops
    /// Seconds by the clock: the only unit under which a second run may end elsewhere.
    case seconds
}

/// The most a run may spend on improving; shared teaching and measuring are not charged to it.
///
/// Work is checked after every batch, so at most one batch more than the budget is spent: up to 256 samples being played, or
/// one optimiser step.
public struct Budget: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What is limited.
    public var unit: BudgetUnit
    /// The limit, in the unit.
    public var limit: Double

    /// A budget.
    public init(_ unit: BudgetUnit, _ limit: Double) {
        self.unit = unit
        self.limit = limit
    }

    /// A budget as it is written: `tokens=2e6`; throws a sentence on anything else.
    public init(parsing text: String) throws(CoreError) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let example = "write one of \(BudgetUnit.allCases.map(\.rawValue).joined(separator: ", ")) with a limit, such as tokens=2e6"
        guard parts.count == 2 else { throw .invalid("“\(text)” is not a budget: \(example)") }
        guard let unit = BudgetUnit(rawValue: parts[0]) else {
            throw .unknown(kind: "unit of budgets", name: parts[0], known: BudgetUnit.allCases.map(\.rawValue))
        }
        guard let limit = Double(parts[1]), limit.isFinite, limit > 0 else {
            throw .invalid("The budget “\(text)” has the limit “\(parts[1])”, which should be a number above 0: \(example)")
        }
        self.init(unit, limit)
    }

    /// How much of its unit a cost is.
    public static func amount(_ unit: BudgetUnit, of cost: Cost, seconds: Double = 0) -> Double {
        switch unit {
        case .tokens: Double(cost.tokens)
        case .steps: Double(cost.optimiserSteps)
        case .calls: Double(cost.calls)
        case .flops: Double(cost.flops)
        case .seconds: seconds
        }
    }

    /// Whether a cost has reached it.
    public func isSpent(by cost: Cost, seconds: Double = 0) -> Bool { Self.amount(unit, of: cost, seconds: seconds) >= limit }

    public var description: String {
        limit == limit.rounded() && limit < 1e6 ? "\(unit.rawValue)=\(Int(limit))" : "\(unit.rawValue)=\(limit)"
    }
}
