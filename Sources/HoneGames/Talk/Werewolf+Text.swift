import HoneCore

extension Werewolf {
    public var instructions: String {
        var text = "Werewolf for \(settings.players) players, 0 to \(settings.players - 1): \(settings.wolves) \(settings.wolves == 1 ? "is a wolf" : "are wolves")"
        if settings.hasSeer { text += ", one is the seer" }
        if settings.hasDoctor { text += ", one is the doctor" }
        text += ", the others are villagers. Wolves know each other. At night the wolves choose one player to kill."
        if settings.hasSeer { text += " The seer learns whether one player is a wolf." }
        if settings.hasDoctor {
            text += " The doctor protects one player from the wolves\(settings.mayProtectAgain ? "" : ", never the same two nights running")."
        }
        text += " By day all speak, then all vote at once; who gets the most votes is out."
        text += settings.ties == .nobody ? " If several do, nobody is." : " If several do, one of them is drawn."
        text += settings.showsRoles ? " The role of whoever dies is told." : " Roles of the dead are not told."
        text += " The village wins when no wolf lives, the wolves when they are at least half of the living or live after day \(settings.days)."
        text += " What players say need not be true."
        if facts.hasOpenMoves { text += " Instead of a listed speech you can write “say: ” and up to \(settings.talkLength) characters on one line." }
        return text
    }

    /// What happened, as far as a seat knows, in sentences.
    private func story(of state: State, for seat: Int) -> [String] {
        var lines: [String] = []
        var day = 1
        func left(_ who: Int, _ how: String) -> String { "Player \(who) \(how)\(settings.showsRoles ? ", a \(state.kinds[who])" : "")." }
        for event in state.log {
            switch event {
            case .night(let choices):
                guard choices[seat] >= 0 else { continue }
                switch state.kinds[seat] {
                case .wolf:
                    let wolves = state.kinds.indices.filter { state.kinds[$0] == .wolf && choices[$0] >= 0 }
                    lines.append("Night \(day): wolves chose \(wolves.map { "\($0): kill \(choices[$0])" }.joined(separator: ", ")).")
                case .seer:
                    lines.append("Night \(day): you saw that player \(choices[seat]) is \(state.kinds[choices[seat]] == .wolf ? "a wolf" : "no wolf").")
                case .doctor: lines.append("Night \(day): you protected player \(choices[seat]).")
                case .villager: break
                }
            case .dawn(let victim): lines.append("Day \(day): \(victim < 0 ? "Nobody was killed." : left(victim, "was killed"))")
            case .speech(let speaker, let speech):
                if case .words(let words) = speech {
                    lines.append("Player \(speaker) says \(Utterance.quoted(words))")
                } else {
                    lines.append("Player \(speaker): \(text(of: speech))")
                }
            case .votes(let votes):
                guard settings.showsVotes else {
                    if votes[seat] >= 0 { lines.append("You voted for \(votes[seat]).") }
                    continue
                }
                let cast = votes.indices.filter { votes[$0] >= 0 }
                lines.append("Votes: \(cast.isEmpty ? "none" : cast.map { "\($0) for \(votes[$0])" }.joined(separator: ", ")).")
            case .out(let who):
                lines.append(who < 0 ? "Nobody was voted out." : left(who, "was voted out"))
                day += 1
            }
        }
        return lines
    }

    /// Who a seat is, as it knows.
    private func identity(of state: State, for seat: Int) -> String {
        let kind = state.kinds[seat]
        var text = "You are player \(seat), \(kind == .seer || kind == .doctor ? "the" : "a") \(kind)"
        if kind == .wolf, settings.wolves > 1 { text += "; the wolves are \(state.kinds.indices.filter { state.kinds[$0] == .wolf }.map(String.init).joined(separator: " and "))" }
        return text + "."
    }

    private func now(_ state: State, for seat: Int) -> String {
        switch state.phase {
        case .dealing: "The roles are being dealt."
        case .night: "It is night \(state.day)."
        case .talk: "It is day \(state.day), time to speak."
        case .vote: "It is day \(state.day), time to vote."
        case .tie: "It is day \(state.day); one of \(tied(in: state).map(String.init).joined(separator: " and ")) will be drawn."
        case .over:
            "The \(state.haveWolvesWon ? "wolves have" : "village has") won; the wolves were \(state.kinds.indices.filter { state.kinds[$0] == .wolf }.map(String.init).joined(separator: " and "))."
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        if state.phase == .dealing { return "\(seat)|dealing" }
        let own = state.choices[seat] == -2 ? "" : " Chosen: \(state.choices[seat])."
        return "\(seat)|\(view(of: state, for: seat))\(own)"
    }

    public func view(of state: State, for seat: Int) -> String {
        if settings.isTerse, state.phase != .dealing { return terseView(of: state, for: seat) }
        if state.phase == .dealing { return "You are player \(seat). \(now(state, for: seat))" }
        let living = "Living: \(state.isAlive.seats.map(String.init).joined(separator: " "))."
        return ([identity(of: state, for: seat)] + story(of: state, for: seat) + ["\(now(state, for: seat)) \(living)"]).joined(separator: "\n")
    }

    func text(of speech: Speech) -> String {
        switch speech {
        case .pass: "pass"
        case .accuse(let other): "accuse \(other)"
        case .defend(let other): "defend \(other)"
        case .claim(let kind): "claim \(kind)"
        case .report(let other, let isWolf): "report \(other) \(isWolf ? "wolf" : "good")"
        case .words(let words): Utterance.prefix + words
        }
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case _ where settings.isTerse && state.phase != .dealing: terseText(of: action)
        case .deal(let seat): "\(state.dealt < special.count ? special[state.dealt] : .villager) \(seat)"
        case .sleep: "sleep"
        case .kill(let target): "kill \(target)"
        case .inspect(let target): "inspect \(target)"
        case .protect(let target): "protect \(target)"
        case .speak(let speech): text(of: speech)
        case .vote(let target): target < 0 ? "vote nobody" : "vote \(target)"
        case .leave(let seat): "out \(seat)"
        }
    }
}
