import Foundation
import HoneCore
import HoneCredit
import HoneEngine
import HoneEvaluation
import HoneJudges
import HoneObjectives
import HoneSearch
import HoneSocieties

extension ComposedTable {
    /// Whether a copy of the model is taught to say verdict words; else the policy itself is asked.
    var teachesVerdicts: Bool { form != .attempts && judges.contains(where: \.asksForWord) && settings.verdict.iterations > 0 }

    /// Who is asked for a verdict word.
    var verdictPlayer: Player {
        Player(
            model: ModelRef(teachesVerdicts ? Compose.verdictModel : Workshop.policy), policy: player.policy, sampling: Sampling(limit: settings.verdict.limit))
    }

    /// The words: on one answer, or for the first and the second of a pair.
    var verdictWords: VerdictWords {
        let own = settings.verdict
        return settings.compose.judge == .pairs ? VerdictWords(yes: own.first, no: own.second) : VerdictWords(yes: own.yes, no: own.no)
    }

    /// The model's own certainty of an answer.
    var selfReward: SelfReward { SelfReward(scorer: ModelRef(Workshop.policy), certainty: .perToken) }

    /// The probability of the word for right.
    var trueProbability: TrueProbability { TrueProbability(scorer: verdictPlayer, words: verdictWords, prompt: settings.verdict.prompt) }

    /// Drawn verdicts.
    var votes: GenerativeVotes {
        GenerativeVotes(voter: verdictPlayer, votes: settings.verdict.votes, words: verdictWords, prompt: settings.verdict.prompt)
    }

    /// Which of two answers is better, asked in both orders.
    var pairwise: PairwiseJudge { PairwiseJudge(VerdictAsker(verdictPlayer, words: verdictWords), prompt: settings.verdict.prompt) }

    /// The judge's scorecard on the player's own held-out answers; nil where the judge is the world, and so is right, or is asked about attempts.
    var scorecard: ScheduledMeasure? {
        let samples = max(settings.common.evaluation.samples, settings.compose.judge == .pairs ? 2 : 1)
        func card(_ judge: any Judge, _ kind: VerdictKind, pairs: VerdictKind? = nil) -> ScheduledMeasure {
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                JudgeMeasure(problems: shop.heldOut, samples: samples, cast: [.solver: player], judge: judge, kind: kind, pairKind: pairs), society: Solo())
        }
        // What attempts are worth is said by seats of their own world, which single answers do not have.
        if form == .attempts { return nil }
        switch settings.compose.judge {
        case .exact, .steps, .marks: return nil
        case .own: return card(selfReward, SelfReward.kind)
        case .process: return card(HeadVerdict(model: ModelRef(Workshop.processModel)), HeadVerdict.kind)
        case .probability: return card(trueProbability, TrueProbability.kind)
        case .votes: return card(votes, GenerativeVotes.kind)
        case .pairs: return card(pairwise, PairwiseJudge.kind, pairs: PairwiseJudge.shownKind)
        }
    }

    /// Which of two answers is better, where the judge says that of pairs; nil compares by worth.
    var preference: (any Preference)? {
        settings.compose.judge == .pairs ? PreferredByJudge(pairwise, kind: PairwiseJudge.kind) : nil
    }

    /// A copy of the model imitates the world's verdicts on the policy's answers, before the policy learns.
    var teachingOfVerdicts: Stage {
        let own = settings.verdict
        let lesson = VerdictLesson(prompt: own.prompt, words: verdictWords, isInPairs: settings.compose.judge == .pairs)
        return Stage(
            name: "verdicts", iterations: own.iterations, perIteration: own.problems, curriculum: problems(samples: own.samples), society: lesson,
            cast: [.solver: player], judges: [WorldReturns()],
            updates: [
                Update(
                    model: Compose.verdictModel, routes: [Route(roles: [.verdict], credit: Demonstrations(), objective: CrossEntropy())],
                    optimiser: settings.common.learner.optimiser(.constant(own.rate)), miniBatch: 128)
            ])
    }
}

/// What the head of a process reward says of whole answers, as a judge for the scorecard: a probability, from its log-odds at the last token.
struct HeadVerdict: Judge {
    static let card = PartCard(name: "head-verdict", summary: "a trained head's value at an answer's last token")
    static let kind: VerdictKind = "head"

    let model: ModelRef
    var head: HeadName = "step"

    func judge(_ group: EpisodeGroup, in scope: Scope) async throws -> Judgement {
        let last = group.episodes.enumerated().compactMap { index, episode in
            episode.steps.last { $0.role == .solver }.map { (index: index, seen: $0.context + $0.move.segments) }
        }
        let scores = try await scope.score(model, last.map(\.seen), .head(head))
        return Judgement(
            zip(last, scores).compactMap { one, score in
                score.values.last.map { Verdict(on: .role(one.index, .solver), kind: Self.kind, value: 1 / (1 + exp(-Double($0)))) }
            })
    }
}

/// Plays as everyone does, and files behind it the verdicts that a judge should have given, to be imitated by the role `verdict`.
///
/// Each beginning of an answer has the verdict on the whole: imitated over many plays, the word's probability becomes the chance that answers
/// which begin so are right. In pairs the problem is answered twice, and where one answer got more, the better is named in both orders.
struct VerdictLesson: Society {
    static let card = PartCard(name: "verdict-lesson", summary: "plays a problem and files the world's verdict on each beginning as words to imitate", needs: [.branches])

    let prompt: VerdictPrompt
    let words: VerdictWords
    let isInPairs: Bool

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        try words.check()
        guard let problem = start.problem, let player = cast[.solver] else {
            throw CoreError.unsupported("Verdicts are taught on answers of a solver to problems that its world tells; “\(W.card.name)” has none")
        }
        let policy = try scope.services.policy(player.policy)
        func lesson(_ answers: [JudgedPlay], isYes: Bool) throws -> Step {
            let text = prompt.text(problem: answers.first?.problem ?? problem.text, answers: answers.map(\.answer))
            return Step(
                role: .verdict, context: try policy.prompt(for: [.text(text, from: .prompt)]),
                move: Move(segments: [.text(isYes ? words.yes : words.no, from: .demonstration, author: .verdict)]))
        }
        var episode = try await Solo().play(start, cast: cast, in: scope)
        if isInPairs {
            let other = try await Solo().play(start, cast: cast, in: scope.child("other"))
            let (own, another) = (episode.returns[.solver] ?? 0, other.returns[.solver] ?? 0)
            if own != another, let first = JudgedPlay(of: .solver, in: episode, to: problem), let second = JudgedPlay(of: .solver, in: other, to: problem) {
                episode.steps += [try lesson([first, second], isYes: own > another), try lesson([second, first], isYes: another > own)]
            }
            return episode
        }
        guard episode.ending == .completed else { return episode }
        let isRight = (episode.returns[.solver] ?? 0) >= start.world.rules.range.upperBound
        for count in episode.steps.indices {
            let beginning = Episode(id: episode.id, steps: Array(episode.steps[...count]))
            if let said = JudgedPlay(of: .solver, in: beginning, to: problem) { episode.steps.append(try lesson([said], isYes: isRight)) }
        }
        return episode
    }
}
