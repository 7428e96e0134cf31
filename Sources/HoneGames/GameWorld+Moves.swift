import HoneCore

extension GameWorld {
    public func observation(of state: State, for role: Role) -> Observation {
        guard state.breaker == nil, let seat = seat(of: role) else { return Observation() }
        let informationState = game.informationState(of: state.position, for: seat)
        guard seats(in: state).contains(seat) else { return Observation(informationState: informationState) }
        let legal = game.actions(of: seat, in: state.position).map { game.text(of: $0, in: state.position) }
        // A move says nothing of where it ends, so what follows it begins a line.
        var text = state.moved[seat] > 0 && !settings.isLatestOnly ? "\n" : ""
        // Who is shown the latest position alone would have forgotten the rules.
        if settings.showsInstructions, state.moved[seat] == 0 || settings.isLatestOnly { text += game.instructions + "\n" }
        text += settings.isShort ? (settings.isSquares ? Self.squares(of: informationState, for: seat) : informationState) + ">" : game.view(of: state.position, for: seat) + "\n"
        if settings.isShort, settings.showsMoves { text += "\n" }
        if settings.showsMoves { text += "Moves: \(Self.list(legal))\n" }
        return Observation(news: [.text(text, from: .world)], legal: legal, informationState: informationState)
    }

    /// The squares of a board that is drawn behind a seat's number and above a line that says who moves, as that seat sees them.
    private static func squares(of informationState: String, for seat: Int) -> String {
        let board = informationState.drop { $0 != "|" }.dropFirst()
        let squares = board.split(separator: "\n").dropLast().joined()
        return seat == 0 ? squares : String(squares.map { $0 == "x" ? "o" : $0 == "o" ? "x" : $0 })
    }

    public func legalMoves(in state: State) -> [String] {
        guard state.breaker == nil else { return [] }
        return game.actions(in: state.position).map { game.text(of: $0, in: state.position) }
    }

    /// Plays the move of whoever is the first to move; one that is not allowed ends the play, except that chance cannot break rules:
    /// what it is not able to do changes nothing.
    public func apply(_ move: String, to state: inout State) {
        guard state.breaker == nil else { return }
        let mover = game.turn(in: state.position).mover
        if let action = game.action(for: move, by: mover, in: state.position) {
            play(action, by: mover, in: &state)
        } else if let mover {
            state.moved[mover] += 1
            state.breaker = mover
        }
    }

    public func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        try take(moves.mapValues(\.text), in: &state)
        var cost = Cost()
        cost.worldSteps = 1
        scope.services.charge(cost)
    }

    /// Plays the moves of all whose turn it is; the first in the order of seats that is not allowed ends the play.
    ///
    /// Throws when the moves are not those of the roles whose turn it is, or when chance is given what it cannot do.
    public func take(_ moves: [Role: String], in state: inout State) throws {
        guard state.breaker == nil else { throw CoreError.invalid("The play of “\(name)” has ended, so nobody can move") }
        let turn = game.turn(in: state.position)
        if turn == .chance {
            guard moves.count == 1, let text = moves[.chance], let action = game.action(for: text, by: nil, in: state.position) else {
                throw CoreError.invalid(
                    "In “\(name)” chance moves now, but was given \(listed(moves)); expected one of \(legalMoves(in: state).joined(separator: ", "))")
            }
            return game.apply(action, to: &state.position)
        }
        let seats = seats(in: state)
        guard !seats.isEmpty else { throw CoreError.invalid("The play of “\(name)” has ended, so nobody can move") }
        guard moves.count == seats.count, seats.allSatisfy({ moves[.player($0)] != nil }) else {
            let expected = seats.map { "\(Role.player($0))" }.joined(separator: " and ")
            throw CoreError.invalid("In “\(name)” it is the turn of \(expected), but the moves given are \(listed(moves))")
        }
        // All are read before any is played: nobody's text is judged by what another has just done.
        let actions = seats.map { seat in
            game.action(for: Self.withoutLineBreak(moves[.player(seat)] ?? ""), by: seat, in: state.position)
        }
        if let place = actions.firstIndex(where: { $0 == nil }) {
            for seat in seats { state.moved[seat] += 1 }
            state.breaker = seats[place]
            return
        }
        for (seat, action) in zip(seats, actions) {
            if let action { play(action, by: seat, in: &state) }
        }
    }

    /// The seats that move now.
    func seats(in state: State) -> [Int] {
        switch game.turn(in: state.position) {
        case .seat(let seat): [seat]
        case .together(let seats): seats
        case .chance, .over: []
        }
    }

    private func play(_ action: Rules.Action, by seat: Int?, in state: inout State) {
        game.apply(action, to: &state.position)
        if let seat { state.moved[seat] += 1 }
    }

    private func listed(_ moves: [Role: String]) -> String {
        moves.isEmpty ? "none" : moves.sorted { $0.key < $1.key }.map { "“\($0.value.prefix(40))” of \($0.key)" }.joined(separator: ", ")
    }

    /// The moves as one line: blanks between them, semicolons where moves have blanks themselves.
    static func list(_ moves: [String]) -> String {
        moves.joined(separator: moves.contains { $0.utf8.contains(0x20) } ? "; " : " ")
    }

    /// The text without one line break at its end. Bytes, as "\r\n" is one character.
    static func withoutLineBreak(_ text: String) -> String {
        text.utf8.last == 0x0A ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text
    }
}
