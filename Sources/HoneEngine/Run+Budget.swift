import HoneCore

/// What is left of a run's budget, as work that takes long asks it between two batches.
struct Allowance: Sendable {
    /// The budget; nil is never spent.
    let budget: Budget?
    /// What shared teaching cost, which the meter holds and the budget does not.
    let shared: Cost
    let meter: Meter
    /// Seconds spent on improving so far.
    let seconds: @Sendable () -> Double

    /// Whether anything is left once this much more is charged.
    func isLeft(after more: Cost = Cost()) -> Bool {
        guard let budget else { return true }
        return !budget.isSpent(by: meter.cost - shared + more, seconds: budget.unit == .seconds ? seconds() : 0)
    }
}

extension Run {
    /// How many samples are played between two looks at the budget.
    static let wave = 256

    /// What is left of the budget.
    var allowance: Allowance {
        let (clock, began, before) = (surroundings.clock, beganImproving, state.seconds ?? 0)
        return Allowance(budget: plan.budget, shared: sharedCost, meter: meter) { before + clock() - began }
    }

    /// The assignments as they are played at once: all of them, or waves of at most 256 samples where a budget is to be kept.
    ///
    /// Cutting them changes no result, as a request's result depends on that request only.
    func waves(of assignments: [Assignment]) -> [[Assignment]] {
        guard plan.budget != nil else { return [assignments] }
        var waves: [[Assignment]] = []
        var samples = Self.wave
        for assignment in assignments {
            if samples + assignment.samples > Self.wave {
                waves.append([])
                samples = 0
            }
            waves[waves.count - 1].append(assignment)
            samples += assignment.samples
        }
        return waves
    }
}
