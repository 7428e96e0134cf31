import HoneCore
import HoneGames

/// What was done in one round, and what came of it.
struct HagglingRound: Hashable, Sendable {
    /// The game's state.
    var state: BuyerSeller.State
    /// Whether a move could not be read, which ended the talks.
    var isUnreadable = false
}

/// Writes what seller, buyer and critic are told, short for small models and in words for others, and reads what they say.
struct HagglingPrompt: Sendable {
    /// Whether prompts are short.
    let isShort: Bool
    /// The game.
    let game: BuyerSeller

    /// Offers one after the other, openings first, and how it ended.
    private func offers(_ state: BuyerSeller.State) -> String {
        state.events.compactMap { event in
            switch event {
            case .offer(let price, _): String(price)
            case .accept: "ok"
            case .reject: "no"
            case .draw, .speak: nil
            }
        }.joined(separator: " ")
    }

    /// The talks in words.
    private func dialogue(_ state: BuyerSeller.State) -> String {
        state.events.enumerated().map { place, event in
            let who = place.isMultiple(of: 2) ? "Seller" : "Buyer"
            switch event {
            case .offer(let price, _): return "\(who): offer \(price)"
            case .accept: return "\(who): accept"
            case .reject: return "\(who): reject"
            case .draw, .speak: return "\(who):"
            }
        }.joined(separator: "\n")
    }

    /// What a player is asked; the coached one with what it was advised and its earlier rounds.
    func player(_ seat: Int, _ state: BuyerSeller.State, advice: [String], past: [HagglingRound]) -> String {
        if isShort { return "\(seat == 0 ? "s" : "b")\(advice.last ?? "")|\(offers(state))=" }
        let aim = seat == 0 ? "sell it for as much as possible; it cost you \(game.settings.costs[0])" : "buy it for as little as possible"
        var text = "You are the \(seat == 0 ? "seller" : "buyer") of a balloon and want to \(aim). Take turns, at most \(game.settings.turns) after the first two offers; without a deal both get "
            + "nothing.\n"
        for (number, pair) in zip(past, advice).enumerated() {
            text += "Round \(number + 1):\n\(dialogue(pair.0.state))\nYour coach says: \(pair.1)\n"
        }
        if !past.isEmpty { text += "Do better than in the last round. Round \(past.count + 1):\n" }
        return text + dialogue(state) + "\nTurns left: \(game.settings.turns - game.turnsTaken(in: state)). Write one sentence, and end with one line: “offer N” with a price from \(game.settings.prices[0]) to "
            + "\(game.settings.prices[1]), “accept”, or “reject”."
    }

    /// What the critic is asked about all rounds so far, its own earlier advice among them.
    func critic(_ seat: Int, advice: [String], past: [HagglingRound]) -> String {
        if isShort { return "c\(seat == 0 ? "s" : "b")\(advice.last ?? "")|\(past.last.map { offers($0.state) } ?? "")=" }
        let who = seat == 0 ? "seller" : "buyer"
        var text = "You coach the \(who) in talks about the price of a balloon, so that the price gets \(seat == 0 ? "higher" : "lower") from round to round.\n"
        for (number, round) in past.enumerated() {
            text += "Round \(number + 1):\n\(dialogue(round.state))\n"
            if number < advice.count { text += "You said: \(advice[number])\n" }
        }
        return text + "Give the \(who) three suggestions for the next round. They should not name a price, improve on what was done, be general, and offer no other thing or service."
    }

    /// The move a text names; nil where it names none that is allowed.
    func move(_ text: String, in state: BuyerSeller.State) -> BuyerSeller.Action? {
        guard case .seat(let seat) = game.turn(in: state) else { return nil }
        let line: String
        if isShort {
            let word = String(text.prefix { $0 != "\n" })
            line = word == "ok" ? "accept" : word == "no" ? "reject" : "offer \(word)"
        } else {
            let last = text.split { $0 == "\n" }.last.map(String.init) ?? ""
            line = last.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }.trimmed
        }
        return game.action(for: line, by: seat, in: state)
    }

    /// How a move is written in short prompts.
    static func short(_ action: BuyerSeller.Action) -> String {
        switch action {
        case .offer(let price, _): String(price)
        case .accept: "ok"
        default: "no"
        }
    }

    /// Advice as it stands in prompts: letters, or words.
    func written(_ tactics: [HagglingTactic]) -> String {
        isShort ? tactics.map(\.rawValue).sorted().joined() : tactics.map(\.advice).joined(separator: "; ") + "."
    }

    /// What a critic's text is to the player: its letters, at most three, where they are tactics; in words as it is.
    func advice(_ text: String) -> String {
        guard isShort else { return text.trimmed }
        return String(text.prefix { $0 != "\n" }.filter { letter in HagglingTactic(rawValue: String(letter)) != nil }.prefix(3))
    }
}
