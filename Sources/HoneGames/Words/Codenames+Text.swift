import HoneCore

extension Codenames {
    public var instructions: String {
        var text = "Codenames with \(settings.words) words on the table. "
        if settings.isCooperative {
            text += "Player 0 gives clues, player 1 guesses. \(settings.first) words are yours, \(settings.assassins) lose the game; the giver knows which. "
        } else {
            text +=
                "Players 0 and 1 are the first team, 2 and 3 the second; 0 and 2 give clues and know whose each word is, 1 and 3 guess. "
                + "\(settings.first) words are the first team's, \(settings.second) the second's, \(settings.assassins) lose the game for whoever names them. "
        }
        text +=
            "A clue is a word and a number: how many hidden words are meant. The guesser names at least one word and at most one more than the number; a word that is not the team's ends the turn. "
        text += settings.isCooperative ? "Find your words in \(settings.turns) turns." : "The team whose words are all uncovered first wins."
        if settings.allowsOwnClues { text += " Instead of a listed clue, any other word of small letters can be given that is not on the table: clue WORD NUMBER." }
        return text
    }

    private func name(_ place: Int, _ state: State) -> String { Things.all[state.table[place]].name }

    private func name(_ owner: Owner) -> String {
        switch owner {
        case .nobody: "neutral"
        case .first: settings.isCooperative ? "yours" : "first team"
        case .second: "second team"
        case .assassin: "assassin"
        }
    }

    private func story(_ state: State) -> [String] {
        state.log.map { event in
            switch event {
            case .clue(let team, let word, let number): "\(settings.isCooperative ? "Clue" : team == 0 ? "First team" : "Second team"): \(word) \(number)"
            case .guess(let place): "Guess: \(name(place, state)), \(name(state.owners[place]))"
            case .stop: "Stop"
            }
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        isReady(state) ? "\(seat)|\(view(of: state, for: seat))" : "\(seat)|dealing"
    }

    public func view(of state: State, for seat: Int) -> String {
        guard isReady(state) else { return "You are player \(seat). The words are being laid out." }
        var lines = ["You are player \(seat), who \(seat % 2 == 0 ? "gives clues" : "guesses")\(settings.isCooperative ? "" : seat < 2 ? " for the first team" : " for the second team")."]
        let knows = seat % 2 == 0 || state.isOver
        let words = state.table.indices.map { place in
            let owner = knows || state.isOpen[place] ? " (\(name(state.owners[place]))\(state.isOpen[place] ? ", uncovered" : ""))" : ""
            return name(place, state) + owner
        }
        lines.append("Table: \(words.joined(separator: ", "))")
        lines += story(state)
        if state.isOver {
            lines.append("The play is over.")
        } else {
            let team = settings.isCooperative ? "" : state.team == 0 ? " of the first team" : " of the second team"
            lines.append("It is the turn of the \(state.number == nil ? "giver" : "guesser")\(team).\(settings.isCooperative ? " Turn \(state.turns) of \(settings.turns)." : "")")
        }
        return lines.joined(separator: "\n")
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .lay(let thing): Things.all[thing].name
        case .give(let place): "\(name(place, state)) is \(nextOwner(state))"
        case .clue(let word, let number): "clue \(word) \(number)"
        case .guess(let place): "guess \(name(place, state))"
        case .stop: "stop"
        }
    }
}
