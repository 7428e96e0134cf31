import HoneCore
import HoneNumerics

/// Values of steps from sibling roll-outs: how often plays that went through a step ended well.
///
/// V(position) and V(step) are the role's mean rewards over all plays, of the group and of its children, that passed there; the advantage
/// of a step is V(step) − V(position). The channel `steps` holds, at each step's last trained token, V(step) (soft) or whether any
/// play through it reached the threshold (hard), and −1 at all other tokens: the labels of a process reward model.
///
/// Source: Kazemnejad et al. 2024, “VinePPO”, equation 7, for advantages; Wang et al. 2024, “Math-Shepherd”, equations 3 and 4,
/// for hard and soft labels. Departure: the play itself is among those its steps are valued by.
public struct MonteCarloSteps: Credit {
    public static let card = PartCard(
        name: "monte-carlo-steps", summary: "values of steps by how plays through them ended, as advantages and as step labels",
        source: "Kazemnejad et al. 2024, equation 7; Wang et al. 2024, equations 3 and 4",
        gives: [.onPolicyLogProbs, .stepVerdicts, .groups], needs: [.groups])

    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Whether labels are hard: 1 when any play through the step reached the threshold.
    public var isHard: Bool
    /// The smallest reward of a success, for hard labels.
    public var threshold: Double

    /// The credit.
    public init(kind: VerdictKind = .worldReturn, isHard: Bool = false, threshold: Double = 1) {
        self.kind = kind
        self.isHard = isHard
        self.threshold = threshold
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let tree = try PlayTree(group, number: number, kind: kind, for: role)
            let (values, before) = (tree.meansOfPlays, tree.valuesOfPositions())
            for (index, path) in tree.paths.enumerated() {
                let episode = group.episodes[index]
                for (step, node) in zip(episode.steps, path) where step.role == role {
                    let own = Play(
                        group: number, index: index, role: role, episode: Episode(id: episode.id, steps: [step]), reward: values[node])
                    let label = isHard ? (tree.nodes[node].through.contains { $0 >= threshold } ? 1 : 0) : values[node]
                    batch.examples += try ExampleBuilder.rows(of: own, advantage: values[node] - before[tree.nodes[node].position])
                        .map { try $0.labelled(steps: label) }
                }
            }
        }
    }
}

extension Example {
    /// The row with its step's label at its last trained token and −1 at all others.
    func labelled(steps label: Double) throws -> Example {
        var copy = self
        var labels = [Float](repeating: -1, count: tokens.count)
        if let last = isTrained.lastIndex(of: true) { labels[last] = try ExampleBuilder.single(label, "label", of: episode) }
        copy.channels["steps"] = labels
        return copy
    }
}
