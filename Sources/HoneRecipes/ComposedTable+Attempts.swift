import HoneCore
import HoneEngine
import HoneSearch
import HoneSocieties
import HoneText
import HoneWorlds

extension ComposedTable {
    /// The policy of models made here that refine: what they are shown is the latest attempt.
    static let latestView: PolicyName = "latest-view"

    /// The words around attempts: single signs where they are taught, else sentences.
    private var wording: AttemptWording { isGiven ? .sentences : .short }

    /// The world as the answers' form has it; nil where a question is answered once.
    var world: (any World)? {
        get throws {
            switch form {
            case .whole: return nil
            case .steps: return try Stepwise(questions, separator: questions.separator, limit: settings.search.depth)
            case .attempts:
                let search = settings.search
                let isChain = search.method == "self-refine"
                // A search says the attempt it keeps once more.
                return try Attempts(
                    questions, limit: isChain ? search.samples : max(search.simulations, search.refining.depth) + 2, stop: isChain ? .never : .sameText,
                    isCriticised: search.refining.criticises, wording: wording)
            }
        }
    }

    /// What the latest attempt is worth.
    func attemptValuation(by judge: SearchJudge) -> any Valuation {
        switch judge {
        case .votes: VotedCritiques(seat: Attempts.critic, votes: settings.verdict.votes, accepting: RefinementLessons.accepting)
        case .marks:
            // Marks of MCTSr, from -100 to 100 and lowered by 5 above 95, as shares.
            SeatScore(seat: Attempts.grader, said: isGiven ? -100...100 : RefinementLessons.marks, values: 0...1, ceiling: 0.975, damping: 0.025)
        default: StandingReturn()
        }
    }

    /// Who asks back from answers; nil where the search does not. Throws where a model made here cannot be taught it.
    func backwardQuestions(_ entry: SearchCatalog.Entry) throws -> (any BackwardQuestions)? {
        guard entry.asksBackward else { return nil }
        if isGiven { return HiddenNumbers() }
        let task = settings.common.task
        guard task.world == "arithmetic", task.settings["operations"]?.text?.contains("*") != true else {
            throw DoesNotApply(
                "“\(entry.card.name)” asks a model made here backward questions that it is taught, about sums and differences of the world arithmetic; "
                    + "use that, or a model that is given")
        }
        return MaskedChains()
    }

    /// The model that plays, taught what its search asks of it.
    func models(_ entry: SearchCatalog.Entry, seed: Seed) throws -> [ModelName: ModelPlan] {
        let base = settings.common.base
        guard !isGiven, base.passes > 0, base.demonstrations > 0 else { return try shop.models(seed: seed) }
        if form == .attempts {
            let lessons = settings.lessons.refinement.problems(
                shop.training, of: questions, count: settings.lessons.attempts, isCriticised: settings.search.refining.criticises, wording: wording,
                seed: seed.child("lessons"))
            return try shop.models(reciting: lessons)
        }
        guard entry.asksBackward else { return try shop.models(seed: seed) }
        let lessons = try MaskedChains.lessons(
            try shop.demonstrated(seed: seed), backward: settings.lessons.backward, errorRate: base.errorRate, seed: seed.child("backward"))
        return try shop.models(rehearsing: lessons, by: Rehearsal(), seed: seed)
    }
}
