import HoneCore
import HoneEngine
import HoneNumerics
import HoneRecipes

/// Checks a recipe's claim: runs its arms under several seeds, and says of each check what the interval says.
///
/// Two controls go with it. The null control is one arm against itself from the same
/// first weights and with other draws, where there is nothing to find. The positive control is
/// the same pair with an effect of the stated size planted into one side, which a check that can see must find.
public struct ClaimCheck: Sendable {
    /// Which size is run.
    public enum Size: String, Hashable, Sendable, Codable, CaseIterable {
        /// Minutes; often inconclusive.
        case quick
        /// As large as it takes.
        case full
    }

    private let card: RecipeCard
    private let claim: Claim
    private let size: Size
    private let pool: CellPool

    /// A check of a recipe's claim; throws a sentence where the recipe has none.
    public init(_ id: String, size: Size, pool: CellPool) throws {
        guard let card = RecipeCatalog.cards.first(where: { $0.id == id }) else {
            throw CoreError.unknown(kind: "recipe", name: id, known: RecipeCatalog.cards.map(\.id))
        }
        guard let claim = card.claim else {
            let known = RecipeCatalog.cards.filter { $0.claim != nil }.map(\.id)
            throw CoreError.invalid("Recipe “\(id)” claims nothing that can be checked; these do: \(known.joined(separator: ", "))")
        }
        let faults = claim.faults
        if !faults.isEmpty { throw PlanError(faults) }
        self.card = card
        self.claim = claim
        self.size = size
        self.pool = pool
    }

    /// The identifiers of all recipes that claim something.
    public static var identifiers: [String] { RecipeCatalog.cards.filter { $0.claim != nil }.map(\.id) }

    /// Runs what is missing and judges; nil when asked to stop before all was there.
    public func result() async throws -> ClaimResult? {
        let seeds = (0..<plan.seeds).map { UInt64($0) }
        var budget = plan.budget
        if let name = plan.matching, let decisive = claim.arms.first(where: { $0.name == name }) {
            let cell = try made(decisive).cell(seed: seeds[0])
            guard let spent = try await pool.results([(cell, "\(card.id): \(name) by its own settings")])?.first?.cost else { return nil }
            budget = spent.flops > 0 ? Budget(.flops, Double(spent.flops)) : Budget(.tokens, Double(spent.tokens))
        }
        var arms: [Arm] = []
        for arm in claim.arms {
            guard let own = try await fitted(arm, to: budget) else { return nil }
            arms.append(own)
        }
        guard let controlled = arms.first(where: { $0.name == claim.control.arm }) else { return nil }
        let pairs = arms.flatMap { arm in seeds.map { (arm: arm, seed: $0, repetition: Int?.none) } }
            + seeds.map { (arm: controlled, seed: $0, repetition: 1) }
        let cells = pairs.map { pair in
            var cell = pair.arm.cell(seed: pair.seed)
            cell.repetition = pair.repetition
            // The run that made the budget is not repeated under it.
            if plan.budget == nil, pair.arm.name == plan.matching, pair.seed == seeds[0], pair.repetition == nil { cell.improving = nil }
            return (cell: cell, label: "\(card.id): \(pair.arm.name), seed \(pair.seed)\(pair.repetition == nil ? "" : ", again")")
        }
        // A measure that an arm does not give is told after one seed of each.
        let first = pairs.indices.filter { pairs[$0].seed == seeds[0] && pairs[$0].repetition == nil }
        guard let tried = try await pool.results(first.map { cells[$0] }) else { return nil }
        let asked = claim.checks.flatMap(\.contrast) + [claim.control]
        for (place, result) in zip(first, tried) {
            let name = pairs[place].arm.name
            for one in asked where one.arm == name { _ = try Contrast.table([term(name, one.measure, one.weight, [result])]) }
        }
        guard let flat = try await pool.results(cells) else { return nil }
        var results: [String: [CellResult]] = [:]
        for (index, arm) in arms.enumerated() { results[arm.name] = Array(flat[index * seeds.count..<(index + 1) * seeds.count]) }
        let again = Array(flat.suffix(seeds.count))
        let contrasts = try claim.checks.map { check in
            try Contrast(check.statement, check.contrast.map { term($0.arm, $0.measure, $0.weight, results[$0.arm] ?? []) })
        }.corrected()
        return ClaimResult(
            id: card.id, source: card.source, claim: claim, size: size, seeds: seeds,
            checks: zip(claim.checks, contrasts).map { check, contrast in
                ClaimResult.Outcome(
                    contrast: contrast, direction: check.direction, smallest: check.smallest,
                    verdict: contrast.verdict(check.direction, smallest: check.smallest))
            },
            controls: try controls(results[controlled.name] ?? [], again),
            arms: try arms.map { try ComparisonOutcome.ArmResult($0, measuredBy: measure(of: $0.name), results[$0.name] ?? []) },
            seconds: try cells.reduce(0) { try $0 + (CellRunner.effort(in: pool.path($1.cell))?.seconds ?? 0) })
    }

    private var plan: Claim.Size { size == .quick ? claim.quick : claim.full }

    /// The measure that stands for an arm in tables: the first that a check takes of it.
    private func measure(of name: String) -> String {
        (claim.checks.flatMap(\.contrast) + [claim.control]).first { $0.arm == name }?.measure ?? claim.control.measure
    }

    private func term(_ arm: String, _ measure: String, _ weight: Double, _ results: [CellResult]) -> Contrast.Term {
        Contrast.Term(arm: arm, measure: measure, weight: weight, results: results)
    }

    /// The arm with its settings and those of the size.
    private func made(_ arm: Claim.Arm) throws -> Arm {
        let own = arm.settings.merging(plan.settings) { own, _ in own }
        let entries = own.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(
                path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "the claim of \(card.id), arm “\(arm.name)”")
        }
        let resolved = try RecipeCatalog.resolve(arm.recipe, entries)
        return Arm(name: arm.name, subject: .recipe(arm.recipe, settings: resolved.settings), measure: measure(of: arm.name), note: "")
    }

    /// The arm with the budget, and with as many iterations as that pays for unless its settings or the budget's origin decide them.
    private func fitted(_ arm: Claim.Arm, to budget: Budget?) async throws -> Arm? {
        var made = try made(arm)
        guard let budget else { return made }
        made.improving = budget
        let isFixed = arm.name == plan.matching || arm.settings.keys.contains("iterations") || plan.settings.keys.contains("iterations")
        return isFixed ? made : try await BudgetFit(pool: pool).fitted(made, seed: 0)
    }

    /// What the two controls show.
    private func controls(_ first: [CellResult], _ second: [CellResult]) throws -> ClaimResult.Controls {
        let name = claim.control.arm
        let (table, missing) = try Contrast.table([
            term("\(name), again", claim.control.measure, 1, second), term(name, claim.control.measure, -1, first),
        ])
        let unit = first.first?.findings.estimates[claim.control.measure]?.unit ?? ""
        let null = try Contrast("\(name), again − \(name)", unit: unit, table: table, missing: missing)
        let (levels, _) = try Contrast.table([term(name, claim.control.measure, 1, second)])
        let planted = PlantedEffect.plant(claim.planted, into: levels, isShare: unit == "share", seed: Seed(0).child(card.id))
        let raised = zip(table, zip(levels, planted)).map { row, pair in
            row.indices.map { row[$0] + pair.1[$0] - pair.0[$0] }
        }
        let positive = try Contrast(unit == "share" ? "the same with \(100 * claim.planted) points planted" : "the same with \(claim.planted) planted", unit: unit, table: raised, missing: missing)
        return ClaimResult.Controls(null: null, positive: positive, planted: claim.planted)
    }
}

/// Puts an effect of a known size into measured values.
public enum PlantedEffect {
    /// The values with their mean raised by the effect.
    ///
    /// Shares are raised as a better method would raise them: some of what is wrong becomes right. Each cell of the table is made wholly right with
    /// the probability that raises the mean by the effect, or as far as 1 allows; other values are all raised by the effect.
    public static func plant(_ effect: Double, into values: [[Double]], isShare: Bool, seed: Seed) -> [[Double]] {
        guard isShare else { return values.map { $0.map { $0 + effect } } }
        let all = values.joined()
        let room = all.reduce(0) { $0 + 1 - $1 } / Double(max(1, all.count))
        guard room > 0 else { return values }
        let chance = min(1, effect / room)
        var generator = seed.child("planted effect").generator
        return values.map { $0.map { generator.unit() < chance ? 1 : $0 } }
    }
}
