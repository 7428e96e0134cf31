extension DonorGame {
    /// One gift of a trace.
    struct Link: Hashable {
        var round: Int
        var donor: Int
        var recipient: Int
        var share: Int
    }

    /// What a seat has met with in a round.
    struct Memory: Hashable {
        var round: Int
        var isDonor: Bool
        /// The other of its pair.
        var partner: Int
        /// What a donor's recipient had; for a recipient, what it has got or lost.
        var units: Int
        /// The trace that a donor was told.
        var links: [Link] = []
        /// What a donor gave; nil before it has decided.
        var share: Int?
    }

    /// Who gave to whom, by round, as far as coins have fallen.
    func ledger(of state: State) -> [[(donor: Int, recipient: Int)]] { state.coins.indices.map { gifts(in: $0, of: state) } }

    /// The last gift of a seat in a finished round before the given one, then that of its recipient before it, and so on.
    func links(from seat: Int, before round: Int, in ledger: [[(donor: Int, recipient: Int)]], gifts: [[Int]]) -> [Link] {
        var links: [Link] = []
        var seat = seat
        var past = min(round, ledger.count)
        while past > 0, links.count < settings.trace {
            past -= 1
            guard let place = ledger[past].firstIndex(where: { $0.donor == seat }) else { continue }
            let recipient = ledger[past][place].recipient
            links.append(Link(round: past, donor: seat, recipient: recipient, share: gifts[past][place]))
            seat = recipient
        }
        return links
    }

    /// What a seat has met with so far, round by round.
    func memories(of seat: Int, in state: State, ledger: [[(donor: Int, recipient: Int)]]) -> [Memory] {
        var memories: [Memory] = []
        for (round, pairs) in ledger.enumerated() {
            guard let place = pairs.firstIndex(where: { $0.donor == seat || $0.recipient == seat }) else { continue }
            let pair = pairs[place]
            if pair.donor == seat {
                memories.append(
                    Memory(
                        round: round, isDonor: true, partner: pair.recipient, units: state.resources[round][pair.recipient],
                        links: links(from: pair.recipient, before: round, in: ledger, gifts: state.gifts),
                        share: place < state.gifts[round].count ? state.gifts[round][place] : nil))
            } else if round < finished(in: state) {
                let change = state.resources[round + 1][seat] - state.resources[round][seat]
                memories.append(Memory(round: round, isDonor: false, partner: pair.donor, units: change))
            }
        }
        return memories
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
            let ledger = ledger(of: state)
            for (round, pairs) in ledger.prefix(finished(in: state)).enumerated() {
                for (pair, share) in zip(pairs, state.gifts[round]) {
                    let past = (0..<round).last { ledger[$0].contains { $0.donor == pair.recipient } }
                    guard let past, let place = ledger[past].firstIndex(where: { $0.donor == pair.recipient }) else { continue }
                    points.append((Double(state.gifts[past][place]), Double(share)))
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
