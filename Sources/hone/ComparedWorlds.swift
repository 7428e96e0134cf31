import HoneComparison
import HoneCore
import HoneRecipes
import HoneReport

/// The arms of a comparison, in one part for each kind of problems: only what met the same problems can be compared.
struct ComparedWorlds {
    /// Arms that meet the same problems.
    struct Part {
        /// What they meet, in a word or two.
        let name: String
        var arms: [(arm: Arm, isFitted: Bool)] = []
        var leftOut: [Comparison.LeftOut] = []
        var places: [ComparisonGrid.Place] = []
        /// Whether the arms are a grid.
        let isGrid: Bool

        /// The comparison of these arms.
        func design(improving: Budget?, answering: Budget?, seeds: [UInt64]) -> Comparison.Design {
            var fitted = Set(arms.filter(\.isFitted).map(\.arm.name))
            if improving == nil, let first = arms.first { fitted.remove(first.arm.name) }
            return Comparison.Design(
                arms: arms.map(\.arm), fitted: fitted, improving: improving, answering: answering, seeds: seeds, leftOut: leftOut, pairsAll: !isGrid)
        }

        /// The grid, where there is more than one arm in it.
        var grid: ComparisonGrid? { isGrid ? ComparisonGrid(places: places) : nil }
    }

    /// The parts, in the order they were first written in.
    let parts: [Part]

    /// The arms as they were written, each with everything that varies; throws a sentence for what cannot be compared.
    init(_ texts: [String], _ variations: Variations, input: ArmInput, seed: UInt64) throws {
        var parts: [(task: JSONValue?, part: Part)] = []
        for place in texts.flatMap(variations.arms) {
            let one = try input.arm(place.arm)
            var (task, leftOut): (JSONValue?, Comparison.LeftOut?)
            if case .recipe(let recipe, let settings) = one.arm.subject {
                // How many problems are trained on changes none that is measured.
                task = settings["task"]?.setting(["trainProblems"], to: .null)
                // Of a grid, what makes no sense together is told and left out; of arms written one by one it is a mistake.
                if !variations.isEmpty {
                    do { _ = try RecipeCatalog.restore(recipe, settings: settings).plan(Seed(seed)) } catch let reason as DoesNotApply {
                        leftOut = Comparison.LeftOut(name: one.arm.name, reason: reason.description)
                    }
                }
            }
            // Only a grid is taken apart by what it varies; other arms may differ in how many problems they train on.
            let index = variations.isEmpty ? parts.indices.first : parts.firstIndex { $0.task == task }
            if index == nil { parts.append((task, Part(name: variations.taskName(of: place) ?? task?["world"]?.text ?? "", isGrid: !variations.isEmpty))) }
            let own = index ?? parts.count - 1
            if let leftOut { parts[own].part.leftOut.append(leftOut) } else { parts[own].part.arms.append(one) }
            parts[own].part.places.append(ComparisonGrid.Place(arm: one.arm.name, names: variations.otherNames(of: place)))
        }
        for (_, part) in parts where part.arms.isEmpty {
            guard let first = part.leftOut.first else { continue }
            throw CoreError.invalid("No arm is left: \(first.name) \(first.reason)")
        }
        if parts.count > 1, parts.contains(where: { $0.task == nil }) {
            throw CoreError.invalid("Runs, models and endpoints cannot be compared where the problems vary; compare them in a command of their own")
        }
        self.parts = parts.map(\.part)
        if parts.isEmpty { throw CoreError.invalid("Give one arm or more to compare, for example: hone compare star sft") }
    }

    /// The outcomes as one value: a comparison, or several under `worlds`, each with its name.
    func json(_ results: [ComparisonOutcome], efforts: Bool = false) throws -> JSONValue {
        let all = try zip(parts, results).map { part, result -> JSONValue in
            var value = try JSONValue(encoding: result)
            if efforts {
                value = value.setting(["seconds"], to: try JSONValue(encoding: result.efforts.map { $0.map(\.seconds) }))
                value = value.setting(["computedTokens"], to: try JSONValue(encoding: result.efforts.map { $0.map(\.computedTokens) }))
            }
            return parts.count > 1 ? value.setting(["world"], to: .string(part.name)) : value
        }
        return all.count == 1 ? all[0] : .object(["worlds": .array(all)])
    }

    /// The page.
    func page(_ results: [ComparisonOutcome]) -> String {
        let reports = zip(parts, results).map { (name: $0.name, report: ComparisonPage($1, grid: $0.grid).report()) }
        guard reports.count > 1 else { return reports.first?.report.html() ?? "" }
        return ComparisonReport.html(title: "Comparison on \(reports.map(\.name).joined(separator: " and "))", parts: reports)
    }

    /// The outcomes as lines for the terminal.
    func lines(_ results: [ComparisonOutcome], terminal: Terminal) -> [String] {
        zip(parts, results).enumerated().flatMap { number, one in
            let (part, result) = one
            let heading = parts.count > 1 ? (number > 0 ? [""] : []) + [part.name] : []
            return heading + ComparisonTable(result, grid: part.grid, terminal: terminal).lines()
        }
    }
}
