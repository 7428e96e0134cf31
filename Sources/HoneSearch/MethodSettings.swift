import HoneCore

/// What only a tree search over options has (`search.options`; AlphaLLM, Tian et al. 2024).
public struct OptionSearchSettings: Hashable, Sendable, Codable {
    /// Steps of an option, which is a move.
    public var steps = 1
    /// Characters, as edit distance, by which options of one position differ; one that differs by less is drawn again.
    public var distance = 0
    /// How often an option is drawn again.
    public var redraws = 5
    /// α_w: moves for each unit of importance, the largest distance of a move's value from the mean of its siblings, where these are more than
    /// `search.branches`; 0 gives each position as many.
    public var factor = 0.0
    /// The most moves that importance gives.
    public var most = 10
    /// Moves at the root; 0 gives it as many as any other position.
    public var root = 0

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = [("distance", distance), ("redraws", redraws), ("most", most), ("root", root)].filter { $0.1 < 0 }.map {
            "“search.options.\($0.0)” is \($0.1); it should be 0 or more"
        }
        if steps < 1 { faults.append("“search.options.steps” is \(steps); it should be 1 or more") }
        if factor < 0 { faults.append("“search.options.factor” is \(factor); it should be 0 or more") }
        return faults
    }

    /// How many moves a position has.
    var widening: Widening { Widening(factor: factor, most: most, root: root) }

    /// The moves, which end early where `stop` values the position below `floor`.
    func moves(stop: (any Valuation)?, floor: Double) -> OptionMoves {
        OptionMoves(steps: steps, distance: distance, redraws: redraws, stop: stop, floor: floor)
    }
}

/// What only a tree of states has (`search.states`; SWE-Search, Antoniades et al. 2024).
public struct StateTreeSettings: Hashable, Sendable, Codable {
    /// It ends when so many different plays have finished; 0 never ends it early.
    public var finished = 0
    /// What the player is told where a move was tried before: nothing, moves, values or explanations.
    public var hindsight = HindsightMoves.Told.nothing
    /// Which finished play is kept: by the value of its last state (best) or of all its states (mean).
    public var final = KeptByValue.Number.best

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        finished < 0 ? ["“search.states.finished” is \(finished); it should be 0, to spend all simulations, or more"] : []
    }
}

/// What only hints in answers have (`search.hints`; START, Li et al. 2025).
public struct HintSettings: Hashable, Sendable, Codable {
    /// The library of hints.
    public var texts = ["?w"]
    /// How many are put in place of an answer's end.
    public var atEnds = 1
    /// Behind which texts one is put.
    public var markers: [String] = []
    /// The most behind markers.
    public var atMarkers = 1

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults = [("atEnds", atEnds), ("atMarkers", atMarkers)].filter { $0.1 < 0 }.map { "“search.hints.\($0.0)” is \($0.1); it should be 0 or more" }
        if texts.isEmpty || texts.contains("") { faults.append("“search.hints.texts” is \(texts); it should be one text or more, none of them empty") }
        if markers.contains("") { faults.append("“search.hints.markers” is \(markers); none should be empty") }
        return faults
    }
}

/// What only iterative deepening has (`search.deepening`; Chen, Koenig and Dilkina 2025).
public struct DeepeningSettings: Hashable, Sendable, Codable {
    /// Where a sample is first made to look back, in tokens; `play.limit` is all it may draw.
    public var budget = 24
    /// By which factor later marks grow.
    public var growth = 1.6
    /// Where the triggers stand: growing, even, or end (only where a sample ends by itself).
    public var placement = IterativeDeepening.Placement.growing
    /// What makes a sample look back.
    public var trigger = "?w"
    /// What lines end with, behind which samples are cut.
    public var breaks = [";", "\n"]

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults: [String] = []
        if budget < 1 { faults.append("“search.deepening.budget” is \(budget); it should be 1 or more") }
        if growth <= 1 { faults.append("“search.deepening.growth” is \(growth); it should be above 1") }
        if trigger.isEmpty { faults.append("“search.deepening.trigger” is empty; it should be what makes a sample look back") }
        return faults
    }
}

/// What only searches over whole answers have (`search.refining`; MCTSr, MC-NEST, SPaR).
public struct RefiningSettings: Hashable, Sendable, Codable {
    /// How a refinement tree selects the attempt that is refined: greedy, importance or pairwise.
    public var selection = RefinementSelection.Policy.greedy
    /// Its strategy over candidates: none (MCTSr), candidates or root-children (MC-NEST).
    public var strategy = RefinementSelection.Strategy.none
    /// Whether repairs go breadth or depth first.
    public var order = RepairSearch.Order.breadth
    /// The most refinements on the way from the first answer to a repair.
    public var depth = 3
    /// Whether each attempt is criticised before it is refined.
    public var criticises = false

    /// The defaults.
    public init() {}
}

/// What only forward-backward has (`search.backward`; FOBAR, Jiang et al. 2024).
public struct BackwardSettings: Hashable, Sendable, Codable {
    /// How often each backward question is asked.
    public var chains = 2
    /// The weight of the vote, 0 (backward alone) to 1 (vote alone).
    public var alpha = 0.5

    /// The defaults.
    public init() {}

    /// Everything that cannot work, as sentences with the key in front.
    func faults() -> [String] {
        var faults: [String] = []
        if chains < 1 { faults.append("“search.backward.chains” is \(chains); it should be 1 or more") }
        if !(0...1).contains(alpha) { faults.append("“search.backward.alpha” is \(alpha); it should be between 0 (backward alone) and 1 (vote alone)") }
        return faults
    }
}
