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
    /// nash, critic (priors are a critic's scores, with `criticShare` of what a move is worth).
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
    /// Whether the player ranks the moves of a position as its own critic in mcts; priors are then 1, ½, ⅓ … for puct and critic.
    public var ranked = false
    /// What the selection critic gives a critic's score; values get the rest.
    public var criticShare = 0.5
    /// What a tree search answers with in the end: answer (the best finished play), leaf (the best finished play or a position that promises more), value or visits (the root's best move).
    public var choice = TreeSearch.Choice.answer
    /// Plays to the end from a position that is not over, where the judge is the world itself.
    public var rollouts = 1
    /// How verdicts on single steps become one number: least, product, mean or last.
    public var together = Judged.Together.least
    /// Votes are drawn this many at a time until they are decided; 0 draws all.
    public var batch = 0
    /// What only eta-mcts has.
    public var options = OptionSearchSettings()
    /// What only a tree of states has.
    public var states = StateTreeSettings()
    /// What only iterative deepening has.
    public var deepening = DeepeningSettings()
    /// What only hints in answers have.
    public var hints = HintSettings()
    /// What only searches over whole answers have, each refining the one before.
    public var refining = RefiningSettings()
    /// What only forward-backward has.
    public var backward = BackwardSettings()

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    public func faults() -> [String] {
        var faults: [String] = []
        for (key, value) in [
            ("samples", samples), ("width", width), ("branches", branches), ("simulations", simulations), ("parallel", parallel), ("depth", depth),
        ] where value < 1 {
            faults.append("“search.\(key)” is \(value); it should be 1 or more")
        }
        for (key, value) in [("rollouts", rollouts), ("batch", batch), ("lookahead", lookahead)] where value < 0 {
            faults.append("“search.\(key)” is \(value); it should be 0 or more")
        }
        if enough < 0 { faults.append("“search.enough” is \(enough); it should be a worth above 0, or 0 to spend all simulations") }
        if exploration < 0 { faults.append("“search.exploration” is \(exploration); it should be 0 or more") }
        if !["uct", "puct", "epsilon", "importance", "nash", "critic"].contains(selection) {
            faults.append("“search.selection” is “\(selection)”; it should be uct, puct, epsilon, importance, nash or critic")
        }
        if !(0...1).contains(criticShare) { faults.append("“search.criticShare” is \(criticShare); it should be from 0 to 1") }
        return faults + options.faults() + states.faults() + deepening.faults() + hints.faults() + backward.faults()
    }

    /// The tree search over options, as these settings have it; an option ends early where `stop` values the position below `floor`.
    public func optionSearch(by valuation: any Valuation, stop: (any Valuation)? = nil, floor: Double = 0) -> TreeSearch {
        TreeSearch(
            simulations: simulations, width: parallel, branches: branches, widening: options.widening, depth: depth, selection: rule,
            expansion: options.moves(stop: stop, floor: floor), valuation: valuation, backup: backup, choice: choice, enough: enough > 0 ? enough : nil)
    }

    /// The rule of selection.
    var rule: Selection {
        switch selection {
        case "puct": .puct(c: exploration)
        case "epsilon": .epsilonGreedy(exploration)
        case "importance": .importance(temperature: exploration)
        case "nash": .nash(c: exploration)
        case "critic": .critic(c: exploration, share: criticShare)
        default: .uct(c: exploration)
        }
    }
}
