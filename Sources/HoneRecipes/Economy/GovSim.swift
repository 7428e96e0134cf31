import HoneCore
import HoneCurricula
import HoneEngine
import HoneGames
import HoneJudges
import HoneSocieties

/// GovSim: a group of personas of one model lives off a stock that grows back, with and without talk, a sentence that generalises, or a greedy newcomer.
public enum GovSim: Recipe {
    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var commons: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// What a player learns from: its own gain, or the mean of the group's.
            public var reward = CommonsReward.group
            /// Whether players keep a private note between rounds.
            public var reflects = true
            /// How many sub-skill questions are asked.
            public var skills = 80
            /// The share of taught lessons that are such questions.
            public var skillShare = 0.2
            /// How often each manner is drawn for the taught plays: sustainer, greedy, reciprocator, copier.
            public var mixture = [0.35, 0.2, 0.2, 0.25]
            /// Of how many moments of teaching the model is measured; 0 for the taught model alone.
            public var checkpoints = 0
            /// Plays at each of them.
            public var checkpointPlays = 40
        }

        public init(world: String) {
            let defaults = world == GovSim.world ? (try? JSONValue(encoding: Commons.Settings())) : (try? GameCatalog.entry(world).defaults)
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults ?? .object([:]), trainProblems: 256))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 12_000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play = PlaySettings(problems: 4, samples: 8, temperature: 1, limit: 8)
            common.learner = LearnerSettings(rate: 3e-4, miniBatch: 256, rows: 1024)
            common.evaluation = EvaluationSettings(every: 20, problems: 200, samples: 1)
            common.iterations = 0
            commons = Particular()
        }
    }

    public static let world = "commons"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "govsim",
        summary: "personas of one model take from a shared stock, talk and reflect: how long it lasts, by condition, and what learning on own or group gain makes of it",
        source: "Piatti et al. 2024, “Cooperate or Collapse: Emergence of Sustainable Cooperation in a Society of LLM Agents”; repository giorgiopiatti/GovSim",
        departures: [
            "a model made here is taught a mixture of four scripted manners, so that all behaviours exist in it; personas are draws from it",
            "talk is speech acts (a limit, blame, agreement, silence), one for each player after each round; the rules read out the catches",
            "a note of a model made here is one limit",
            "what was wanted is read out beside what was got",
            "with a newcomer as many rounds are played as without, so that survival times can be compared",
            "learning on own or group gain is not in the paper",
        ],
        parts: [
            "base: takes, speech, notes and sub-skill questions of scripted manners", "society: commons-rounds", "judge: own or group gain",
            "credit: relative to plays of the same problem", "objective: clipped policy gradient", "measure: survival, gain, efficiency, equality, over-use, speech acts, sub-skills",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.commons
        let player = try TaughtPlayer(settings.common, world: world, learns: true, faults: settings.faults())
        let game = try Commons(settings.common.task.settings.decode(Commons.Settings.self))
        let prompt = CommonsPrompt(isShort: !player.isGiven, game: game)
        let roles = (0..<game.settings.players).map { Role.player($0) }
        let society = CommonsRounds(prompt: prompt, reflects: own.reflects, reward: own.reward)
        // The same for all seeds, so that runs can be compared.
        let fixed = Seed(0).child("measured")
        let measured = (0..<settings.common.evaluation.problems).map { CommonsRounds.problem("commons \($0)", drawn: fixed.child("play", $0), isHeldOut: true) }
        let kinds = CommonsSkill.Kind.allCases
        let skills = (0..<own.skills).map { CommonsSkill(kinds[$0 % kinds.count], of: game, seed: fixed.child("skill", $0)) }
        let snapshots = (0..<own.checkpoints).map { "checkpoint \($0)" }
        let cast = player.speakers(roles)
        let lessons = try player.isTaught
            ? CommonsLessons(settings: game.settings, skillShare: own.skillShare, mixture: zip(CommonsManner.allCases, own.mixture).map { (manner: $0, weight: $1) })
                .problems(settings.common.base.demonstrations, seed: seed.child("lessons")) : []
        let trial = CommonsTrial(problems: measured, cast: cast, prompt: prompt, skills: skills, checkpoints: snapshots, playsAtCheckpoints: own.checkpointPlays)
        var stage = Stage(
            name: "commons", iterations: player.iterations, perIteration: settings.common.play.problems, society: society, cast: cast, judges: [WorldReturns()],
            measures: [ScheduledMeasure(every: settings.common.evaluation.every, trial)])
        if player.iterations > 0 {
            let training = (0..<settings.common.task.trainProblems).map { CommonsRounds.problem("training commons \($0)", drawn: seed.child("training", $0), isHeldOut: false) }
            stage.curriculum = ProblemStream(problems: training, samples: settings.common.play.samples)
            stage.updates = [player.groupUpdate(roles)]
        }
        let range = game.facts.range
        let worlds: [WorldName: any World] = [EconomyRoom.name: EconomyRoom(roles: roles, range: range)]
        guard own.checkpoints > 0 else { return try player.plan(stage, worlds: worlds, rehearsing: lessons) }
        // Taught in the run itself, so that snapshots are left on the way.
        let rows = lessons.count * settings.common.base.passes
        var teaching = player.teaching(lessons, name: "checkpoints", iterations: own.checkpoints, perIteration: (rows + own.checkpoints - 1) / own.checkpoints)
        teaching.operations = [.learned: [.keepInTurn(TaughtPlayer.policy, prefix: "checkpoint ", limit: own.checkpoints)]]
        stage.iterations = 1
        return try player.plan([teaching, stage], worlds: worlds, rehearsing: [])
    }
}

extension GovSim.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“commons.\(key)” is \(found); it should be \(expected)") }
        }
        require(commons.skills >= 0, "skills", commons.skills, "0 or more")
        require((0..<1).contains(commons.skillShare), "skillShare", commons.skillShare, "0 or more, and below 1")
        require(
            commons.mixture.count == CommonsManner.allCases.count && commons.mixture.allSatisfy { $0 >= 0 } && commons.mixture.contains { $0 > 0 }, "mixture",
            commons.mixture.description, "one weight of 0 or more for each of \(CommonsManner.allCases.map(\.rawValue).joined(separator: ", ")), not all 0")
        require(commons.checkpoints == 0 || (3...50).contains(commons.checkpoints), "checkpoints", commons.checkpoints, "0, or from 3 to 50")
        require(commons.checkpointPlays >= 1, "checkpointPlays", commons.checkpointPlays, "1 or more")
        if commons.checkpoints > 0 {
            if common.iterations > 0 { faults.append("“commons.checkpoints” is \(commons.checkpoints) and “iterations” \(common.iterations); one of them should be 0") }
            if ModelSettings.isGiven(common.model.size) || common.base.passes == 0 || common.base.demonstrations == 0 {
                faults.append("“commons.checkpoints” is \(commons.checkpoints), but only a model that is taught here has moments of teaching; set it to 0")
            }
        }
        if common.task.world == GovSim.world, common.task.settings["talk"]?.text == TalkRule.free.rawValue {
            faults.append("“task.settings.talk” is free; speech is one of a list here, so it should be listed or none")
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught short prompts; set it to 0 for a model folder")
        }
        return faults
    }
}
