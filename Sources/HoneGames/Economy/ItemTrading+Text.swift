extension ItemTrading {
    public var instructions: String {
        let items = zip(settings.counts, settings.kinds).map { "\($0) × \($1)" }.joined(separator: ", ")
        let example = settings.counts.map(String.init).joined(separator: " ")
        var text = "Two players divide these items: \(items). Each item has a whole value for each player; all items together are worth "
        text += "\(settings.total) to each. \(settings.showsValues ? "Both see all values." : "You see your own values only.") "
        text += "Take turns: “propose \(example)” offers that you get so many of each kind, in this order, and the other gets the rest; “accept” takes the other's offer"
        text += settings.allowsReject ? "; “reject” turns it down" : ""
        text += "; “end” stops the talks. Without agreement after \(settings.turns) turns, or after “end”, both get 0; else each gets the value of its items."
        if settings.discount < 1 { text += " Each turn after the second multiplies values by \(settings.discount)." }
        switch settings.talk {
        case .none: break
        case .listed: text += " Before a move you may say one thing from the list; words bind nobody."
        case .free: text += " Before a move you may say one thing, as “say: TEXT” with at most \(settings.talkLimit) characters; words bind nobody."
        }
        return text
    }

    private func written(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: " ") }

    /// What the proposer leaves of a share.
    func rest(of share: [Int]) -> [Int] { zip(settings.counts, share).map { $0 - $1 } }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .values(let place): "values \(written(valueVectors[place]))"
        case .propose(let division): "propose \(written(divisions[division]))"
        case .accept: "accept"
        case .reject: "reject"
        case .end: "end"
        case .speak(let speech): speech.text(acts)
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let values = (0...1).map { place in
            place >= state.values.count
                ? "-" : place == seat || settings.showsValues ? written(valueVectors[state.values[place]]) : "?"
        }
        return "\(seat)|\(values.joined(separator: ","))|" + shownEvents(of: state, for: nil)
    }

    /// What was done and said; with a seat, in words for it.
    private func shownEvents(of state: State, for seat: Int?) -> String {
        var mover = 0
        var parts: [String] = []
        for event in state.events {
            let name = seat.map { $0 == mover ? "you" : "player \(mover)" } ?? "\(mover)"
            switch event {
            case .speak(let speech): parts.append("\(name): \(speech.shown(acts))")
            case .propose(let division) where seat != nil:
                let share = divisions[division]
                let other = seat == mover ? "player \(1 - mover)" : "you"
                parts.append("\(name): \(written(share)) for \(seat == mover ? "you" : "player \(mover)"), \(written(rest(of: share))) for \(other)")
            default: parts.append("\(name): \(text(of: event, in: state))")
            }
            if case .speak = event { continue }
            mover = 1 - mover
        }
        return parts.isEmpty ? (seat == nil ? "" : "nothing") : parts.joined(separator: "; ")
    }

    public func view(of state: State, for seat: Int) -> String {
        func values(_ place: Int) -> String {
            place < state.values.count
                ? zip(settings.kinds, valueVectors[state.values[place]]).map { "\($0) \($1)" }.joined(separator: ", ") : "not drawn yet"
        }
        var text = "You are player \(seat). Items: \(zip(settings.kinds, settings.counts).map { "\($0) × \($1)" }.joined(separator: ", ")). "
        text += "Worth to you, each: \(values(seat)). "
        if settings.showsValues { text += "Worth to player \(1 - seat), each: \(values(1 - seat)). " }
        return text + "So far: \(shownEvents(of: state, for: seat)). Turns left: \(settings.turns - turnsTaken(in: state))."
    }
}
