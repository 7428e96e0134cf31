import HoneCore

extension Undercover {
    public var instructions: String {
        var text =
            "Who is the spy? \(settings.players) players, 0 to \(settings.players - 1), each have a secret word. All words are the same but one, which is similar: whoever has it is the spy"
        text += settings.spyKnows ? " and knows it." : ", and nobody knows who that is."
        text += " Each round every player gives one clue for its word, then all vote at once; who gets the most votes is out."
        text += settings.ties == .nobody ? " If several do, nobody is." : " If several do, one of them is drawn."
        text += " The others win when the spy is out; the spy wins when two players are left or after round \(settings.rounds)."
        if settings.talkLength > 0 {
            text += " Instead of a listed clue you can write “say: ” and up to \(settings.talkLength) characters on one line, without your word."
        }
        return text
    }

    private func story(of state: State) -> [String] {
        state.log.map { event in
            switch event {
            case .clue(let seat, let clue): "Player \(seat): \(clue)"
            case .words(let seat, let words): "Player \(seat) says \(Utterance.quoted(words))"
            case .pass(let seat): "Player \(seat): pass"
            case .votes(let votes): "Votes: \(votes.indices.filter { votes[$0] >= 0 }.map { "\($0) for \(votes[$0])" }.joined(separator: ", "))."
            case .out(let seat): seat < 0 ? "Nobody was voted out." : "Player \(seat) was voted out."
            }
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        if state.phase == .pair || state.phase == .spy { return "\(seat)|dealing" }
        return "\(seat)|\(view(of: state, for: seat))\(state.votes[seat] == -2 ? "" : " Voted: \(state.votes[seat]).")"
    }

    public func view(of state: State, for seat: Int) -> String {
        if state.phase == .pair || state.phase == .spy { return "You are player \(seat). The words are being dealt." }
        var text = "You are player \(seat)\(settings.spyKnows && seat == state.spy ? ", the spy" : ""). Your word: \(word(of: seat, in: state).word)."
        for line in story(of: state) { text += "\n" + line }
        text += "\nRound \(state.round) of \(settings.rounds). In the game: \(state.isIn.seats.map(String.init).joined(separator: " ")). "
        switch state.phase {
        case .clue: text += "Time for clues."
        case .vote: text += "Time to vote."
        case .tie: text += "One of \(tied(in: state).map(String.init).joined(separator: " and ")) will be drawn."
        case .over:
            let others = word(of: state.spy == 0 ? 1 : 0, in: state).word
            text += "The spy was player \(state.spy) with “\(word(of: state.spy, in: state).word)” among “\(others)”. \(state.hasSpyWon ? "The spy has won." : "The others have won.")"
        case .pair, .spy: break
        }
        return text
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .pair(let pair, let spyHasFirst):
            spyHasFirst ? "\(pairs[pair].second) with spy \(pairs[pair].first)" : "\(pairs[pair].first) with spy \(pairs[pair].second)"
        case .spy(let seat): "spy \(seat)"
        case .clue(let clue): clue
        case .words(let words): Utterance.prefix + words
        case .pass: "pass"
        case .vote(let seat): "vote \(seat)"
        case .leave(let seat): "out \(seat)"
        }
    }
}
