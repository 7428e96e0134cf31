import HoneCore

/// Pairs of sibling moves in the search trees of steps, with the difference of their values as margin.
///
/// Agent Q pairs every two siblings whose values differ by more than a threshold; CPL only those on both sides of 0
/// (`hasOppositeSigns`; of `centre`, where values are counted from elsewhere); with `bestVersusWorst` each position gives one pair. Rows keep the
/// log-probabilities with which the moves were sampled where they are known: the behaviour that an off-policy objective compares with.
///
/// The value of a sibling is (1 − `priorShare`) Q + `priorShare` · prior, as Agent Q mixes in what a critic said beforehand. Moves that end the play,
/// told by a verdict of `kind` on them, are drawn towards the centre by `finishedScale`, as CPL does with the values of whole solutions; and of them
/// only the best and the worst may stand in pairs where `finishedBestVersusWorst` says so. The margin is the difference of what comes of this.
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
    /// The value that counts as neither good nor bad.
    public var centre: Double
    /// What the distance from the centre of moves that end the play is multiplied by.
    public var finishedScale: Double
    /// Whether of the moves that end the play only the best and the worst may stand in pairs.
    public var finishedBestVersusWorst: Bool
    /// The share of a move's prior in its value, 0 to 1.
    public var priorShare: Double

    /// The credit.
    public init(
        threshold: Double = 0.1, hasOppositeSigns: Bool = false, bestVersusWorst: Bool = false, leastVisits: Int = 1,
        backup: TreeBackup.Rule = .stored, kind: VerdictKind = .worldReturn, centre: Double = 0, finishedScale: Double = 1,
        finishedBestVersusWorst: Bool = false, priorShare: Double = 0
    ) {
        self.threshold = threshold
        self.hasOppositeSigns = hasOppositeSigns
        self.bestVersusWorst = bestVersusWorst
        self.leastVisits = leastVisits
        self.backup = backup
        self.kind = kind
        self.centre = centre
        self.finishedScale = finishedScale
        self.finishedBestVersusWorst = finishedBestVersusWorst
        self.priorShare = priorShare
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let ends = search.tree.nodes.map { node in node.verdicts.contains { $0.kind == kind } }
                let values = try search.values(backup, kind: kind).enumerated().map { weighed($1, search.tree.nodes[$0].prior, isFinished: ends[$0]) }
                for siblings in search.siblings {
                    var known = siblings.filter { search.tree.nodes[$0].visits >= leastVisits }
                    if finishedBestVersusWorst {
                        let kept = Self.extremes(known.filter { ends[$0] }, values)
                        known = known.filter { !ends[$0] || kept.contains($0) }
                    }
                    if bestVersusWorst { known = known.count > 1 ? Self.extremes(known, values) : [] }
                    try Self.add(known, values: known.map { values[$0] }, to: &batch, row: search.row) {
                        $0 - $1 > max(0, threshold) && (!hasOppositeSigns || $0 > centre && $1 < centre)
                    }
                }
            }
        }
    }

    /// What a move is worth when the critic's word before it and the end of the play are taken into account.
    private func weighed(_ value: Double, _ prior: Double?, isFinished: Bool) -> Double {
        let mixed = priorShare > 0 ? (1 - priorShare) * value + priorShare * (prior ?? 0) : value
        return isFinished && finishedScale != 1 ? centre + finishedScale * (mixed - centre) : mixed
    }

    /// The best and the worst of some moves, of equals the first and the last; fewer than three are all kept, in the same order.
    private static func extremes(_ moves: [Int], _ values: [Double]) -> [Int] {
        let order = moves.sorted { (-values[$0], $0) < (-values[$1], $1) }
        return order.count > 2 ? [order[0], order[order.count - 1]] : order
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
