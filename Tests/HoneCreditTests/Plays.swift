import Foundation
import HoneCore
import HoneCredit

/// A group of episodes with one step each, whose moves are the given tokens and whose rewards are given by a judge.
func group(
    _ rewards: [Double?], tokens: [[TokenID]]? = nil, problem: String = "p", isHeldOut: Bool = false,
    logProbs: Bool = true, origin: Segment.Origin = .model("policy", update: 0), steps: Int = 1, world: WorldName = "arithmetic"
) -> EpisodeGroup {
    let problem = Problem(id: problem, world: world, isHeldOut: isHeldOut)
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

/// A step of a role that answers to everything before it: `news` is what it had not seen, `move` what it says.
func step(
    _ role: Role, after before: [TokenID], news: [TokenID] = [], move: [TokenID], isTrained: Bool = true,
    origin: Segment.Origin = .model("policy", update: 0)
) -> Step {
    Step(
        role: role, context: [Segment(origin: .prompt, content: .tokens(before + news, text: "?"))],
        move: Move(segments: [said(move, isTrained: isTrained, origin: origin)]))
}

/// What a model said; token t has the sampler's log-probability −t/100.
func said(_ tokens: [TokenID], isTrained: Bool = true, origin: Segment.Origin = .model("policy", update: 0)) -> Segment {
    Segment(
        origin: origin, author: .solver, content: .tokens(tokens, text: tokens.map { "\($0)" }.joined(separator: " ")),
        samplerLogProbs: tokens.map { -Float($0) / 100 }, isTrained: isTrained)
}

/// Moves of one role, each answering to all before it, after the prompt [1, 2]; between moves the world says nothing.
func chain(_ id: String, _ moves: [[TokenID]], role: Role = .solver, ending: Ending? = .completed) -> Episode {
    var before: [TokenID] = [1, 2]
    var steps: [Step] = []
    for move in moves {
        steps.append(step(role, after: before, move: move))
        before += move
    }
    return Episode(id: id, steps: steps, ending: ending)
}

/// A group of these episodes with these verdicts.
func group(of episodes: [Episode], _ verdicts: [Verdict], problem: Problem = Problem(id: "p", world: "arithmetic")) -> EpisodeGroup {
    EpisodeGroup(assignment: Assignment(problem: problem, samples: episodes.count), episodes: episodes, verdicts: verdicts)
}

/// The first advantage of each row that a credit makes of groups for the solver.
func advantages(_ credit: some Credit, _ groups: [EpisodeGroup], scores: ScoreTable = ScoreTable()) throws -> [Float] {
    var credit = credit
    return try credit.batch(for: [.solver], from: groups, scores: scores).examples.map { $0.advantages.last ?? .nan }
}

/// The batch that a credit makes of groups for the solver.
func batch(_ credit: some Credit, _ groups: [EpisodeGroup], roles: [Role] = [.solver], scores: ScoreTable = ScoreTable()) throws -> TrainingBatch {
    var credit = credit
    return try credit.batch(for: roles, from: groups, scores: scores)
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

func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool { abs(a - b) <= tolerance * max(1, abs(a), abs(b)) }

extension [Example] {
    /// A number of each row; not a number where it is missing.
    func numbers(_ name: String) -> [Double] { map { $0.scalars[name] ?? .nan } }
}

extension Example {
    /// A channel of the row; empty where it is missing.
    func channel(_ name: String) -> [Float] { channels[name] ?? [] }
}
