import HoneCore

/// A scripted partner for hanabi who follows one convention: of the cards a hint touches, one is meant, and it can be played now.
///
/// It plays a card it knows to fit; else the card the last hint meant, unless that is surely wrong or the last life is at stake; else it hints at a
/// card of the next player that fits and whose owner cannot know it by hints and open cards; else it discards, or hints anything where it may not. Which of the
/// touched cards is meant, and which card is discarded, is the convention. Only what the seat may know is looked at.
public struct HanabiConvention: GamePlayer {
    public typealias Rules = Hanabi

    /// Which card is meant and which is given up.
    public enum Order: String, Codable, Hashable, Sendable, CaseIterable {
        /// The oldest touched card is meant, the oldest card nobody spoke of is discarded.
        case oldest
        /// The newest touched card is meant, the newest card nobody spoke of is discarded.
        case newest
    }

    /// The convention.
    public let order: Order

    /// A partner.
    public init(_ order: Order) { self.order = order }

    public func action(in state: Hanabi.State, for seat: Int, of game: Hanabi, seed: Seed) -> Hanabi.Action? {
        var generator = seed.generator
        let all = game.actions(in: state)
        let shares = state.hands[seat].indices.map { game.playableShare(at: $0, of: seat, in: state) }
        if let sure = shares.firstIndex(of: 1) { return .play(sure) }
        if let meant = meant(for: seat, in: state), shares[meant] > 0, state.lives > 1 { return .play(meant) }
        let next = (seat + 1) % state.hands.count
        if let hint = hint(for: next, in: state, of: game, among: all) { return .hint(hint) }
        let places = state.hands[seat].indices.filter { all.contains(.discard($0)) }
        if let place = discarded(places, of: seat, in: state, game) { return .discard(place) }
        let hints = all.filter { if case .hint = $0 { true } else { false } }
        return generator.element(of: hints) ?? generator.element(of: all)
    }

    /// The place in a seat's hand that the newest hint to it means, if that was given since its last turn; nil where there is none.
    public func meant(for seat: Int, in state: Hanabi.State) -> Int? {
        for event in state.log.suffix(state.hands.count - 1).reversed() {
            guard case .hint(let hint, let places) = event else { continue }
            let other: Int
            switch hint {
            case .colour(_, let of), .rank(_, let of): other = of
            }
            if other == seat { return order == .oldest ? places.first : places.last }
        }
        return nil
    }

    /// The place of another seat's card that fits and whose owner cannot know that by what everybody sees; nil where there is none.
    public func needed(by other: Int, in state: Hanabi.State, of game: Hanabi) -> Int? {
        let places = state.hands[other].indices.filter { place in
            game.isPlayable(state.dealt[other][state.hands[other][place]], in: state) && game.publicShare(at: place, of: other, in: state) < 1
        }
        return order == .oldest ? places.first : places.last
    }

    /// A hint that means the needed card; nil where none does.
    func hint(for other: Int, in state: Hanabi.State, of game: Hanabi, among all: [Hanabi.Action]) -> Hanabi.Hint? {
        guard let place = needed(by: other, in: state, of: game) else { return nil }
        for case .hint(let hint) in all {
            let (touched, isFor) = touched(by: hint, in: state, of: game)
            if isFor == other, (order == .oldest ? touched.first : touched.last) == place { return hint }
        }
        return nil
    }

    private func touched(by hint: Hanabi.Hint, in state: Hanabi.State, of game: Hanabi) -> (places: [Int], seat: Int) {
        let ranks = game.settings.copies.count
        switch hint {
        case .colour(let colour, let other):
            return (state.hands[other].indices.filter { state.dealt[other][state.hands[other][$0]] / ranks == colour }, other)
        case .rank(let rank, let other):
            return (state.hands[other].indices.filter { state.dealt[other][state.hands[other][$0]] % ranks == rank }, other)
        }
    }

    /// A card that surely is of no more use; else, by the convention, one that no hint has touched, else any.
    private func discarded(_ places: [Int], of seat: Int, in state: Hanabi.State, _ game: Hanabi) -> Int? {
        let useless = places.first { place in game.possibleCards(at: place, of: seat, in: state).allSatisfy { !game.isUseful($0.card, in: state) } }
        if let useless { return useless }
        let untouched = places.filter { place in
            let knows = game.knows(place: place, of: seat, in: state)
            return !knows.colour && !knows.rank
        }
        let left = untouched.isEmpty ? places : untouched
        return order == .oldest ? left.first : left.last
    }
}
