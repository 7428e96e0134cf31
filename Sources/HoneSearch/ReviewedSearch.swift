import HoneCore

/// Another search, after which bad ways through its tree are looked at again for their first wrong move.
///
/// A way is bad whose finished play has a `worldReturn` verdict of at most `good`; the first `most` of a tree are looked at, all move by move at once. A
/// move found wrong gets a verdict of kind `step` of 0, one found right 1, one that is not sure ½, and behind a wrong one a way is not looked at further.
/// Verdicts are on the nodes, and what the search chose stays chosen.
///
/// Source: Yuan et al. 2025, “Agent-R”, section 3.2: the actor itself says of each step whether it is good, bad or uncertain, so that errors are found no
/// earlier than it can see them. The other cuts are the comparisons there.
public struct ReviewedSearch: SearchMethod {
    public static let card = PartCard(
        name: "reviewed", summary: "another search, with the first wrong move of bad ways marked", source: "Yuan et al. 2025 (Agent-R), section 3.2",
        gives: [.tree, .stepVerdicts], needs: [.branches])

    /// Where a bad way is said to go wrong.
    public enum Cut: Hashable, Sendable {
        /// At the first move of which this seat, asked behind it with these words, says no: an answer that begins with `bad`. One that begins
        /// with `good` says yes, any other is unsure.
        case judged(by: Role, asking: String, good: String, bad: String)
        /// At its last move.
        case end
        /// At any move but the last, each as likely; drawn from the scope.
        case random
    }

    /// The search.
    public var search: any SearchMethod
    /// Where ways go wrong.
    public var cut: Cut
    /// A play worth more than this is good.
    public var good: Double
    /// How many bad ways of a tree are looked at.
    public var most: Int

    /// The search.
    public init(_ search: any SearchMethod, cut: Cut, good: Double = 0.5, most: Int = 4) {
        self.search = search
        self.cut = cut
        self.good = good
        self.most = most
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        var tree = try await search.search(position, for: role, cast: cast, judge: judge, in: scope)
        let ends = tree.nodes.indices.filter { index in
            tree.nodes[index].verdicts.last { $0.kind == .worldReturn }.map { $0.value <= good } ?? false
        }
        let ways = ends.prefix(max(0, most)).map { tree.path(to: $0) }
        func mark(_ node: Int, _ value: Double) {
            if !tree.nodes[node].verdicts.contains(where: { $0.kind == .step }) {
                tree.nodes[node].verdicts.append(Verdict(on: .role(0, role), kind: .step, value: value))
            }
        }
        switch cut {
        case .end:
            for way in ways { if let last = way.last { mark(last, 0) } }
        case .random:
            for (number, way) in ways.enumerated() {
                var generator = scope.child("cut", number).seed.generator
                mark(way[generator.integer(in: 0...max(0, way.count - 2))], 0)
            }
        case .judged(let seat, let words, let yes, let no):
            guard let reviewer = cast[seat] else { throw CoreError.unknown(kind: "player for role", name: seat.text, known: cast.keys.map(\.text).sorted()) }
            let policy = try scope.services.policy(reviewer.policy)
            let begun = position.view(for: role).transcript
            var known: [Int: Double] = [:]
            var (open, depth) = (ways, 0)
            while !open.isEmpty {
                let place = depth
                // Ways that still go together are asked about once.
                let asked = Set(open.map { $0[place] }).subtracting(known.keys).sorted()
                let seen = asked.map { Self.transcript(behind: $0, of: tree, begun: begun) + [.text(words, from: .prompt)] }
                let said = try await seen.concurrently { index, transcript in
                    try await policy.move(on: View(role: seat, transcript: transcript), as: reviewer, in: scope.child("review", asked[index])).text
                }
                for (node, answer) in zip(asked, said) { known[node] = answer.hasPrefix(no) ? 0 : answer.hasPrefix(yes) ? 1 : 0.5 }
                depth += 1
                open = open.filter { $0.count > depth && known[$0[place]] != 0 }
            }
            for (node, value) in known.sorted(by: { $0.key < $1.key }) { mark(node, value) }
        }
        return tree
    }

    /// All that was seen and said up to a node's move.
    private static func transcript(behind node: Int, of tree: SearchTree, begun: Transcript) -> Transcript {
        var said: Transcript = []
        for place in tree.path(to: node) {
            // A move's own context has all that came before it.
            said = (tree.nodes[place].move.context ?? (said.isEmpty ? begun : said)) + tree.nodes[place].move.segments
        }
        return said
    }
}
