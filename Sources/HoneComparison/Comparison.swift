import HoneCore
import HoneEngine
import HoneRecipes

/// Compares arms at equal compute: fits them to one budget, runs them under the same seeds, and pairs them problem by problem.
///
/// Beside the arms asked for, three come by themselves: the model as it is before improving, the same decoded greedily, and the same with the
/// compute of improving spent on more samples that vote.
public struct Comparison: Sendable {
    /// What is to be compared.
    public struct Design: Hashable, Sendable, Codable {
        /// The arms asked for, in order.
        public var arms: [Arm]
        /// Which of them may do as many iterations as the budget allows, by name; the others keep their settings.
        public var fitted: Set<String>
        /// What improving may spend; nil is what the first arm spends by its own settings under the first seed.
        public var improving: Budget?
        /// What an answer may spend; nil is one sample.
        public var answering: Budget?
        /// The seeds.
        public var seeds: [UInt64]
        /// Arms of a grid whose parts make no sense together.
        public var leftOut: [LeftOut]
        /// Whether the arms asked for are compared among each other, and not only with those that come by themselves.
        public var pairsAll: Bool

        /// A design.
        public init(
            arms: [Arm], fitted: Set<String>, improving: Budget?, answering: Budget?, seeds: [UInt64], leftOut: [LeftOut] = [], pairsAll: Bool = true
        ) {
            self.leftOut = leftOut
            self.pairsAll = pairsAll
            self.arms = arms
            self.fitted = fitted
            self.improving = improving
            self.answering = answering
            self.seeds = seeds
        }
    }

    /// An arm that was not run.
    public struct LeftOut: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Why not: `does not apply, because …`.
        public var reason: String

        /// An arm that was not run, and why.
        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    /// The name of the arm that does not improve.
    public static let start = "start"
    private let design: Design
    private let pool: CellPool

    /// A comparison; throws a sentence where the design cannot work.
    public init(_ design: Design, pool: CellPool) throws {
        let names = design.arms.map(\.name)
        guard !names.isEmpty else { throw CoreError.invalid("Give one arm or more to compare, for example: hone compare star sft") }
        guard Set(names).count == names.count else {
            throw CoreError.invalid("Two arms are called the same: \(names.joined(separator: ", ")); name them, as in a=star b=star:star.keep=4")
        }
        guard !names.contains(where: { $0 == Self.start || $0.hasPrefix(Self.start + ",") }) else {
            throw CoreError.invalid("The arm “\(Self.start)” comes by itself; choose another name")
        }
        guard !design.seeds.isEmpty, Set(design.seeds).count == design.seeds.count else {
            throw CoreError.invalid("Give 1 or more different seeds; found \(design.seeds)")
        }
        self.design = design
        self.pool = pool
    }

    /// Runs what is missing and compares; nil when asked to stop before all was there.
    public func result() async throws -> ComparisonOutcome? {
        guard let budget = try await budget() else { return nil }
        var arms: [Arm] = []
        var leftOut = design.leftOut
        for arm in design.arms {
            do {
                guard let fitted = try await fitted(arm, to: budget.improving) else { return nil }
                arms.append(fitted)
            } catch let reason as BudgetFit.TooDear { leftOut.append(try left(arm, because: reason)) }
        }
        guard !arms.isEmpty else { throw Self.nothingFits(leftOut) }
        var implied = try startArm
        if let implied { arms.append(implied) }
        guard var results = try await run(arms) else { return nil }
        // What no fit had told: an arm with iterations of its own, or one that teaches longer under another seed.
        for index in arms.indices.reversed() where results[index].contains(where: { $0.isBudgetSpent && $0.findings.estimates.isEmpty }) {
            guard let budget = arms[index].improving else { continue }
            leftOut.append(try left(arms[index], because: BudgetFit.TooDear(budget: budget)))
            arms.remove(at: index)
            results.remove(at: index)
        }
        let asked = arms.count - (implied == nil ? 0 : 1)
        guard asked > 0 else { throw Self.nothingFits(leftOut) }
        // Some measures are of what learning leaves behind, such as an average over snapshots.
        if let start = implied, results[asked].contains(where: { $0.findings.estimates[start.measure] == nil }) {
            arms.removeLast()
            results.removeLast()
            implied = nil
        }
        if let start = implied, start.measure == CellResult.answer {
            var greedy = start
            greedy.name = "\(Self.start), greedy"
            greedy.measure = "greedy"
            greedy.note = "the model before improving, always choosing the likeliest token"
            arms.append(greedy)
            results.append(results[arms.count - 2])
            if let more = moreSampling(start, of: results[arms.count - 2], spent: results.prefix(asked).flatMap { $0 }) {
                arms.append(more)
                guard let own = try await run([more]) else { return nil }
                results += own
            }
        }
        return try ComparisonOutcome(
            design: design, leftOut: leftOut, arms: arms, results: results, budget: budget.improving, isBudgetGiven: design.improving != nil,
            efforts: try arms.map { arm in try design.seeds.map { try CellRunner.effort(in: pool.path(cell(arm, $0))) ?? CellEffort() } })
    }

    private static func nothingFits(_ leftOut: [LeftOut]) -> CoreError {
        .invalid("No arm fits the budget: \(leftOut.map { "“\($0.name)” \($0.reason)" }.joined(separator: "; "))")
    }

    /// An arm that does not fit its budget: one place of a grid, and a mistake where arms were written one by one.
    private func left(_ arm: Arm, because reason: BudgetFit.TooDear) throws -> LeftOut {
        guard !design.pairsAll else { throw CoreError.invalid("The arm “\(arm.name)” \(reason); give it more, or teach it less") }
        return LeftOut(name: arm.name, reason: reason.description)
    }

    /// The arm's cell under a seed; the run that made the budget is not repeated under it.
    private func cell(_ arm: Arm, _ seed: UInt64) -> Cell {
        var cell = arm.cell(seed: seed)
        if design.improving == nil, arm.name == design.arms.first(where: \.isRecipe)?.name, seed == design.seeds.first { cell.improving = nil }
        return cell
    }

    private func run(_ arms: [Arm]) async throws -> [[CellResult]]? {
        let cells = arms.flatMap { arm in design.seeds.map { (cell: cell(arm, $0), label: "\(arm.name), seed \($0)") } }
        guard let flat = try await pool.results(cells) else { return nil }
        return arms.indices.map { Array(flat[$0 * design.seeds.count..<($0 + 1) * design.seeds.count]) }
    }

    /// What improving may spend, once it is known.
    private struct Limit {
        var improving: Budget?
    }

    /// The budget of improving: as given, or what the first arm that improves spends by its own settings.
    private func budget() async throws -> Limit? {
        if let given = design.improving { return Limit(improving: given) }
        guard let first = design.arms.first(where: \.isRecipe), let seed = design.seeds.first else { return Limit(improving: nil) }
        guard let result = try await pool.results([(first.cell(seed: seed), "\(first.name) by its own settings")])?.first else { return nil }
        let unit: BudgetUnit = result.cost.flops > 0 ? .flops : .tokens
        let amount = Budget.amount(unit, of: result.cost)
        return Limit(improving: amount > 0 ? Budget(unit, amount) : nil)
    }

    /// The arm with the budget, and with as many iterations as it pays for where that is wanted.
    private func fitted(_ arm: Arm, to budget: Budget?) async throws -> Arm? {
        guard arm.isRecipe, let budget, let seed = design.seeds.first else { return arm }
        var copy = arm
        copy.improving = budget
        return design.fitted.contains(arm.name) ? try await BudgetFit(pool: pool).fitted(copy, seed: seed) : copy
    }

    /// The model of the first recipe before it improves.
    private var startArm: Arm? {
        get throws {
            guard let first = design.arms.first(where: \.isRecipe), case .recipe(let recipe, let own) = first.subject else { return nil }
            func unlearned(_ settings: JSONValue) -> JSONValue { settings.setting(["iterations"], to: .integer(0)).setting(["evaluation", "every"], to: .integer(1)) }
            // A game asks no questions that could be answered directly.
            if try RecipeCatalog.restore(recipe, settings: own).games != nil {
                return Arm(name: Self.start, subject: .recipe(recipe, settings: unlearned(own)), measure: first.measure, note: "the model before improving", isImplied: true)
            }
            var settings = first.settings
            // The recipe that learns nothing has only what all recipes have.
            if case .object(let members) = settings {
                settings = .object(members.filter { CommonSettings.keys.contains($0.key) })
            }
            return Arm(
                name: Self.start, subject: .recipe("direct", settings: unlearned(settings)), answering: design.answering, measure: CellResult.answer,
                note: "the model before improving", isImplied: true)
        }
    }

    /// The start with all that the arms spent on improving spent on samples instead, spread over the measured problems.
    private func moreSampling(_ start: Arm, of results: [CellResult], spent: [CellResult]) -> Arm? {
        let improving = spent.map { Double($0.cost.flops) }.max() ?? 0
        let costs = results.compactMap { $0.answerCost(.flops) }
        let problems = results.compactMap { $0.findings.values[CellResult.answer]?.count }.max() ?? 0
        guard improving > 0, costs.count == results.count, problems > 0 else { return nil }
        var arm = start
        arm.answering = Budget(.flops, (improving / Double(problems) + costs.reduce(0, +) / Double(costs.count)).rounded())
        arm.name = "\(Self.start), more samples"
        arm.note =
            "the model before improving; the operations that the dearest arm spent on improving are spread over the \(problems) measured "
            + "problems as further samples, up to \(Cell.mostVotes) each, and the most frequent answer counts"
        return arm
    }
}

extension Arm {
    /// Whether it improves from settings, rather than being weights that exist.
    var isRecipe: Bool { if case .recipe = subject { true } else { false } }
}
