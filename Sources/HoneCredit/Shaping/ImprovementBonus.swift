import HoneCore

/// SCoRe's bonus: a later attempt is paid α times what it improved on the one before.
///
/// r(y_k) becomes r(y_k) + α·(r(y_k) − r(y_{k−1})) for every attempt after the first; the first keeps its reward. An attempt is
/// a step of the role with a verdict of the kind; right from wrong earns a large bonus, wrong from right a large penalty.
/// Follow it with per-step returns (`discounted-returns`): with discount 0 each attempt is credited with its own reward, with 1
/// the first attempt also answers for the second's.
///
/// Source: Kumar et al. 2024, “Training Language Models to Self-Correct via Reinforcement Learning”, section 5.2, where
/// b = α·(r(y₂) − r(y₁)) is added to the second attempt only. Departure: more than two attempts are taken pair by pair.
public struct ImprovementBonus: RewardShaping {
    public static let card = PartCard(
        name: "improvement", summary: "a later attempt is paid for what it improved on the one before (SCoRe)",
        source: "Kumar et al. 2024, section 5.2")

    /// α.
    public var factor: Double
    /// The kind of the verdicts on attempts.
    public var kind: VerdictKind

    /// The shaping.
    public init(factor: Double = 10, kind: VerdictKind = .step) {
        self.factor = factor
        self.kind = kind
    }

    public func verdicts(on group: EpisodeGroup, number: Int, role: Role) throws -> [Verdict] {
        var result: [Verdict] = []
        for index in group.episodes.indices {
            let attempts = try group.judgedSteps(of: role, episode: index, number: number, kind: kind)
            for (before, after) in zip(attempts, attempts.dropFirst()) {
                result.append(Verdict(on: .step(index, after.step), kind: kind, value: after.value + factor * (after.value - before.value)))
            }
        }
        return result
    }
}

extension EpisodeGroup {
    /// The verdicts of a kind on the steps of a role in an episode, in order; the last of equals counts.
    func judgedSteps(of role: Role, episode index: Int, number: Int, kind: VerdictKind) throws -> [(step: Int, value: Double)] {
        var values: [Int: Double] = [:]
        for verdict in verdicts where verdict.kind == kind {
            guard case .step(index, let step) = verdict.on else { continue }
            try ExampleBuilder.check(verdict.value, "“\(kind)” verdict on step \(step)", of: self, number: number, episode: index)
            values[step] = verdict.value
        }
        return episodes[index].steps.indices.compactMap { step in
            episodes[index].steps[step].role == role ? values[step].map { (step, $0) } : nil
        }
    }
}
