extension DonorGame {
    public var instructions: String {
        var text = "\(players) players begin with \(settings.start) units each. In each round they meet in pairs, nobody meets anybody twice, and a coin makes one of the two the donor. "
        text += "The donor gives away a share of its units, such as “give \(settings.shares[1])%”; the other gets \(settings.multiplier) times as much. "
        if settings.allowsPunishment {
            text += "Or it pays a share, “punish \(settings.shares[1])%”, and the other loses \(settings.multiplier) times as much. "
        }
        text += settings.trace > 0 ? "A donor is told what the other gave when it last was a donor. " : ""
        text += settings.showsRounds ? "There are \(settings.rounds) rounds. " : "Nobody knows how many rounds there are. "
        return text + "Have as many units at the end as you can."
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .place(let place): "place \(place)"
        case .donor(let isSecond): isSecond ? "second" : "first"
        case .give(let share): share < 0 ? "punish \(-share)%" : "give \(share)%"
        }
    }

    /// What a donor is told of its recipient: gifts back along the chain, at most as many as the settings say.
    public func trace(of seat: Int, before round: Int, in state: State) -> [String] {
        links(from: seat, before: min(round, finished(in: state)), in: ledger(of: state), gifts: state.gifts).map(words)
    }

    private func words(_ link: Link) -> String {
        "player \(link.donor) \(link.share < 0 ? "punished" : "gave") \(abs(link.share))% \(link.share < 0 ? "on" : "to") player \(link.recipient)"
    }

    /// What a seat has met with so far, round by round, in words.
    private func memories(of seat: Int, in state: State) -> [String] {
        memories(of: seat, in: state, ledger: ledger(of: state)).map { memory in
            guard memory.isDonor else {
                return "round \(memory.round + 1), recipient of player \(memory.partner): \(memory.units < 0 ? "" : "+")\(memory.units)"
            }
            let links = memory.links.map(words)
            let known = settings.trace == 0 ? "" : links.isEmpty ? "; it never gave before" : "; " + links.joined(separator: ", before that ")
            let own = memory.share.map { text(of: .give($0), in: state) } ?? "not decided"
            return "round \(memory.round + 1), donor to player \(memory.partner) who had \(memory.units)\(known): \(own)"
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        "\(seat)|\(memories(of: seat, in: state).joined(separator: "|"))|\(finished(in: state))\(turn(in: state) == .over ? "." : "")"
    }

    public func view(of state: State, for seat: Int) -> String {
        let lines = memories(of: seat, in: state)
        let round = finished(in: state)
        var text = "You are player \(seat) and have \(state.resources[round][seat]) units. Rounds over: \(round)"
        text += settings.showsRounds ? " of \(settings.rounds). " : ". "
        return text + (lines.isEmpty ? "Nothing has happened to you yet." : lines.map { "R\($0.dropFirst())." }.joined(separator: " "))
    }
}
