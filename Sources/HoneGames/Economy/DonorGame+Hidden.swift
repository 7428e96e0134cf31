import HoneCore

extension DonorGame {
    /// A state that agrees with all that the seat has met with, by a random walk (Metropolis et al. 1953) that begins at this one.
    ///
    /// A step exchanges two places of the circle, turns a coin or changes a share, and is taken where the seat cannot tell and the same
    /// players are to move. Every way in which chance and evenly chosen gifts agree with what the seat knows is equally likely in the
    /// limit; after the 120 steps made here the state still resembles the first.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.places.count == players else { return nil }
        let seen = memories(of: seat, in: state, ledger: ledger(of: state))
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
            let ledger = ledger(of: next)
            for round in 0..<finished(in: next) { next.resources[round + 1] = settled(next.resources[round], ledger[round], next.gifts[round]) }
            if memories(of: seat, in: next, ledger: ledger) == seen, self.turn(in: next) == turn { known = next }
        }
        return known
    }
}
