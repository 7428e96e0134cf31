extension Werewolf {
    private func letter(_ kind: Kind) -> String { kind == .villager ? "v" : kind == .wolf ? "w" : kind == .seer ? "s" : "d" }

    private func terse(_ seat: Int) -> String { seat < 0 ? "-" : String(seat, radix: 16) }

    private func terse(_ speech: Speech) -> String {
        switch speech {
        case .pass: "p"
        case .accuse(let other): "a\(terse(other))"
        case .defend(let other): "d\(terse(other))"
        case .claim(let kind): "c\(letter(kind))"
        case .report(let other, let isWolf): "r\(terse(other))\(isWolf ? "w" : "g")"
        case .words(let words): Utterance.prefix + words
        }
    }

    /// What happened, as far as a seat knows: nights that told it something (`i3w` seen, `k4` killed, `p2` protected), `x4v` found dead, speeches as
    /// seat and act, votes as `V` with a target for each living seat in order, `o3w` voted out; one group for each part of the day.
    private func terseStory(of state: State, for seat: Int) -> String {
        var groups: [String] = []
        var isAlive = state.isAlive.map { _ in true }
        var talk = ""
        func flush() {
            if !talk.isEmpty { groups.append(talk) }
            talk = ""
        }
        func left(_ mark: String, _ who: Int) {
            flush()
            groups.append(mark + terse(who) + (who >= 0 && settings.showsRoles ? letter(state.kinds[who]) : ""))
            if who >= 0 { isAlive[who] = false }
        }
        for event in state.log {
            switch event {
            case .night(let choices):
                guard choices[seat] >= 0 else { continue }
                switch state.kinds[seat] {
                case .wolf: groups.append("k" + state.kinds.indices.filter { state.kinds[$0] == .wolf && choices[$0] >= 0 }.map { terse(choices[$0]) }.joined())
                case .seer: groups.append("i\(terse(choices[seat]))\(state.kinds[choices[seat]] == .wolf ? "w" : "g")")
                case .doctor: groups.append("p\(terse(choices[seat]))")
                case .villager: break
                }
            case .dawn(let victim): left("x", victim)
            case .speech(let who, let speech):
                let said: String = if case .words(let words) = speech { Utterance.quoted(words) } else { terse(speech) }
                talk += (talk.isEmpty ? "" : " ") + terse(who) + said
            case .votes(let votes):
                flush()
                if settings.showsVotes {
                    groups.append("V" + isAlive.seats.map { terse(votes[$0]) }.joined())
                } else if votes[seat] >= 0 {
                    groups.append("V" + terse(votes[seat]))
                }
            case .out(let who): left("o", who)
            }
        }
        flush()
        return groups.joined(separator: ";")
    }

    /// `3v;x4v;0a2 1p;…;T01235`: the own seat and role (a wolf's with all wolves behind `+`), the story, the part of the day (N night, T talk, V vote) with
    /// those who live.
    func terseView(of state: State, for seat: Int) -> String {
        var text = "\(terse(seat))\(letter(state.kinds[seat]))"
        if state.kinds[seat] == .wolf { text += "+" + state.kinds.indices.filter { state.kinds[$0] == .wolf }.map(terse).joined() }
        let story = terseStory(of: state, for: seat)
        if !story.isEmpty { text += ";" + story }
        let phase = state.phase == .night ? "N" : state.phase == .talk ? "T" : state.phase == .vote ? "V" : state.phase == .tie ? "E" : state.haveWolvesWon ? "W" : "G"
        return text + ";" + phase + state.isAlive.seats.map(terse).joined()
    }

    func terseText(of action: Action) -> String {
        switch action {
        case .deal(let seat): terse(seat)
        case .sleep: "z"
        case .kill(let target): "k\(terse(target))"
        case .inspect(let target): "i\(terse(target))"
        case .protect(let target): "p\(terse(target))"
        case .speak(let speech): terse(speech)
        case .vote(let target): "v\(terse(target))"
        case .leave(let seat): "o\(terse(seat))"
        }
    }
}
