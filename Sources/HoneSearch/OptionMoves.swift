import HoneCore

/// Draws options: moves of one or several steps of an answer, each unlike those that are looked at already.
///
/// The first option of a position is the likeliest. A further one is drawn again, up to `redraws` times, until its least edit distance to its
/// siblings reaches `distance`; then the most distant draw is kept, unless it reads like a sibling, with which it is one state. An option ends after
/// `steps` steps, with the answer, or where `stop` says that the position is worth less than `floor`: what to do about that is for the search.
/// All open options are drawn at once and looked at in order.
///
/// Source: Tian et al. 2024, “Toward Self-Improvement of LLMs via Imagination, Searching, and Criticizing”, sections 4.2 (options) and 4.3 (state
/// merge). Departures: alike options are not made, where the paper merges states; no model is asked whether two are the same step; and a whole number
/// of steps is an option, so that later options begin where steps do.
public struct OptionMoves: Expansion {
    public static let card = PartCard(
        name: "options", summary: "options of some steps, drawn until they differ enough from their siblings; the first is the likeliest",
        source: "Tian et al. 2024, sections 4.2 and 4.3", gives: [.tokens])

    /// The most steps of an option; more than one need a world whose moves are the steps of one answer.
    public var steps: Int
    /// The least edit distance to any sibling, in characters; 0 and 1 only keep options from being alike.
    public var distance: Int
    /// How often an option is drawn again.
    public var redraws: Int
    /// What positions inside an option are worth; nil looks at none.
    public var stop: (any Valuation)?
    /// An option ends where the position is worth less than this.
    public var floor: Double

    /// The expansion.
    public init(steps: Int = 1, distance: Int = 0, redraws: Int = 5, stop: (any Valuation)? = nil, floor: Double = 0) {
        self.steps = steps
        self.distance = distance
        self.redraws = redraws
        self.stop = stop
        self.floor = floor
    }

    public func candidates<W: World>(
        at position: Position<W>, after tried: [Tried], for role: Role, as player: Player, cast: Cast, count: Int, in scope: Scope
    ) async throws -> [Candidate] {
        guard steps >= 1, redraws >= 0 else { throw CoreError.invalid("An option has up to \(steps) steps and is drawn again \(redraws) times; expected 1 and 0 or more") }
        guard steps == 1 || position.world is any ContinuingAnswer else {
            throw CoreError.unsupported("In “\(W.card.name)” a move is no step of one answer, so moves cannot be joined; use options of one step")
        }
        var kept = tried.map { Array($0.move) }
        var slots = [[Move]](repeating: [], count: count)
        var taken = [Move?](repeating: nil, count: count)
        for round in 0...redraws {
            let open = slots.indices.filter { taken[$0] == nil }
            guard !open.isEmpty else { break }
            let drawn = try await open.concurrently { _, slot in
                var own = player
                if slot == 0, round == 0, tried.isEmpty { own.sampling = player.sampling.greedy }
                return try await option(at: position, for: role, as: own, cast: cast, in: scope.child("option", slot).child("draw", round))
            }
            for (slot, move) in zip(open, drawn) {
                if let nearest = Self.nearest(move, kept), nearest < max(1, distance) {
                    slots[slot].append(move)
                } else {
                    kept.append(Array(move.text))
                    taken[slot] = move
                }
            }
        }
        for slot in slots.indices where taken[slot] == nil {
            let far = slots[slot].map { (move: $0, distance: Self.nearest($0, kept) ?? 0) }.reduce(nil as (move: Move, distance: Int)?) { best, next in
                best.map { $0.distance >= next.distance } == true ? best : next
            }
            guard let far, far.distance > 0 else { continue }
            kept.append(Array(far.move.text))
            taken[slot] = far.move
        }
        return taken.compactMap { $0 }.map { Candidate(move: $0, prior: 1 / Double(count)) }
    }

    /// The least edit distance of a move to texts; nil where there are none.
    private static func nearest(_ move: Move, _ texts: [[Character]]) -> Int? {
        let own = Array(move.text)
        return texts.map { EditDistance.count(own, $0) }.min()
    }

    /// One option, its steps drawn one after the other.
    private func option<W: World>(at start: Position<W>, for role: Role, as player: Player, cast: Cast, in scope: Scope) async throws -> Move {
        let policy = try scope.services.policy(player.policy)
        var option = try await policy.move(on: start.view(for: role), as: player, in: scope.child("step"))
        guard steps > 1 else { return option }
        var position = try await start.following(option, of: role, cast: cast, in: scope.child("step"))
        for step in 1..<steps where !position.isOver {
            let own = scope.child("step", step)
            if let stop {
                let worth = try await stop.values(of: [position], for: role, as: player, cast: cast, judge: nil, scopes: [own.child("stop")])
                if let value = worth.first?.value, value < floor { break }
            }
            let next = try await policy.move(on: position.view(for: role), as: player, in: own)
            position = try await position.following(next, of: role, cast: cast, in: own)
            option.segments += next.segments
        }
        return option
    }
}
