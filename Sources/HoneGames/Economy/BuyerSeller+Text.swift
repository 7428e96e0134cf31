extension BuyerSeller {
    public var instructions: String {
        func range(_ numbers: [Int]) -> String { numbers[0] == numbers[1] ? "\(numbers[0])" : "drawn evenly from \(numbers[0]) to \(numbers[1])" }
        let example = (settings.prices[0] + settings.prices[1]) / 2
        var text = "Player 0 sells a thing to player 1. The seller's cost is \(range(settings.costs)), the buyer's value is \(range(settings.values))"
        text += settings.isPublic ? "; both are known to both. " : "; each sees the own number only. "
        text += "At a price, the seller gets price − cost and the buyer value − price; without a deal both get 0. "
        if settings.openings.count == 2 {
            text += "The seller has begun with \(settings.openings[0]), the buyer with \(settings.openings[1]). "
        }
        text += "Take turns, at most \(settings.turns): “offer \(example)” names a price from \(settings.prices[0]) to \(settings.prices[1])"
        if settings.keepsConcessions { text += ", never worse for the other than your last" }
        text += "; “accept” takes the other's last offer; “reject” ends the talks without a deal."
        if settings.talk != .none, let tag = settings.tags.first { text += " A word from the list can follow an offer, such as “offer \(example) \(tag)”." }
        if settings.talk == .free {
            text += " Before a move you may say one thing, as “say: TEXT” with at most \(settings.talkLimit) characters; it binds nobody."
        }
        return text
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .draw(let number): state.cost == nil ? "cost \(number)" : "value \(number)"
        case .offer(let price, let tag): "offer \(price)" + (tag.map { " " + settings.tags[$0] } ?? "")
        case .accept: "accept"
        case .reject: "reject"
        case .speak(let speech): speech.text([])
        }
    }

    /// What was done and said; with a seat, in words for it.
    private func shownEvents(of state: State, for seat: Int?) -> String {
        var mover = 0
        var parts: [String] = []
        for event in state.events {
            let name = seat.map { $0 == mover ? "you" : mover == 0 ? "seller" : "buyer" } ?? "\(mover)"
            if case .speak(let speech) = event {
                parts.append("\(name): \(speech.shown([]))")
            } else {
                parts.append("\(name): \(text(of: event, in: state))")
                mover = 1 - mover
            }
        }
        return parts.joined(separator: "; ")
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let cost = state.cost.map { seat == 0 || settings.isPublic ? "\($0)" : "?" } ?? "-"
        let value = state.value.map { seat == 1 || settings.isPublic ? "\($0)" : "?" } ?? "-"
        return "\(seat)|\(cost)|\(value)|\(shownEvents(of: state, for: nil))"
    }

    public func view(of state: State, for seat: Int) -> String {
        var text = "You are player \(seat), the \(seat == 0 ? "seller" : "buyer")."
        if seat == 0 || settings.isPublic { text += state.cost.map { " Cost: \($0)." } ?? "" }
        if seat == 1 || settings.isPublic { text += state.value.map { " Value: \($0)." } ?? "" }
        let events = shownEvents(of: state, for: seat)
        return text + " So far: \(events.isEmpty ? "nothing" : events). Turns left: \(settings.turns - turnsTaken(in: state))."
    }
}
