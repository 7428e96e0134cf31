import HoneCore
import HoneNumerics

/// What judges said of pairs of a group's episodes: how likely one is preferred to another.
struct PairVerdicts {
    private let group: EpisodeGroup
    private let number: Int
    private let kind: VerdictKind
    private var sums: [Int: [Int: (sum: Double, count: Int)]] = [:]

    /// The pair verdicts of a kind; each must be a probability.
    init(_ group: EpisodeGroup, number: Int, kind: VerdictKind) throws {
        self.group = group
        self.number = number
        self.kind = kind
        for verdict in group.verdicts where verdict.kind == kind {
            guard case .pair(let first, over: let second) = verdict.on else { continue }
            guard first != second, group.episodes.indices.contains(first), group.episodes.indices.contains(second),
                (0...1).contains(verdict.value)
            else {
                throw CreditError(
                    "Group \(number) (problem “\(group.assignment.problem.id)”) has the preference \(verdict.value) of episode \(first) "
                        + "over \(second) among \(group.episodes.count); expected a probability for two of its episodes")
            }
            add(verdict.value, first, second)
            add(1 - verdict.value, second, first)
        }
    }

    private mutating func add(_ value: Double, _ first: Int, _ second: Int) {
        let old = sums[first]?[second] ?? (0, 0)
        sums[first, default: [:]][second] = (old.sum + value, old.count + 1)
    }

    /// Whether no pair was judged.
    var isEmpty: Bool { sums.isEmpty }

    /// How likely the first is preferred to the second; nil when nobody said.
    func preference(_ first: Int, over second: Int) -> Double? {
        sums[first]?[second].map { $0.sum / Double($0.count) }
    }

    /// The win share of each of these episodes among them; each pair must have been judged.
    func winShares(of episodes: [Int]) throws -> [Double] {
        for first in episodes {
            for second in episodes where second > first && preference(first, over: second) == nil {
                throw CreditError(
                    "Group \(number) (problem “\(group.assignment.problem.id)”) has no “\(kind)” verdict on the pair of episodes \(first) "
                        + "and \(second); expected one for every pair, in either order")
            }
        }
        return GroupStatistics.winShares(count: episodes.count) { preference(episodes[$0], over: episodes[$1]) ?? 0.5 }
    }

    /// The win share of each of these episodes over those it was compared with; ½ where it was compared with none.
    func knownShares(of episodes: [Int]) -> [Double] {
        episodes.map { first in
            let known = episodes.compactMap { $0 == first ? nil : preference(first, over: $0) }
            return known.isEmpty ? 0.5 : Statistics.mean(known)
        }
    }
}
