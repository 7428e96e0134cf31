import HoneCore

extension Hanabi {
    private static let colours = ["red", "yellow", "green", "white", "blue"]

    /// A card in words.
    private func name(_ card: Int) -> String { "\(Self.colours[card / ranks]) \(card % ranks + 1)" }

    public var instructions: String {
        let copies = settings.copies.enumerated().map { "\($1) of rank \($0 + 1)" }.joined(separator: ", ")
        return
            "Hanabi for \(settings.players) players who play together. You see the others' cards but not your own. Colours: \(Self.colours.prefix(settings.colours).joined(separator: ", ")); each has \(copies). "
            + "On the table each colour is built up from rank 1 to \(ranks). Play a card: if it is not the next of its colour, a life is lost (\(settings.lives) in all). "
            + "A hint tells another player which of its cards have a colour or a rank and costs one of \(settings.hints) hints; discarding a card or completing a colour gives one back. "
            + "When the deck is empty, everybody has one more turn. All get the number of cards on the table"
            + (settings.losesAll ? ", but nothing if the last life is lost." : ".")
    }

    /// What a hand's owner can know of a card from hints.
    private func text(of known: Knowledge) -> String {
        func some(_ names: [String], _ mask: UInt8) -> String? {
            let left = names.indices.filter { mask >> UInt8($0) & 1 == 1 }.map { names[$0] }
            return left.count == names.count && names.count > 1 ? nil : left.joined(separator: "/")
        }
        let colour = some(Array(Self.colours.prefix(settings.colours)), known.colours)
        let rank = some((1...ranks).map(String.init), known.ranks)
        return colour == nil && rank == nil ? "?" : "\(colour ?? "?") \(rank ?? "?")"
    }

    private func text(of hint: Hint) -> String {
        switch hint {
        case .colour(let colour, let other): "hint \(other) \(Self.colours[colour])"
        case .rank(let rank, let other): "hint \(other) rank \(rank + 1)"
        }
    }

    private func text(of event: Event) -> String {
        switch event {
        case .play(let place, let card, let isRight): "play \(place + 1), \(name(card)), \(isRight ? "right" : "wrong")"
        case .discard(let place, let card): "discard \(place + 1), \(name(card))"
        case .hint(let hint, let places): "\(text(of: hint)), cards \(places.map { String($0 + 1) }.joined(separator: " "))"
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        var text = "\(seat)|"
        for other in 0..<settings.players {
            text += other == seat ? "\(state.dealt[other].count)|" : state.dealt[other].map(String.init).joined(separator: " ") + "|"
        }
        for event in state.log {
            switch event {
            case .play(let place, let card, _): text += "p\(place)=\(card) "
            case .discard(let place, let card): text += "d\(place)=\(card) "
            case .hint(.colour(let colour, let other), let places): text += "h\(other)c\(colour)=\(places.map(String.init).joined()) "
            case .hint(.rank(let rank, let other), let places): text += "h\(other)r\(rank)=\(places.map(String.init).joined()) "
            }
        }
        return text
    }

    public func view(of state: State, for seat: Int) -> String {
        if settings.isTerse { return terseView(of: state, for: seat) }
        let deck = state.deck.reduce(0, +)
        var lines = [
            "You are player \(seat). Hints: \(state.hints) of \(settings.hints). Lives: \(state.lives) of \(settings.lives). Deck: \(deck) cards.\(deck == 0 ? " Turns left: \(state.turnsLeft)." : "")",
            "Table: \(state.table.indices.map { "\(Self.colours[$0]) \(state.table[$0])" }.joined(separator: ", "))",
        ]
        let gone = state.discards.indices.flatMap { [String](repeating: name($0), count: state.discards[$0]) }
        lines.append("Discarded: \(gone.isEmpty ? "none" : gone.joined(separator: ", "))")
        for other in 0..<settings.players {
            let cards = state.hands[other].enumerated().map { place, number in
                let known = text(of: state.known[other][number])
                return other == seat ? "\(place + 1): \(known)" : "\(place + 1): \(name(state.dealt[other][number])) (knows \(known))"
            }
            lines.append("\(other == seat ? "Your hand" : "Hand of player \(other)"): \(cards.isEmpty ? "none" : cards.joined(separator: ", "))")
        }
        let first = max(0, state.log.count - settings.players + 1)
        for (place, event) in state.log.enumerated().dropFirst(first) { lines.append("Player \(place % settings.players): \(text(of: event))") }
        return lines.joined(separator: "\n")
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .deal(let card): name(card)
        case _ where settings.isTerse: terseText(of: action)
        case .play(let place): "play \(place + 1)"
        case .discard(let place): "discard \(place + 1)"
        case .hint(let hint): text(of: hint)
        }
    }

    /// Another own hand that fits all hints, with the odds of the cards that the player has not seen.
    ///
    /// Each place draws a card that its hints allow in proportion to how many are unseen, with replacement; the hand is kept with the
    /// probability that makes it one without, which is exact.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var unseen = state.deck
        for number in state.hands[seat] { unseen[state.dealt[seat][number]] += 1 }
        let allowed = state.hands[seat].map { number in
            unseen.indices.filter { unseen[$0] > 0 && state.known[seat][number].allows(colour: $0 / ranks, rank: $0 % ranks) }
        }
        for _ in 0..<10_000 {
            var left = unseen
            var other = state
            var isKept = true
            for (place, number) in state.hands[seat].enumerated() {
                var draw = generator.integer(in: 0...(allowed[place].reduce(0) { $0 + unseen[$1] } - 1))
                guard let card = allowed[place].first(where: { draw -= unseen[$0]; return draw < 0 }) else { return nil }
                isKept = isKept && generator.integer(in: 0...(unseen[card] - 1)) < left[card]
                left[card] -= 1
                other.dealt[seat][number] = card
            }
            guard isKept else { continue }
            other.deck = left
            return other
        }
        return state
    }
}
