import HoneCore

/// Draws several answers and lets them meet in pairs until one is left: n answers, n − 1 comparisons.
///
/// Round by round the answers that are left meet in the order they were drawn, the first against the second and so on; the last of an odd number
/// goes through. Of a tie the earlier goes on. All comparisons of a round are asked at once. A leaf is worth the share of its comparisons that it
/// won, ties counting half, and holds the verdicts on them, with answers counted from 0 in the order drawn.
///
/// Source: the knock-out of best-of-n by a pairwise judge, Liu et al. 2025, “PairJudge RM: Perform Best-of-N Sampling with Knockout Tournament”.
/// Departure: the bracket is in the order drawn instead of drawn by lot, as answers are drawn independently.
public struct KnockOut: SearchMethod {
    public static let card = PartCard(
        name: "knock-out", summary: "whole answers that meet in pairs until one is left", source: "Liu et al. 2025, “PairJudge RM”", gives: [.tree],
        needs: [.branches])

    /// How many answers.
    public var samples: Int
    /// Which of two is better.
    public var preference: any Preference

    /// The search.
    public init(samples: Int, preference: any Preference) {
        self.samples = samples
        self.preference = preference
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard samples >= 1 else { throw CoreError.invalid("A knock-out has \(samples) answers; expected 1 or more") }
        if samples > 1 { try position.requireBranches() }
        let player = try cast.bare(role)
        var tree = GrowingTree(position)
        let leaves = try await tree.draw(0..<samples, of: samples, for: role, as: player, cast: cast, in: scope)
        var (met, won) = ([Double](repeating: 0, count: samples), [Double](repeating: 0, count: samples))
        var left = Array(0..<samples)
        var round = 0
        while left.count > 1 {
            let pairs = stride(from: 0, to: left.count - 1, by: 2).map { (left[$0], left[$0 + 1]) }
            let own = scope.child("round", round)
            let meeting = pairs.map { (tree.position(at: leaves[$0.0]), tree.position(at: leaves[$0.1])) }
            let found = try await meeting.concurrently { index, pair in
                try await preference.compare(pair.0, pair.1, for: role, as: player, cast: cast, judge: judge, in: own.child("pair", index))
            }
            var through: [Int] = []
            for ((first, second), preferred) in zip(pairs, found) {
                let share = preferred.share
                through.append(share < 0.5 ? second : first)
                for (answer, point) in [(first, share > 0.5 ? 1 : share == 0.5 ? 0.5 : 0), (second, share < 0.5 ? 1 : share == 0.5 ? 0.5 : 0)] {
                    met[answer] += 1
                    won[answer] += point
                    tree.note(preferred.verdicts.map { $0.renumbered([first, second]) }, at: leaves[answer])
                }
            }
            if left.count % 2 == 1, let last = left.last { through.append(last) }
            left = through
            round += 1
        }
        for answer in leaves.indices where met[answer] > 0 {
            for node in tree.ancestry(of: leaves[answer]) { tree.set(node, value: won[answer] / met[answer]) }
        }
        return tree.finished(chosen: leaves[left[0]])
    }
}

extension Verdict {
    /// The same with the episodes of a pair called by other numbers.
    fileprivate func renumbered(_ numbers: [Int]) -> Verdict {
        guard case .pair(let first, over: let second) = on, numbers.indices.contains(first), numbers.indices.contains(second) else { return self }
        var copy = self
        copy.on = .pair(numbers[first], over: numbers[second])
        return copy
    }
}
