import HoneCore

/// Everybody takes from one stock at the same time; what is left grows again, and too little left is the end (Piatti et al. 2024).
///
/// A round: all name privately what they want; where that is more than there is, the stock is given out unit by unit to random wanting
/// players, or in proportion; what everybody wanted and got is read out; players talk in turn; the stock grows. A return is all that a
/// player has taken. Departures from the paper: what was wanted is read out too, not only what was got (they differ only in a round that
/// takes everything and so ends the play), and no talk follows the last round.
public struct Commons: ExtensiveGame {
    public static let card = PartCard(
        name: "commons", summary: "take from a shared stock that grows back, with talk between rounds",
        source: "Piatti et al. 2024, Cooperate or Collapse (GovSim); Hardin 1968")

    /// What story the numbers are told with.
    public enum Skin: String, Codable, Hashable, Sendable, CaseIterable {
        case fishery, pasture, pollution
    }

    /// How too small a stock is shared.
    public enum Rationing: String, Codable, Hashable, Sendable, CaseIterable {
        /// Unit by unit to a random player that wants more than it has.
        case random
        /// In proportion to what is wanted, rounded down; units left over go one each to the largest remainders, low seats first.
        case proportional
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 2 to 10, a newcomer included.
        public var players = 5
        /// The stock at the beginning and its largest size, 2 to 1000.
        public var capacity = 100
        /// The most rounds, 1 to 50.
        public var rounds = 12
        /// The stock after a round in percent of what was left, 100 to 1000.
        public var growth = 200
        /// With less than this left after a round, all is over; 1 to the capacity.
        public var collapse = 5
        /// The most that one player can want in a round; 0 for all that there is.
        public var takeLimit = 0
        /// What can be wanted are multiples of this, 1 to 100.
        public var step = 1
        /// How too small a stock is shared.
        public var rationing = Rationing.random
        /// What may be said between rounds.
        public var talk = TalkRule.listed
        /// How often somebody speaks between two rounds, in the order of seats, 1 to 20; each round another begins.
        public var talkTurns = 5
        /// The longest text said in own words, in characters, 1 to 1000.
        public var talkLimit = 120
        /// Whether players are told what happens if all take more than a sustainable share.
        public var universalises = false
        /// The round, from 2, in which the player on the last seat joins; 0 for no newcomer.
        public var newcomerRound = 0
        /// The story.
        public var skin = Skin.fishery

        /// The paper's fishery.
        public init() {}
    }

    /// What is done.
    public enum Action: Hashable, Sendable {
        /// A player wants so much.
        case take(Int)
        /// Chance gives one unit to this seat.
        case unit(Int)
        /// Something is said.
        case speak(Speech)
    }

    /// A finished round.
    public struct Round: Hashable, Codable, Sendable {
        /// The stock at its beginning.
        public var stock: Int
        /// What was wanted, by seat; the newcomer is missing before it joins.
        public var wanted: [Int]
        /// What was got, by seat.
        public var got: [Int]
        /// What was said after it, in order.
        public var said: [Speech] = []
    }

    /// Where a play stands.
    public struct State: Hashable, Codable, Sendable {
        /// The stock now.
        public var stock: Int
        /// The finished rounds.
        public var rounds: [Round] = []
        /// What the first seats want in this round.
        public var wants: [Int] = []
        /// What each seat has got so far, where a stock too small is given out.
        public var given: [Int] = []
        /// Whether the players talk.
        public var isTalking = false
        /// Whether the play has ended.
        public var isOver = false
    }

    public let settings: Settings
    /// What can be said without own words.
    public let acts: [String]

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        func require(_ name: String, _ value: Int, _ range: ClosedRange<Int>) throws {
            guard range.contains(value) else {
                throw CoreError.invalid("“\(name)” is \(value); expected \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try require("players", settings.players, 2...10)
        try require("capacity", settings.capacity, 2...1000)
        try require("rounds", settings.rounds, 1...50)
        try require("growth", settings.growth, 100...1000)
        try require("collapse", settings.collapse, 1...settings.capacity)
        try require("takeLimit", settings.takeLimit, 0...1000)
        try require("step", settings.step, 1...100)
        try require("talkTurns", settings.talkTurns, 1...20)
        try require("talkLimit", settings.talkLimit, 1...1000)
        guard settings.newcomerRound == 0 || (2...50).contains(settings.newcomerRound) && settings.players > 2 else {
            throw CoreError.invalid("“newcomerRound” is \(settings.newcomerRound); expected 0, or 2 to 50 with at least 3 players")
        }
        self.settings = settings
        let step = max(1, settings.capacity / (4 * settings.players))
        acts =
            (0...4).map { "limit \($0 * step)" } + (0..<settings.players).map { "blame \($0)" } + ["agree", "pass"]
    }

    public var facts: GameFacts {
        let talk = settings.talk == .none ? 0 : settings.talkTurns
        let isRandom = settings.rationing == .random
        var facts = GameFacts(
            seats: settings.players, range: 0...Double(settings.capacity * settings.rounds), sum: nil, hasPerfectInformation: false,
            hasChance: isRandom,
            // Giving a stock out leaves nothing, so it happens once.
            longest: settings.rounds * (settings.players + talk) + (isRandom ? settings.capacity : 0))
        facts.hasOpenMoves = settings.talk == .free
        return facts
    }

    public var start: State { State(stock: settings.capacity) }

    /// How many players there are in a round, counted from 0.
    public func playerCount(in round: Int) -> Int {
        settings.newcomerRound > 0 && round + 1 < settings.newcomerRound ? settings.players - 1 : settings.players
    }

    /// How many players there are now.
    func present(in state: State) -> Int { playerCount(in: state.rounds.count - (state.isTalking || state.isOver ? 1 : 0)) }

    public func turn(in state: State) -> GameTurn {
        if state.isOver { return .over }
        let count = present(in: state)
        if state.isTalking { return .seat(((state.rounds.last?.said.count ?? 0) + state.rounds.count - 1) % count) }
        return state.given.isEmpty ? .together(Array(state.wants.count..<count)) : .chance
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .together:
            let most = settings.takeLimit == 0 ? state.stock : min(settings.takeLimit, state.stock)
            actions += stride(from: 0, through: most, by: settings.step).map { .take($0) }
        case .chance: for seat in state.wants.indices where state.given[seat] < state.wants[seat] { actions.append(.unit(seat)) }
        case .seat(let seat):
            let count = present(in: state)
            for (place, act) in acts.enumerated() where act != "blame \(seat)" {
                // Nobody is blamed who is not there.
                if place < 5 + count || place >= 5 + settings.players { actions.append(.speak(.act(place))) }
            }
        case .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .take(let amount):
            state.wants.append(amount)
            guard state.wants.count == present(in: state) else { return }
            if state.wants.reduce(0, +) <= state.stock {
                settle(state.wants, &state)
            } else if settings.rationing == .proportional {
                settle(Self.proportional(state.wants, of: state.stock), &state)
            } else {
                state.given = state.wants.map { _ in 0 }
            }
        case .unit(let seat):
            state.given[seat] += 1
            if state.given.reduce(0, +) == state.stock { settle(state.given, &state) }
        case .speak(let speech):
            let last = state.rounds.count - 1
            state.rounds[last].said.append(speech)
            if state.rounds[last].said.count == settings.talkTurns { grow(&state) }
        }
    }

    /// Shares a stock in proportion to what is wanted, which is more.
    static func proportional(_ wants: [Int], of stock: Int) -> [Int] {
        let sum = wants.reduce(0, +)
        var shares = wants.map { $0 * stock / sum }
        let order = wants.indices.sorted { (-(wants[$0] * stock % sum), $0) < (-(wants[$1] * stock % sum), $1) }
        for seat in order.prefix(stock - shares.reduce(0, +)) { shares[seat] += 1 }
        return shares
    }

    private func settle(_ got: [Int], _ state: inout State) {
        state.rounds.append(Round(stock: state.stock, wanted: state.wants, got: got))
        state.stock -= got.reduce(0, +)
        state.wants = []
        state.given = []
        if state.stock < settings.collapse || state.rounds.count == settings.rounds {
            state.isOver = true
        } else if settings.talk == .none {
            grow(&state)
        } else {
            state.isTalking = true
        }
    }

    private func grow(_ state: inout State) {
        state.isTalking = false
        state.stock = min(settings.capacity, state.stock * settings.growth / 100)
    }

    public func returns(of state: State) -> [Double] { gains(of: state).map(Double.init) }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if let seat, turn(in: state) == .seat(seat), let speech = Speech.read(text, rule: settings.talk, limit: settings.talkLimit) {
            return .speak(speech)
        }
        return listedAction(for: text, by: seat, in: state)
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        // In the middle of giving out, what the others want is half known; nobody moves then.
        guard state.given.isEmpty else { return nil }
        var other = state
        let allowed = actions(in: state)
        for place in other.wants.indices where place != seat {
            if case .take(let amount)? = generator.element(of: allowed) { other.wants[place] = amount }
        }
        return other
    }
}
