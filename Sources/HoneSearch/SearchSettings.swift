import HoneCore

/// How answers are searched for: a method by its name, and what the methods have in common.
public struct SearchSettings: Hashable, Sendable, Codable {
    /// The method (`hone list searches`).
    public var method = "greedy"
    /// Answers of methods that draw whole ones.
    public var samples = 8
    /// Beginnings that a beam keeps.
    public var width = 4
    /// Moves that are looked at in a position; in a tree of states at most.
    public var branches = 4
    /// Simulations of a tree search; positions that a depth-first search looks into; moves of a tree of states.
    public var simulations = 16
    /// Simulations that go on at once.
    public var parallel = 4
    /// The most steps of an answer.
    public var depth = 40
    /// How a tree search follows moves: uct, puct, epsilon (`exploration` is the chance of any move), importance (`exploration` is the temperature),
    /// nash.
    public var selection = "uct"
    /// c of uct, puct and nash.
    public var exploration = 1.4
    /// A depth-first search goes on from what is worth more than this; log-probabilities, as judge self has them, want one below 0.
    public var threshold = 0.0
    /// Greedy steps that are made from a position before it is valued.
    public var lookahead = 0
    /// A tree or depth-first search ends before its simulations are spent once a finished answer is worth this much; 0 never ends early.
    public var enough = 0.0
    /// How values travel up: mean or best.
    public var backup = TreeSearch.Backup.mean
    /// Plays to the end from a position that is not over, where the judge is the world itself.
    public var rollouts = 1
    /// How verdicts on single steps become one number: least, product, mean or last.
    public var together = Judged.Together.least
    /// A tree of states ends when so many different plays have finished; 0 never ends it early.
    public var finished = 0
    /// What the player is told in a tree of states where a move was tried before: nothing, moves, values or explanations.
    public var hindsight = HindsightMoves.Told.nothing
    /// Which finished play a tree of states keeps: by the value of its last state (best) or of all its states (mean).
    public var final = KeptByValue.Number.best
    /// Votes are drawn this many at a time until they are decided; 0 draws all.
    public var batch = 0
    /// Where iterative deepening first makes a sample look back, in tokens; `play.limit` is all it may draw.
    public var budget = 24
    /// By which factor its later marks grow.
    public var growth = 1.6
    /// Where its triggers stand: growing, even, or end (only where a sample ends by itself).
    public var placement = IterativeDeepening.Placement.growing
    /// What makes a sample look back.
    public var trigger = "?w"
    /// What lines end with, behind which samples are cut.
    public var breaks = [";", "\n"]

    /// Steps of an option, the move of eta-mcts.
    public var optionSteps = 1
    /// Characters, as edit distance, by which options of one position differ; eta-mcts draws again where they differ by less.
    public var distance = 0
    /// How often an option is drawn again.
    public var redraws = 5
    /// Moves for each unit of importance, the largest distance of a move's value from the mean of its siblings, where these are more than
    /// `branches`; 0 gives each position of eta-mcts as many.
    public var widening = 0.0
    /// The most moves that importance gives.
    public var widest = 10
    /// Moves at the root of eta-mcts; 0 gives it as many as any other position.
    public var rootBranches = 0

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    public func faults() -> [String] {
        var faults: [String] = []
        for (key, value) in [
            ("samples", samples), ("width", width), ("branches", branches), ("simulations", simulations), ("parallel", parallel), ("depth", depth),
            ("optionSteps", optionSteps), ("budget", budget),
        ] where value < 1 {
            faults.append("“search.\(key)” is \(value); it should be 1 or more")
        }
        for (key, value) in [
            ("rollouts", rollouts), ("batch", batch), ("lookahead", lookahead), ("distance", distance), ("redraws", redraws), ("widest", widest),
            ("rootBranches", rootBranches), ("finished", finished),
        ] where value < 0 {
            faults.append("“search.\(key)” is \(value); it should be 0 or more")
        }
        if enough < 0 { faults.append("“search.enough” is \(enough); it should be a worth above 0, or 0 to spend all simulations") }
        if widening < 0 { faults.append("“search.widening” is \(widening); it should be 0 or more") }
        if exploration < 0 { faults.append("“search.exploration” is \(exploration); it should be 0 or more") }
        if growth <= 1 { faults.append("“search.growth” is \(growth); it should be above 1") }
        if trigger.isEmpty { faults.append("“search.trigger” is empty; it should be what makes a sample look back") }
        if !["uct", "puct", "epsilon", "importance", "nash"].contains(selection) {
            faults.append("“search.selection” is “\(selection)”; it should be uct, puct, epsilon, importance or nash")
        }
        return faults
    }

    /// The tree search over options, as these settings have it; an option ends early where `stop` values the position below `floor`.
    public func optionSearch(by valuation: any Valuation, stop: (any Valuation)? = nil, floor: Double = 0) -> TreeSearch {
        TreeSearch(
            simulations: simulations, width: parallel, branches: branches, widening: Widening(factor: widening, most: widest, root: rootBranches), depth: depth,
            selection: rule, expansion: OptionMoves(steps: optionSteps, distance: distance, redraws: redraws, stop: stop, floor: floor), valuation: valuation,
            backup: backup, enough: enough > 0 ? enough : nil)
    }

    /// The rule of selection.
    var rule: Selection {
        switch selection {
        case "puct": .puct(c: exploration)
        case "epsilon": .epsilonGreedy(exploration)
        case "importance": .importance(temperature: exploration)
        case "nash": .nash(c: exploration)
        default: .uct(c: exploration)
        }
    }
}

/// The search methods, by the names users write.
public enum SearchCatalog {
    /// One method: its card, and what it asks and leaves behind.
    public struct Entry: Sendable {
        /// Its name, summary and source; what it gives and needs.
        public let card: PartCard
        /// Whether it asks what answers or their beginnings are worth.
        public let asksJudge: Bool
        /// Whether it values beginnings of answers, and so needs an answer in steps.
        public let isStepwise: Bool
        /// Whether its tree has siblings with values.
        public let valuesSiblings: Bool
        /// Whether it asks which of two answers is better.
        public var comparesPairs = false
        /// Makes it; nil where the player answers directly.
        let make: @Sendable (SearchSettings, Asked) -> (any SearchMethod)?

        /// The method of these settings, asking a valuation where it asks anybody, and a preference where it compares pairs, by default which
        /// is worth more; nil where the player answers directly.
        public func method(
            _ settings: SearchSettings, asking valuation: any Valuation, comparing preference: (any Preference)? = nil
        ) -> (any SearchMethod)? {
            let asked: any Valuation = settings.lookahead > 0 ? LookAhead(steps: settings.lookahead, valuation: valuation) : valuation
            return make(settings, Asked(valuation: asked, preference: preference ?? PreferredByWorth(valuation)))
        }
    }

    /// Whom a method asks.
    struct Asked: Sendable {
        let valuation: any Valuation
        let preference: any Preference
    }

    /// All of them, in the order of what they look at.
    public static let entries: [Entry] = [
        direct("greedy", "the likeliest answer"),
        direct("sample", "one drawn answer"),
        answers("self-consistency", "the most frequent answer of several", "Wang et al. 2022", .majority),
        answers("weighted-consistency", "the answer with the largest sum of worth", "Li et al. 2022", .weighted),
        answers("best-of-n", "the worthiest answer of several", "Cobbe et al. 2021", .best),
        deepening("iterative-deepening", "the most frequent answer of several that are made to look back at growing intervals", .majority),
        deepening("deepened-best", "the worthiest answer of several that are made to look back at growing intervals", .best),
        Entry(
            card: KnockOut.card, asksJudge: true, isStepwise: false, valuesSiblings: true, comparesPairs: true,
            make: { KnockOut(samples: $0.samples, preference: $1.preference) }),
        Entry(
            card: card("beam", BeamSearch.card.summary, BeamSearch.card.source), asksJudge: true, isStepwise: true, valuesSiblings: true,
            make: { BeamSearch(width: $0.width, branches: $0.branches, depth: $0.depth, valuation: $1.valuation) }),
        Entry(
            card: card("diverse-tree", "a beam of one in each of several subtrees", "Beeching et al. 2024"), asksJudge: true, isStepwise: true,
            valuesSiblings: true, make: { BeamSearch(width: $0.width, branches: $0.branches, isDiverse: true, depth: $0.depth, valuation: $1.valuation) }),
        Entry(
            card: DepthFirst.card, asksJudge: true, isStepwise: true, valuesSiblings: true,
            make: {
                DepthFirst(
                    steps: $0.simulations, branches: $0.branches, depth: $0.depth, threshold: $0.threshold, enough: $0.enough > 0 ? $0.enough : nil,
                    valuation: $1.valuation)
            }),
        Entry(
            card: card("mcts", TreeSearch.card.summary, TreeSearch.card.source), asksJudge: true, isStepwise: true, valuesSiblings: true,
            make: {
                TreeSearch(
                    simulations: $0.simulations, width: $0.parallel, branches: $0.branches, depth: $0.depth, selection: $0.rule, valuation: $1.valuation,
                    backup: $0.backup, enough: $0.enough > 0 ? $0.enough : nil)
            }),
        Entry(
            card: card("eta-mcts", "a tree search over options that differ, with more of them where it matters", "Tian et al. 2024 (AlphaLLM)"), asksJudge: true,
            isStepwise: true, valuesSiblings: true, make: { $0.optionSearch(by: $1.valuation) }),
        Entry(
            card: StateTreeSearch.card, asksJudge: true, isStepwise: true, valuesSiblings: true,
            make: {
                StateTreeSearch(
                    iterations: $0.simulations, expansions: $0.branches, depth: $0.depth, finished: $0.finished, selection: StateSelection(range: 0...1),
                    expansion: HindsightMoves(told: $0.hindsight, wording: .sentences), valuation: $1.valuation, choice: KeptByValue($0.final))
            }),
    ]

    /// The method of a name; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        guard let entry = entries.first(where: { $0.card.name == name }) else {
            throw CoreError.unknown(kind: "search method", name: name, known: entries.map(\.card.name))
        }
        return entry
    }

    private static func card(_ name: String, _ summary: String, _ source: String) -> PartCard {
        PartCard(name: name, summary: summary, source: source, gives: [.tree], needs: [.branches])
    }

    private static func direct(_ name: String, _ summary: String) -> Entry {
        Entry(
            card: PartCard(name: name, summary: summary, source: "no paper", gives: [.onPolicyLogProbs]), asksJudge: false, isStepwise: false,
            valuesSiblings: false, make: { _, _ in nil })
    }

    private static func deepening(_ name: String, _ summary: String, _ choice: AnswerSearch.Choice) -> Entry {
        Entry(
            card: card(name, summary, IterativeDeepening.card.source), asksJudge: choice != .majority, isStepwise: false, valuesSiblings: true,
            make: {
                IterativeDeepening(
                    samples: $0.samples, budget: $0.budget, growth: $0.growth, placement: $0.placement, trigger: $0.trigger, breaks: $0.breaks, choice: choice,
                    valuation: $1.valuation)
            })
    }

    private static func answers(_ name: String, _ summary: String, _ source: String, _ choice: AnswerSearch.Choice) -> Entry {
        Entry(
            card: card(name, summary, source), asksJudge: choice != .majority, isStepwise: false, valuesSiblings: true,
            make: { AnswerSearch(samples: $0.samples, choice: choice, valuation: $1.valuation, batch: $0.batch) })
    }
}
