import HoneCore

extension AscendingAuction {
    public var instructions: String {
        var text = "\(settings.items.count) things are sold one after another to \(settings.bidders) bidders with \(settings.budget) to spend each. In a round all but the highest bidder choose at once: "
        text += "a bid, at first \(settings.startPrice) or more, then at least \(settings.increment) above the highest, or “out” for good for this thing. "
        text += "The last one left buys it for its bid. Before, you know an estimate of the true value"
        text += settings.overestimate > 0 || settings.spread > 0 ? ", which can be wrong; after the sale all are told the true value. " : ". "
        if settings.discounts > 0 { text += "What nobody wants is offered again at half the price, up to \(settings.discounts) times. " }
        if settings.order != .random { text += "Things come in \(settings.order.rawValue) order of true value. " }
        let goals = (0..<settings.bidders).map(goal)
        if Set(goals).count == 1 {
            text += goals[0] == .profit ? "Your return is true values less prices of what you buy." : "Your return is how many things you buy."
        } else {
            let lists = Goal.allCases.map { goal in goals.indices.filter { goals[$0] == goal }.map(String.init).joined(separator: ", ") }
            text += "The return of players \(lists[0]) is true values less prices of what they buy, that of players \(lists[1]) how many things they buy."
        }
        return text
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .value(let value): "value \(value)"
        case .error(let error): "error \(error)"
        case .leader(let seat): "leader \(seat)"
        case .bid(let bid): "bid \(bid)"
        case .out: "out"
        }
    }

    private func shown(_ sale: Sale, _ item: Int, _ state: State) -> String {
        let rounds = sale.rounds.isEmpty ? "" : " (\(sale.rounds.map(shown).joined(separator: "; ")))"
        let buyer = sale.winner.map { "player \($0) for \(sale.price)" } ?? "nobody"
        return "\(settings.items[item]) to \(buyer)\(rounds), truly worth \(state.values[item])"
    }

    private func shown(_ round: [Int]) -> String {
        round.enumerated().filter { $0.element >= 0 }.map { "\($0.offset) \($0.element == 0 ? "out" : "\($0.element)")" }.joined(separator: ", ")
    }

    private func ownChoice(of seat: Int, in state: State) -> Int? {
        guard isDrawn(state), let place = choosers(in: state).firstIndex(of: seat), place < state.pending.count else { return nil }
        return state.pending[place]
    }

    public func informationState(of state: State, for seat: Int) -> String {
        guard isDrawn(state) else { return "\(seat)|-" }
        let estimates = settings.items.indices.map { "\(estimate(of: $0, for: seat, in: state))" }.joined(separator: ",")
        let sales = state.sales.enumerated().map { shown($1, $0, state) }.joined(separator: ";")
        let rounds = state.rounds.map(shown).joined(separator: ";")
        let rest = "\(state.leader.map(String.init) ?? "-")|\(state.discounts)|\(state.tied.map(String.init).joined(separator: ","))"
        return "\(seat)|\(estimates)|\(sales)|\(rounds)|\(rest)|\(ownChoice(of: seat, in: state).map(String.init) ?? "-")"
    }

    public func view(of state: State, for seat: Int) -> String {
        guard isDrawn(state) else { return "You are player \(seat). Nothing is offered yet." }
        var text = "You are player \(seat). Left to spend, by player: \(state.budgets.map(String.init).joined(separator: " ")). "
        if !state.sales.isEmpty { text += "Done: \(state.sales.enumerated().map { shown($1, $0, state) }.joined(separator: "; ")). " }
        let item = state.sales.count
        guard item < settings.items.count else { return text + "All is sold." }
        let rest = (item..<settings.items.count).map { "\(settings.items[$0]) \(estimate(of: $0, for: seat, in: state))" }
        text += "Your estimates: \(rest.joined(separator: ", ")). Now: \(settings.items[item])"
        text += state.discounts > 0 ? ", again at half the price. " : ". "
        for (number, round) in state.rounds.enumerated() { text += "Round \(number + 1) (player bid): \(shown(round)). " }
        if let leader = state.leader, let price = price(in: state) { text += "Highest: \(price) of player \(leader). " }
        if let own = ownChoice(of: seat, in: state) { text += "You chose \(own == 0 ? "out" : "\(own)"). " }
        return text + "Smallest bid now: \(smallestBid(in: state))."
    }
}

/// The rule bidder of AucArena: the smallest allowed bid while it can pay, at most a few times for each thing; it never looks at estimates.
public struct RuleBidder: GamePlayer {
    /// The most bids for one thing.
    public let bids: Int

    /// The bidder; the paper's bids at most four times for each thing.
    public init(bids: Int = 4) { self.bids = bids }

    public func action(in state: AscendingAuction.State, for seat: Int, of game: AscendingAuction, seed: Seed) -> AscendingAuction.Action? {
        let own = state.rounds.count { $0[seat] > 0 }
        let allowed = game.actions(of: seat, in: state)
        return own < bids && allowed.count > 1 ? allowed[1] : allowed.first
    }
}
