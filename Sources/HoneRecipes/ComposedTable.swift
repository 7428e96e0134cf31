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
    let form: AnswerForm

    /// Whether the model comes from elsewhere and is asked in words.
    var isGiven: Bool { ModelSettings.isGiven(settings.common.model.size) }

    /// The solver without a search; step by step it stops at each separator.
    var player: Player {
        let policy: PolicyName = shop.chat != nil ? "chat" : form == .attempts && !isGiven ? Self.latestView : "direct"
        var player = Player(model: ModelRef(Workshop.policy), policy: policy, sampling: shop.sampling)
        if form == .steps { player.sampling.stop = [questions.separator] }
        return player
    }

    /// Who plays with a solver: where attempts are criticised and marked, it does that too.
    func cast(_ solver: Player) -> Cast {
        form == .attempts ? [.solver: solver, Attempts.critic: player, Attempts.grader: player] : [.solver: solver]
    }

    func problems(samples: Int) -> ProblemStream { ProblemStream(problems: shop.training, samples: samples) }

    /// What positions are worth to the search, by the judges of the settings.
    var valuation: any Valuation {
        let first = valuation(by: settings.compose.judge)
        return judges.count > 1 ? HybridValue(first, valuation(by: judges[1]), share: settings.compose.share) : first
    }

    private func valuation(by judge: SearchJudge) -> any Valuation {
        if form == .attempts { return attemptValuation(by: judge) }
        return switch judge {
        case .exact: PlayedOut(plays: settings.search.rollouts)
        case .steps: Judged(StepVerifier(), kind: .step, together: settings.search.together)
        case .own: Judged(selfReward, kind: SelfReward.kind)
        case .process: HeadValue(model: ModelRef(Workshop.processModel))
        case .probability: Judged(trueProbability, kind: TrueProbability.kind)
        case .votes: Judged(votes, kind: GenerativeVotes.kind)
        // Says nothing of single answers: whoever asks it so is told that there is no judge.
        case .pairs: Judged(kind: PairwiseJudge.kind)
        case .marks: SeatScore(seat: Attempts.grader)
        }
    }

    /// The process reward learns how often the policy's steps lead to right answers, before the policy learns.
    var teachingOfProcessReward: Stage { shop.teachingOfProcessReward(settings.process, player: player) }

    /// The model of the process reward, which learns written answers first where there are such.
    func processModel(seed: Seed) throws -> ModelPlan {
        guard form == .steps || settings.process.written == 0 else {
            throw DoesNotApply("written answers teach a process reward step by step, and these go as a whole; set process.written to 0, or compose.stepwise to yes")
        }
        return try shop.processModel(settings.process, player: player, seed: seed)
    }

    /// Held-out problems, answered by the search.
    func measure(of solver: Player, isSearched: Bool) -> ScheduledMeasure {
        let (questions, form) = (questions, form)
        let evaluation = Evaluation(
            problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: cast(solver), triesGreedy: !isSearched,
            reading: { episode, problem in
                let said = episode.said(by: .solver)
                return questions.check(form == .attempts ? said.last ?? "" : said.joined(), to: problem).extracted
            })
        return ScheduledMeasure(every: settings.common.evaluation.every, evaluation, society: Solo())
    }
}

/// What one move of an answer is.
enum AnswerForm: Hashable, Sendable {
    /// The whole answer.
    case whole
    /// One step of it.
    case steps
    /// The whole answer, each refining the one before.
    case attempts
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
