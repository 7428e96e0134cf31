import HoneCore

/// What a seat can know of its own cards: exact counts over the cards it has not seen.
extension Hanabi {
    /// Whether a card is the next of its colour.
    public func isPlayable(_ card: Int, in state: State) -> Bool { state.table[card / ranks] == card % ranks }

    /// Whether a card can still be laid at some time: it is not on the table yet, and no lower rank of its colour is used up.
    public func isUseful(_ card: Int, in state: State) -> Bool {
        let (colour, rank) = (card / ranks, card % ranks)
        guard rank >= state.table[colour] else { return false }
        return (state.table[colour]..<rank).allSatisfy { state.discards[colour * ranks + $0] < settings.copies[$0] }
    }

    /// How many of each card a seat has not seen: those in the deck and in its own hand.
    func unseen(by seat: Int, in state: State) -> [Int] {
        var unseen = state.deck
        for number in state.hands[seat] { unseen[state.dealt[seat][number]] += 1 }
        return unseen
    }

    /// The cards that a place of a seat's hand can be, each as often as it is unseen, by the hints on that place alone.
    public func possibleCards(at place: Int, of seat: Int, in state: State) -> [(card: Int, count: Int)] {
        let known = state.known[seat][state.hands[seat][place]]
        return unseen(by: seat, in: state).enumerated().compactMap { card, count in
            count > 0 && known.allows(colour: card / ranks, rank: card % ranks) ? (card, count) : nil
        }
    }

    /// The share of the cards a place can be that are playable: what its owner can know.
    public func playableShare(at place: Int, of seat: Int, in state: State) -> Double {
        let possible = possibleCards(at: place, of: seat, in: state)
        let all = possible.reduce(0) { $0 + $1.count }
        return all == 0 ? 0 : Double(possible.reduce(0) { $0 + (isPlayable($1.card, in: state) ? $1.count : 0) }) / Double(all)
    }

    /// The same by what everybody sees alone: hints, the table and the discards, but nobody's hand. This is what another player can be sure that the
    /// owner knows.
    public func publicShare(at place: Int, of seat: Int, in state: State) -> Double {
        var left = state.deck
        for (other, hand) in state.hands.enumerated() { for number in hand { left[state.dealt[other][number]] += 1 } }
        let known = state.known[seat][state.hands[seat][place]]
        let possible = left.indices.filter { left[$0] > 0 && known.allows(colour: $0 / ranks, rank: $0 % ranks) }
        let all = possible.reduce(0) { $0 + left[$1] }
        return all == 0 ? 0 : Double(possible.reduce(0) { $0 + (isPlayable($1, in: state) ? left[$1] : 0) }) / Double(all)
    }

    /// Whether the colour or the rank of a card is known to its owner.
    public func knows(place: Int, of seat: Int, in state: State) -> (colour: Bool, rank: Bool) {
        let known = state.known[seat][state.hands[seat][place]]
        return (known.colours.nonzeroBitCount == 1, known.ranks.nonzeroBitCount == 1)
    }

    /// Whether a move follows the rules and is safe by what the seat can know: no card that surely does not fit is played, none that may not fit
    /// with the last life, and none is discarded that surely fits.
    public func isSound(_ move: String, by seat: Int, in state: State) -> Bool {
        guard let action = action(for: move, by: seat, in: state) else { return false }
        switch action {
        case .play(let place):
            let share = playableShare(at: place, of: seat, in: state)
            return state.lives == 1 ? share == 1 : share > 0
        case .discard(let place): return playableShare(at: place, of: seat, in: state) < 1
        case .hint, .deal: return true
        }
    }
}
