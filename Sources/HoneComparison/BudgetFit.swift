import HoneCore

/// Fits the iterations of arms to what they may spend.
struct BudgetFit {
    /// The most iterations that a budget may turn into.
    static let mostIterations = 100_000

    let pool: CellPool

    /// The arm with as many iterations as its budget pays for, by what one iteration costs under a seed; nil when asked to stop.
    ///
    /// Schedules over the iterations then end where the budget does. An arm without a budget is given back as it is.
    func fitted(_ arm: Arm, seed: UInt64) async throws -> Arm? {
        guard case .recipe(let recipe, let settings) = arm.subject, let budget = arm.improving else { return arm }
        var probe = arm
        probe.answering = nil
        probe.improving = nil
        probe.subject = .recipe(
            recipe, settings: settings.setting(["iterations"], to: .integer(1)).setting(["evaluation", "problems"], to: .integer(1)))
        let cell = probe.cell(seed: seed)
        guard let result = try await pool.results([(cell, "\(arm.name), one iteration to fit it to the budget")])?.first else { return nil }
        let seconds = budget.unit == .seconds ? CellRunner.seconds(in: try pool.path(cell)) ?? 0 : 0
        let one = Budget.amount(budget.unit, of: result.cost, seconds: seconds)
        guard one > 0 else { return arm }
        let iterations = max(1, min(Self.mostIterations, Int((budget.limit / one).rounded())))
        var fitted = arm
        fitted.subject = .recipe(
            recipe,
            settings: settings.setting(["iterations"], to: .integer(iterations))
                .setting(["evaluation", "every"], to: .integer(max(1, (iterations + 4) / 5))))
        return fitted
    }
}
