import HoneCore
import HoneEngine
import HoneGames
import HoneSocieties

/// Two play the balloon game round after round; a critic advises one of them in between, and nothing is learned but what stands in the prompt.
public enum GPTBargaining: Recipe {
    /// Who is coached.
    public enum Side: String, Codable, Hashable, Sendable, CaseIterable {
        /// Seat 0.
        case seller
        /// Seat 1.
        case buyer
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var bargaining: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// Who is coached.
            public var coached = Side.seller
            /// Where advice comes from: `critic`, `constant`, `random` or `none`.
            public var feedback = FeedbackSource.critic
            /// How many rounds, 2 to 10.
            public var rounds = 5
            /// How likely a taught player's step is drawn anew.
            public var noise = 0.2
            /// The share of taught questions that are the critic's.
            public var criticShare = 0.2
            /// How often a set of tactics is replayed against each kind of rival before the critic is taught the best.
            public var replays = 4
        }

        public init(world: String) {
            var game = BuyerSeller.Settings()
            // The paper's balloon: a cost of 8, and only prices between the openings count.
            game.costs = [8, 8]
            game.values = [20, 20]
            game.prices = [10, 20]
            let defaults = world == GPTBargaining.world ? (try? JSONValue(encoding: game)) : (try? GameCatalog.entry(world).defaults)
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults ?? .object([:])))
            common.model.size = "pico"
            common.base = BaseSettings(demonstrations: 12_000, passes: 3, miniBatch: 64, rate: 3e-3)
            common.play.limit = 200
            common.evaluation = EvaluationSettings(every: 1, problems: 300, samples: 1)
            common.iterations = 0
            bargaining = Particular()
        }
    }

    public static let world = "buyer-seller"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "gpt-bargaining",
        summary: "rounds of bargaining over one price, with a critic's advice for one side in its prompt, against constant, random and no advice",
        source: "Fu et al., 2023, “Improving Language Model Negotiation with Self-Play and In-Context Learning from AI Feedback”",
        departures: [
            "offers are moves (offer, accept, reject), so that the game's rules take the moderator's place",
            "a model made here reads advice as up to three letters, each a tactic, and only the newest; a model that is given reads all its rounds and all advice in words",
            "both seats and the critic are one model unless model.players names others; it was taught by scripted hagglers, and the critic by replays of the talks it reads",
            "advice written by people is not tried",
        ],
        parts: [
            "base: rehearsed moves of scripted hagglers with and without advice, and the critic's best advice", "society: coached-rounds",
            "measure: price, deal rate and the coached side's gain, round by round",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let own = settings.bargaining
        let player = try TaughtPlayer(settings.common, world: world, faults: settings.faults())
        let game = try BuyerSeller(settings.common.task.settings.decode(BuyerSeller.Settings.self))
        let prompt = HagglingPrompt(isShort: !player.isGiven, game: game)
        let society = CoachedRounds(prompt: prompt, coached: own.coached == .seller ? 0 : 1, count: own.rounds, feedback: own.feedback)
        let problems = (0..<settings.common.evaluation.problems).map { Problem(id: "game \($0)", world: HagglingRoom.name, isHeldOut: true) }
        let cast = player.cast([.seller, .buyer, .critic])
        let stage = Stage(
            name: "bargain", iterations: 0, society: society, cast: cast,
            measures: [ScheduledMeasure(every: settings.common.evaluation.every, BargainingTrial(problems: problems, cast: cast, society: society))])
        return try player.plan(
            stage, worlds: [HagglingRoom.name: HagglingRoom()], rehearsing: player.isTaught ? lessons(prompt, settings, seed: seed.child("lessons")) : [])
    }

    /// The rivals of scripted play: those who give way in large, usual and small steps.
    private static let rivals: [Set<HagglingTactic>] = [[.fast], [], [.slow]]

    /// Moves of scripted hagglers, one of whom may be advised, and the critic's best advice for what it reads.
    private static func lessons(_ prompt: HagglingPrompt, _ settings: Settings, seed: Seed) throws -> [Problem] {
        let own = settings.bargaining
        var lessons: [Problem] = []
        func add(_ text: String, _ answer: String) throws {
            let problem = Problem(id: "lesson \(lessons.count)", world: HagglingRoom.name, text: text)
            lessons.append(try Script(answers: [answer]).given(to: problem))
        }
        var number = 0
        while lessons.count < settings.common.base.demonstrations {
            let play = seed.child("play", number)
            number += 1
            var generator = play.generator
            let seat = generator.integer(in: 0...1)
            let rival = rivals[generator.integer(in: 0...2)]
            // Half of the coached have no advice, and then any manner; some are told to do better, which says nothing.
            let advised = generator.chance(0.5)
            let advice = advised ? generator.element(of: Haggler.advice + [[.better]]) ?? [] : []
            let tactics = advised && advice != [.better] ? Set(advice) : rivals[generator.integer(in: 0...2)]
            var hagglers = [Haggler(rival, noise: own.noise), Haggler(rival, noise: own.noise)]
            hagglers[seat] = Haggler(tactics, noise: own.noise)
            var round = HagglingRound(state: prompt.game.start)
            let written = advice.isEmpty ? [] : [prompt.written(advice)]
            var moves: [(String, String)] = []
            while case .seat(let mover) = prompt.game.turn(in: round.state) {
                let action = hagglers[mover].action(in: round.state, for: mover, of: prompt.game, seed: play.child("turn", round.state.events.count))
                moves.append((prompt.player(mover, round.state, advice: mover == seat ? written : [], past: []), HagglingPrompt.short(action)))
                prompt.game.apply(action, to: &round.state)
            }
            if generator.chance(own.criticShare * Double(moves.count) / (1 - own.criticShare)) || own.criticShare * Double(moves.count) >= 1 - own.criticShare {
                let best = Haggler.bestAdvice(for: seat, against: [rival], prompt.game, replays: own.replays, noise: own.noise, seed: play.child("replays"))
                try add(prompt.critic(seat, advice: written, past: [round]), prompt.written(best))
            }
            for (text, answer) in moves { try add(text, answer) }
        }
        return Array(lessons.prefix(settings.common.base.demonstrations))
    }
}

extension GPTBargaining.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults() -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“bargaining.\(key)” is \(found); it should be \(expected)") }
        }
        require((2...10).contains(bargaining.rounds), "rounds", bargaining.rounds, "from 2 to 10")
        require((0...1).contains(bargaining.noise), "noise", bargaining.noise, "between 0 and 1")
        require((0..<1).contains(bargaining.criticShare), "criticShare", bargaining.criticShare, "0 or more, and below 1")
        require(bargaining.replays >= 1, "replays", bargaining.replays, "1 or more")
        if let game = try? common.task.settings.decode(BuyerSeller.Settings.self), common.task.world == GPTBargaining.world {
            if game.openings.count != 2 { faults.append("“task.settings.openings” is \(game.openings); both sides begin with a price here, such as 20 and 10") }
            if game.costs.first != game.costs.last || game.values.first != game.values.last {
                faults.append("“task.settings.costs” is \(game.costs) and “task.settings.values” \(game.values); nothing is drawn here, so each should be one number twice")
            }
            if game.talk != .none { faults.append("“task.settings.talk” is \(game.talk.rawValue); offers are all that is said here, so it should be none") }
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught short prompts; set it to 0 for a model folder")
        }
        return faults
    }
}
