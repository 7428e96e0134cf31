import HoneCore

extension DonorGame {
    /// What all would do in each round, also where it does not come to that.
    ///
    /// The parts that a play does not use are as many in all plays, so that even draws of tables are even draws of plays; and a play keeps
    /// most of its gifts when players change places.
    private struct Table {
        /// By round and pair of seats (lower · players + higher): whether the lower seat is the donor.
        var lowerGives: [[Bool]]
        /// By round and seat.
        var shares: [[Int]]
        /// By seat, as in the state.
        var places: [Int]
    }

    /// A state that agrees with all that the seat has met with, by a random walk (Metropolis et al. 1953) that begins at this one.
    ///
    /// A step draws the places anew around the partners that the seat has met, exchanges two, turns a coin or changes a share; it is taken
    /// where the seat cannot tell and the same players are to move. Every way in which chance and evenly chosen gifts agree with what
    /// the seat knows is equally likely in the limit; after the 150 steps made here a state can still resemble the first. Nil while
    /// chance is still drawing.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.places.count == players, state.coins.allSatisfy({ $0.count == players / 2 }) else { return nil }
        var ledger = ledger(of: state)
        let seen = memories(of: seat, in: state, ledger: ledger)
        // Who gives in an unfinished round is known to all from whose turn it is.
        let donors = ledger.count > finished(in: state) ? ledger[ledger.count - 1].map(\.donor) : nil
        let shares = settings.shares + (settings.allowsPunishment ? settings.shares.dropFirst().map { -$0 } : [])
        var table = table(of: state, shares: shares, using: &generator)
        var known = state
        for _ in 0..<150 {
            var next = table
            switch generator.integer(in: 0...3) {
            case 0: next.places = places(around: seat, partners: seen.map { ($0.round, $0.partner) }, using: &generator)
            case 1: next.places.swapAt(generator.integer(in: 0...players - 1), generator.integer(in: 0...players - 1))
            case 2:
                guard !known.coins.isEmpty else { continue }
                let round = generator.integer(in: 0...known.coins.count - 1)
                let pair = ledger[round][generator.integer(in: 0...players / 2 - 1)]
                next.lowerGives[round][min(pair.donor, pair.recipient) * players + max(pair.donor, pair.recipient)].toggle()
            default:
                guard !known.gifts.isEmpty else { continue }
                let round = generator.integer(in: 0...known.gifts.count - 1)
                let donor = ledger[round][generator.integer(in: 0...players / 2 - 1)].donor
                next.shares[round][donor] = generator.element(of: shares) ?? 0
            }
            let candidate = played(next, counts: state.gifts.map(\.count))
            if let donors, candidate.ledger[candidate.ledger.count - 1].map(\.donor) != donors { continue }
            if memories(of: seat, in: candidate.state, ledger: candidate.ledger) == seen {
                known = candidate.state
                ledger = candidate.ledger
                table = next
            }
        }
        return known
    }

    /// A table that leads to the state; what the state does not say is drawn.
    private func table(of state: State, shares: [Int], using generator: inout SeededGenerator) -> Table {
        var table = Table(lowerGives: [], shares: [], places: state.places)
        for (round, pairs) in ledger(of: state).enumerated() {
            var lower = (0..<players * players).map { _ in generator.chance(0.5) }
            var own = (0..<players).map { _ in generator.element(of: shares) ?? 0 }
            for (place, pair) in pairs.enumerated() {
                lower[min(pair.donor, pair.recipient) * players + max(pair.donor, pair.recipient)] = pair.donor < pair.recipient
                if place < state.gifts[round].count { own[pair.donor] = state.gifts[round][place] }
            }
            table.lowerGives.append(lower)
            table.shares.append(own)
        }
        return table
    }

    /// Places drawn evenly among those at which the seat meets these partners in these rounds.
    private func places(around seat: Int, partners: [(round: Int, partner: Int)], using generator: inout SeededGenerator) -> [Int] {
        let circle = players - 1
        let own = generator.integer(in: 0...circle)
        var places = [Int](repeating: -1, count: players)
        places[seat] = own
        for (round, partner) in partners {
            // Two places meet when they add up to twice the round; the one that stays meets the place that would meet itself.
            let opposite = own == circle ? round % circle : (2 * round - own + 2 * circle) % circle
            places[partner] = own != circle && opposite == own ? circle : opposite
        }
        var free = generator.shuffled((0..<players).filter { !places.contains($0) })
        for place in places.indices where places[place] < 0 { places[place] = free.removeLast() }
        return places
    }

    /// The state that a table leads to, with so many gifts made in each round, and who gives to whom in it.
    private func played(_ table: Table, counts: [Int]) -> (state: State, ledger: [[(donor: Int, recipient: Int)]]) {
        var state = start
        var ledger: [[(donor: Int, recipient: Int)]] = []
        state.places = table.places
        for (round, count) in counts.enumerated() {
            var coins: [Bool] = []
            var gifts: [(donor: Int, recipient: Int)] = []
            for pair in pairs(in: round, of: state) {
                let lower = min(pair.first, pair.second)
                let higher = max(pair.first, pair.second)
                let gives = table.lowerGives[round][lower * players + higher]
                coins.append(gives == (lower == pair.second))
                gifts.append(gives ? (lower, higher) : (higher, lower))
            }
            gifts.sort { $0.donor < $1.donor }
            state.coins.append(coins)
            state.gifts.append(gifts.prefix(count).map { table.shares[round][$0.donor] })
            if count == gifts.count { state.resources.append(settled(state.resources[round], gifts, state.gifts[round])) }
            ledger.append(gifts)
        }
        return (state, ledger)
    }
}
