import HoneCore

extension VerdictKind {
    /// Where a sample had come to an end and was read: the value counts the tokens drawn until then, the critique is what had been said.
    public static var look: VerdictKind { "look" }
}

/// Samples that are made to look back at growing intervals, of which one is kept.
///
/// A sample goes on until so many tokens are drawn in all, or until it ends; its end is taken away, the trigger is put behind it, and it goes on to the
/// next mark, until the limit of the player's sampling. Marks are B, γB, γ²B, …: early triggers stand close, later ones far apart. Where a mark falls into a
/// line, the sample goes on to the next break first. Each time a sample ends it is read; where it came to the same answer as before, `patience` times in
/// turn, it is over. The whole is one move: what was drawn stays token for token, and triggers are hints in it that nothing is learned from.
///
/// The world reads the whole text, so it must take an answer from the last place that gives one. With a chat template the trigger is what the user says next.
/// Each look counts as a step of the world.
///
/// Source: Chen, Koenig and Dilkina 2025, “Iterative Deepening Sampling for Large Language Models”. The cut at breaks and the patience are ours.
public struct IterativeDeepening: SearchMethod {
    public static let card = PartCard(
        name: "iterative-deepening", summary: "samples that are made to look back at growing intervals, of which one is kept",
        source: "Chen, Koenig and Dilkina 2025", gives: [.tree], needs: [.branches])

    /// Where triggers stand.
    public enum Placement: String, Hashable, Sendable, Codable, CaseIterable {
        /// At marks that grow by a factor.
        case growing
        /// At as many marks, evenly.
        case even
        /// Only where a sample ends by itself, at most as often: budget forcing (Muennighoff et al. 2025).
        case end
    }

    /// How many samples.
    public var samples: Int
    /// The first mark, B, in tokens (characters of text that has none).
    public var budget: Int
    /// γ, above 1.
    public var growth: Double
    /// Where triggers stand.
    public var placement: Placement
    /// What is put behind a sample to make it look back.
    public var trigger: String
    /// What a line ends with; samples are cut behind one of them.
    public var breaks: [String]
    /// How often in turn an answer may come back the same before its sample is over; 0 asks nothing.
    public var patience: Int
    /// Which sample is kept.
    public var choice: AnswerSearch.Choice
    /// What a sample is worth; unused by `first` and `majority`.
    public var valuation: any Valuation

    /// The search.
    public init(
        samples: Int = 8, budget: Int = 24, growth: Double = 1.6, placement: Placement = .growing, trigger: String, breaks: [String] = ["\n"],
        patience: Int = 2, choice: AnswerSearch.Choice = .majority, valuation: any Valuation = PlayedOut(plays: 0)
    ) {
        self.samples = samples
        self.budget = budget
        self.growth = growth
        self.placement = placement
        self.trigger = trigger
        self.breaks = breaks
        self.patience = patience
        self.choice = choice
        self.valuation = valuation
    }

    /// How many tokens are drawn in all when each trigger is due, below the limit and rising.
    public static func marks(budget: Int, growth: Double, limit: Int, placement: Placement) -> [Int] {
        var marks: [Int] = []
        var next = Double(max(1, budget))
        while growth > 1, next.rounded() < Double(limit) {
            let mark = Int(next.rounded())
            if mark != marks.last { marks.append(mark) }
            next *= growth
        }
        switch placement {
        case .growing: return marks
        case .even: return marks.indices.map { limit * ($0 + 1) / (marks.count + 1) }
        case .end: return marks.map { _ in limit }
        }
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard samples >= 1, budget >= 1, growth > 1, patience >= 0, !trigger.isEmpty else {
            throw CoreError.invalid(
                "Iterative deepening of \(samples) samples with first budget \(budget), growth \(growth), patience \(patience) and trigger “\(trigger)” cannot search; "
                    + "expected 1 or more, 1 or more, above 1, 0 or more, and some text")
        }
        try position.requireWholeAnswers(for: Self.card.name)
        try position.requireBranches()
        let player = try cast.bare(role)
        let drawn = try await (0..<samples).concurrently { _, index in
            try await sample(from: position, for: role, as: player, cast: cast, in: scope.child("answer", index))
        }
        var tree = GrowingTree(position)
        let leaves = drawn.map { own in
            let leaf = tree.add(Candidate(move: own.move, prior: 1 / Double(samples)), leading: own.position, under: nil)
            tree.visit([leaf])
            tree.note(own.looks.map { Verdict(on: .role(0, role), kind: .look, value: Double($0.drawn), critique: $0.text) }, at: leaf)
            return leaf
        }
        let kept = try await tree.kept(of: leaves, by: choice, valuation, for: role, as: player, cast: cast, judge: judge, in: scope)
        return tree.finished(chosen: kept)
    }

    /// A place at which a sample had ended.
    private struct Look: Sendable {
        var drawn: Int
        var text: String
        var conclusion: String?
    }

    /// One sample, with all its triggers.
    private func sample<W: World>(
        from start: Position<W>, for role: Role, as player: Player, cast: Cast, in scope: Scope
    ) async throws -> (move: Move, position: Position<W>, looks: [Look]) {
        let policy = try scope.services.policy(player.policy)
        let limit = player.sampling.limit
        let marks = Self.marks(budget: budget, growth: growth, limit: limit, placement: placement)
        var line = InterruptedAnswer(view: start.view(for: role), end: try scope.services.model(player.model).textEnd)
        var looks: [Look] = []
        var place = 0
        while true {
            let mark = place < marks.count ? marks[place] : limit
            var isEnded = try await line.goOn(by: mark - line.drawn, stop: [], player, policy, in: scope)
            if !isEnded, line.drawn < limit, !breaks.contains(where: { line.move.text.hasSuffix($0) }) {
                isEnded = try await line.goOn(by: limit - line.drawn, stop: breaks, player, policy, in: scope)
            }
            if isEnded {
                let reached = try await start.following(line.move, of: role, cast: cast, in: scope.child("look", looks.count))
                looks.append(Look(drawn: line.drawn, text: line.move.text, conclusion: reached.conclusion))
                if isSettled(looks) || place >= marks.count || line.drawn >= limit { return (line.move, reached, looks) }
            } else if place >= marks.count || line.drawn >= limit {
                return (line.move, try await start.following(line.move, of: role, cast: cast, in: scope.child("cut")), looks)
            }
            line.interrupt(by: trigger)
            // Marks that were passed on the way to a break are no longer due.
            place += 1
            while place < marks.count, marks[place] <= line.drawn { place += 1 }
        }
    }

    /// Whether the answer came back the same often enough.
    private func isSettled(_ looks: [Look]) -> Bool {
        guard patience > 0, looks.count > patience, let latest = looks.last?.conclusion else { return false }
        return looks.suffix(patience + 1).allSatisfy { $0.conclusion == latest }
    }
}
