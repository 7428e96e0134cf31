import HoneCore

/// One role's part in an episode of a group, and its reward.
public struct Play: Hashable, Sendable {
    /// The group's place in the call.
    public var group: Int
    /// The episode's index in its group.
    public var index: Int
    /// Whose part it is.
    public var role: Role
    /// The episode.
    public var episode: Episode
    /// Its reward; finite.
    public var reward: Double

    /// A part with its reward.
    public init(group: Int, index: Int, role: Role, episode: Episode, reward: Double) {
        self.group = group
        self.index = index
        self.role = role
        self.episode = episode
        self.reward = reward
    }

    /// How many tokens the role wrote.
    public var length: Int { episode.length(of: role) }

    /// Whether anything the role said may be learned from, unlike what an opponent said who only plays.
    public var isLearned: Bool { episode.isLearned(from: role) }
}

extension Episode {
    /// Whether anything a role said may be learned from.
    func isLearned(from role: Role) -> Bool { steps.contains { $0.role == role && $0.move.segments.contains { $0.isTrained } } }

    /// How many tokens a role wrote: those of its moves, without what tools, worlds and hints put in.
    public func length(of role: Role) -> Int {
        steps.filter { $0.role == role }.reduce(0) { $0 + $1.move.segments.reduce(0) { $0 + ($1.isWritten ? $1.tokens?.count ?? 0 : 0) } }
    }
}

extension Segment {
    /// Whether the one who moves wrote it.
    var isWritten: Bool {
        switch origin {
        case .model, .demonstration: true
        case .world, .tool, .prompt, .hint: false
        }
    }
}

extension ExampleBuilder {
    /// The parts of a role in the episodes of a group in which it moved, with their rewards.
    public static func plays(of group: EpisodeGroup, number: Int, role: Role, kind: VerdictKind) throws -> [Play] {
        try group.episodes.indices.compactMap { index in
            guard group.episodes[index].steps.contains(where: { $0.role == role }) else { return nil }
            guard let reward = group.value(of: kind, episode: index, role: role) else {
                throw CreditError(
                    "Group \(number) (problem “\(group.assignment.problem.id)”) has no “\(kind)” verdict on episode \(index) "
                        + "for role “\(role)”; add a judge that gives it")
            }
            try check(reward, "reward", of: group, number: number, episode: index)
            return Play(group: number, index: index, role: role, episode: group.episodes[index], reward: reward)
        }
    }

    /// Refuses a number of an episode that is not finite.
    static func check(_ value: Double, _ what: String, of group: EpisodeGroup, number: Int, episode: Int) throws {
        guard value.isFinite else {
            throw CreditError(
                "Group \(number) (problem “\(group.assignment.problem.id)”) has the \(what) \(value) for episode \(episode); "
                    + "expected a finite number")
        }
    }

    /// The rows of whole episodes: `advantages` says for each role what each of its parts is worth, group by group; a part
    /// without an advantage is left out.
    static func batch(
        for roles: [Role], from groups: [EpisodeGroup], kind: VerdictKind,
        advantages: (_ role: Role, _ plays: [[Play]]) throws -> [[Double?]]
    ) throws -> TrainingBatch {
        for group in groups { try refuseHeldOut(group) }
        let byRole = try roles.map { role in
            let plays = try groups.enumerated().map { try self.plays(of: $1, number: $0, role: role, kind: kind) }
            return (plays: plays, advantages: try advantages(role, plays))
        }
        var batch = TrainingBatch()
        for number in groups.indices {
            for part in byRole {
                for (play, advantage) in zip(part.plays[number], part.advantages[number]) {
                    if let advantage { batch.examples += try rows(of: play, advantage: advantage) }
                }
            }
        }
        return batch
    }

    /// What is made of each group for each role, in order.
    static func batch(
        for roles: [Role], from groups: [EpisodeGroup],
        add: (_ group: EpisodeGroup, _ number: Int, _ role: Role, _ batch: inout TrainingBatch) throws -> Void
    ) throws -> TrainingBatch {
        var batch = TrainingBatch()
        for (number, group) in groups.enumerated() {
            try refuseHeldOut(group)
            for role in roles { try add(group, number, role, &batch) }
        }
        return batch
    }

    /// The rows of a role in an episode, each with the same advantage on all its tokens.
    static func rows(of play: Play, advantage: Double) throws -> [Example] {
        let advantage = try single(advantage, "advantage", of: play.episode.id)
        return try play.episode.steps.filter { $0.role == play.role }.map { step in
            var example = try example(of: step, group: play.group, episode: play.episode.id, needsLogProbs: true)
            example.advantages = [Float](repeating: advantage, count: example.tokens.count)
            example.scalars["reward"] = play.reward
            return example
        }
    }

    /// The number in single precision; refused when it does not fit.
    static func single(_ value: Double, _ what: String, of episode: EpisodeID) throws -> Float {
        let narrow = Float(value)
        guard narrow.isFinite else {
            throw CreditError("Episode “\(episode)” has the \(what) \(value), which single precision cannot hold; scale its rewards")
        }
        return narrow
    }
}
