import HoneCore
import HoneNumerics

/// A failed attempt and its repair as a pair that differs in little else than what was repaired.
///
/// Reads the trees of refinement searches: an attempt is worth the mean of its verdicts of kind `worth`, and nodes without one, such as
/// those of other searches, make no pair. Both attempts stand behind what the searched step was asked, so that the better answer is learned and
/// not the manner of refining; their sampler's log-probabilities do not hold there and are left out. `edits` is the edit distance of the two in tokens.
///
/// Source: Cheng et al. 2024, “SPaR: Self-Play with Tree-Search Refinement to Improve Instruction-Following in Large Language Models”, section
/// 2.4 (`ends`). Departure: `edges` takes every refinement that repaired its attempt.
public struct RefinementPairs: Credit {
    public static let card = PartCard(
        name: "refinement-pairs", summary: "failed attempts and their repairs in refinement trees, as pairs that differ in little else",
        source: "Cheng et al. 2024 (SPaR), section 2.4", gives: [.pairs, .tree], needs: [.tree])

    /// Which attempts of a tree are paired.
    public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
        /// Every attempt with each refinement of it.
        case edges
        /// The first attempt with the one that was kept.
        case ends
    }

    /// Which are paired.
    public var choice: Choice
    /// An attempt worth more than this is good; a pair is one that is not and one that is.
    public var threshold: Double
    /// The kind of verdict that says what an attempt is worth.
    public var kind: VerdictKind

    /// The credit.
    public init(choice: Choice = .edges, threshold: Double = 0.5, kind: VerdictKind = .worth) {
        self.choice = choice
        self.threshold = threshold
        self.kind = kind
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            for search in try SearchedMoves.all(of: role, in: group, number: number) {
                let worths = try search.worths(kind)
                for (worse, better) in candidates(search.tree, worths) {
                    guard let low = worths[worse], let high = worths[better], low <= threshold, high > threshold else { continue }
                    var (rejected, chosen) = (try search.answer(worse), try search.answer(better))
                    guard rejected.tokens != chosen.tokens, rejected.trainedCount > 0, chosen.trainedCount > 0 else { continue }
                    let edits = Double(EditDistance.count(rejected.tokens, chosen.tokens))
                    chosen.scalars = ["label": 1, "edits": edits]
                    rejected.scalars = ["label": 0, "edits": edits]
                    batch.pairs.append(Pair(chosen: batch.examples.count, rejected: batch.examples.count + 1, margin: high - low))
                    batch.examples += [chosen, rejected]
                }
            }
        }
    }

    /// The attempts that may make pairs: the one that came first, and what came of it.
    private func candidates(_ tree: SearchTree, _ worths: [Double?]) -> [(worse: Int, better: Int)] {
        switch choice {
        case .edges: return tree.nodes.indices.compactMap { node in tree.nodes[node].parent.map { ($0, node) } }
        case .ends:
            // The last node on the way may only say again what was kept.
            let way = tree.path(to: tree.chosen).filter { worths[$0] != nil }
            guard let first = way.first, let kept = way.last, first != kept else { return [] }
            return [(first, kept)]
        }
    }
}

extension TrainingBatch {
    /// The median edit distance, in tokens, of the two rows of its pairs, shared beginnings and all; nil without pairs.
    public var medianEditDistance: Double? {
        Statistics.quantile(pairs.map { Double(EditDistance.count(examples[$0.chosen].tokens, examples[$0.rejected].tokens)) }, 0.5)
    }
}
