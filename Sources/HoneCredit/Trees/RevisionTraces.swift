import HoneCore

/// Agent-R's revisions from search trees: a bad way through a tree up to its first error, a reflection, then a good way from where they part.
///
/// Ways end at finished plays with a verdict of `kind`: good ones are worth more than `good` (α), a pair differs by more than `gap` (β). A bad way's first error is
/// its first move with a `step` verdict below `threshold`; ways without one are left out. It goes with the good way that shares the longest beginning with it up to
/// the error, the worthiest and then the first of equals. A row is all up to the error and what was seen after it, where a move after it says (masked), the
/// reflection (learned), and the good way's moves from the first that differs, with what it saw between them (moves learned).
///
/// With `learnsGood` good ways are rows too: as many as there are revisions, at least one, or `keep` where revisions are not learned.
///
/// Source: Yuan et al. 2025, “Agent-R: Training Language Model Agents to Reflect via Iterative Self-Training”, section 3. Departures: reflections are taken in turn
/// and come as tokens; at most `keep` revisions of a tree are learned, those of the bad ways that were found first, each error and good way once.
public struct RevisionTraces: Credit {
    public static let card = PartCard(
        name: "revision-traces", summary: "ways through search trees up to their first error, a reflection, then a good way from where they part (Agent-R)",
        source: "Yuan et al. 2025, section 3", gives: [.demonstrations, .tree], needs: [.tree])

    /// Which verdict on a finished node says what it is worth.
    public var kind: VerdictKind
    /// Which verdict on a node says whether its move is right.
    public var step: VerdictKind
    /// A move whose verdict is below this is wrong.
    public var threshold: Double
    /// A good way is worth more than this (α).
    public var good: Double
    /// The two of a pair differ by more than this (β).
    public var gap: Double
    /// The most revisions of one tree; 0 keeps all.
    public var keep: Int
    /// The reflections, taken in turn over all rows of a batch; without any, the good move follows at once.
    public var reflections: [Reflection]
    /// Whether what was seen after the error, where it is known, is seen again after the reflection: in worlds where reflecting changes nothing.
    public var showsAgain: Bool
    /// Whether good ways are learned.
    public var learnsGood: Bool
    /// Whether revisions are learned.
    public var learnsRevisions: Bool

    /// The credit.
    public init(
        kind: VerdictKind = .worldReturn, step: VerdictKind = .step, threshold: Double = 0.5, good: Double = 0.5, gap: Double = 0.2, keep: Int = 0,
        reflections: [Reflection] = [], showsAgain: Bool = false, learnsGood: Bool = true, learnsRevisions: Bool = true
    ) {
        self.kind = kind
        self.step = step
        self.threshold = threshold
        self.good = good
        self.gap = gap
        self.keep = keep
        self.reflections = reflections
        self.showsAgain = showsAgain
        self.learnsGood = learnsGood
        self.learnsRevisions = learnsRevisions
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        var made = 0
        return try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let ways = try ways(in: search)
                let revisions = learnsRevisions ? try revisions(of: search, ways, &made) : []
                batch.examples += revisions
                guard learnsGood else { continue }
                let most = learnsRevisions ? max(1, revisions.count) : keep
                let best = ways.indices.filter { ways[$0].worth > good }.sorted { (-ways[$0].worth, $0) < (-ways[$1].worth, $1) }
                var seen: Set<[TokenID]> = []
                for place in best where most == 0 || seen.count < most {
                    let row = try search.row(along: ways[place].nodes, reward: ways[place].worth)
                    if row.trainedCount > 0, seen.insert(row.tokens).inserted { batch.examples.append(row) }
                }
            }
        }
    }

    /// A way from the root to a finished play.
    private struct Way {
        let nodes: [Int]
        let worth: Double
    }

    private func ways(in search: SearchedMoves) throws -> [Way] {
        try search.tree.nodes.enumerated().compactMap { index, node in
            guard let worth = node.verdicts.last(where: { $0.kind == kind })?.value else { return nil }
            guard worth.isFinite else {
                throw CreditError("A finished play in a search tree of episode “\(search.episode)” is worth \(worth); expected a finite number")
            }
            return Way(nodes: search.tree.path(to: index), worth: worth)
        }
    }

    private func revisions(of search: SearchedMoves, _ ways: [Way], _ made: inout Int) throws -> [Example] {
        var rows: [Example] = []
        var seen: Set<[Int]> = []
        for bad in ways where bad.worth <= good && (keep == 0 || rows.count < keep) {
            guard let error = bad.nodes.firstIndex(where: { isWrong(search.tree.nodes[$0]) }), let (better, parting) = partner(of: bad, upTo: error, among: ways),
                let last = better.nodes.last, seen.insert([bad.nodes[error], last]).inserted
            else { continue }
            let step = search.step(bad.nodes[error])
            var after: [TokenID] = []
            if error + 1 < bad.nodes.count, let shown = search.step(bad.nodes[error + 1]).context.tokens, let before = (step.context + step.move.segments).tokens {
                after = Array(shown.dropFirst(before.count))
            }
            var reflection = reflections.isEmpty ? Reflection(said: []) : reflections[made % reflections.count]
            if showsAgain, !after.isEmpty { reflection.seen = after }
            made += 1
            rows.append(
                try RevisionRow.make(
                    upTo: step, seen: after, reflecting: reflection, going: better.nodes.map(search.step), from: parting, reward: better.worth, group: search.group,
                    bad: search.episode, good: search.episode))
        }
        return rows
    }

    private func isWrong(_ node: SearchTree.Node) -> Bool { node.verdicts.last { $0.kind == step }.map { $0.value < threshold } ?? false }

    /// The good way to go on with, and the number of the move at which it parts from the bad one.
    private func partner(of bad: Way, upTo error: Int, among ways: [Way]) -> (Way, Int)? {
        var found: (way: Way, parting: Int)?
        for way in ways where way.worth > good && way.worth - bad.worth > gap {
            let parting = zip(bad.nodes, way.nodes).prefix { $0 == $1 }.count
            // Both must have gone the same way up to the error at most, and the good one must go on.
            guard parting <= error, parting < way.nodes.count else { continue }
            if let old = found, (old.parting, old.way.worth) >= (parting, way.worth) { continue }
            found = (way, parting)
        }
        return found.map { ($0.way, $0.parting) }
    }
}
