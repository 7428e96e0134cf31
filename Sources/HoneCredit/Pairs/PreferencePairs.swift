import Foundation
import HoneCore
import HoneNumerics

/// Pairs of a group's episodes of which one is better, with the degree by which it is and how sure that is.
///
/// Better is who has the larger reward of the kind, or whom pair verdicts of the kind prefer. The pair's margin is the
/// difference of the rewards (for pair verdicts 2P − 1), the degree that objectives with an offset read. Its probability is 1,
/// or, with a temperature, a soft label: σ(difference / temperature), or the judged P. Rows carry `reward` (for pair verdicts
/// the win share), `winShare` among the group, and `label`: 1 for rows that are better in some pair, else 0. Episodes whose rows
/// are the same token by token make no pair.
///
/// Source: Bradley and Terry 1952 for soft labels; the choices are those of the papers named at each.
public struct PreferencePairs: Credit {
    public static let card = PartCard(
        name: "preference-pairs", summary: "pairs of a group's episodes with margin and, if asked for, soft labels",
        source: "Rafailov et al. 2023, section 4; Bradley and Terry 1952", gives: [.pairs, .groups], needs: [.groups])

    /// Which pairs of a group are made.
    public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
        /// Every two that differ enough.
        case all
        /// The best against the worst (the first of equals).
        case bestVersusWorst
        /// Neighbours in the order of rewards.
        case adjacent
        /// Each better one against the worse one whose tokens differ least from its own.
        case minimalDifference
    }

    /// Which verdict is the reward, or the preference between two.
    public var kind: VerdictKind
    /// Which pairs are made.
    public var choice: Choice
    /// The difference must be larger than this.
    public var threshold: Double
    /// The temperature of soft labels; 0 calls every pair certain.
    public var temperature: Double
    /// Whether a pair weighs as much as its difference.
    public var weighsByDifference: Bool

    /// The credit.
    public init(
        kind: VerdictKind = .worldReturn, choice: Choice = .all, threshold: Double = 0, temperature: Double = 0,
        weighsByDifference: Bool = false
    ) {
        self.kind = kind
        self.choice = choice
        self.threshold = threshold
        self.temperature = temperature
        self.weighsByDifference = weighsByDifference
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let judged = try PairVerdicts(group, number: number, kind: kind)
            let contest = try Contest(group, number: number, role: role, kind: kind, judged: judged)
            try add(pairs(of: contest), of: contest, to: &batch)
        }
    }

    /// Indices into the contest's rows, better one first.
    private func pairs(of contest: Contest) -> [(Int, Int)] {
        let all = contest.rows.indices
        func differs(_ pair: (Int, Int)) -> Bool {
            contest.difference(pair.0, pair.1) > max(0, threshold) && contest.rows[pair.0].tokens != contest.rows[pair.1].tokens
        }
        // The first of equals comes first.
        let order = all.sorted { (-contest.values[$0], $0) < (-contest.values[$1], $1) }
        switch choice {
        case .all: return all.flatMap { first in all.map { (first, $0) } }.filter(differs)
        case .bestVersusWorst:
            guard let best = order.first, let worst = all.min(by: { (contest.values[$0], $0) < (contest.values[$1], $1) }) else { return [] }
            return [(best, worst)].filter(differs)
        case .adjacent: return Array(zip(order, order.dropFirst())).filter(differs)
        case .minimalDifference:
            return all.compactMap { better in
                let worse = all.filter { differs((better, $0)) }
                let distances = worse.map { EditDistance.share(contest.rows[better].tokens, contest.rows[$0].tokens) }
                guard let least = distances.min(), let place = distances.firstIndex(of: least) else { return nil }
                return (better, worse[place])
            }
        }
    }

    private func add(_ pairs: [(Int, Int)], of contest: Contest, to batch: inout TrainingBatch) throws {
        let used = contest.rows.indices.filter { row in pairs.contains { $0.0 == row || $0.1 == row } }
        let start = batch.examples.count
        for row in used {
            var example = contest.rows[row]
            example.scalars["label"] = pairs.contains { $0.0 == row } ? 1 : 0
            batch.examples.append(example)
        }
        for (better, worse) in pairs {
            guard let chosen = used.firstIndex(of: better), let rejected = used.firstIndex(of: worse) else { continue }
            let difference = contest.difference(better, worse)
            batch.pairs.append(
                Pair(
                    chosen: start + chosen, rejected: start + rejected,
                    probability: temperature > 0 ? contest.probability(better, worse, temperature: temperature) : 1, margin: difference,
                    weight: weighsByDifference ? difference : 1))
        }
    }
}

/// The episodes of a group that one role took part in, as rows that can be compared.
struct Contest {
    /// One row per episode.
    let rows: [Example]
    /// What each is worth: its reward, or its win share where pairs were judged.
    let values: [Double]
    private let episodes: [Int]
    private let judged: PairVerdicts

    init(_ group: EpisodeGroup, number: Int, role: Role, kind: VerdictKind, judged: PairVerdicts) throws {
        self.judged = judged
        let playing = group.episodes.indices.filter { index in group.episodes[index].steps.contains { $0.role == role } }
        let shares: [Double]
        if judged.isEmpty {
            values = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind).map(\.reward)
            shares = GroupStatistics.winShares(values)
        } else {
            shares = judged.knownShares(of: playing)
            values = shares
        }
        var rows: [Example] = []
        for (place, index) in playing.enumerated() {
            var row = try ExampleBuilder.transcript(
                of: group.episodes[index].steps.filter { $0.role == role }, group: number, episode: group.episodes[index].id)
            row.scalars = ["reward": values[place], "winShare": shares[place]]
            rows.append(row)
        }
        self.rows = rows
        episodes = playing
    }

    /// By how much the first is better than the second; 0 when nobody compared them.
    func difference(_ first: Int, _ second: Int) -> Double {
        if judged.isEmpty { return values[first] - values[second] }
        return judged.preference(episodes[first], over: episodes[second]).map { 2 * $0 - 1 } ?? 0
    }

    /// How likely the first is better than the second.
    func probability(_ first: Int, _ second: Int, temperature: Double) -> Double {
        if judged.isEmpty { return 1 / (1 + exp(-difference(first, second) / temperature)) }
        return judged.preference(episodes[first], over: episodes[second]) ?? 0.5
    }
}
