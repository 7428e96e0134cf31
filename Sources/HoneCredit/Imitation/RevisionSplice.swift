import HoneCore

/// Agent-R's revisions: a bad episode up to its first error, a signal of reflection, then a good one from where they part.
///
/// A row is: what both share and the bad steps up to the first one judged wrong (masked), the signal (learned), the good
/// episode's moves from the first that differs, with what it saw between them (moves learned). Good is a reward above `good`, a
/// pair needs a difference above `gap`; each bad episode goes with the good one that shares the longest beginning with it, the
/// best and then the first of equals. Bad episodes without a step judged wrong are left out. Good episodes are learned too.
///
/// Source: Yuan et al. 2025, “Agent-R”, section 3 (revision trajectories, first-error transition). Departures: the signal is
/// given in tokens, as credit has no tokenizer, and drawn in turn rather than at random; what the good episode saw before the
/// move at which they part is not repeated.
public struct RevisionSplice: Credit {
    public static let card = PartCard(
        name: "revision-splice", summary: "a bad episode up to its first error, a reflection, then a good one from where they part (Agent-R)",
        source: "Yuan et al. 2025, section 3", gives: [.demonstrations, .stepVerdicts], needs: [.groups, .stepVerdicts])

    /// Which verdict is the reward.
    public var kind: VerdictKind
    /// Which verdict on a step says whether it is right.
    public var step: VerdictKind
    /// A step whose verdict is below this is wrong.
    public var threshold: Double
    /// A good episode has a larger reward than this (α).
    public var good: Double
    /// A pair's rewards differ by more than this (β).
    public var gap: Double
    /// The reflections, taken in turn over a group's episodes; without any, the good move follows the error at once.
    public var signals: [[TokenID]]
    /// Whether good episodes are learned as well.
    public var learnsGood: Bool

    /// The credit.
    public init(
        kind: VerdictKind = .worldReturn, step: VerdictKind = .step, threshold: Double = 0.5, good: Double = 0.5, gap: Double = 0.2,
        signals: [[TokenID]] = [], learnsGood: Bool = true
    ) {
        self.kind = kind
        self.step = step
        self.threshold = threshold
        self.good = good
        self.gap = gap
        self.signals = signals
        self.learnsGood = learnsGood
    }

    public mutating func batch(for roles: [Role], from groups: [EpisodeGroup], scores: ScoreTable) throws -> TrainingBatch {
        try ExampleBuilder.batch(for: roles, from: groups) { group, number, role, batch in
            let plays = try ExampleBuilder.plays(of: group, number: number, role: role, kind: kind)
            for play in plays where learnsGood && play.reward > good {
                batch.examples += try ExampleBuilder.imitations(of: play.episode, role: role, group: number, reward: play.reward)
            }
            for bad in plays {
                let judged = try group.judgedSteps(of: role, episode: bad.index, number: number, kind: step)
                guard let error = judged.first(where: { $0.value < threshold })?.step,
                    let (better, parting) = partner(of: bad, upTo: error, among: plays)
                else { continue }
                let signal = signals.isEmpty ? [] : signals[bad.index % signals.count]
                batch.examples.append(try splice(bad, upTo: error, signal, better, from: parting))
            }
        }
    }

    /// The good play to go on with, and the number of the role's move at which it parts from the bad one.
    private func partner(of bad: Play, upTo error: Int, among plays: [Play]) -> (Play, Int)? {
        let own = bad.moves
        let errorNumber = bad.episode.steps[..<error].filter { $0.role == bad.role }.count
        var found: (play: Play, parting: Int)?
        for play in plays where play.reward > good && play.reward - bad.reward > gap {
            let parting = zip(own, play.moves).prefix { $0.context.tokens == $1.context.tokens && $0.move.segments.tokens == $1.move.segments.tokens }.count
            // Both must have gone the same way up to the error at most, and the good one must go on.
            guard parting <= errorNumber, parting < play.moves.count, parting > 0 || play.moves.first?.context.tokens == own.first?.context.tokens
            else { continue }
            if let old = found, (old.parting, old.play.reward) >= (parting, play.reward) { continue }
            found = (play, parting)
        }
        return found.map { ($0.play, $0.parting) }
    }

    private func splice(_ bad: Play, upTo error: Int, _ signal: [TokenID], _ better: Play, from parting: Int) throws -> Example {
        try RevisionRow.make(
            upTo: bad.episode.steps[error], reflecting: Reflection(said: signal), going: better.moves, from: parting, reward: better.reward, group: bad.group,
            bad: bad.episode.id, good: better.episode.id)
    }
}

extension Play {
    /// The role's steps.
    var moves: [Step] { episode.steps.filter { $0.role == role } }
}
