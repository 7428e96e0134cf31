import HoneCore

extension DonorGame {
    /// A state that agrees with all that the seat has met with, by a random walk (Metropolis et al. 1953) that begins at this one.
    ///
    /// A step exchanges two places of the circle, turns a coin or changes a share, and is taken where the seat cannot tell and the same
    /// players are to move. Every way in which chance and evenly chosen gifts agree with what the seat knows is equally likely in the
    /// limit; after the 120 steps made here the state still resembles the first.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.places.count == players else { return nil }
        let seen = informationState(of: state, for: seat)
        let turn = turn(in: state)
        let shares = settings.shares + (settings.allowsPunishment ? settings.shares.dropFirst().map { -$0 } : [])
        var known = state
        for _ in 0..<120 {
            var next = known
            switch generator.integer(in: 0...2) {
            case 0: next.places.swapAt(generator.integer(in: 0...players - 1), generator.integer(in: 0...players - 1))
            case 1:
                guard !next.coins.isEmpty else { continue }
                let round = generator.integer(in: 0...next.coins.count - 1)
                guard !next.coins[round].isEmpty else { continue }
                next.coins[round][generator.integer(in: 0...next.coins[round].count - 1)].toggle()
            default:
                guard !next.gifts.isEmpty else { continue }
                let round = generator.integer(in: 0...next.gifts.count - 1)
                guard !next.gifts[round].isEmpty else { continue }
                next.gifts[round][generator.integer(in: 0...next.gifts[round].count - 1)] = generator.element(of: shares) ?? 0
            }
            if next == known { continue }
            next = replayed(next)
            if self.turn(in: next) == turn, informationState(of: next, for: seat) == seen { known = next }
        }
        return known
    }

    /// The state with its resources computed anew.
    private func replayed(_ state: State) -> State {
        var other = start
        other.places = state.places
        for (coins, gifts) in zip(state.coins, state.gifts) {
            for coin in coins { apply(.donor(isSecond: coin), to: &other) }
            for gift in gifts { apply(.give(gift), to: &other) }
        }
        return other
    }

    /// The mean share that was given in all finished rounds, from −1 (all spent on punishing) to 1; nil before the first.
    public func generosity(of state: State) -> Double? {
        let shares = state.gifts.prefix(finished(in: state)).joined()
        return shares.isEmpty ? nil : Double(shares.reduce(0, +)) / Double(100 * shares.count)
    }

    /// The slope of the share given on the share that the recipient last gave itself (least squares), over all gifts of the plays to
    /// recipients that had given before: the strength of indirect reciprocity. Nil where those have all given the same.
    public func reciprocity(of states: [State]) -> Double? {
        var points: [(x: Double, y: Double)] = []
        for state in states {
            for round in 0..<finished(in: state) {
                for (pair, share) in zip(gifts(in: round, of: state), state.gifts[round]) {
                    guard let last = lastGift(of: pair.recipient, before: round, in: state) else { continue }
                    points.append((Double(last.share), Double(share)))
                }
            }
        }
        let count = Double(points.count)
        let x = points.map(\.x).reduce(0, +) / count
        let y = points.map(\.y).reduce(0, +) / count
        let spread = points.map { ($0.x - x) * ($0.x - x) }.reduce(0, +)
        guard !points.isEmpty, spread > 0 else { return nil }
        return points.map { ($0.x - x) * ($0.y - y) }.reduce(0, +) / spread
    }
}
