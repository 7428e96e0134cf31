extension Commons {
    /// The words of a skin: the place, what it holds, the move's verb, and what taking means.
    private var words: (place: String, stock: String, verb: String, taking: String) {
        switch settings.skin {
        case .fishery: ("lake", "tons of fish", "catch", "“catch 7” takes 7 tons of fish out of the lake")
        case .pasture: ("pasture", "hectares of grass", "graze", "“graze 7” lets your flock eat 7 hectares of grass")
        case .pollution: ("river", "units of clean water", "make", "“make 7” makes 7 pallets of goods, and each spoils a unit of clean water")
        }
    }

    public var instructions: String {
        let words = words
        var text = "\(settings.players) players live off one \(words.place) with up to \(settings.capacity) \(words.stock). Each round all choose at once: \(words.taking); "
        text += "you get a point for each. If all want more than there is, "
        text += settings.rationing == .random ? "it is given out one by one to random players who still want. " : "it is shared in proportion. "
        text += "Then the choices are read out, and what is left grows to \(settings.growth) % of itself, at most \(settings.capacity). "
        text += "With less than \(settings.collapse) left after a round, all is over; else there are \(settings.rounds) rounds."
        if settings.newcomerRound > 0 { text += " Player \(settings.players - 1) joins in round \(settings.newcomerRound)." }
        if settings.talk != .none { text += " Between rounds players speak in turn, \(settings.talkTurns) times; words bind nobody." }
        if settings.talk == .free { text += " Own words are said as “say: TEXT”, with at most \(settings.talkLimit) characters." }
        return text
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .take(let amount): "\(words.verb) \(amount)"
        case .unit(let seat): "unit to \(seat)"
        case .speak(let speech): speech.text(acts)
        }
    }

    /// The seat that says something at a place after a round.
    private func speaker(_ place: Int, after round: Int) -> Int { (place + round) % playerCount(in: round) }

    private func said(after number: Int, in state: State) -> String {
        state.rounds[number].said.enumerated().map { "\(speaker($0, after: number)): \($1.shown(acts))" }.joined(separator: "; ")
    }

    /// A finished round: its stock, and by seat what was got, after a slash what was wanted where that differs.
    private func shown(_ round: Round) -> String {
        "\(round.stock):" + zip(round.got, round.wanted).map { $0 == $1 ? "\($0)" : "\($0)/\($1)" }.joined(separator: ",")
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let past = state.rounds.indices.map { "\(shown(state.rounds[$0])) \(said(after: $0, in: state))" }.joined(separator: "|")
        let own = seat < state.wants.count ? "|\(state.wants[seat])" : ""
        return "\(seat)|\(past)|\(state.stock)\(state.isTalking ? "t" : state.isOver ? "." : "")\(own)|\(state.given.map(String.init).joined(separator: ","))"
    }

    public func view(of state: State, for seat: Int) -> String {
        let words = words
        let isAfter = state.isTalking || state.isOver
        var text = "You are player \(seat). Round \(state.rounds.count + (isAfter ? 0 : 1)) of \(settings.rounds)\(isAfter ? " is done" : ""). "
        text += "The \(words.place) has \(state.stock) \(words.stock)\(isAfter ? " left" : "")."
        if !state.rounds.isEmpty {
            let past = state.rounds.enumerated().map { "round \($0 + 1), \(shown($1))" }.joined(separator: "; ")
            text += " So far (stock: what player 0, 1, … got, and /wanted if more): \(past)."
        }
        // Longer ago has been shown before.
        for number in state.rounds.indices.suffix(2) where !state.rounds[number].said.isEmpty {
            text += " Said after round \(number + 1): \(said(after: number, in: state))."
        }
        if settings.universalises, !isAfter, let share = sustainableShare(of: state.stock, among: playerCount(in: state.rounds.count)) {
            text += " If everybody takes more than \(share), there will be less next round."
        }
        if state.isTalking { text += " You speak now." }
        return text
    }
}
