import HoneCore
import HoneJudges
import HoneSearch
import HoneWorlds

extension AttemptWording {
    /// The short words, in which whoever votes is asked what the critic is asked.
    static let voting: AttemptWording = {
        var wording = AttemptWording.short
        wording.askScore = wording.askCritique
        return wording
    }()
}

extension SPaR {
    /// Who sits where.
    struct Table {
        let settings: Settings.Particular
        /// The actor, answering once.
        let actor: Player

        /// How the refiner draws repairs and votes.
        var drawing: Sampling {
            var sampling = actor.sampling
            sampling.temperature = settings.temperature
            return sampling
        }

        /// The refiner.
        private var refiner: Player { Player(model: ModelRef(SPaR.refiner), policy: "latest-view", sampling: drawing) }

        /// The actor and the refiner at one answer. The critic says what is likeliest, so that a found repair can be played once more; the grader votes.
        func repairing(by search: SearchName) -> Cast {
            var (solver, critic) = (actor, refiner)
            (solver.policy, solver.search) = ("actor-then-refiner", search)
            critic.sampling = critic.sampling.greedy
            return [.solver: solver, Attempts.critic: critic, Attempts.grader: refiner]
        }

        /// The refiner's votes on answers drawn independently.
        var majority: MajorityVote {
            MajorityVote(votes: GenerativeVotes(voter: refiner, votes: settings.votes, words: ConstraintLessons.words))
        }
    }
}

extension SPaR.Settings.Particular {
    /// The search for repairs; `one-shot` has the same number of attempts, all at the first answer.
    var search: RepairSearch {
        let votes = VotedCritiques(seat: Attempts.grader, votes: votes, accepting: ConstraintLessons.words.yes)
        guard form == .oneShot else {
            return RepairSearch(order: order, branches: branches, width: width, depth: depth, budget: budget, valuation: votes)
        }
        return RepairSearch(branches: max(1, budget - 1), width: 1, depth: 1, budget: budget, valuation: votes)
    }

    /// What cannot work, as sentences with the key in front.
    func faults(_ common: CommonSettings) -> [String] {
        var faults = lessons.faults("spar.lessons")
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        for (key, value) in [("branches", branches), ("width", width), ("depth", depth), ("votes", votes)] { require(value >= 1, "spar." + key, value, "1 or more") }
        require(budget >= 2, "spar.budget", budget, "2 or more: an answer and a repair")
        require(responses >= 2, "spar.responses", responses, "2 or more, as pairs are made of them")
        require(pairs >= 0, "spar.pairs", pairs, "0 (all) or more")
        require(repaired >= 0, "spar.repaired", repaired, "0 (none) or more")
        for (key, value) in [("temperature", temperature), ("beta", beta), ("alpha", alpha), ("refinerRate", refinerRate)] {
            require(value >= 0, "spar." + key, value, "0 or more")
        }
        require(
            !ModelSettings.isGiven(common.model.size), "model.size", common.model.size,
            "a size, such as pico@192: the seats of an actor, a critic and a refiner are asked in the short words that models made here are taught")
        require(common.task.world == "constraints", "task.world", common.task.world, "constraints, which models made here are taught to answer and repair")
        return faults
    }
}
