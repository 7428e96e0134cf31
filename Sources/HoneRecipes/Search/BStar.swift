import HoneCore
import HoneCredit
import HoneEngine
import HoneEvaluation
import HoneObjectives
import HoneWorlds

/// B-STaR: self-taught reasoning whose temperature and reward threshold are chosen anew before each iteration.
public enum BStar: Recipe {
    /// Who chooses how is sampled and selected.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// The balance score, before each iteration.
        case balanced
        /// The settings, once: `play.temperature` and `bstar.threshold`.
        case fixed
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var bstar: Particular
        /// How the reward's head is taught.
        public var process: ProcessRewardSettings

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Who chooses.
            public var form = Form.balanced
            /// The smallest reward that is learned, −1 to 2, where it is fixed.
            public var threshold = 0.5
            /// The temperatures to choose from.
            public var temperatures = [0.5, 0.7, 0.9, 1.1]
            /// How many thresholds there are to choose from, evenly from −1 to 1.
            public var thresholds = 21
            /// How many different right answers a problem should have, n*; also the most that are learned of one.
            public var wanted = 4
            /// Training problems that are probed before each iteration.
            public var probe = 40
            /// Samples of each of them, at each temperature.
            public var probeSamples = 8
        }

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.play = PlaySettings(problems: 200, samples: 8, temperature: 1, limit: common.play.limit)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 32, rows: 960, anneals: true)
            common.evaluation = EvaluationSettings(every: 5, problems: 150, samples: 16)
            common.iterations = 5
            bstar = Particular()
            process = ProcessRewardSettings()
            process.written = 4000
            process.iterations = 6
        }
    }

    public static let world = "countdown"

    public static let card = RecipeCard(
        id: "b-star",
        summary: "chooses temperature and reward threshold before each iteration, so that many different right answers and few wrong ones are learned",
        source: "Zeng et al., 2024, “B-STaR: Monitoring and Balancing Exploration and Exploitation in Self-Taught Reasoners”, algorithm 1",
        departures: [
            "the reward model is a head on a copy of the base, taught from written answers and the base's own; the paper has one made elsewhere",
            "at most n* answers of a problem are learned, and the iteration's rows are drawn evenly from all; the paper raises the cap until enough are there",
            "answers count as different where they are written differently; in countdown that is an expression, in chains the list of totals",
            "known solutions are not added to what was sampled",
            "four temperatures and 21 thresholds, where the published search has 15 and 201",
        ],
        parts: [
            "first: a process reward is taught on written answers and on the base's", "controller: the balance score chooses temperature and threshold",
            "curriculum: training problems in shuffled epochs", "judge: the world's returns and the head's least step score", "credit: what reaches the threshold",
            "objective: cross-entropy, going on from the last iteration with the same optimiser", "measure: the exploration and exploitation monitor",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.bstar
        let faults = own.faults() + settings.process.faults
        if !faults.isEmpty { throw PlanError(faults) }
        let shop = try Workshop(settings.common, seed: seed)
        guard let questions = shop.questions else {
            throw CoreError.unsupported("“b-star” needs answers in steps, which “\(shop.world.name)” as a program does not give")
        }
        let reward = BalancedReward(model: ModelRef(Workshop.processModel))
        let cast = shop.cast.mapValues { player in
            var copy = player
            copy.sampling.stop = [questions.separator]
            return copy
        }
        guard let solver = cast[.solver] else { throw CoreError.unknown(kind: "player for role", name: "solver", known: []) }
        var stage = shop.improvement(
            route: Route(credit: AcceptedOnly(keep: own.wanted, threshold: own.threshold, kind: BalancedReward.kind), objective: CrossEntropy()))
        stage.cast = cast
        stage.judges.append(reward)
        stage.measures = [
            ScheduledMeasure(
                every: settings.common.evaluation.every,
                BalanceMonitor(problems: shop.heldOut, samples: settings.common.evaluation.samples, cast: cast, judge: reward, kind: BalancedReward.process))
        ]
        if own.form == .balanced {
            let step = own.thresholds > 1 ? 2 / Double(own.thresholds - 1) : 0
            stage.controllers = [
                BalanceController(
                    problems: Array(shop.training.prefix(own.probe)), samples: own.probeSamples, temperatures: own.temperatures,
                    thresholds: (0..<own.thresholds).map { -1 + Double($0) * step }, wanted: own.wanted, judge: reward)
            ]
        }
        var models = try shop.models(seed: seed)
        models[Workshop.processModel] = try shop.processModel(settings.process, player: solver, seed: seed)
        var plan = try shop.plan([shop.teachingOfProcessReward(settings.process, player: solver), stage], models: models, seed: seed)
        plan.worlds = [questions.name: try Stepwise(questions, separator: questions.separator)]
        return plan
    }
}

extension BStar.Settings.Particular {
    /// What cannot work, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“bstar.\(key)” is \(found); it should be \(expected)") }
        }
        require((-1...2).contains(threshold), "threshold", threshold, "between -1 and 2, as rewards are")
        require(!temperatures.isEmpty && temperatures.allSatisfy { $0 >= 0 }, "temperatures", "\(temperatures)", "one or more temperatures, each 0 or more")
        for (key, value) in [("thresholds", thresholds), ("wanted", wanted), ("probe", probe), ("probeSamples", probeSamples)] {
            require(value >= 1, key, value, "1 or more")
        }
        return faults
    }
}
