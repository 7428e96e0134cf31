import HoneCore

/// A group of episodes with one step each, whose moves are the given tokens and whose rewards are given by a judge.
func group(
    _ rewards: [Double?], tokens: [[TokenID]]? = nil, problem: String = "p", isHeldOut: Bool = false,
    logProbs: Bool = true, origin: Segment.Origin = .model("policy", update: 0), steps: Int = 1
) -> EpisodeGroup {
    let problem = Problem(id: problem, world: "arithmetic", isHeldOut: isHeldOut)
    let episodes = rewards.indices.map { index in
        let move = tokens?[index] ?? [10, 11, TokenID(12 + index)]
        return Episode(
            id: "\(problem.id)/\(index)",
            steps: (0..<steps).map { step in
                Step(
                    role: .solver,
                    context: [Segment(origin: .prompt, content: .tokens([1, TokenID(2 + step)], text: "?"), isTrained: true)],
                    move: Move(segments: [
                        Segment(
                            origin: origin, author: .solver, content: .tokens(move, text: "\(move)"),
                            samplerLogProbs: logProbs ? move.map { -Float($0) / 100 } : nil,
                            isTrained: origin != .demonstration, weight: 0.5)
                    ]))
            })
    }
    let verdicts = rewards.enumerated().compactMap { index, reward in
        reward.map { Verdict(on: .episode(index), kind: .worldReturn, value: $0) }
    }
    return EpisodeGroup(assignment: Assignment(problem: problem, samples: rewards.count), episodes: episodes, verdicts: verdicts)
}

/// The sentence of what is thrown; empty when nothing is.
func sentence(_ body: () throws -> Void) -> String {
    do {
        try body()
        return ""
    } catch {
        return "\(error)"
    }
}
