import HoneCore

/// Pairs of sibling moves in the search trees of steps, with the difference of their values as margin.
///
/// Agent Q pairs every two siblings whose values differ by more than a threshold; CPL only those on both sides of 0
/// (`hasOppositeSigns`); with `bestVersusWorst` each position gives one pair. Rows keep the log-probabilities with which the moves
/// were sampled where they are known: the behaviour that an off-policy objective compares with.
///
/// Source: Putta et al. 2024, “Agent Q”, section 4.3; Wang et al. 2024, “CPL”, section 3.2 (Step-APO reads the margin).
public struct SiblingPairs: Credit {
    public static let card = PartCard(
        name: "sibling-pairs", summary: "pairs of sibling moves in search trees, with the difference of their values as margin",
        source: "Putta et al. 2024, section 4.3; Wang et al. 2024 (CPL), section 3.2", gives: [.pairs, .tree], needs: [.tree])

    /// Values must differ by more than this.
    public var threshold: Double
    /// Whether the better value must be above 0 and the worse one below.
    public var hasOppositeSigns: Bool
    /// Whether only the best and the worst sibling make a pair.
    public var bestVersusWorst: Bool
    /// A move that the search came by less often has no value yet.
    public var leastVisits: Int
    /// How values are made.
    public var backup: TreeBackup.Rule
    /// Which verdict values a leaf; without one its own value counts.
    public var kind: VerdictKind

    /// The credit.
    public init(
        threshold: Double = 0.1, hasOppositeSigns: Bool = false, bestVersusWorst: Bool = false, leastVisits: Int = 1,
        backup: TreeBackup.Rule = .stored, kind: VerdictKind = .worldReturn
    ) {
        self.threshold = threshold
        self.hasOppositeSigns = hasOppositeSigns
        self.bestVersusWorst = bestVersusWorst
        self.leastVisits = leastVisits
        self.backup = backup
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let values = try search.values(backup, kind: kind)
                for siblings in search.siblings {
                    var known = siblings.filter { search.tree.nodes[$0].visits >= leastVisits }
                    if bestVersusWorst {
                        let order = known.sorted { (-values[$0], $0) < (-values[$1], $1) }
                        known = order.count > 1 ? [order[0], order[order.count - 1]] : []
                    }
                    try Self.add(known, values: known.map { values[$0] }, to: &batch, row: search.row) {
                        $0 - $1 > max(0, threshold) && (!hasOppositeSigns || $0 > 0 && $1 < 0)
                    }
                }
            }
        }
    }

    /// Adds the pairs among siblings of which the first is better, and the rows they need; rows alike make no pair.
    static func add(
        _ siblings: [Int], values: [Double], to batch: inout TrainingBatch, row: (Int) throws -> Example,
        isPair: (_ better: Double, _ worse: Double) -> Bool
    ) throws {
        let rows = try siblings.map(row)
        var places: [Int: Int] = [:]
        for better in siblings.indices {
            for worse in siblings.indices where isPair(values[better], values[worse]) && rows[better].tokens != rows[worse].tokens {
                for index in [better, worse] where places[index] == nil {
                    places[index] = batch.examples.count
                    batch.examples.append(rows[index])
                }
                guard let chosen = places[better], let rejected = places[worse] else { continue }
                batch.pairs.append(Pair(chosen: chosen, rejected: rejected, margin: values[better] - values[worse]))
            }
        }
    }
}
