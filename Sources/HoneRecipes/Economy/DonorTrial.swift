import Foundation
import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics
import HoneSocieties

/// How generosity and wealth change over generations of cultures, and how far cultures differ.
///
/// `resources, generation g` and `generosity, generation g`; `growth`, the mean resources of the last generation over those of the first, summed over cultures; `share of the most` at the
/// end; `slope` and `slope change` of giving on what the recipient last gave, means of the last three generations and these less the first three; `drift`, changed parts of a rule from a
/// generation to the next; `distinct strategies` at the end; `fidelity`, the share of gifts that are what the rule says; `unreadable` gifts and `unwritten` strategies; `spread between`,
/// the standard deviation over cultures of the logarithm of the last generation's resources, and `spread within`, that over a culture's last three generations, on average.
struct DonorTrial: Measure {
    static let card = PartCard(
        name: "donor-trial", summary: "resources, generosity and reciprocity over generations, growth, fidelity, and the spread between and within cultures",
        source: "Vallinder and Hughes 2024, “Cultural Evolution of Cooperation among LLM Agents”")

    /// The cultures.
    let problems: [Problem]
    /// Who writes and gives.
    let cast: Cast
    /// How prompts are written.
    let prompt: DonorPrompt

    func measure(in scope: Scope) async throws -> Findings {
        findings(
            try await HeldOutPlay(problems: problems, cast: cast, label: "game").groups(in: scope).map { group in
                guard let history = group.episodes.first?.record(DonorHistory.self) else {
                    throw CoreError.invalid(
                        "The culture “\(group.assignment.problem.id)” was not played to its end: \(group.episodes.first?.ending.map { "\($0)" } ?? "no play")")
                }
                return (group.assignment.problem.id, history)
            })
    }

    /// The measures of cultures.
    func findings(_ all: [(problem: String, history: DonorHistory)]) -> Findings {
        var found = Findings()
        let count = all.map(\.history.generations.count).min() ?? 0
        guard count > 0 else { return found }
        func add(_ name: String, _ unit: String, _ value: (DonorHistory) -> Double?) {
            found.add(name, unit: unit, all.map { one in (one.problem, value(one.history).map { [$0] } ?? []) })
        }
        func ratio(_ name: String, _ parts: (DonorHistory.Generation) -> (Int, Int)) {
            found.addRatio(
                name, unit: "share",
                all.map { one in
                    let pairs = one.history.generations.map(parts)
                    return (one.problem, numerator: Double(pairs.reduce(0) { $0 + $1.0 }), denominator: Double(pairs.reduce(0) { $0 + $1.1 }))
                })
        }
        for number in 0..<count {
            add("resources, generation \(number + 1)", "units") { $0.generations[number].resources }
            add("generosity, generation \(number + 1)", "share given") { $0.generations[number].generosity }
        }
        found.addRatio(
            "growth", unit: "ratio",
            all.map { ($0.problem, numerator: $0.history.generations[count - 1].resources, denominator: $0.history.generations[0].resources) })
        add("share of the most", "ratio") { $0.generations[count - 1].resources / prompt.game.mostResources }
        let few = min(3, count)
        func slope(_ generations: some Sequence<DonorHistory.Generation>) -> Double? {
            let slopes = generations.compactMap(\.slope)
            return slopes.isEmpty ? nil : Statistics.mean(slopes)
        }
        add("slope", "slope") { slope($0.generations.suffix(few)) }
        add("slope change", "slope") { history in
            guard let last = slope(history.generations.suffix(few)), let first = slope(history.generations.prefix(few)) else { return nil }
            return last - first
        }
        add("distinct strategies", "strategies") { Double(Set($0.generations[count - 1].strategies).count) }
        if count > 1, prompt.isShort { add("drift", "parts") { drift($0) } }
        if prompt.isShort { ratio("fidelity") { ($0.faithful, $0.asked) } }
        ratio("unreadable") { ($0.unreadable, $0.asked) }
        ratio("unwritten") { ($0.unwritten, $0.written) }
        addSpreads(all.map(\.history), few, to: &found)
        return found
    }

    /// How many parts of a rule differ from the nearest rule of the generation before, on average; those of survivors differ in none.
    private func drift(_ history: DonorHistory) -> Double? {
        var changes: [Double] = []
        for (before, after) in zip(history.generations, history.generations.dropFirst()) {
            let rules = before.strategies.compactMap(prompt.rule)
            for text in after.strategies {
                guard let rule = prompt.rule(text), let nearest = rules.map({ rule.changes(from: $0) }).min() else { continue }
                changes.append(Double(nearest))
            }
        }
        return changes.isEmpty ? nil : Statistics.mean(changes)
    }

    private func addSpreads(_ histories: [DonorHistory], _ few: Int, to found: inout Findings) {
        guard histories.count > 1, few > 1 else { return }
        // Nobody can have less than nothing, and somebody always keeps something; the half keeps a logarithm finite where all is punished away.
        func level(_ generation: DonorHistory.Generation) -> Double { log(max(0.5, generation.resources)) }
        let last = histories.compactMap { $0.generations.last.map(level) }
        let between = Statistics.variance(last).squareRoot()
        let within = Statistics.mean(histories.map { Statistics.variance($0.generations.suffix(few).map(level)).squareRoot() })
        for (name, value) in [("spread between", between), ("spread within", within)] {
            found.estimates[name] = Estimate(mean: value, low: value, high: value, count: 1, unit: "log units")
            found.values[name] = ["all cultures": value]
        }
    }
}
