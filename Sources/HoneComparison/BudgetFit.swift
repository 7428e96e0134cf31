import HoneCore

/// Fits the iterations of arms to what they may spend.
struct BudgetFit {
    /// The most iterations that a budget may turn into.
    static let mostIterations = 100_000

    let pool: CellPool

    /// An arm that spends its budget on what it teaches before it improves.
    struct TooDear: Error, CustomStringConvertible {
        /// How much, where it was measured alone.
        var spent: Double?
        let budget: Budget

        var description: String {
            let words = budget.unit == .flops ? "operations" : budget.unit.rawValue
            return "does not fit: what it teaches before it improves spends \(spent.map { "\(Int($0)) \(words)" } ?? "all"), and \(Int(budget.limit)) \(words) is all it may spend"
        }
    }

    /// The arm with as many iterations as its budget pays for, by what one iteration costs under a seed; nil when asked to stop.
    ///
    /// Schedules over the iterations then end where the budget does. What the arm spends before its first iteration, such as the teaching of a reward,
    /// is paid from the budget once; throws `TooDear` where that is all of it. By the clock that cannot be told, as seconds hold shared teaching too. An arm without a budget is given back as it is.
    func fitted(_ arm: Arm, seed: UInt64) async throws -> Arm? {
        guard case .recipe(let recipe, let settings) = arm.subject, let budget = arm.improving else { return arm }
        let cells = [0, 1].map { iterations in
            var probe = arm
            probe.answering = nil
            probe.improving = nil
            probe.subject = .recipe(
                recipe,
                settings: settings.setting(["iterations"], to: .integer(iterations)).setting(["evaluation", "problems"], to: .integer(1)))
            return (probe.cell(seed: seed), "\(arm.name), \(iterations == 0 ? "no" : "one") iteration to fit it to the budget")
        }
        guard let results = try await pool.results(cells), results.count == 2 else { return nil }
        let amounts = try zip(cells, results).map { cell, result in
            let seconds = budget.unit == .seconds ? CellRunner.effort(in: try pool.path(cell.0))?.seconds ?? 0 : 0
            return Budget.amount(budget.unit, of: result.cost, seconds: seconds)
        }
        guard budget.unit == .seconds || amounts[0] < budget.limit else { throw TooDear(spent: amounts[0], budget: budget) }
        let one = amounts[1] - amounts[0]
        guard one > 0 else { return arm }
        let iterations = max(1, min(Self.mostIterations, Int(((budget.limit - amounts[0]) / one).rounded())))
        var fitted = arm
        fitted.subject = .recipe(
            recipe,
            settings: settings.setting(["iterations"], to: .integer(iterations))
                .setting(["evaluation", "every"], to: .integer(max(1, (iterations + 4) / 5))))
        return fitted
    }
}
