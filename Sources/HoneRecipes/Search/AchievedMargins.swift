import HoneCore
import HoneCredit
import HoneEvaluation
import HoneNumerics

/// How well what a policy learned of pairs follows what the pairs asked for.
///
/// The pairs that a credit makes of remembered trees are scored by the policy and its reference: `margin order` is Spearman's correlation over pairs between the implicit
/// margin, log π/π_ref of the better move less that of the worse, and the difference of their values; `pairs led` the share whose margin is above 0. Without
/// pairs nothing is measured. It looks at what was learned from, not at held-out problems.
struct AchievedMargins: Measure {
    static let card = PartCard(
        name: "achieved-margins", summary: "how implicit margins of learned pairs follow the differences of value they were made of", source: "Spearman 1904")

    /// Where the trees are.
    let memory: MemoryName
    /// How many of them are looked at.
    let count: Int
    /// Makes the pairs.
    let credit: any Credit
    /// Who learned.
    let policy: ModelRef
    /// What it is compared with.
    let reference: ModelRef

    func measure(in scope: Scope) async throws -> Findings {
        let groups = try await scope.services.memory(memory).recall("", limit: count, in: scope).compactMap(\.group)
        var maker = credit
        let batch = try maker.batch(for: [.solver], from: groups, scores: ScoreTable())
        guard !batch.pairs.isEmpty else { return Findings() }
        let rows = batch.examples.map { [Segment(origin: .world, content: .tokens($0.tokens, text: ""))] }
        let own = try await scope.score(policy, rows, .logProbs)
        let other = try await scope.score(reference, rows, .logProbs)
        let ratios = try batch.examples.indices.map { row in
            try Self.ratio(batch.examples[row], own[row].values, other[row].values)
        }
        return Self.findings(margins: batch.pairs.map { ratios[$0.chosen] - ratios[$0.rejected] }, asked: batch.pairs.map(\.margin))
    }

    /// Σ (log π − log π_ref) over the trained tokens of a row; scores are of all tokens but the first.
    static func ratio(_ row: Example, _ own: [Float], _ other: [Float]) throws -> Double {
        guard own.count == row.tokens.count - 1, other.count == own.count else {
            throw CoreError.invalid("A row of \(row.tokens.count) tokens has \(own.count) and \(other.count) scores; expected one less than tokens")
        }
        return own.indices.reduce(0) { row.isTrained[$1 + 1] ? $0 + Double(own[$1]) - Double(other[$1]) : $0 }
    }

    /// The measures of margins against what was asked for.
    static func findings(margins: [Double], asked: [Double]) -> Findings {
        var found = Findings()
        found.add("pairs led", unit: "share", margins.enumerated().map { ("pair \($0)", [$1 > 0 ? 1 : 0]) })
        if let order = RankCorrelation.spearman(margins, asked) { found.add("margin order", unit: "−1 to 1", [("all pairs", [order])]) }
        return found
    }
}
