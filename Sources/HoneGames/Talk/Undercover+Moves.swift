import HoneCore

extension Undercover {
    /// The listed clues of a word that nobody has given.
    private func freeClues(_ clues: [String], after log: some Sequence<Event>) -> [String] {
        var given: Set<String> = []
        for case .clue(_, let clue) in log { given.insert(clue) }
        return clues.filter { !given.contains($0) }
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch state.phase {
        case .pair: for pair in pairs.indices { actions += [.pair(pair, spyHasFirst: false), .pair(pair, spyHasFirst: true)] }
        case .spy: actions += (0..<settings.players).map { .spy($0) }
        case .tie: actions += tied(in: state).map { .leave($0) }
        case .clue, .vote:
            if let mover = turn(in: state).mover { appendActions(of: mover, in: state, to: &actions) }
        case .over: break
        }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Action]) {
        switch state.phase {
        case .clue:
            let free = freeClues(word(of: seat, in: state).clues, after: state.log)
            actions += free.isEmpty ? [.pass] : free.map { .clue($0) }
        case .vote: actions += state.isIn.seats.filter { $0 != seat }.map { .vote($0) }
        case .pair, .spy, .tie, .over: break
        }
    }

    /// Whether these words may be a clue: they must not have the word itself in them.
    private func mayBeSaid(_ words: String, of word: String) -> Bool { !words.lowercased().contains(word.lowercased()) }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if settings.talkLength > 0, let seat, turn(in: state) == .seat(seat), let words = Utterance.read(text, limit: settings.talkLength) {
            return mayBeSaid(words, of: word(of: seat, in: state).word) ? .words(words) : nil
        }
        return listedAction(for: text, by: seat, in: state)
    }

    public func apply(_ action: Action, to state: inout State) {
        let mover = turn(in: state).mover ?? 0
        switch action {
        case .pair(let pair, let spyHasFirst):
            state.pair = pair
            state.spyHasFirst = spyHasFirst
            state.phase = .spy
        case .spy(let seat):
            state.spy = seat
            state.phase = .clue
        case .clue(let clue): say(.clue(mover, clue), &state)
        case .words(let words): say(.words(mover, words), &state)
        case .pass: say(.pass(mover), &state)
        case .vote(let seat):
            state.votes[mover] = seat
            guard state.isIn.seats.allSatisfy({ state.votes[$0] != -2 }) else { return }
            state.log.append(.votes(state.votes.map { max($0, -1) }))
            state.votes = [Int](repeating: -2, count: settings.players)
            let tied = tied(in: state)
            if tied.count > 1, settings.ties == .chance {
                state.phase = .tie
            } else {
                endRound(without: tied.count == 1 ? tied[0] : -1, &state)
            }
        case .leave(let seat): endRound(without: seat, &state)
        }
    }

    private func say(_ event: Event, _ state: inout State) {
        state.log.append(event)
        state.spoken += 1
        if state.spoken == state.isIn.seats.count { state.phase = .vote }
    }

    /// The seats with the most votes of the last vote.
    func tied(in state: State) -> [Int] {
        guard case .votes(let votes)? = state.log.last else { return [] }
        return Ballot.leaders(votes, seats: votes.count)
    }

    private func endRound(without seat: Int, _ state: inout State) {
        state.log.append(.out(seat))
        state.spoken = 0
        if seat >= 0 { state.isIn[seat] = false }
        if seat == state.spy {
            state.phase = .over
        } else if state.isIn.seats.count <= 2 || state.round == settings.rounds {
            state.phase = .over
            state.hasSpyWon = true
        } else {
            state.phase = .clue
            state.round += 1
        }
    }

    /// Another pair or spy that fits the player's word and all clues; each that does is equally likely.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.phase != .pair, state.phase != .spy, state.phase != .over else { return nil }
        let own = word(of: seat, in: state)
        var fitting: [State] = []
        for pair in pairs.indices {
            for spy in state.isIn.seats where !settings.spyKnows || (spy == seat) == (state.spy == seat) {
                for spyHasFirst in [false, true] {
                    var other = state
                    (other.pair, other.spy, other.spyHasFirst) = (pair, spy, spyHasFirst)
                    let drawn = word(of: seat, in: other)
                    if drawn.word == own.word, drawn.clues == own.clues, fits(other) { fitting.append(other) }
                }
            }
        }
        guard var other = generator.element(of: fitting) else { return state }
        for voter in state.isIn.seats where voter != seat && state.votes[voter] != -2 {
            other.votes[voter] = generator.element(of: state.isIn.seats.filter { $0 != voter }) ?? -1
        }
        return other
    }

    /// Whether all could have said what they said.
    private func fits(_ state: State) -> Bool {
        for (place, event) in state.log.enumerated() {
            switch event {
            case .clue(let speaker, let clue): if !word(of: speaker, in: state).clues.contains(clue) { return false }
            case .pass(let speaker):
                if !freeClues(word(of: speaker, in: state).clues, after: state.log.prefix(place)).isEmpty { return false }
            case .words(let speaker, let words): if !mayBeSaid(words, of: word(of: speaker, in: state).word) { return false }
            case .votes, .out: break
            }
        }
        return true
    }
}
