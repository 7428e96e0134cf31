import HoneCore
import HoneEngine
import HoneGames
import HoneSearch
import HoneSocieties
import HoneText

/// Board games by external and internal planning: one model tracks states, lists moves and values them, and is searched with, or searches in its own text.
public enum BoardPlanning: Recipe {
    /// How a move is decided on.
    public enum Method: String, Codable, Hashable, Sendable, CaseIterable {
        /// By the worthiest move of one page.
        case plain
        /// By a tree search that asks the model for a page at each node.
        case external
        /// By one long answer that holds a tree.
        case `internal`
        /// By the best move of most drawn pages, as many as the tree search asks for.
        case votes
    }

    /// How a value is read.
    public enum Decoding: String, Codable, Hashable, Sendable, CaseIterable {
        /// As the mean over the distribution of its letter.
        case mean
        /// As the letter that was written.
        case written
    }

    /// Who says what follows a move in a tree search.
    public enum Transition: String, Codable, Hashable, Sendable, CaseIterable {
        /// The model.
        case model
        /// The rules of the game.
        case rules
    }

    /// Settings of the recipe.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is particular to it.
        public var planning: Particular

        /// What is particular to it.
        public struct Particular: Codable, Hashable, Sendable {
            /// How a move is decided on: plain, external, internal or votes.
            public var method = Method.external
            /// How values are read: mean or written.
            public var decoding = Decoding.mean
            /// Who says what follows a move in a tree search: model or rules.
            public var transition = Transition.model
            /// Simulations of a tree search, each a call of the model, after the first page.
            public var simulations = 32
            /// How many of them go on at once.
            public var parallel = 4
            /// The constant of PUCT; worth is from 0 to 1.
            public var exploration = 0.5
            /// The temperature of priors over moves, in units of worth.
            public var temperature = 0.3
            /// Plies of an internal search.
            public var depth = 2
            /// Moves that an internal search looks into in each position.
            public var breadth = 3
            /// The deepest search that is taught.
            public var deepest = 2
            /// The broadest search that is taught.
            public var broadest = 3
            /// Lessons that hold a search, beside `base.demonstrations` pages.
            public var searches = 3000
            /// Simulations of the short search behind the values of lessons.
            public var labels = 16
            /// The letters of values, 2 to 26.
            public var buckets = 16
            /// Games against plain decisions; 0 plays none.
            public var games = 0
        }

        public init(world: String) {
            var small = ConnectFour.Settings()
            (small.columns, small.rows, small.length) = (5, 4, 3)
            let defaults = world == BoardPlanning.world ? (try? JSONValue(encoding: small)) : (try? GameCatalog.entry(world).defaults)
            common = CommonSettings(task: TaskSettings(world: world, settings: defaults ?? .object([:]), heldOutShare: 0.1))
            common.base = BaseSettings(demonstrations: 12_000, passes: 3, miniBatch: 64, rate: 2e-3)
            common.play.limit = 200
            common.evaluation = EvaluationSettings(every: 1, problems: 300, samples: 1)
            common.iterations = 0
            planning = Particular()
        }
    }

    public static let world = "connect-four"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "board-planning",
        summary: "a model that tracks states, lists moves and values them in one text plans by a tree search without the rules, or by a tree in its own text",
        source: "Schultz et al., 2024, “Mastering Board Games by External and Internal Planning with Language Models”",
        departures: [
            "one game a run, connect three on 5×4 or tic-tac-toe, with a short text; a page always lists all moves",
            "values have 16 letters in place of 64 tokens, and come from short searches of the rules in place of a strong engine",
            "pages and written searches are taught together, in place of a second stage of fine-tuning",
            "the mean over a letter's distribution is read by scoring what was said once more; a board is discarded where it cannot follow by one piece",
            "a worth from the parent's page counts as a visit; simulations on their way count as losses",
        ],
        parts: [
            "base: rehearsed pages and written searches, with values of a short search", "search: imagined-mcts (PUCT), internal-search, or votes of pages",
            "measure: optimal moves and regret by the exact solver, state tracking, legality, calls, points against plain decisions",
        ], claim: claim)

    static let (searchName, plainName): (SearchName, SearchName) = ("planning", "plain")

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let task = settings.common.task
        guard let game = try GameCatalog.make(name: task.world, settings: task.settings) as? any SquareGame else {
            throw CoreError.unsupported("“task.world” is \(task.world); boards of tic-tac-toe and connect-four can be written here")
        }
        return try plan(settings, of: game, seed: seed)
    }

    private static func plan<Rules: SquareGame>(_ settings: Settings, of game: Rules, seed: Seed) throws -> Plan {
        let (common, own) = (settings.common, settings.planning)
        let taught = try TaughtPlayer(common, world: common.task.world, faults: settings.faults(of: game))
        let text = BoardText(buckets: ValueBuckets(own.buckets))
        let lessons = BoardLessons(game: game, text: text, labels: own.labels, keptShare: common.task.heldOutShare)
        let signs = own.decoding == .mean ? try CharacterTokenizer.alphabet(of: common.model.size).tokenizer.encode(String(text.buckets.letters)) : nil
        let asked = AskedBoard(text: text, signs: signs)
        let cast = taught.cast().mapValues { player in
            var player = player
            player.sampling = player.sampling.greedy
            return player
        }
        guard let player = cast[.solver] else { throw CoreError.invalid("Nobody is there to be asked") }
        let trial = PlanningTrial(
            lessons: lessons, count: common.evaluation.problems, games: own.games, search: searchName, plain: plainName, player: player, board: asked)
        let stage = Stage(
            name: "plan", iterations: 0, society: Solo(), cast: cast, measures: [ScheduledMeasure(every: common.evaluation.every, trial)])
        let taughtLessons = taught.isTaught
            ? try lessons.problems(
                pages: common.base.demonstrations, searches: own.searches, within: LookaheadText.Budget(depth: own.deepest, breadth: own.broadest),
                seed: seed.child("lessons")) : []
        var plan = try taught.plan(stage, worlds: [EconomyRoom.name: EconomyRoom(roles: [.solver], range: 0...1)], rehearsing: taughtLessons)
        plan.searches = [
            searchName: own.search(asked, temperature: common.play.temperature, of: game),
            plainName: ImaginedSearch(simulations: 0, width: 1, imagination: asked),
        ]
        return plan
    }
}

extension BoardPlanning.Settings.Particular {
    /// How moves are decided on.
    fileprivate func search<Rules: SquareGame>(_ asked: AskedBoard, temperature drawn: Double, of game: Rules) -> any SearchMethod {
        switch method {
        case .plain, .external:
            let imagination: any Imagination = transition == .rules ? RefereedBoard(game: game, asked: asked) : asked
            return ImaginedSearch(
                simulations: method == .plain ? 0 : simulations, width: parallel, selection: .puct(c: exploration), temperature: temperature, imagination: imagination)
        case .internal: return InternalSearch(lookahead: LookaheadText(text: asked.text), budget: LookaheadText.Budget(depth: depth, breadth: breadth), board: asked)
        case .votes: return PageVotes(samples: simulations + 1, temperature: drawn, board: AskedBoard(text: asked.text, signs: nil))
        }
    }
}

extension BoardPlanning.Settings {
    /// What cannot work beside what all recipes share, as sentences with the key in front.
    fileprivate func faults(of game: any SquareGame) -> [String] {
        var faults: [String] = []
        func require(_ holds: Bool, _ key: String, _ found: some CustomStringConvertible, _ expected: String) {
            if !holds { faults.append("“\(key)” is \(found); it should be \(expected)") }
        }
        let own = planning
        require(own.simulations >= 0, "planning.simulations", own.simulations, "0 or more")
        require(own.parallel >= 1, "planning.parallel", own.parallel, "1 or more")
        require(own.exploration >= 0, "planning.exploration", own.exploration, "0 or more")
        require(own.temperature > 0, "planning.temperature", own.temperature, "above 0")
        require((1...9).contains(own.deepest), "planning.deepest", own.deepest, "from 1 to 9")
        require((1...9).contains(own.broadest), "planning.broadest", own.broadest, "from 1 to 9")
        require(own.depth >= 1 && own.depth <= own.deepest, "planning.depth", own.depth, "from 1 to planning.deepest, as deeper searches are not taught")
        require(own.breadth >= 1 && own.breadth <= own.broadest, "planning.breadth", own.breadth, "from 1 to planning.broadest, as broader searches are not taught")
        require(own.searches >= 0, "planning.searches", own.searches, "0 or more")
        require(own.labels >= 1, "planning.labels", own.labels, "1 or more")
        require((2...26).contains(own.buckets), "planning.buckets", own.buckets, "from 2 to 26")
        require(own.games >= 0, "planning.games", own.games, "0 or more")
        require(common.base.errorRate == 0, "base.errorRate", common.base.errorRate, "0: how rough lessons are is said by planning.labels")
        if own.method != .external, own.transition == .rules { faults.append("“planning.transition” is rules, which goes with planning.method=external only") }
        let isGiven = ModelSettings.isGiven(common.model.size)
        if isGiven, own.decoding == .mean {
            faults.append("“planning.decoding” is mean, which needs a model made here, whose signs are tokens; set it to written")
        }
        if ModelSettings.isFolder(common.model.size), common.base.passes > 0 {
            faults.append("“base.passes” is \(common.base.passes), but only models made here are taught pages; set it to 0 for a model folder")
        }
        if own.method == .internal, !isGiven, own.searches == 0 { faults.append("“planning.searches” is 0, but an internal search has to be taught; give some") }
        let longest = longestAnswer(of: game)
        require(common.play.limit > longest, "play.limit", common.play.limit, "\(longest + 1) or more, the longest answer that is taught with its end")
        return faults
    }

    /// The signs of the longest answer, counted for the position with most moves.
    private func longestAnswer<Rules: SquareGame>(of game: Rules) -> Int {
        let moves = game.actions(in: game.start).map { game.text(of: $0, in: game.start).count }
        let (board, move) = (BoardText.word(ofBoard: game.board(of: game.start)).count, moves.max() ?? 0)
        let list = moves.count * (move + 2)
        var search = list
        if planning.searches > 0 { for _ in 1..<max(1, min(9, planning.deepest)) { search = list + planning.broadest * (board + move + search + 3) } }
        return max(board + list, search) + 1 + move
    }
}
