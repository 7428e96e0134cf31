import HoneCore

/// Repairs an answer by a tree of refinements until one of them is worth more than a threshold, breadth or depth first.
///
/// Where no answer was given yet one is drawn first, and kept if it is good enough. Breadth first, `branches` refinements of each kept
/// attempt are valued at once, and the `width` best go on; depth first the best goes on before its siblings. The search ends with the
/// first attempt above the threshold (of those valued together the best), after `depth` refinements, or when `budget` attempts were made;
/// then the best of all is kept, of equals the earliest. The kept attempt is said again, which ends the play.
///
/// Source: Cheng et al. 2024, “SPaR: Self-Play with Tree-Search Refinement to Improve Instruction-Following in Large Language Models”, section
/// 2.3; after Yao et al. 2023, algorithms 1 and 2.
public struct RepairSearch: SearchMethod {
    public static let card = PartCard(
        name: "repair-tree", summary: "refinements of an answer, breadth or depth first, until one is good enough",
        source: "Cheng et al. 2024 (SPaR), section 2.3", gives: [.tree], needs: [.branches])

    /// Which attempt is refined next.
    public enum Order: String, Hashable, Sendable, Codable, CaseIterable {
        /// The best of a level together.
        case breadth
        /// The best of the newest first.
        case depth
    }

    /// The order.
    public var order: Order
    /// Refinements of each attempt.
    public var branches: Int
    /// How many attempts of those made together go on.
    public var width: Int
    /// The most refinements on the way from the first attempt.
    public var depth: Int
    /// The most attempts made in all; 0 has no limit.
    public var budget: Int
    /// An attempt worth more than this is good enough.
    public var threshold: Double
    /// What attempts are worth.
    public var valuation: any Valuation

    /// The search.
    public init(
        order: Order = .breadth, branches: Int = 3, width: Int = 2, depth: Int = 3, budget: Int = 0, threshold: Double = 0.5,
        valuation: any Valuation = StandingReturn()
    ) {
        self.order = order
        self.branches = branches
        self.width = width
        self.depth = depth
        self.budget = budget
        self.threshold = threshold
        self.valuation = valuation
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard branches >= 1, width >= 1, depth >= 1, budget >= 0 else {
            throw CoreError.invalid(
                "A repair by \(branches) branches, width \(width), depth \(depth) and budget \(budget) cannot search; expected 1 or more of each, and 0 or "
                    + "more of the last")
        }
        try position.requireBranches()
        try position.requireRevisions()
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        let beginsAnew = position.hasAnswer == false
        // Attempts to be refined, in turn; breadth first a turn is a level, depth first one attempt. nil is the answer given before.
        var turns: [[Int?]] = [[nil]]
        var number = 0
        while !turns.isEmpty {
            let own = scope.child("turn", number)
            number += 1
            let parents = turns.removeFirst()
            var count = number == 1 && beginsAnew ? 1 : branches
            if budget > 0 { count = min(count, (budget - tree.nodes.count) / parents.count) }
            guard count >= 1 else { break }
            // Refinements that read alike are one.
            let made = try await tree.expand(
                parents, by: SampledMoves(), count: count, for: role, as: player, cast: cast, scopes: parents.indices.map { own.child("from", $0) })
            let fresh = made.flatMap { $0 }
            let found = try await valuation.values(
                of: fresh.map { tree.position(at: $0) }, for: role, as: player, cast: cast, judge: judge,
                scopes: fresh.indices.map { own.child("worth", $0) })
            for (node, valued) in zip(fresh, found) {
                tree.value(node, valued)
                tree.note([Verdict(on: .episode(0), kind: .worth, value: valued.value)], at: node)
                tree.visit([node])
            }
            if fresh.contains(where: { tree.nodes[$0].value > threshold }) { break }
            // How many refinements an attempt is away from the first: the way's length, less the first attempt itself.
            let next = fresh.sorted { (-tree.nodes[$0].value, $0) < (-tree.nodes[$1].value, $1) }.filter {
                !tree.position(at: $0).isOver && tree.ancestry(of: $0).count - (beginsAnew ? 1 : 0) < depth
            }.prefix(width)
            switch order {
            case .breadth: turns = next.isEmpty ? [] : [next.map(Optional.some)]
            case .depth: turns = next.map { [$0] } + turns
            }
        }
        let best = tree.nodes.indices.max { (tree.nodes[$0].value, -$0) < (tree.nodes[$1].value, -$1) }
        guard let best else { throw CoreError.invalid("In “\(W.card.name)” nothing is left to search: there was no attempt to look at") }
        return try await tree.saidAgain(best, for: role, cast: cast, in: scope.child("last"))
    }
}

/// The share of several critiques by a seat beside the play that accept the attempt: a judge that votes.
///
/// Each critique is kept as a verdict of kind `vote` in its words, with 1 where it accepts.
///
/// Source: Cheng et al. 2024 (SPaR), section 2.3 and appendix (majority of five critiques). Departure: critiques that are neither count as no.
public struct VotedCritiques: Valuation {
    public static let card = PartCard(
        name: "voted-critiques", summary: "the share of a seat's critiques that accept the attempt", source: "Cheng et al. 2024 (SPaR), section 2.3")

    /// The kind of verdict that a critique leaves.
    public static let kind: VerdictKind = "vote"

    /// The seat.
    public var seat: Role
    /// How many critiques.
    public var votes: Int
    /// What a critique begins with that accepts.
    public var accepting: String

    /// The valuation.
    public init(seat: Role, votes: Int = 5, accepting: String) {
        self.seat = seat
        self.votes = votes
        self.accepting = accepting
    }

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        guard let critic = cast[seat] else { throw CoreError.unknown(kind: "player for role", name: seat.text, known: cast.keys.map(\.text).sorted()) }
        guard votes >= 1 else { throw CoreError.invalid("An attempt is voted on by \(votes) critiques; expected 1 or more") }
        return try await Valued.each(positions, scopes) { position, scope in
            let policy = try scope.services.policy(critic.policy)
            let view = View(role: seat, transcript: position.world.observation(of: position.state, for: seat).news)
            var verdicts: [Verdict] = []
            for vote in 0..<votes {
                let words = try await policy.move(on: view, as: critic, in: scope.child("vote", vote)).text
                verdicts.append(Verdict(on: .episode(0), kind: Self.kind, value: words.hasPrefix(accepting) ? 1 : 0, critique: words))
            }
            return Valued(verdicts.reduce(0) { $0 + $1.value } / Double(votes), verdicts: verdicts)
        }
    }
}
