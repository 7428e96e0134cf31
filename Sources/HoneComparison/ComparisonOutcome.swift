import HoneCore
import HoneNumerics

/// What a comparison came to: the same bytes for the same design, whatever ran first or side by side.
public struct ComparisonOutcome: Sendable, Codable {
    /// One arm.
    public struct ArmResult: Sendable, Codable {
        /// The arm as it ran, fitted to the budget.
        public var arm: Arm
        /// Its measure over problems and seeds; the interval speaks of new problems and new seeds.
        public var estimate: Estimate
        /// The mean over problems under each seed.
        public var bySeed: [Double]
        /// What improving spent under each seed, without shared teaching.
        public var costs: [Cost]
        /// What shared teaching cost, the same for all arms with the same base.
        public var shared: Cost
        /// How much more than its budget each seed spent, in the budget's unit; below 0 where less was spent.
        public var overshoot: [Double]
        /// What one answer costs on average over the seeds.
        public var answerTokens: Double?
        /// The same in operations.
        public var answerFlops: Double?
        /// How many samples vote on an answer, the most over the seeds.
        public var votes: Int
        /// Iterations done under each seed.
        public var iterations: [Int]
        /// The mean of the measure over the way to the largest cost of all arms, in operations: the area under the learning curve. nil without a way.
        public var area: Double?
        /// The way there: the mean over seeds at each measured moment, with what had been spent by then in operations.
        public var curve: [CurvePoint]
        /// What more samples for an answer would bring, by way of making one answer of them: the mean over seeds with an interval over
        /// seeds; empty where each problem was sampled once.
        public var scaling: [String: [Findings.ScalingPoint]]
    }

    /// A moment of improving, over seeds.
    public struct CurvePoint: Sendable, Codable {
        /// What had been spent on average, in operations.
        public var flops: Double
        /// The same in tokens.
        public var tokens: Double
        /// The measure, with an interval over seeds.
        public var estimate: Estimate
    }

    /// The seeds, in order.
    public let seeds: [UInt64]
    /// What improving could spend; nil where arms did as their settings say.
    public let budget: Budget?
    /// Whether the budget was given; otherwise it is what the first arm spends by its own settings.
    public let isBudgetGiven: Bool
    /// What an answer could spend; nil is one sample.
    public let answering: Budget?
    /// The arms: those asked for in their order, then those that come by themselves.
    public let arms: [ArmResult]
    /// Every arm asked for against those that come by themselves, then those asked for among each other; second minus first,
    /// corrected for their number.
    public let differences: [Contrast]
    /// How many problems were measured.
    public let problems: Int
    /// Arms of a grid whose parts make no sense together.
    public let leftOut: [Comparison.LeftOut]
    /// What it took, by arm and seed; not recorded, as no second run has the same.
    public var efforts: [[CellEffort]] = []

    private enum CodingKeys: String, CodingKey { case seeds, budget, isBudgetGiven, answering, arms, differences, problems, leftOut }

    /// The result of arms with their results by seed.
    init(
        design: Comparison.Design, leftOut: [Comparison.LeftOut], arms: [Arm], results: [[CellResult]], budget: Budget?, isBudgetGiven: Bool, efforts: [[CellEffort]]
    ) throws {
        seeds = design.seeds
        self.budget = budget
        self.isBudgetGiven = isBudgetGiven
        answering = design.answering
        self.leftOut = leftOut
        self.efforts = efforts
        var summaries: [ArmResult] = []
        for (arm, own) in zip(arms, results) { summaries.append(try ArmResult(arm, own)) }
        let most = summaries.flatMap { $0.curve.map(\.flops) }.max() ?? 0
        for index in summaries.indices where summaries[index].curve.count > 1 {
            let points = summaries[index].curve.map { CostCurve.Point(cost: $0.flops, score: $0.estimate.mean) }
            summaries[index].area = CostCurve(points).meanScore(from: 0, to: most)
        }
        self.arms = summaries
        func term(_ index: Int, _ weight: Double) -> Contrast.Term {
            Contrast.Term(arm: arms[index].name, measure: arms[index].measure, weight: weight, results: results[index])
        }
        let asked = arms.indices.filter { !arms[$0].isImplied }
        var pairs: [(Int, Int)] = []
        for index in asked { for other in arms.indices where arms[other].isImplied { pairs.append((other, index)) } }
        if design.pairsAll {
            for (place, first) in asked.enumerated() { for second in asked.dropFirst(place + 1) { pairs.append((first, second)) } }
        }
        differences = try pairs.map { first, second in
            try Contrast("\(arms[second].name) − \(arms[first].name)", [term(second, 1), term(first, -1)])
        }.corrected()
        problems = try Contrast.table(arms.indices.map { term($0, 1) }).values.count
    }
}

extension ComparisonOutcome.ArmResult {
    /// The summary of an arm's results by seed.
    init(_ arm: Arm, measuredBy measure: String? = nil, _ results: [CellResult]) throws {
        var arm = arm
        arm.measure = measure ?? arm.measure
        let level = try Contrast(arm.name, [Contrast.Term(arm: arm.name, measure: arm.measure, weight: 1, results: results)])
        self.arm = arm
        bySeed = level.bySeed
        let limits = level.unit == "share" ? (0.0, 1.0) : (-Double.infinity, Double.infinity)
        estimate = Estimate(
            mean: level.difference, low: max(limits.0, level.low ?? level.difference), high: min(limits.1, level.high ?? level.difference),
            count: level.problems, unit: level.unit)
        costs = results.map(\.cost)
        shared = results.first?.shared ?? Cost()
        overshoot = results.compactMap { result in
            arm.improving.flatMap { $0.unit == .seconds ? nil : Budget.amount($0.unit, of: result.cost) - $0.limit }
        }
        func mean(_ unit: BudgetUnit) -> Double? {
            let known = results.compactMap { result -> Double? in
                guard let answering = result.findings.answering[arm.measure], answering.answers > 0 else { return nil }
                return Budget.amount(unit, of: answering.cost) / Double(answering.answers)
            }
            return known.count == results.count ? Statistics.mean(known) : nil
        }
        (answerTokens, answerFlops) = (mean(.tokens), mean(.flops))
        votes = results.map(\.votes).max() ?? 1
        iterations = results.map(\.iterations)
        scaling = Self.scaling(results.compactMap(\.findings.scaling), of: results.count)
        // On the way only one sample is measured at a time: votes are counted at the end.
        let name = arm.measure == CellResult.answer ? "pass@1" : arm.measure
        let moments = results.map(\.curve.count).min() ?? 0
        curve = (0..<moments).compactMap { moment in
            // The last moments of all seeds belong together, however many there were before.
            let points = results.map { $0.curve[moment == moments - 1 ? $0.curve.count - 1 : moment] }
            let means = points.compactMap { $0.estimates[name]?.mean }
            guard means.count == points.count, let unit = points.first?.estimates[name]?.unit else { return nil }
            var estimate = Estimate.mean(of: means, unit: unit == "share" ? "" : unit)
            estimate.unit = unit
            return ComparisonOutcome.CurvePoint(
                flops: Statistics.mean(points.map { Double($0.cost.flops) }), tokens: Statistics.mean(points.map { Double($0.cost.tokens) }),
                estimate: estimate)
        }
    }

    /// The curves of all seeds as one for each way, over the numbers of samples that all have.
    private static func scaling(_ all: [[String: [Findings.ScalingPoint]]], of seeds: Int) -> [String: [Findings.ScalingPoint]] {
        guard let first = all.first, all.count == seeds else { return [:] }
        return first.reduce(into: [:]) { curves, entry in
            curves[entry.key] = entry.value.compactMap { point in
                let points = all.compactMap { $0[entry.key]?.first { $0.samples == point.samples } }
                guard points.count == seeds else { return nil }
                var share = seeds > 1 ? Estimate.mean(of: points.map(\.share.mean), unit: "") : point.share
                share.unit = point.share.unit
                return Findings.ScalingPoint(samples: point.samples, tokens: Statistics.mean(points.map(\.tokens)), share: share)
            }
        }
    }
}
