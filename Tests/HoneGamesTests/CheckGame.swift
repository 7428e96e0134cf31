import HoneCore
import HoneGames

/// Checks what every game promises, over random plays: whoever is listed in the catalogue is proven by being listed.
///
/// Returns one sentence per broken promise, at most eight.
func checkGame<G: ExtensiveGame>(_ game: G, seed: Seed, plays: Int, actionLimit: Int = .max) -> [String] {
    let check = GameCheck(game)
    for index in 0..<plays {
        let own = seed.child("play", index)
        let first = check.play(own, isThorough: index % (plays > 500 ? 32 : 8) == 0, actionLimit: actionLimit)
        if index % 50 == 0 {
            check.require(check.play(own, isThorough: false, actionLimit: actionLimit) == first, "the same seed gives two plays")
        }
        if !check.broken.isEmpty { break }
    }
    return check.broken
}

private final class GameCheck<G: ExtensiveGame> {
    let game: G
    let facts: GameFacts
    let world: GameWorld<G>
    var broken: [String] = []
    /// What was shown at an information state.
    private var shown: [String: [String]] = [:]
    private var states: [String: G.State] = [:]
    /// Texts that were moves somewhere, in the order they were met.
    private var texts: [String] = []
    private var isKnown: Set<String> = []

    init(_ game: G) {
        self.game = game
        facts = game.facts
        world = GameWorld(game)
    }

    func require(_ holds: Bool, _ sentence: @autoclosure () -> String) {
        if !holds, broken.count < 8 { broken.append("\(G.card.name): \(sentence())") }
    }

    func play(_ seed: Seed, isThorough: Bool, actionLimit: Int) -> [String] {
        var generator = seed.generator
        // A stream of its own, so that examining does not change the play.
        var examiner = seed.child("examine").generator
        var state = game.start
        var walked = world.start(world.problem(0))
        var played: [String] = []
        require(game.start == state, "the start is not always the same")
        while played.count < actionLimit {
            let turn = game.turn(in: state)
            if turn == .over { break }
            require(played.count < facts.longest, "a play has more than \(facts.longest) actions")
            let actions = game.actions(in: state)
            guard broken.isEmpty, !actions.isEmpty else {
                require(!actions.isEmpty, "nothing can be done after \(played)")
                return played
            }
            if isThorough { examine(state, turn, actions, &examiner) }
            let action = turn == .chance ? game.drawChance(in: state, using: &generator) ?? actions[0] : generator.element(of: actions) ?? actions[0]
            let text = game.text(of: action, in: state)
            walked.position = state
            world.apply(text, to: &walked)
            game.apply(action, to: &state)
            require(walked.position == state, "as a world, “\(text)” leads elsewhere")
            played.append(text)
        }
        let returns = game.returns(of: state)
        require(returns.count == facts.seats, "\(returns.count) returns for \(facts.seats) seats")
        guard game.isOver(state) else { return played }
        require(game.actions(in: state).isEmpty, "there are moves after the end")
        require(returns.allSatisfy { facts.range.contains($0) }, "the returns \(returns) leave the range \(facts.range)")
        if let sum = facts.sum { require(abs(returns.reduce(0, +) - sum) < 1e-9, "the returns \(returns) do not add up to \(sum)") }
        for text in texts.prefix(20) { require(game.action(for: text, by: 0, in: state) == nil, "“\(text)” is a move after the end") }
        return played + returns.map { "\($0)" }
    }

    private func examine(_ state: G.State, _ turn: GameTurn, _ actions: [G.Action], _ generator: inout SeededGenerator) {
        let before = state
        let copy = (try? JSONValue(encoding: state)).flatMap { try? $0.decode(G.State.self) }
        require(copy == state && copy?.hashValue == state.hashValue, "a state does not survive coding")
        var seats: [Int?] = [nil]
        switch turn {
        case .seat(let seat):
            seats = [seat]
            require(game.actions(of: seat, in: state) == actions, "the mover's actions are not those of the state")
        case .together(let some):
            seats = some
            require(some == some.sorted() && !some.isEmpty && !facts.hasPerfectInformation, "seats \(some) move at once")
            require(game.actions(of: some[0], in: state) == actions, "the mover's actions are not those of the state")
        case .chance:
            let probabilities = game.chanceProbabilities(in: state)
            require(facts.hasChance, "chance moves in a game without chance")
            require(probabilities.count == actions.count && probabilities.allSatisfy { $0 >= 0 }, "chance has odd probabilities")
            require(abs(probabilities.reduce(0, +) - 1) < 1e-12, "chance's probabilities do not add up to 1")
        case .over: break
        }
        for seat in seats { examineTexts(state, seat, &generator) }
        let some = game.text(of: actions[0], in: state)
        for seat in 0..<facts.seats where !seats.contains(seat) {
            require(game.action(for: some, by: seat, in: state) == nil, "seat \(seat) can play “\(some)” out of turn")
        }
        for seat in 0..<facts.seats { examineInformation(state, seat, isMoving: seats.contains(seat), &generator) }
        for action in actions.prefix(12) {
            let one = game.applying(action, to: state)
            let other = game.applying(actions[actions.count - 1], to: state)
            require(one != state, "an action changes nothing")
            require(game.applying(action, to: state) == one, "an action has two outcomes")
            _ = other
        }
        require(state == before, "a branch disturbed the state it left")
    }

    private func examineTexts(_ state: G.State, _ seat: Int?, _ generator: inout SeededGenerator) {
        let actions = seat.map { game.actions(of: $0, in: state) } ?? game.actions(in: state)
        let own = actions.map { game.text(of: $0, in: state) }
        let allowed = Set(own)
        require(allowed.count == own.count && Set(actions).count == actions.count, "two moves are one: \(own)")
        for (action, text) in zip(actions, own) {
            require(!text.isEmpty && text.utf8.allSatisfy { $0 >= 32 && $0 < 127 }, "“\(text)” is not plain text")
            require(!text.hasPrefix(" ") && !text.hasSuffix(" ") && !text.contains("  "), "“\(text)” has blanks that are hard to see")
            // Moves with blanks are listed with semicolons between them.
            require(!text.contains(" ") || !text.contains(";"), "“\(text)” has a blank and a semicolon")
            require(!text.hasPrefix(Utterance.prefix), "“\(text)” can be taken for talk")
            require(game.action(for: text, by: seat, in: state) == action, "“\(text)” is read as another move")
            if isKnown.insert(text).inserted { texts.append(text) }
        }
        var strangers = ["", " ", "\n", "pass!", own[0] + " ", " " + own[0], own[0] + "\n", own[0] + own[0], "ｅ4", "0x1", "K\u{0301}"]
        strangers += [own[0].uppercased(), own[0].lowercased(), String(own[0].dropLast()), own[0].replacing("K", with: "\u{212A}")]
        for _ in 0..<4 { strangers.append(generator.element(of: texts) ?? "") }
        for text in strangers where !own.contains(where: { $0.utf8.elementsEqual(text.utf8) }) {
            require(game.action(for: text, by: seat, in: state) == nil, "“\(text)” is taken for a move; allowed are \(own)")
            guard let seat, broken.isEmpty else { continue }
            var walked = world.start(world.problem(0))
            walked.position = state
            var moves: [Role: String] = [:]
            if case .together(let some) = game.turn(in: state) {
                for other in some { moves[.player(other)] = game.text(of: game.actions(of: other, in: state)[0], in: state) }
            }
            // One line break at the end does not count, as completions end with one.
            moves[.player(seat)] = text + "\n"
            do { try world.take(moves, in: &walked) } catch { require(false, "“\(text)” throws \(error)") }
            require(world.turn(in: walked) == .over(.illegal(.player(seat))), "“\(text)” does not end the play")
            let returns = world.returns(of: walked)
            require(returns[.player(seat)] == facts.range.lowerBound, "an illegal move is worth \(returns)")
            require(returns.values.allSatisfy { world.rules.range.contains($0) }, "the returns \(returns) leave the world's range")
        }
    }

    private func examineInformation(_ state: G.State, _ seat: Int, isMoving: Bool, _ generator: inout SeededGenerator) {
        let information = game.informationState(of: state, for: seat)
        for other in 0..<facts.seats where other != seat {
            require(game.informationState(of: state, for: other) != information, "seats \(seat) and \(other) share “\(information)”")
        }
        if facts.hasPerfectInformation {
            if states.count < 4000 || states[information] != nil {
                require(states[information, default: state] == state, "two states are shown as “\(information)”")
                states[information] = state
            }
        }
        var view = [game.view(of: state, for: seat)]
        if isMoving { view += game.actions(of: seat, in: state).map { game.text(of: $0, in: state) } }
        if shown.count < 20000 || shown[information] != nil {
            // What is shown before one's turn and at it differ in the moves only.
            let key = information + (isMoving ? "!" : "?")
            require(shown[key, default: view] == view, "“\(information)” is shown as \(view) and as \(shown[key] ?? [])")
            shown[key] = view
        }
        guard isMoving else { return }
        guard var other = game.resample(state, for: seat, using: &generator) else {
            require(false, "no other state can be drawn at “\(information)”")
            return
        }
        require(
            game.informationState(of: other, for: seat) == information,
            "seat \(seat) can tell a drawn state: “\(information)” and “\(game.informationState(of: other, for: seat))”")
        require(game.turn(in: other) == game.turn(in: state), "in a drawn state it is another's turn")
        var drawn = [game.view(of: other, for: seat)]
        drawn += game.actions(of: seat, in: other).map { game.text(of: $0, in: other) }
        require(drawn == view, "a drawn state is shown as \(drawn) instead of \(view)")
        var left = facts.longest
        while broken.isEmpty, left > 0, let action = generator.element(of: game.actions(in: other)) {
            game.apply(action, to: &other)
            left -= 1
        }
        require(game.isOver(other), "a drawn state cannot be played to the end")
    }
}
