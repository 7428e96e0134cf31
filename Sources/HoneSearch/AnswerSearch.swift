import HoneCore

/// Plays to the end several times and keeps one of the plays: greedy and sampled answers, self-consistency, best-of-n.
///
/// The tree has each play as a chain of nodes under the root, valued by what its answer is worth: by the valuation, or the share of votes.
/// With one sample nothing is chosen and nobody is asked what it is worth.
///
/// Source: Wang et al. 2022, “Self-Consistency”; Li et al. 2022 (votes by worth); Cobbe et al. 2021 (best-of-n); Aggarwal et al. 2023,
/// “Let's Sample Step by Step” (stopping when the vote is decided).
public struct AnswerSearch: SearchMethod {
    public static let card = PartCard(
        name: "answers", summary: "whole answers, of which one is kept: the first, the most frequent, by worth, or the winner of pairs",
        source: "Wang et al. 2022; Cobbe et al. 2021", gives: [.tree], needs: [.branches])

    /// Which answer is kept; of equals the earliest.
    public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
        /// The first.
        case first
        /// One of the most frequent conclusion.
        case majority
        /// One of the conclusion with the largest sum of worth: the worthiest.
        case weighted
        /// The worthiest.
        case best
    }

    /// How many answers.
    public var samples: Int
    /// Which is kept.
    public var choice: Choice
    /// What an answer is worth; unused by `first` and `majority`.
    public var valuation: any Valuation
    /// Answers are drawn this many at a time, and drawing stops when no other conclusion can overtake the leading one; 0 draws all.
    /// For `majority` only.
    public var batch: Int

    /// The search.
    public init(samples: Int, choice: Choice, valuation: any Valuation = PlayedOut(plays: 0), batch: Int = 0) {
        self.samples = samples
        self.choice = choice
        self.valuation = valuation
        self.batch = batch
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard samples >= 1 else { throw CoreError.invalid("A search for answers draws \(samples); expected 1 or more") }
        if samples > 1 { try position.requireBranches() }
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        var leaves: [Int] = []
        let width = choice == .majority && batch > 0 ? batch : samples
        while leaves.count < samples {
            let drawn = leaves.count..<min(samples, leaves.count + width)
            leaves += try await tree.draw(drawn, of: samples, for: role, as: player, cast: cast, in: scope)
            if choice == .majority, isDecided(leaves.map { tree.position(at: $0).conclusion }) { break }
        }
        let kept = try await tree.kept(of: leaves, by: choice, valuation, for: role, as: player, cast: cast, judge: judge, in: scope)
        return tree.finished(chosen: kept)
    }

    /// Whether the answers that are still to come cannot change the vote.
    private func isDecided(_ conclusions: [String?]) -> Bool {
        guard batch > 0 else { return false }
        let counts = Self.sums(conclusions, conclusions.map { _ in 1 }).map(\.sum).sorted(by: >)
        let left = Double(samples - conclusions.count)
        return (counts.first ?? 0) > (counts.count > 1 ? counts[1] : 0) + left
    }

    /// The sum of weights of each conclusion, in the order of first appearance; answers without one do not vote.
    static func sums(_ conclusions: [String?], _ weights: [Double]) -> [(conclusion: String, sum: Double)] {
        var found: [(conclusion: String, sum: Double)] = []
        for (conclusion, weight) in zip(conclusions, weights) {
            guard let conclusion else { continue }
            if let place = found.firstIndex(where: { $0.conclusion == conclusion }) { found[place].sum += weight } else { found.append((conclusion, weight)) }
        }
        return found
    }

    /// The place of the answer that is kept.
    public static func choose(_ choice: Choice, conclusions: [String?], worths: [Double]) -> Int {
        func worthiest(_ places: [Int]) -> Int { places.max { (worths[$0], -$0) < (worths[$1], -$1) } ?? 0 }
        func leading(_ weights: [Double]) -> [Int] {
            let sums = sums(conclusions, weights)
            guard let most = sums.map(\.sum).max(), let leader = sums.first(where: { $0.sum == most }) else { return [] }
            return conclusions.indices.filter { conclusions[$0] == leader.conclusion }
        }
        switch choice {
        case .first: return 0
        case .majority: return leading(conclusions.map { _ in 1 }).first ?? 0
        case .weighted:
            let places = leading(worths)
            return places.isEmpty ? worthiest(Array(worths.indices)) : worthiest(places)
        case .best: return worthiest(Array(worths.indices))
        }
    }
}

extension GrowingTree {
    /// The finished answer that a choice keeps of these leaves; notes what answers are worth on the way: by the valuation, or their conclusions' shares.
    mutating func kept(
        of leaves: [Int], by choice: AnswerSearch.Choice, _ valuation: any Valuation, for role: Role, as player: Player, cast: Cast,
        judge: (any Judge)?, in scope: Scope
    ) async throws -> Int {
        let conclusions = leaves.map { position(at: $0).conclusion }
        if choice == .best || choice == .weighted, leaves.count > 1 {
            let found = try await valuation.values(
                of: leaves.map { position(at: $0) }, for: role, as: player, cast: cast, judge: judge,
                scopes: leaves.indices.map { scope.child("worth", $0) })
            for (leaf, valued) in zip(leaves, found) {
                value(leaf, valued)
                for node in ancestry(of: leaf).dropFirst() { set(node, value: valued.value) }
            }
        }
        if choice == .majority {
            // What the vote says an answer is worth: its conclusion's share.
            for (leaf, conclusion) in zip(leaves, conclusions) {
                let share = conclusion.map { own in Double(conclusions.count { $0 == own }) / Double(leaves.count) } ?? 0
                for node in ancestry(of: leaf) { set(node, value: share) }
            }
        }
        return leaves[AnswerSearch.choose(choice, conclusions: conclusions, worths: leaves.map { nodes[$0].value })]
    }
}
