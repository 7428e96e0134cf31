import HoneCore
import HoneEngine
import HoneGames

/// VGC-Bench: agents for team battles that differ in whom they trained against, measured against each other, against players trained to exploit
/// them, and with teams they have not seen.
public enum VGCBench: Recipe {
    /// How an agent came to be: copied from plays of a rule player, or that and policy gradient against a scheme's opponents.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// Behaviour cloning only.
        case cloning = "bc"
        /// Against itself.
        case selfPlay = "self-play"
        /// Against its newest snapshot.
        case last
        /// Against all its snapshots alike.
        case fictitious
        /// Against the equilibrium of the game between its snapshots.
        case oracle
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var bench: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// n: from how many sheets each side's team is drawn, 1 to 8; as many others are held out.
            public var sheets = 1
            /// Which agents there are.
            public var methods: [Method] = [.cloning, .selfPlay, .fictitious, .oracle]
            /// Iterations of training an exploiter against each agent; 0 trains none.
            public var exploiting = 10
            /// Iterations at the start in which only the value head learns.
            public var warmUp = 2
            /// Every so many iterations a snapshot is kept.
            public var keepEvery = 3
            /// The most snapshots.
            public var pool = 6
            /// Battles for each entry of the table between snapshots, in the method `oracle`.
            public var trials = 60
            /// How often the rule player that is cloned does anything instead.
            public var noise = 0.15
            /// λ of generalised advantage estimation, over a player's turns.
            public var lambda = 0.95
            /// The factor of the entropy bonus.
            public var entropyBonus = 1e-3
            /// Fixed opponents: random, max-damage, rules.
            public var opponents = ["random", "max-damage", "rules"]
        }

        public init(world: String) {
            var game = TeamBattle.Settings()
            game.isTerse = true
            common = CommonSettings(task: TaskSettings(world: world, settings: (try? JSONValue(encoding: game)) ?? .object([:])))
            common.model.size = "pico:ascii"
            common.base = BaseSettings(demonstrations: 24, passes: 150, rate: 3e-3)
            common.play = PlaySettings(problems: 16, samples: 8, temperature: 1, limit: 6)
            common.learner = LearnerSettings(rate: 3e-4, passes: 2, miniBatch: 512)
            common.evaluation = EvaluationSettings(every: 1, problems: 200, samples: 1)
            common.iterations = 30
            bench = Particular()
        }
    }

    public static let world = "team-battle"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "vgc-bench",
        summary: "team battles: cloning, self-play, fictitious play and double oracle, cross-play, exploiters, seen against unseen teams",
        source: "Angliss et al. 2025, “A Benchmark for Generalizing Across Diverse Team Strategies in Competitive Pokémon”; "
            + "repository cameronangliss/VGC-Bench",
        departures: [
            "a battle of 12 kinds and three elements, two against two with one in reserve, in place of Pokémon VGC",
            "agents are small language models that read a line of text and write their orders; an order that is not allowed becomes the closest "
                + "allowed one, in place of a mask",
            "plays of a noisy rule player in place of human logs",
            "the exploiter starts from the cloned agent, and only the agent's last weights are exploited, not its mixture",
            "the critic warms up on its head alone",
            "teams are drawn for each side on its own, so that both may have the same",
        ],
        parts: [
            "base: cloning of a noisy rule player", "curriculum: matchmaking by self-play, last snapshot, fictitious play or double oracle",
            "credit: generalised advantages over own turns", "objective: PPO with a value head", "stage: an exploiter against each frozen agent",
            "measure: cross-play matrix and Elo, exploiter points, points with seen and unseen teams",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let faults = settings.faults()
        if !faults.isEmpty { throw PlanError(faults) }
        let table = try BattleTable(settings)
        if table.isEndpoint {
            return table.plan([Stage(name: "measure", iterations: 0, society: table.society, cast: table.cast, measures: table.measures)])
        }
        var stages: [Stage] = []
        for method in settings.bench.methods where method != .cloning { stages += table.training(of: method) }
        if settings.bench.exploiting > 0 { stages += settings.bench.methods.map { table.exploiting($0) } }
        stages.append(Stage(name: "measure", iterations: stages.isEmpty ? 0 : 1, society: table.society, cast: table.cast, measures: table.measures))
        return table.plan(stages)
    }
}

extension VGCBench.Settings {
    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = common.faults()
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        require(common.task.world == VGCBench.world, "task.world", common.task.world, "“\(VGCBench.world)”, which this recipe is about")
        require((1...8).contains(bench.sheets), "bench.sheets", bench.sheets, "1 to 8")
        require(!bench.methods.isEmpty, "bench.methods", "empty", "one or more of \(VGCBench.Method.allCases.map(\.rawValue).joined(separator: ", "))")
        require(Set(bench.methods).count == bench.methods.count, "bench.methods", bench.methods.map(\.rawValue).joined(separator: ", "), "without repetition")
        require(bench.exploiting >= 0, "bench.exploiting", bench.exploiting, "0 (no exploiters) or more")
        require((0...max(0, common.iterations)).contains(bench.warmUp), "bench.warmUp", bench.warmUp, "0 to the \(common.iterations) iterations there are")
        require(bench.keepEvery >= 1, "bench.keepEvery", bench.keepEvery, "1 or more")
        require(bench.pool >= 1, "bench.pool", bench.pool, "1 or more")
        require(bench.trials >= 2, "bench.trials", bench.trials, "2 or more")
        require((0...1).contains(bench.noise), "bench.noise", bench.noise, "between 0 and 1")
        require((0...1).contains(bench.lambda), "bench.lambda", bench.lambda, "between 0 and 1")
        require(bench.entropyBonus >= 0, "bench.entropyBonus", bench.entropyBonus, "0 or more")
        for name in bench.opponents where !BattleTable.opponents.contains(name) {
            faults.append("“bench.opponents”: \(CoreError.unknown(kind: "opponent", name: name, known: BattleTable.opponents))")
        }
        return faults
    }
}
