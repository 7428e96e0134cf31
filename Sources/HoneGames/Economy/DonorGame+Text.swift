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

    /// What a seat last did as a donor before a round: the round, the share and the recipient; nil where it never was one.
    func lastGift(of seat: Int, before round: Int, in state: State) -> (round: Int, share: Int, recipient: Int)? {
        for past in (0..<min(round, finished(in: state))).reversed() {
            let all = gifts(in: past, of: state)
            if let place = all.firstIndex(where: { $0.donor == seat }) { return (past, state.gifts[past][place], all[place].recipient) }
        }
        return nil
    }

    /// What a donor is told of its recipient: gifts back along the chain, at most as many as the settings say.
    public func trace(of seat: Int, before round: Int, in state: State) -> [String] {
        var links: [String] = []
        var seat = seat
        var round = round
        while links.count < settings.trace, let gift = lastGift(of: seat, before: round, in: state) {
            links.append("player \(seat) \(gift.share < 0 ? "punished" : "gave") \(abs(gift.share))% \(gift.share < 0 ? "on" : "to") player \(gift.recipient)")
            seat = gift.recipient
            round = gift.round
        }
        return links
    }

    /// What a seat has met with so far, round by round.
    private func memories(of seat: Int, in state: State) -> [String] {
        var lines: [String] = []
        for round in state.coins.indices {
            let all = gifts(in: round, of: state)
            let isFinished = round < finished(in: state)
            for (place, pair) in all.enumerated() {
                if pair.donor == seat {
                    let links = trace(of: pair.recipient, before: round, in: state)
                    let known = settings.trace == 0 ? "" : links.isEmpty ? "; it never gave before" : "; " + links.joined(separator: ", before that ")
                    let own = place < state.gifts[round].count ? text(of: .give(state.gifts[round][place]), in: state) : "not decided"
                    lines.append("round \(round + 1), donor to player \(pair.recipient) who had \(state.resources[round][pair.recipient])\(known): \(own)")
                } else if pair.recipient == seat, isFinished {
                    // Coming from its own resources, a gift shows as a change of what one has.
                    let change = state.resources[round + 1][seat] - state.resources[round][seat]
                    lines.append("round \(round + 1), recipient of player \(pair.donor): \(change < 0 ? "\(change)" : "+\(change)")")
                }
            }
        }
        return lines
    }

    public func informationState(of state: State, for seat: Int) -> String {
        "\(seat)|\(memories(of: seat, in: state).joined(separator: "|"))|\(finished(in: state))\(turn(in: state) == .over ? "." : "")"
    }

    public func view(of state: State, for seat: Int) -> String {
        let lines = memories(of: seat, in: state)
        let round = finished(in: state)
        var text = "You are player \(seat) and have \(state.resources[round][seat]) units. Rounds over: \(round)"
        text += settings.showsRounds ? " of \(settings.rounds). " : ". "
        return text + (lines.isEmpty ? "Nothing has happened to you yet." : lines.map { "\($0)." }.joined(separator: " ").replacing("round ", with: "Round "))
    }
}
