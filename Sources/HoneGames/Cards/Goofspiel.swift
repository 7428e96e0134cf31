import HoneCore

/// Everyone has the same hand; for each prize all bid one card at once, and the highest takes it; a tie for the highest discards it.
///
/// Returns by what the settings say: winners share 1 and losers lose 1 between them; or points less the mean of all points. (Ross 1971)
public struct Goofspiel: ExtensiveGame {
    public static let card = PartCard(name: "goofspiel", summary: "bid cards for prizes, all at once", source: "Ross 1971")

    /// In which order the prizes come.
    public enum Order: String, Codable, Hashable, Sendable, CaseIterable {
        case descending, ascending, random
    }

    /// What the points are worth at the end.
    public enum Scoring: String, Codable, Hashable, Sendable, CaseIterable {
        /// 1 shared by those with the most points, −1 by the others; 0 for all when all have as many.
        case win
        /// Points less the mean of all points.
        case difference
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Cards of a hand, and prizes, 1 to 13.
        public var cards = 4
        /// Players, 2 to 4.
        public var players = 2
        /// The order of the prizes.
        public var order = Order.descending
        /// Whether bids are shown after each prize; else only who took it.
        public var showsBids = true
        /// What points are worth.
        public var scoring = Scoring.win

        /// Four cards, two players.
        public init() {}
    }

    /// The prizes so far and what was bid for them; cards are counted from 0.
    public struct State: Hashable, Codable, Sendable {
        /// The prizes, the one that is bid for last.
        public var prizes = PackedList()
        /// Bids by seat, in order.
        public var bids: [PackedList]
    }

    public let settings: Settings
    private let players: Int

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...13).contains(settings.cards), (2...4).contains(settings.players) else {
            throw CoreError.invalid(
                "Goofspiel has \(settings.cards) cards and \(settings.players) players; expected 1 to 13 cards and 2 to 4 players")
        }
        self.settings = settings
        players = settings.players
    }

    public var facts: GameFacts {
        let points = Double(settings.cards * (settings.cards + 1) / 2)
        let most = points * Double(players - 1) / Double(players)
        let least = points / Double(players)
        return GameFacts(
            seats: players, range: settings.scoring == .win ? -1...1 : -least...most, hasPerfectInformation: false,
            hasChance: settings.order == .random,
            longest: settings.cards * (players + (settings.order == .random ? 1 : 0)))
    }

    public var instructions: String {
        "Goofspiel for \(players) players. Everyone has the cards 1 to \(settings.cards). For each prize all bid one card at once; the highest bid takes the prize's points, "
            + "a tie for the highest discards it. \(settings.showsBids ? "Bids are shown afterwards." : "Only who took the prize is shown.") The most points win."
    }

    public var start: State {
        var state = State(bids: [PackedList](repeating: PackedList(), count: players))
        turnUp(&state)
        return state
    }

    /// Shows the next prize, where chance has no say in it.
    private func turnUp(_ state: inout State) {
        let count = state.prizes.count
        guard count < settings.cards else { return }
        switch settings.order {
        case .descending: state.prizes.append(settings.cards - 1 - count)
        case .ascending: state.prizes.append(count)
        case .random: break
        }
    }

    /// How many prizes have been decided.
    private func decided(_ state: State) -> Int { state.bids[players - 1].count }

    public func turn(in state: State) -> GameTurn {
        let done = decided(state)
        if done == settings.cards { return .over }
        if state.prizes.count == done { return .chance }
        // Those who have bid for this prize wait for the others.
        let first = state.bids.firstIndex { $0.count == done } ?? 0
        return .together(Array(first..<players))
    }

    public func appendActions(in state: State, to actions: inout [Int]) {
        switch turn(in: state) {
        case .chance: for card in 0..<settings.cards where !state.prizes.contains(card) { actions.append(card) }
        case .together(let seats): appendActions(of: seats[0], in: state, to: &actions)
        case .seat, .over: break
        }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Int]) {
        for card in 0..<settings.cards where !state.bids[seat].contains(card) { actions.append(card) }
    }

    public func apply(_ action: Int, to state: inout State) {
        switch turn(in: state) {
        case .chance: state.prizes.append(action)
        case .together(let seats):
            state.bids[seats[0]].append(action)
            if seats.count == 1 { turnUp(&state) }
        case .seat, .over: break
        }
    }

    /// The seat that took a decided prize; nil when nobody did.
    private func taker(of prize: Int, in state: State) -> Int? {
        let best = state.bids.map { $0[prize] }.max() ?? 0
        let seats = (0..<players).filter { state.bids[$0][prize] == best }
        return seats.count == 1 ? seats[0] : nil
    }

    private func points(in state: State) -> [Int] {
        var points = [Int](repeating: 0, count: players)
        for prize in 0..<decided(state) { if let seat = taker(of: prize, in: state) { points[seat] += state.prizes[prize] + 1 } }
        return points
    }

    public func returns(of state: State) -> [Double] {
        let points = points(in: state)
        guard turn(in: state) == .over else { return [Double](repeating: 0, count: players) }
        let mean = Double(points.reduce(0, +)) / Double(players)
        if settings.scoring == .difference { return points.map { Double($0) - mean } }
        let best = points.max() ?? 0
        let winners = points.count { $0 == best }
        if winners == players { return points.map { _ in 0 } }
        return points.map { $0 == best ? 1 / Double(winners) : -1 / Double(players - winners) }
    }

    /// What was bid for the decided prizes, as the seat knows it.
    private func results(in state: State, for seat: Int) -> [String] {
        (0..<decided(state)).map { prize in
            let takes = taker(of: prize, in: state).map(String.init) ?? "-"
            let bids = (0..<players).map { settings.showsBids || $0 == seat ? String(state.bids[$0][prize] + 1) : "?" }
            return "\(state.prizes[prize] + 1):\(bids.joined(separator: ","))>\(takes)"
        }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let own = state.bids[seat].count > decided(state) ? "|\(state.bids[seat][decided(state)] + 1)" : ""
        return "\(seat)|\(results(in: state, for: seat).joined(separator: " "))|\(prize(in: state))\(own)"
    }

    private func prize(in state: State) -> String {
        state.prizes.count > decided(state) ? String(state.prizes[decided(state)] + 1) : "-"
    }

    public func view(of state: State, for seat: Int) -> String {
        let hand = (0..<settings.cards).filter { !state.bids[seat].contains($0) }.map { String($0 + 1) }.joined(separator: " ")
        let results = results(in: state, for: seat)
        return "You are player \(seat). Hand: \(hand). Prizes (prize:bids>taker): \(results.isEmpty ? "none" : results.joined(separator: " ")). "
            + "Points: \(points(in: state).map(String.init).joined(separator: " ")). Prize: \(prize(in: state))."
    }

    public func text(of action: Int, in state: State) -> String { String(action + 1) }

    /// Draws the others' bids alike among those that agree with what the seat has seen; nil when a hundred thousand draws find none.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        let done = decided(state)
        let seen = informationState(of: state, for: seat)
        for _ in 0..<(settings.showsBids ? 1 : 100_000) {
            var other = state
            for place in 0..<players where place != seat {
                let known = settings.showsBids ? Array(state.bids[place].prefix(done)) : []
                let rest = generator.shuffled((0..<settings.cards).filter { !known.contains($0) })
                other.bids[place] = PackedList(known + rest.prefix(state.bids[place].count - known.count))
            }
            if settings.showsBids || informationState(of: other, for: seat) == seen { return other }
        }
        return nil
    }
}
