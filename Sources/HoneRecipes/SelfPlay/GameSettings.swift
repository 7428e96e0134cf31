import HoneCore
import HoneCredit
import HoneCurricula
import HoneGames
import HoneObjectives

/// How a game is put into words for a model.
public struct GameTextSettings: Hashable, Sendable, Codable {
    /// How a position is shown: `words`, `short` (the bare information state), `squares` (in games of x and o, the squares alone as the mover sees
    /// them: its own as x), or `auto`: short for models made here, words for given ones.
    public var form: String
    /// What of a play a model sees: `all`, or `latest`, the position alone, which games of perfect information allow; `auto`: the latest there, where
    /// positions are short.
    public var memory: String
    /// Whether the rules stand before a player's first move; before each where it sees the latest position alone.
    public var showsInstructions: Bool
    /// Whether the allowed moves are listed before each move.
    public var showsMoves: Bool
    /// What a player gets for a move that is not allowed: the game's smallest return, and this much less.
    public var illegalPenalty: Double

    /// Words; small models learn the rules from play and read little.
    public init(
        form: String = "auto", memory: String = "auto", showsInstructions: Bool = false, showsMoves: Bool = false, illegalPenalty: Double = 1
    ) {
        self.form = form
        self.memory = memory
        self.showsInstructions = showsInstructions
        self.showsMoves = showsMoves
        self.illegalPenalty = illegalPenalty
    }
}

extension GameTextSettings {
    /// The settings of the game's world for a model; an illegal move costs what the game says until the penalty is known. Throws a sentence where
    /// the latest view does not tell the position, or where there are no squares.
    func words(for size: String, in game: some ExtensiveGame) throws -> GameWorldSettings {
        let facts = game.facts
        guard form != "squares" || game is any SquareGame else {
            throw CoreError.unsupported("“text.form” is squares, but this game is not played with x and o on squares; use words, short or auto")
        }
        guard memory != "latest" || facts.hasPerfectInformation else {
            throw CoreError.unsupported("“text.memory” is latest, but in a game with hidden information what was seen before matters; use all or auto")
        }
        var words = GameWorldSettings()
        words.isSquares = form == "squares"
        words.isShort = words.isSquares || form == "short" || form == "auto" && !ModelSettings.isGiven(size)
        words.isLatestOnly = memory == "latest" || memory == "auto" && words.isShort && facts.hasPerfectInformation
        words.showsInstructions = showsInstructions
        words.showsMoves = showsMoves
        return words
    }
}

/// Settings of a recipe that plays games.
protocol PlaysGames {
    /// Those that all of them share.
    var games: GamePlaySettings { get }
}

/// Whom the learner meets.
public struct OpponentSettings: Hashable, Sendable, Codable {
    /// The scheme: mirror, latest, past, fictitious, prioritised, league, oracle or fixed.
    public var scheme: OpponentScheme
    /// The player of the scheme `fixed`: random, mcts:100, perfect, quickest, equilibrium, or an endpoint (https://host/v1#model).
    public var player: String
    /// Every so many iterations a snapshot is kept.
    public var keepEvery: Int
    /// The most snapshots.
    public var pool: Int
    /// k of the prioritised scheme's weights (1 − p)ᵏ.
    public var hardness: Double
    /// Plays for each entry of the table between snapshots, in the scheme `oracle`.
    public var trials: Int
    /// Every so many iterations the league's exploiter begins anew.
    public var exploiterLife: Int
    /// Whose plays the model is taught from before it plays itself: random, mcts:100, perfect, quickest, equilibrium. It plays against itself, or in the scheme
    /// `fixed` against the player there, on each seat in turn.
    public var teacher: String

    /// Opponents.
    public init(scheme: OpponentScheme = .mirror) {
        self.scheme = scheme
        player = "random"
        keepEvery = 5
        pool = 10
        hardness = 1
        trials = 32
        exploiterLife = 20
        teacher = "random"
    }
}

/// How self-play learns.
public struct SelfPlaySettings: Hashable, Sendable, Codable {
    /// What a return is compared with.
    public enum Baseline: String, Hashable, Sendable, Codable, CaseIterable {
        /// The other decisions at the same position.
        case state
        /// A running mean for each seat.
        case role
        /// One running mean for all seats.
        case all
    }

    /// What a return is compared with: `state`, the other decisions of the iteration at the same position; `role`, a running mean of the seat
    /// (SPIRAL); `all`, one running mean for all seats, the ablation.
    public var baseline: Baseline
    /// How much of the old baseline is kept.
    public var decay: Double
    /// What the learning rate falls to by equal factors over the run, as a share of where it begins; 1 keeps it. Below 1, each iteration has
    /// to be one step (learner.miniBatch = 0).
    public var finalRate: Double
    /// AdamW's ε. Where it is larger than most gradients, steps shrink with them, so that the noise at an equilibrium does not drive play about.
    public var epsilon: Double
    /// η: how strongly play is held to the reference; 0 is plain policy gradient.
    public var eta: Double
    /// What η falls to, by equal factors from phase to phase; 0 keeps it. The fixed points of small η lie near equilibria, and large η comes
    /// there without collapsing first.
    public var finalEta: Double
    /// How many phases η has. Schemes that keep snapshots have one, with the geometric mean of both values.
    public var phases: Int
    /// Every so many iterations the policy becomes the reference (its moving average, where there is one); 0 keeps the first.
    public var refreshEvery: Int
    /// How much a moving average of the weights keeps at each iteration; it is measured beside the policy. 0 has none.
    public var smoothing: Double
    /// How many of the newest iterates, one every `opponents.keepEvery` iterations of the last phase, make up the average policy that is
    /// measured beside; 0 has none. The last phase then has half of all iterations. Drawing one of them for each play is playing that average.
    /// Schemes that keep snapshots average those.
    public var averaged: Int

    /// Learning.
    public init(
        baseline: Baseline = .role, decay: Double = 0.95, finalRate: Double = 1, eta: Double = 0, finalEta: Double = 0, phases: Int = 1, refreshEvery: Int = 0,
        smoothing: Double = 0, averaged: Int = 0, epsilon: Double = 1e-8
    ) {
        self.averaged = averaged
        self.epsilon = epsilon
        self.finalEta = finalEta
        self.phases = phases
        self.smoothing = smoothing
        self.finalRate = finalRate
        self.baseline = baseline
        self.decay = decay
        self.eta = eta
        self.refreshEvery = refreshEvery
    }
}

extension SelfPlaySettings {
    /// The credit of this baseline.
    var credit: any Credit {
        switch baseline {
        case .state: StateConditioned(decay: decay)
        case .role, .all: RoleConditioned(decay: decay, sharesBaseline: baseline == .all)
        }
    }
}

/// How play is measured.
public struct YardstickSettings: Hashable, Sendable, Codable {
    /// Opponents that do not learn: random, mcts:100, perfect, quickest, equilibrium.
    public var against: [String]
    /// Plays against each.
    public var plays: Int
    /// Whether exploitability is computed, in games small enough.
    public var isExact: Bool
    /// Plays of each pair of a tournament between the model, its snapshots and the yardsticks, for ratings; 0 has none.
    public var rated: Int

    /// Measures.
    public init(against: [String] = ["random"], plays: Int = 200, isExact: Bool = true, rated: Int = 0) {
        self.rated = rated
        self.against = against
        self.plays = plays
        self.isExact = isExact
    }
}

/// All settings of recipes that play games.
public struct GamePlaySettings: RecipeSettings, Hashable, PlaysGames {
    var games: GamePlaySettings { self }
    public var common: CommonSettings
    /// How the game is put into words.
    public var text: GameTextSettings
    /// Whom the learner meets.
    public var opponents: OpponentSettings
    /// How it learns.
    public var selfPlay: SelfPlaySettings
    /// How its play is measured.
    public var yardsticks: YardstickSettings

    public init(world: String) {
        let defaults = (try? WorldFamily.tables.defaults(of: world)) ?? .object([:])
        common = CommonSettings(task: TaskSettings(world: world, settings: defaults))
        common.model.size = "nano:ascii"
        common.base = BaseSettings(demonstrations: 256, passes: 150, rate: 1e-3)
        common.play = PlaySettings(problems: 64, samples: 8, temperature: 1, limit: 12)
        common.learner = LearnerSettings(rate: 1e-4, miniBatch: 256)
        common.evaluation = EvaluationSettings(every: 10, problems: 200, samples: 1)
        common.iterations = 100
        text = GameTextSettings()
        opponents = OpponentSettings()
        selfPlay = SelfPlaySettings()
        yardsticks = YardstickSettings()
        GameTuning.apply(to: &self, world: world)
    }
}

/// Defaults that suit a game, found by trying; every one can be set.
enum GameTuning {
    static func apply(to settings: inout GamePlaySettings, world: String) {
        switch world {
        case "kuhn-poker":
            // Held loosely, it bets and calls with every card before it has learned to look at its card.
            settings.common.learner = LearnerSettings(rate: 2e-4, miniBatch: 0)
            settings.common.play.problems = 128
            settings.common.iterations = 700
            settings.common.evaluation.every = 50
            settings.selfPlay = SelfPlaySettings(
                baseline: .state, finalRate: 0.2, eta: 1, finalEta: 0.4, phases: 3, refreshEvery: 10, smoothing: 0.98, averaged: 40)
        case "tic-tac-toe":
            board(&settings)
            settings.yardsticks.against = ["random", "perfect"]
        case "connect-four":
            board(&settings)
            settings.yardsticks.against = ["random", "mcts:100"]
        default: break
        }
    }

    /// Boards: many small steps teach which squares are free, where few large ones leave most plays illegal; held more loosely, self-play forgets the
    /// answers to what it does not play itself.
    private static func board(_ settings: inout GamePlaySettings) {
        settings.common.base = BaseSettings(demonstrations: 32, passes: 400, rate: 1e-3)
        settings.common.learner = LearnerSettings(rate: 2e-4, miniBatch: 0)
        settings.common.play.problems = 32
        settings.selfPlay = SelfPlaySettings(baseline: .state, finalRate: 0.2, eta: 0.2, smoothing: 0.9)
    }
}
