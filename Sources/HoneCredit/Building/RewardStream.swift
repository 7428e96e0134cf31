import HoneCore

/// Rewards of one kind of verdict, with their share and their own discount.
///
/// A verdict on an episode (or on the role in it) is paid at the role's last trained token, one on a step at that step's
/// last, and one on a span at the span's last; where a step has none, at the one before. Verdicts on different things add up;
/// of several on the same thing the last counts.
public struct RewardStream: Hashable, Sendable, Codable {
    /// The kind of the verdicts.
    public var kind: VerdictKind
    /// What each is multiplied with.
    public var weight: Double
    /// γ of this stream, from one unit to the next.
    public var discount: Double

    /// Rewards of a kind.
    public init(_ kind: VerdictKind, weight: Double = 1, discount: Double = 1) {
        self.kind = kind
        self.weight = weight
        self.discount = discount
    }

    /// The rewards of a chain at each of its places, and whether there was any verdict.
    ///
    /// Spans count tokens from the first of the step's move; one that reaches beyond the move is refused.
    func rewards(of path: RolePath, in group: EpisodeGroup, _ verdicts: [Int: [Verdict]]) throws -> (rewards: [Double], isJudged: Bool) {
        var rewards = [Double](repeating: 0, count: path.places.count)
        var isJudged = false
        func pay(_ value: Double, at place: Int?) throws {
            try ExampleBuilder.check(value, "“\(kind)” reward", of: group, number: path.group, episode: path.index)
            isJudged = true
            // A reward before the first trained token cannot be earned by any.
            if let place { rewards[place] += weight * value }
        }
        if let value = group.value(of: kind, episode: path.index, role: path.role) { try pay(value, at: path.places.indices.last) }
        for verdict in verdicts[path.index] ?? [] {
            switch verdict.on {
            case .step(path.index, let step):
                guard let row = path.steps.firstIndex(of: step) else { continue }
                try pay(verdict.value, at: path.place(atOrBefore: .max, row: row))
            case .span(path.index, let step, let range):
                guard let row = path.steps.firstIndex(of: step) else { continue }
                let count = path.rows[row].tokens.count - path.moveStarts[row]
                guard range.lowerBound >= 0, range.upperBound < count else {
                    throw CreditError(
                        "Group \(path.group) (problem “\(group.assignment.problem.id)”) has a “\(kind)” verdict on tokens \(range) of step "
                            + "\(step) of episode \(path.index), whose move has \(count) tokens")
                }
                try pay(verdict.value, at: path.place(atOrBefore: path.moveStarts[row] + range.upperBound, row: row))
            default: continue
            }
        }
        return (rewards, isJudged)
    }
}

extension [RewardStream] {
    /// The chain of a role's part in an episode with each stream's rewards at its places.
    ///
    /// At least one stream must have said something of the episode. The rows carry the weighted sum as their reward.
    private func path(
        of role: Role, episode index: Int, in group: EpisodeGroup, number: Int, _ verdicts: [[Int: [Verdict]]]
    ) throws -> (path: RolePath, rewards: [[Double]]) {
        let episode = group.episodes[index]
        let bare = try RolePath(Play(group: number, index: index, role: role, episode: episode, reward: 0))
        let streams = try zip(self, verdicts).map { try $0.rewards(of: bare, in: group, $1) }
        guard streams.contains(where: \.isJudged) else {
            throw CreditError(
                "Group \(number) (problem “\(group.assignment.problem.id)”) has no verdict of the kinds "
                    + "\(map { "“\($0.kind)”" }.joined(separator: ", ")) on episode \(index) for role “\(role)”; add a judge that gives one")
        }
        let total = streams.reduce(0) { $0 + $1.rewards.reduce(0, +) }
        return (try RolePath(Play(group: number, index: index, role: role, episode: episode, reward: total)), streams.map(\.rewards))
    }

    /// All chains of a role that may be learned from, group by group, with each stream's rewards at their places.
    func paths(of role: Role, in groups: [EpisodeGroup]) throws -> [(path: RolePath, rewards: [[Double]])] {
        try groups.enumerated().flatMap { number, group in
            let verdicts = map { group.latestInside(of: $0.kind) }
            return try group.episodes.indices.filter { group.episodes[$0].isLearned(from: role) }.map {
                try path(of: role, episode: $0, in: group, number: number, verdicts)
            }
        }
    }
}

extension EpisodeGroup {
    /// The verdicts of a kind on steps and spans by episode, only the last of those on the same thing, in the order of the first.
    func latestInside(of kind: VerdictKind) -> [Int: [Verdict]] {
        var places: [Verdict.Subject: Int] = [:]
        var result: [Int: [Verdict]] = [:]
        for verdict in verdicts where verdict.kind == kind {
            switch verdict.on {
            case .step(let episode, _), .span(let episode, _, _):
                if let place = places[verdict.on] {
                    result[episode]?[place] = verdict
                } else {
                    places[verdict.on] = result[episode]?.count ?? 0
                    result[episode, default: []].append(verdict)
                }
            case .group, .episode, .role, .pair: continue
            }
        }
        return result
    }
}
