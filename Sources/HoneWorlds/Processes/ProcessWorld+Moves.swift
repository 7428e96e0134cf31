import HoneCore

extension ProcessWorld {
    public func turn(in state: State) -> Turn {
        if let fault = state.fault { return .over(.failed(fault)) }
        if let breaker = state.breaker { return .over(.illegal(program.role(breaker))) }
        switch state.report?.next {
        case .seats(let seats): return .moves(of: seats.map(program.role))
        case .chance(let outcomes): return .chance(outcomes)
        case .over(let ending): return .over(ending)
        case nil: return .over(.failed("The play was not begun"))
        }
    }

    /// What the program shows a role whose turn it is. Where it lists the moves, the words around are those of games: the instructions of
    /// the card first, a line for the observation and one for the moves. Elsewhere the observation stands as the program wrote it.
    public func observation(of state: State, for role: Role) -> Observation {
        guard state.fault == nil, state.breaker == nil, let report = state.report, let seat = seat(of: role) else { return Observation() }
        let information = report.information[seat]
        guard Self.seats(in: report).contains(seat) else { return Observation(informationState: information) }
        let isFirst = state.moved[seat] == 0
        // A move says nothing of where it ends, so what follows it begins a line.
        var text = isFirst ? "" : "\n"
        if isFirst, let instructions = program.instructions { text += instructions + "\n" }
        text += report.observations[seat] ?? ""
        let legal = report.legal[seat]
        if let legal {
            text += "\n"
            if settings.showsMoves { text += "Moves: \(Self.list(legal))\n" }
        }
        return Observation(news: [.text(text, from: isFirst && legal == nil ? .prompt : .world)], legal: legal, informationState: information)
    }

    public func returns(of state: State) -> [Role: Double] {
        let range = program.range
        var values = state.report?.returns ?? [Double](repeating: min(max(0, range.lowerBound), range.upperBound), count: program.seats)
        if let breaker = state.breaker {
            let own = range.lowerBound
            for seat in values.indices where seat != breaker {
                values[seat] = program.sum.map { ($0 - own) / Double(values.count - 1) } ?? min(max(values[seat], range.lowerBound), range.upperBound)
            }
            values[breaker] = own
        }
        return Dictionary(uniqueKeysWithValues: values.enumerated().map { (program.role($0), $1 / settings.solvedAt) })
    }

    /// Sends the moves of all whose turn it is.
    ///
    /// Throws when the moves are not those of the roles whose turn it is, or when the state is not the newest of its play.
    func play(_ moves: [Role: String], in state: inout State) async throws {
        guard let report = state.report, state.fault == nil, state.breaker == nil else {
            throw CoreError.invalid("The play of “\(name)” has ended, so nobody can move")
        }
        guard state.session?.length == state.length else {
            throw CoreError.unsupported("A play of “\(name)” goes on in another program and cannot be branched; this position has been played on already")
        }
        switch report.next {
        case .over: throw CoreError.invalid("The play of “\(name)” has ended, so nobody can move")
        case .chance(let outcomes):
            guard moves.count == 1, let move = moves["chance"], outcomes.contains(where: { $0.move == move }) else {
                throw CoreError.invalid("In “\(name)” chance moves now; expected one of \(outcomes.prefix(20).map(\.move).joined(separator: ", "))")
            }
            try await ask(["op": .string("chance"), "move": .string(move)], &state)
        case .seats(let seats):
            guard moves.count == seats.count, seats.allSatisfy({ moves[program.role($0)] != nil }) else {
                let expected = seats.map { "\(program.role($0))" }.joined(separator: " and ")
                throw CoreError.invalid("In “\(name)” it is the turn of \(expected), but moves came from \(moves.keys.sorted().map(\.text).joined(separator: ", "))")
            }
            var members: [String: JSONValue] = [:]
            for seat in seats {
                members[String(seat)] = .string(Self.meant(moves[program.role(seat)] ?? "", report.legal[seat]))
            }
            for seat in seats { state.moved[seat] += 1 }
            try await ask(["op": .string("step"), "moves": .object(members)], &state)
        }
    }

    /// A listed move without the one line break at its end; anything else as it is. Bytes, as "\r\n" is one character.
    private static func meant(_ text: String, _ legal: [String]?) -> String {
        guard text.utf8.last == 0x0A else { return text }
        let bare = String(decoding: text.utf8.dropLast(), as: UTF8.self)
        return legal?.contains(bare) == true ? bare : text
    }

    /// The moves as one line: blanks between them, semicolons where moves have blanks themselves.
    private static func list(_ moves: [String]) -> String {
        moves.joined(separator: moves.contains { $0.utf8.contains(0x20) } ? "; " : " ")
    }

    private func seat(of role: Role) -> Int? { (0..<program.seats).first { program.role($0) == role } }
}
