import HoneCore

/// Players meet in random pairs, never twice the same; one gives a share of what it has, and the other receives a multiple of it.
///
/// The donor sees what its recipient has, and a trace: what the recipient gave when it last was a donor, what that one's recipient had given
/// before, and so on. Pairs of a round are those of a round-robin by the circle method with players at random places; a coin makes one of
/// them the donor. Gifts of a round are made at the same time. Returns are what players have at the end. In the paper gifts are amounts;
/// here they are shares in percent, so that the same moves exist for rich and poor; the amount is rounded down.
public struct DonorGame: ExtensiveGame {
    public static let card = PartCard(
        name: "donor-game", summary: "give a share to strangers, knowing what they gave",
        source: "Vallinder and Hughes 2024, Cultural Evolution of Cooperation; Nowak and Sigmund 1998")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, an even number from 4 to 20.
        public var players = 6
        /// Rounds, 1 to one less than players: so many there are in which nobody meets anybody again.
        public var rounds = 5
        /// What everybody has at the beginning, 1 to 1000.
        public var start = 10
        /// What the recipient gets is so many times the gift, 1 to 10.
        public var multiplier = 2
        /// The shares that can be given, in percent, ascending from 0.
        public var shares = [0, 25, 50, 75, 100]
        /// How many gifts back the trace goes, 0 to 10.
        public var trace = 3
        /// Whether a donor can pay a share to take `multiplier` times as much from the recipient.
        public var allowsPunishment = false
        /// Whether the players know how many rounds there are.
        public var showsRounds = false

        /// Six players, five rounds.
        public init() {}
    }

    /// What is done.
    public enum Action: Hashable, Sendable {
        /// Chance puts the next player on this place of the circle.
        case place(Int)
        /// Chance lets the first or the second of the next pair be the donor.
        case donor(isSecond: Bool)
        /// The donor gives this share in percent; below 0 it pays it to punish.
        case give(Int)
    }

    /// What has happened.
    public struct State: Hashable, Codable, Sendable {
        /// By seat: its place on the circle.
        public var places: [Int] = []
        /// By round, by pair: whether its second player is the donor.
        public var coins: [[Bool]] = []
        /// By round: the shares given, by the donors' seats in ascending order.
        public var gifts: [[Int]] = []
        /// What each seat has, at the beginning of each round and at the end.
        public var resources: [[Int]]
    }

    public let settings: Settings
    let players: Int

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (4...20).contains(settings.players), settings.players.isMultiple(of: 2) else {
            throw CoreError.invalid("“players” is \(settings.players); expected an even number from 4 to 20")
        }
        guard (1..<settings.players).contains(settings.rounds) else {
            throw CoreError.invalid(
                "“rounds” is \(settings.rounds); \(settings.players) players can meet without meeting again in 1 to \(settings.players - 1) rounds")
        }
        guard (1...1000).contains(settings.start), (1...10).contains(settings.multiplier), (0...10).contains(settings.trace) else {
            throw CoreError.invalid(
                "“start” is \(settings.start), “multiplier” \(settings.multiplier) and “trace” \(settings.trace); expected 1 to 1000, 1 to 10 and 0 to 10")
        }
        let isAscending = zip(settings.shares, settings.shares.dropFirst()).allSatisfy { $0 < $1 }
        guard settings.shares.first == 0, isAscending, settings.shares.count > 1, settings.shares.allSatisfy({ $0 <= 100 }) else {
            throw CoreError.invalid("“shares” is \(settings.shares); expected percentages from 0 to 100, ascending, with 0 first")
        }
        self.settings = settings
        players = settings.players
    }

    public var facts: GameFacts {
        var most = Double(settings.start)
        // A recipient can at most get a multiple of what the richest donor can have.
        for _ in 0..<settings.rounds { most *= Double(1 + settings.multiplier) }
        return GameFacts(
            seats: players, range: 0...most, sum: nil, hasPerfectInformation: false, hasChance: true, longest: players + settings.rounds * players)
    }

    public var start: State { State(resources: [[Int](repeating: settings.start, count: players)]) }

    /// The pairs of a round, by the circle method: players on places that add up to twice the round turn around the one that stays.
    func pairs(in round: Int, of state: State) -> [(first: Int, second: Int)] {
        var seats = [Int](repeating: 0, count: players)
        for (seat, place) in state.places.enumerated() { seats[place] = seat }
        let circle = players - 1
        return (0..<players / 2).map { pair in
            pair == 0
                ? (seats[round % circle], seats[circle]) : (seats[(round + pair) % circle], seats[(round - pair + circle) % circle])
        }
    }

    /// Who gives to whom in a round whose coins have fallen, in the order of donors.
    public func gifts(in round: Int, of state: State) -> [(donor: Int, recipient: Int)] {
        guard state.coins.indices.contains(round), state.coins[round].count == players / 2 else { return [] }
        return zip(pairs(in: round, of: state), state.coins[round])
            .map { pair, isSecond in isSecond ? (donor: pair.second, recipient: pair.first) : (donor: pair.first, recipient: pair.second) }
            .sorted { $0.donor < $1.donor }
    }

    /// How many rounds are over.
    func finished(in state: State) -> Int { state.resources.count - 1 }

    public func turn(in state: State) -> GameTurn {
        if state.places.count < players { return .chance }
        let round = finished(in: state)
        if round == settings.rounds { return .over }
        guard state.coins.count > round, state.coins[round].count == players / 2 else { return .chance }
        return .together(gifts(in: round, of: state).map(\.donor).suffix(players / 2 - state.gifts[round].count))
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            if state.places.count == players {
                actions += [.donor(isSecond: false), .donor(isSecond: true)]
            } else {
                for place in 0..<players where !state.places.contains(place) { actions.append(.place(place)) }
            }
        case .together:
            actions += settings.shares.map { .give($0) }
            if settings.allowsPunishment { actions += settings.shares.dropFirst().map { .give(-$0) } }
        case .seat, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        let round = finished(in: state)
        switch action {
        case .place(let place): state.places.append(place)
        case .donor(let isSecond):
            if state.coins.count == round {
                state.coins.append([])
                state.gifts.append([])
            }
            state.coins[round].append(isSecond)
        case .give(let share):
            state.gifts[round].append(share)
            if state.gifts[round].count == players / 2 { settle(round, &state) }
        }
    }

    /// What a share of something is, rounded down.
    public static func amount(_ share: Int, of resources: Int) -> Int { resources * abs(share) / 100 }

    private func settle(_ round: Int, _ state: inout State) {
        state.resources.append(settled(state.resources[round], gifts(in: round, of: state), state.gifts[round]))
    }

    /// What all have after the gifts of a round.
    func settled(_ before: [Int], _ pairs: [(donor: Int, recipient: Int)], _ shares: [Int]) -> [Int] {
        var after = before
        for (pair, share) in zip(pairs, shares) {
            let amount = Self.amount(share, of: after[pair.donor])
            after[pair.donor] -= amount
            let effect = settings.multiplier * amount
            after[pair.recipient] = share >= 0 ? after[pair.recipient] + effect : max(0, after[pair.recipient] - effect)
        }
        return after
    }

    public func returns(of state: State) -> [Double] { (state.resources.last ?? []).map(Double.init) }
}
