import HoneCore

extension Werewolf {
    /// Whom a player of this kind can choose at night; −1 is nobody.
    func targets(of seat: Int, kinds: [Kind], isAlive: [Bool], lastProtected: Int) -> [Int] {
        switch kinds[seat] {
        case .villager: [-1]
        case .wolf: isAlive.seats.filter { kinds[$0] != .wolf }
        case .seer: isAlive.seats.filter { $0 != seat }
        case .doctor: isAlive.seats.filter { settings.mayProtectAgain || $0 != lastProtected }
        }
    }

    /// Whom the doctor protected in the last night; −1 for nobody.
    func lastProtected(in state: State) -> Int {
        guard let doctor = state.kinds.firstIndex(of: .doctor) else { return -1 }
        for event in state.log.reversed() {
            if case .night(let choices) = event { return max(-1, choices[doctor]) }
        }
        return -1
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch state.phase {
        case .dealing: for seat in state.kinds.indices where state.kinds[seat] == .villager { actions.append(.deal(seat)) }
        case .tie: actions += tied(in: state).map { .leave($0) }
        case .night, .vote, .talk:
            if let mover = turn(in: state).mover { appendActions(of: mover, in: state, to: &actions) }
        case .over: break
        }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Action]) {
        let living = state.isAlive.seats
        switch state.phase {
        case .night:
            for target in targets(of: seat, kinds: state.kinds, isAlive: state.isAlive, lastProtected: lastProtected(in: state)) {
                switch state.kinds[seat] {
                case .villager: actions.append(.sleep)
                case .wolf: actions.append(.kill(target))
                case .seer: actions.append(.inspect(target))
                case .doctor: actions.append(.protect(target))
                }
            }
        case .talk:
            actions.append(.speak(.pass))
            actions += living.filter { $0 != seat }.map { .speak(.accuse($0)) }
            actions += living.map { .speak(.defend($0)) }
            actions.append(.speak(.claim(.villager)))
            if settings.hasSeer { actions.append(.speak(.claim(.seer))) }
            if settings.hasDoctor { actions.append(.speak(.claim(.doctor))) }
            if settings.hasSeer {
                for other in living where other != seat { actions += [.speak(.report(other, isWolf: true)), .speak(.report(other, isWolf: false))] }
            }
        case .vote:
            actions += living.filter { $0 != seat }.map { .vote($0) }
            if settings.mayAbstain { actions.append(.vote(-1)) }
        case .dealing, .tie, .over: break
        }
    }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if facts.hasOpenMoves, let seat, turn(in: state) == .seat(seat), let words = Utterance.read(text, limit: settings.talkLength) {
            return .speak(.words(words))
        }
        return listedAction(for: text, by: seat, in: state)
    }

    public func apply(_ action: Action, to state: inout State) {
        let mover = turn(in: state).mover ?? 0
        switch action {
        case .deal(let seat):
            state.kinds[seat] = special[state.dealt]
            state.dealt += 1
            if state.dealt == special.count { state.phase = .night }
        case .speak(let speech):
            state.log.append(.speech(mover, speech))
            state.spoken += 1
            if state.spoken == settings.talkRounds * state.isAlive.seats.count { state.phase = .vote }
        case .sleep: choose(-1, mover, &state)
        case .kill(let target), .inspect(let target), .protect(let target), .vote(let target): choose(target, mover, &state)
        case .leave(let seat): endDay(without: seat, &state)
        }
    }

    private func choose(_ target: Int, _ seat: Int, _ state: inout State) {
        state.choices[seat] = target
        guard state.isAlive.seats.allSatisfy({ state.choices[$0] != -2 }) else { return }
        let choices = state.choices.map { max($0, -1) }
        state.choices = [Int](repeating: -2, count: settings.players)
        if state.phase == .night {
            state.log.append(.night(choices))
            var victim = victim(of: choices, kinds: state.kinds)
            if let doctor = state.kinds.firstIndex(of: .doctor), choices[doctor] == victim { victim = -1 }
            state.log.append(.dawn(victim))
            if victim >= 0 { state.isAlive[victim] = false }
            state.spoken = 0
            state.phase = settings.talkRounds == 0 ? .vote : .talk
            settle(&state)
        } else {
            state.log.append(.votes(choices))
            let tied = tied(in: state)
            if tied.count > 1, settings.ties == .chance {
                state.phase = .tie
            } else {
                endDay(without: tied.count == 1 ? tied[0] : -1, &state)
            }
        }
    }

    /// Whom the wolves kill: the seat that most of them chose; among equals, that of the wolf on the lowest seat.
    func victim(of choices: [Int], kinds: [Kind]) -> Int {
        let named = kinds.indices.filter { kinds[$0] == .wolf && choices[$0] >= 0 }.map { choices[$0] }
        let leaders = Ballot.leaders(named, seats: kinds.count)
        return named.first { leaders.contains($0) } ?? -1
    }

    /// The seats with the most votes of the last vote.
    func tied(in state: State) -> [Int] {
        guard case .votes(let votes)? = state.log.last else { return [] }
        return Ballot.leaders(votes, seats: votes.count)
    }

    private func endDay(without seat: Int, _ state: inout State) {
        state.log.append(.out(seat))
        if seat >= 0 { state.isAlive[seat] = false }
        state.phase = .night
        settle(&state)
        guard state.phase != .over else { return }
        if state.day == settings.days {
            state.phase = .over
            state.haveWolvesWon = true
        } else {
            state.day += 1
        }
    }

    /// Ends the play where a side has won.
    private func settle(_ state: inout State) {
        let wolves = state.isAlive.seats.count { state.kinds[$0] == .wolf }
        guard !goesOn(kinds: state.kinds, isAlive: state.isAlive) else { return }
        state.phase = .over
        state.haveWolvesWon = wolves > 0
    }

    /// Whether neither side has won by who lives.
    func goesOn(kinds: [Kind], isAlive: [Bool]) -> Bool {
        let living = isAlive.seats
        let wolves = living.count { kinds[$0] == .wolf }
        return wolves > 0 && 2 * wolves < living.count
    }
}
