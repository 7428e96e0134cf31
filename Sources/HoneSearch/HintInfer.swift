import HoneCore

/// Answers that are drawn with hints put into them, of which one is kept.
///
/// A hint is put behind a marker (a word by which a model shows that it doubts), and, as long as there are hints left, in place of the answer's end, so
/// that it goes on. Hints are taken from the library in an order drawn for each answer; once all were used they come again. How many are put in place of
/// ends is a knob for compute at test time. The whole is one move: what was drawn stays token for token, and nothing is learned from hints.
///
/// The world reads the whole text, so it must take an answer from the last place that gives one.
///
/// Source: Li et al. 2025, “START: Self-taught Reasoner with Tools”, section 3. No tool is run inside an answer here.
public struct HintInfer: SearchMethod {
    public static let card = PartCard(
        name: "hint-infer", summary: "the most frequent answer of several that are drawn with hints put into them", source: "Li et al. 2025 (START)", gives: [.tree],
        needs: [.branches])

    /// How many answers.
    public var samples: Int
    /// The library.
    public var hints: [String]
    /// How many hints are put in place of an answer's end.
    public var atEnds: Int
    /// Behind which texts a hint is put.
    public var markers: [String]
    /// The most hints behind markers.
    public var atMarkers: Int
    /// Which answer is kept.
    public var choice: AnswerSearch.Choice
    /// What an answer is worth; unused by `first` and `majority`.
    public var valuation: any Valuation

    /// The search.
    public init(
        samples: Int = 1, hints: [String], atEnds: Int = 1, markers: [String] = [], atMarkers: Int = 1, choice: AnswerSearch.Choice = .majority,
        valuation: any Valuation = PlayedOut(plays: 0)
    ) {
        self.samples = samples
        self.hints = hints
        self.atEnds = atEnds
        self.markers = markers
        self.atMarkers = atMarkers
        self.choice = choice
        self.valuation = valuation
    }

    public func search<W: World>(
        _ position: Position<W>, for role: Role, cast: Cast, judge: (any Judge)?, in scope: Scope
    ) async throws -> SearchTree {
        guard samples >= 1, atEnds >= 0, atMarkers >= 0, !hints.isEmpty, !hints.contains(""), !markers.contains("") else {
            throw CoreError.invalid(
                "Hints in \(samples) samples, \(atEnds) at ends and \(atMarkers) behind \(markers.count) markers, from a library of \(hints.count), cannot be put; expected 1 or "
                    + "more samples, 0 or more of each, and no empty text")
        }
        try position.requireWholeAnswers(for: Self.card.name)
        try position.requireBranches()
        let player = try cast.bare(role)
        let moves = try await (0..<samples).concurrently { _, index in
            try await answer(at: position, for: role, as: player, in: scope.child("answer", index))
        }
        let reached = try await moves.concurrently { index, move in
            try await position.following(move, of: role, cast: cast, in: scope.child("answer", index).child("end"))
        }
        var tree = GrowingTree(position)
        let leaves = zip(moves, reached).map { move, end in
            let leaf = tree.add(Candidate(move: move, prior: 1 / Double(samples)), leading: end, under: nil)
            tree.visit([leaf])
            return leaf
        }
        let kept = try await tree.kept(of: leaves, by: choice, valuation, for: role, as: player, cast: cast, judge: judge, in: scope)
        return tree.finished(chosen: kept)
    }

    /// One answer with its hints.
    private func answer<W: World>(at start: Position<W>, for role: Role, as player: Player, in scope: Scope) async throws -> Move {
        let policy = try scope.services.policy(player.policy)
        let limit = player.sampling.limit
        var generator = scope.seed.child("hints").generator
        let order = generator.shuffled(hints)
        var answer = InterruptedAnswer(view: start.view(for: role), end: try scope.services.model(player.model).textEnd)
        var (ends, marked) = (0, 0)
        while answer.drawn < limit {
            let stops = marked < atMarkers ? markers : []
            let isEnded = try await answer.goOn(by: limit - answer.drawn, stop: stops, player, policy, in: scope)
            let isMarked = !isEnded && stops.contains { answer.move.text.hasSuffix($0) }
            // What was cut by the limit is over, as is what ended and has had its hints.
            guard isMarked || (isEnded && ends < atEnds) else { break }
            answer.interrupt(by: order[(ends + marked) % order.count])
            if isMarked { marked += 1 } else { ends += 1 }
        }
        return answer.move
    }
}
