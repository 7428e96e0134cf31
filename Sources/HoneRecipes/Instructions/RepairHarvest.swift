import HoneCore
import HoneCredit
import HoneSearch
import HoneWorlds

/// What a refiner may learn of its own trees, filed as demonstrations in child groups: critiques that the majority shares, and the repair that was kept.
///
/// Of each tree one critique that accepts and one that refuses, each the first on the majority's side of a node whose votes were divided; and where the kept
/// attempt is good and repaired another, that repair behind the critique it was made after.
///
/// Source: Cheng et al. 2024 (SPaR), section 2.4: rejection sampling of the refiner.
struct RepairHarvest: Judge {
    static let card = PartCard(
        name: "repair-harvest", summary: "majority critiques of divided votes and kept repairs of searched trees, as demonstrations",
        source: "Cheng et al. 2024 (SPaR), section 2.4", needs: [.tree])

    /// Who criticises in what is learned.
    static let critic: Role = "refiner critique"
    /// Who repairs in what is learned.
    static let refiner: Role = "refiner repair"

    /// The words around attempts.
    let wording: AttemptWording
    /// An attempt worth more than this is good.
    var threshold = 0.5

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let problem = group.assignment.problem
        var episodes: [Episode] = []
        for (index, episode) in group.episodes.enumerated() {
            for tree in episode.steps.compactMap(\.move.tree) {
                let steps = critiques(in: tree, of: problem) + repairs(in: tree)
                if !steps.isEmpty { episodes.append(Episode(id: scope.child("harvest", index).path, steps: steps, ending: .completed)) }
            }
        }
        guard !episodes.isEmpty else { return Judgement([]) }
        return Judgement([], children: [EpisodeGroup(assignment: Assignment(problem: problem, samples: episodes.count), episodes: episodes)])
    }

    /// One critique that accepts and one that refuses.
    private func critiques(in tree: SearchTree, of problem: Problem) -> [Step] {
        [1.0, 0].compactMap { side in
            for node in tree.nodes {
                let votes = node.verdicts.filter { $0.kind == VotedCritiques.kind }
                let share = votes.isEmpty ? 0 : votes.reduce(0) { $0 + $1.value } / Double(votes.count)
                guard share > 0, share < 1, (share > 0.5) == (side == 1), share != 0.5 else { continue }
                guard let words = votes.first(where: { $0.value == side })?.critique, !words.isEmpty else { continue }
                let context: Transcript = [.text(problem.text, from: .prompt), .text(wording.criticising(node.move.text), from: .world)]
                return Step(role: Self.critic, context: context, move: Move(text: words))
            }
            return nil
        }
    }

    /// The refinement that the kept attempt came of.
    private func repairs(in tree: SearchTree) -> [Step] {
        // The last node on the way may only say again what was kept.
        let way = tree.path(to: tree.chosen).filter { tree.nodes[$0].verdicts.contains { $0.kind == .worth } }
        guard way.count > 1, let kept = way.last, tree.nodes[kept].value > threshold, let context = tree.nodes[kept].move.context else { return [] }
        return [Step(role: Self.refiner, context: context, move: Move(text: tree.nodes[kept].move.text))]
    }
}

/// A credit given to what was filed below the groups in place of the groups themselves.
struct FiledBelow: Credit {
    static let card = PartCard(name: "filed-below", summary: "another credit, given to the groups filed below", gives: [.demonstrations])

    /// The credit.
    var credit = Demonstrations()

    mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        for group in groups { try ExampleBuilder.refuseHeldOut(group) }
        return try credit.batch(for: roles, from: groups.flatMap(\.children), scores: scores)
    }
}
