import HoneCore
import HoneJudges
import HoneSocieties

/// The first answer by one model, and refinements by another: who has been shown an attempt is the refiner.
///
/// Both see only what was shown last, as `LatestView` has it.
struct ActorThenRefiner: Policy {
    static let card = PartCard(
        name: "actor-then-refiner", summary: "the first answer by the player's model, refinements by another", source: "Cheng et al. 2024 (SPaR), section 2",
        gives: [.tokens])

    /// Who refines.
    let refiner: ModelRef
    /// How its tokens are drawn.
    let sampling: Sampling

    func move(on view: View, as player: Player, in scope: Scope) async throws -> Move {
        var player = player
        if view.transcript.contains(where: { $0.author != nil }) { (player.model, player.sampling) = (refiner, sampling) }
        return try await LatestView().move(on: view, as: player, in: scope)
    }

    func prompt(for transcript: Transcript) throws -> Transcript { try LatestView().prompt(for: transcript) }
}

/// Whether most of several drawn verdicts accept an answer: kind `majority`, 1 or 0, on each role that moved, and ½ for an even vote.
///
/// Source: Cheng et al. 2024 (SPaR), section 2.2: five critiques, the majority counts, ties are dropped.
struct MajorityVote: Judge {
    static let card = PartCard(name: "majority", summary: "whether most of several drawn verdicts accept an answer", source: "Cheng et al. 2024 (SPaR), section 2.2")

    /// The kind of its verdicts.
    static let kind: VerdictKind = "majority"
    /// The votes.
    let votes: GenerativeVotes

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let judgement = try await votes.judge(group, in: scope)
        return Judgement(
            judgement.verdicts.map { verdict in
                let side = verdict.value > 0.5 ? 1 : verdict.value < 0.5 ? 0 : 0.5
                return Verdict(on: verdict.on, kind: Self.kind, value: side, confidence: abs(2 * verdict.value - 1), critique: verdict.critique)
            }, children: judgement.children)
    }
}
