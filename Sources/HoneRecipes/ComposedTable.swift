import HoneCore
import HoneCurricula
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

/// What a composition plays with: the player, the judge's valuation, the teaching of a process reward, and the measure.
struct ComposedTable {
    let shop: Workshop
    let questions: any QuestionWorld
    let settings: Compose.Settings
    let judges: [SearchJudge]
    let isStepwise: Bool

    /// The solver without a search; step by step it stops at each separator.
    var player: Player {
        var player = Player(model: ModelRef(Workshop.policy), policy: shop.chat == nil ? "direct" : "chat", sampling: shop.sampling)
        if isStepwise { player.sampling.stop = [questions.separator] }
        return player
    }

    func problems(samples: Int) -> ProblemStream { ProblemStream(problems: shop.training, samples: samples) }

    /// What positions are worth to the search, by the judges of the settings.
    var valuation: any Valuation {
        let first = valuation(by: settings.compose.judge)
        return judges.count > 1 ? HybridValue(first, valuation(by: judges[1]), share: settings.compose.share) : first
    }

    private func valuation(by judge: SearchJudge) -> any Valuation {
        switch judge {
        case .exact: PlayedOut(plays: settings.search.rollouts)
        case .steps: Judged(StepVerifier(), kind: .step, together: settings.search.together)
        case .own: Judged(selfReward, kind: SelfReward.kind)
        case .process: HeadValue(model: ModelRef(Workshop.processModel))
        case .probability: Judged(trueProbability, kind: TrueProbability.kind)
        case .votes: Judged(votes, kind: GenerativeVotes.kind)
        // Says nothing of single answers: whoever asks it so is told that there is no judge.
        case .pairs: Judged(kind: PairwiseJudge.kind)
        }
    }

    /// The process reward learns how often the policy's steps lead to right answers, before the policy learns.
    var teachingOfProcessReward: Stage { shop.teachingOfProcessReward(settings.process, player: player) }

    /// Held-out problems, answered by the search.
    func measure(of solver: Player, isSearched: Bool) -> ScheduledMeasure {
        let (questions, separator) = (questions, questions.separator)
        let evaluation = Evaluation(
            problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: [.solver: solver], triesGreedy: !isSearched,
            reading: { response, problem in
                // Steps end with the separator and have a line break between them.
                questions.check(response.replacing(separator + "\n", with: separator), to: problem).extracted
            })
        return ScheduledMeasure(every: settings.common.evaluation.every, evaluation, society: Solo())
    }
}

/// What a search's judge said of the kept answer, as the reward that learning sees: never the world's return.
struct SearchedWorth: Judge {
    static let card = PartCard(name: "searched-worth", summary: "the value that a search's judge gave the answer it kept")

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        Judgement(
            group.episodes.enumerated().compactMap { index, episode in
                guard let tree = episode.steps.lazy.compactMap(\.move.tree).first, tree.nodes.indices.contains(tree.chosen) else { return nil }
                return Verdict(on: .role(index, .solver), kind: .worldReturn, value: tree.nodes[tree.chosen].value)
            })
    }
}
