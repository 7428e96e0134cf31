import HoneCore

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
        /// Whether its moves are whole answers, each refining the one before.
        public var refines = false
        /// Whether it asks back from answers to parts of their problems.
        public var asksBackward = false
        /// Makes it; nil where the player answers directly.
        let make: @Sendable (SearchSettings, Asked) -> (any SearchMethod)?

        /// The method of these settings, asking a valuation where it asks anybody, a preference where it compares pairs, by default which
        /// is worth more, and backward questions where it asks back; nil where the player answers directly.
        public func method(
            _ settings: SearchSettings, asking valuation: any Valuation, comparing preference: (any Preference)? = nil, backward: (any BackwardQuestions)? = nil
        ) -> (any SearchMethod)? {
            let asked: any Valuation = settings.lookahead > 0 ? LookAhead(steps: settings.lookahead, valuation: valuation) : valuation
            return make(settings, Asked(valuation: asked, preference: preference ?? PreferredByWorth(valuation), backward: backward))
        }
    }

    /// Whom a method asks.
    struct Asked: Sendable {
        let valuation: any Valuation
        let preference: any Preference
        let backward: (any BackwardQuestions)?
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
            card: HintInfer.card, asksJudge: false, isStepwise: false, valuesSiblings: true,
            make: { settings, _ in
                let hints = settings.hints
                return HintInfer(
                    samples: settings.samples, hints: hints.texts, atEnds: hints.atEnds, markers: hints.markers, atMarkers: hints.atMarkers)
            }),
        Entry(
            card: ForwardBackward.card, asksJudge: false, isStepwise: false, valuesSiblings: true, asksBackward: true,
            make: { settings, asked in
                asked.backward.map {
                    ForwardBackward(samples: settings.samples, chains: settings.backward.chains, alpha: settings.backward.alpha, asking: $0)
                }
            }),
        Entry(
            card: PartCard(
                name: "self-refine", summary: "an answer and refinements of it in turn, the last one kept", source: "Madaan et al. 2023", gives: [.onPolicyLogProbs]),
            asksJudge: false, isStepwise: false, valuesSiblings: false, refines: true, make: { _, _ in nil }),
        Entry(
            card: RefinementSearch.card, asksJudge: true, isStepwise: false, valuesSiblings: true, refines: true,
            make: {
                RefinementSearch(
                    rollouts: $0.simulations,
                    selection: RefinementSelection(policy: $0.refining.selection, strategy: $0.refining.strategy, exploration: $0.exploration),
                    refinements: $0.branches, valuation: $1.valuation)
            }),
        Entry(
            card: RepairSearch.card, asksJudge: true, isStepwise: false, valuesSiblings: true, refines: true,
            make: {
                RepairSearch(
                    order: $0.refining.order, branches: $0.branches, width: $0.width, depth: $0.refining.depth, budget: $0.simulations,
                    threshold: $0.enough > 0 ? $0.enough : 0.5, valuation: $1.valuation)
            }),
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
                    simulations: $0.simulations, width: $0.parallel, branches: $0.branches, depth: $0.depth, selection: $0.rule,
                    expansion: $0.ranked ? RankedMoves() : SampledMoves(), valuation: $1.valuation, backup: $0.backup, choice: $0.choice, enough: $0.enough > 0 ? $0.enough : nil)
            }),
        Entry(
            card: card("eta-mcts", "a tree search over options that differ, with more of them where it matters", "Tian et al. 2024 (AlphaLLM)"), asksJudge: true,
            isStepwise: true, valuesSiblings: true, make: { $0.optionSearch(by: $1.valuation) }),
        Entry(
            card: StateTreeSearch.card, asksJudge: true, isStepwise: true, valuesSiblings: true,
            make: {
                StateTreeSearch(
                    iterations: $0.simulations, expansions: $0.branches, depth: $0.depth, finished: $0.states.finished, selection: StateSelection(range: 0...1),
                    expansion: HindsightMoves(told: $0.states.hindsight, wording: .sentences), valuation: $1.valuation, choice: KeptByValue($0.states.final))
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
                    samples: $0.samples, budget: $0.deepening.budget, growth: $0.deepening.growth, placement: $0.deepening.placement,
                    trigger: $0.deepening.trigger, breaks: $0.deepening.breaks, choice: choice, valuation: $1.valuation)
            })
    }

    private static func answers(_ name: String, _ summary: String, _ source: String, _ choice: AnswerSearch.Choice) -> Entry {
        Entry(
            card: card(name, summary, source), asksJudge: choice != .majority, isStepwise: false, valuesSiblings: true,
            make: { AnswerSearch(samples: $0.samples, choice: choice, valuation: $1.valuation, batch: $0.batch) })
    }
}
