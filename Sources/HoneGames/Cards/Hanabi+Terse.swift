extension Hanabi {
    private static let letters = Array("rygwb")

    private func terse(_ card: Int) -> String { "\(Self.letters[card / ranks])\(card % ranks + 1)" }

    /// A colour and a rank as far as hints tell them; what is left of several possible ranks is a letter from a on, by the set.
    private func terse(_ known: Knowledge) -> String {
        let colours = (0..<settings.colours).filter { known.colours >> UInt8($0) & 1 == 1 }
        let some = (0..<ranks).filter { known.ranks >> UInt8($0) & 1 == 1 }
        let colour = colours.count == 1 ? String(Self.letters[colours[0]]) : "?"
        if some.count == 1 { return colour + String(some[0] + 1) }
        let letter = some.count == ranks ? "?" : String(UnicodeScalar(UInt8(ascii: "a") + known.ranks % 26))
        return colour + letter
    }

    private func terse(_ hint: Hint) -> String {
        func of(_ other: Int) -> String { settings.players > 2 ? String(other) : "" }
        return switch hint {
        case .colour(let colour, let other): "h\(of(other))\(Self.letters[colour])"
        case .rank(let rank, let other): "h\(of(other))\(rank + 1)"
        }
    }

    /// What happened, in a few characters: `p1r2+` is a first card that was played, a red 2, and fitted; `d1r2` was discarded; `hr:12` is a hint and
    /// the places it touched.
    func terse(_ event: Event) -> String {
        switch event {
        case .play(let place, let card, let isRight): "p\(place + 1)\(terse(card))\(isRight ? "+" : "-")"
        case .discard(let place, let card): "d\(place + 1)\(terse(card))"
        case .hint(let hint, let places): "\(terse(hint)):\(places.map { String($0 + 1) }.joined())"
        }
    }

    /// `320 8 00 000000 ??|r1??,y2r? hr:1`: hints, lives, turns left once the deck is empty (else 0); cards in the deck; the table by colour; the
    /// discards by card; the own cards as known, `|`, the others' cards each with what its owner knows; the others' last moves.
    func terseView(of state: State, for seat: Int) -> String {
        let deck = state.deck.reduce(0, +)
        var text = "\(state.hints)\(state.lives)\(deck == 0 ? state.turnsLeft : 0) \(deck) "
        text += state.table.map(String.init).joined() + " " + state.discards.map(String.init).joined() + " "
        text += state.hands[seat].map { terse(state.known[seat][$0]) }.joined(separator: ",")
        for other in 0..<settings.players where other != seat {
            text += "|" + state.hands[other].map { terse(state.dealt[other][$0]) + terse(state.known[other][$0]) }.joined(separator: ",")
        }
        let last = state.log.suffix(settings.players - 1)
        return text + " " + (last.isEmpty ? "-" : last.map(terse).joined(separator: " "))
    }

    func terseText(of action: Action) -> String {
        switch action {
        case .deal(let card): terse(card)
        case .play(let place): "p\(place + 1)"
        case .discard(let place): "d\(place + 1)"
        case .hint(let hint): terse(hint)
        }
    }

    /// The last events before a seat's turn as one line, the newest last, as the view writes them; empty where nothing has happened.
    public func history(of state: State, last count: Int) -> String {
        state.log.suffix(count).map(terse).joined(separator: " ")
    }
}
