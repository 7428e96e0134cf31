extension Commons {
    /// The largest whole amount that all players can take each and the stock still grows back to what it was; nil without players.
    ///
    /// For a stock that doubles it is ⌊⌊h/2⌋/n⌋.
    public func sustainableShare(of stock: Int, among players: Int) -> Int? {
        guard players > 0 else { return nil }
        let needed = (100 * stock + settings.growth - 1) / settings.growth
        return (stock - needed) / players
    }

    /// What each player has taken, by seat.
    public func gains(of state: State) -> [Int] {
        var gains = [Int](repeating: 0, count: settings.players)
        for round in state.rounds { for (seat, amount) in round.got.enumerated() { gains[seat] += amount } }
        return gains
    }

    /// How many rounds were played.
    public func survivalTime(of state: State) -> Int { state.rounds.count }

    /// Whether all rounds were played and the stock has not collapsed.
    public func hasSurvived(_ state: State) -> Bool { state.rounds.count == settings.rounds && state.isOver && state.stock >= settings.collapse }

    /// 1 − max(0, n·f·T − ΣR) / (n·f·T): how near all gains come to a sustainable share f of the first stock for all n players of the first
    /// round over T rounds; 0 to 1. Nil where f is 0.
    public func efficiency(of state: State) -> Double? {
        let players = playerCount(in: 0)
        guard let share = sustainableShare(of: settings.capacity, among: players), share > 0 else { return nil }
        let possible = Double(players * share * settings.rounds)
        return 1 - max(0, possible - Double(gains(of: state).reduce(0, +))) / possible
    }

    /// 1 − the Gini coefficient of the gains: 1 where all have the same, 1/n where one has everything; 1 where nobody has anything.
    public func equality(of state: State) -> Double {
        let gains = gains(of: state)
        let sum = gains.reduce(0, +)
        guard sum > 0 else { return 1 }
        let differences = gains.reduce(0) { total, one in total + gains.reduce(0) { $0 + abs(one - $1) } }
        return 1 - Double(differences) / Double(2 * gains.count * sum)
    }

    /// The share of all choices that want more than a sustainable share of their round's stock; nil before the first round is over.
    public func overUse(of state: State) -> Double? {
        var all = 0
        var above = 0
        for (number, round) in state.rounds.enumerated() {
            guard let share = sustainableShare(of: round.stock, among: playerCount(in: number)) else { continue }
            all += round.wanted.count
            above += round.wanted.count { $0 > share }
        }
        return all == 0 ? nil : Double(above) / Double(all)
    }
}
