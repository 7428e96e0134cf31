import HoneCore

/// A seller and a buyer bargain over one price, offer against offer (the balloon game of Fu et al. 2023, with costs and values).
///
/// Seat 0 sells, seat 1 buys. A deal gives the seller price − cost and the buyer value − price; no deal gives both 0. With opening prices the
/// first two offers are made by the rules, as in the paper (20 and 10), where there was a cost of 8 for the seller, no value for the buyer
/// and returns were the price itself.
public struct BuyerSeller: ExtensiveGame {
    public static let card = PartCard(
        name: "buyer-seller", summary: "haggle over one price with a private cost and a private value",
        source: "Fu et al. 2023, Improving Language Model Negotiation; Rubinstein 1982")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The smallest and the largest cost of the seller, drawn evenly.
        public var costs = [5, 12]
        /// The smallest and the largest value for the buyer, drawn evenly.
        public var values = [10, 20]
        /// The lowest and the highest price that can be offered, at most 200 apart.
        public var prices = [5, 20]
        /// The price that the seller and the one that the buyer begins with; empty when they choose themselves.
        public var openings = [20, 10]
        /// The most turns of both together behind the openings, 2 to 100; the last one can only accept or reject.
        public var turns = 8
        /// Whether both see cost and value.
        public var isPublic = false
        /// Whether no offer may be worse for the other than one's own last.
        public var keepsConcessions = true
        /// What may be said: a word from the list behind an offer, with free talk also own words, once before each move.
        public var talk = TalkRule.none
        /// The words of persuasion, up to 20 of small letters.
        public var tags = ["fair", "quality", "budget", "elsewhere", "final", "friend", "hurry", "extra"]
        /// The longest text said in own words, in characters, 1 to 1000.
        public var talkLimit = 120

        /// A game with room for a deal in most draws.
        public init() {}
    }

    /// What is done: chance draws, players offer and answer.
    public enum Action: Hashable, Codable, Sendable {
        /// Chance sets the cost, then the value.
        case draw(Int)
        /// A price, with the place of a word of persuasion.
        case offer(Int, tag: Int?)
        /// The other's last offer is the price.
        case accept
        /// There is no deal.
        case reject
        /// Something is said; the turn goes on.
        case speak(Speech)
    }

    /// Cost, value, and what was done.
    public struct State: Hashable, Codable, Sendable {
        /// The seller's cost, once it is drawn.
        public var cost: Int?
        /// The buyer's value, once it is drawn.
        public var value: Int?
        /// What was done and said in order, openings first; all but what was said takes a turn, beginning with the seller.
        public var events: [Action] = []
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        for (name, range) in [("costs", settings.costs), ("values", settings.values), ("prices", settings.prices)] {
            guard range.count == 2, range[0] <= range[1], range[0] >= 0, range[1] <= 1_000_000, range[1] - range[0] <= 200 else {
                throw CoreError.invalid("“\(name)” is \(range); expected a lowest and a highest number from 0 on, at most 200 apart")
            }
        }
        let isInside = settings.openings.allSatisfy { (settings.prices[0]...settings.prices[1]).contains($0) }
        guard settings.openings.isEmpty || settings.openings.count == 2 && isInside else {
            throw CoreError.invalid("“openings” is \(settings.openings); expected none, or the seller's and the buyer's price within \(settings.prices)")
        }
        guard (2...100).contains(settings.turns), (1...1000).contains(settings.talkLimit) else {
            throw CoreError.invalid("“turns” is \(settings.turns) and “talkLimit” \(settings.talkLimit); expected 2 to 100 and 1 to 1000")
        }
        let isPlain = settings.tags.allSatisfy { tag in !tag.isEmpty && tag.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
        guard settings.tags.count <= 20, isPlain, Set(settings.tags).count == settings.tags.count else {
            throw CoreError.invalid("“tags” is \(settings.tags); expected at most 20 different words of small letters")
        }
        self.settings = settings
    }

    public var facts: GameFacts {
        let gains = [
            0, settings.prices[0] - settings.costs[1], settings.prices[1] - settings.costs[0], settings.values[0] - settings.prices[1],
            settings.values[1] - settings.prices[0],
        ].map(Double.init)
        let isDrawn = settings.costs[0] < settings.costs[1] || settings.values[0] < settings.values[1]
        var facts = GameFacts(
            range: (gains.min() ?? 0)...(gains.max() ?? 0), sum: nil, hasPerfectInformation: settings.isPublic || !isDrawn, hasChance: isDrawn,
            longest: 2 + settings.turns * (settings.talk == .free ? 2 : 1))
        facts.hasOpenMoves = settings.talk == .free
        return facts
    }

    public var start: State {
        State(
            cost: settings.costs[0] == settings.costs[1] ? settings.costs[0] : nil,
            value: settings.values[0] == settings.values[1] ? settings.values[0] : nil,
            events: settings.openings.map { .offer($0, tag: nil) })
    }

    /// How many turns the players have taken.
    public func turnsTaken(in state: State) -> Int { deeds(in: state).count - settings.openings.count }

    /// What was done, without what was said.
    private func deeds(in state: State) -> [Action] {
        state.events.filter { event in
            if case .speak = event { false } else { true }
        }
    }

    /// The last price that a seat has offered; nil before its first.
    public func lastOffer(of seat: Int, in state: State) -> Int? {
        for (place, deed) in deeds(in: state).enumerated().reversed() where place % 2 == seat {
            if case .offer(let price, _) = deed { return price }
        }
        return nil
    }

    /// The price agreed on; nil without a deal.
    public func price(in state: State) -> Int? {
        guard state.events.last == .accept else { return nil }
        // Who accepted did the last deed.
        return lastOffer(of: deeds(in: state).count % 2, in: state)
    }

    public func turn(in state: State) -> GameTurn {
        if state.cost == nil || state.value == nil { return .chance }
        if let last = state.events.last, last == .accept || last == .reject { return .over }
        return turnsTaken(in: state) == settings.turns ? .over : .seat(deeds(in: state).count % 2)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            let range = state.cost == nil ? settings.costs : settings.values
            actions += (range[0]...range[1]).map { .draw($0) }
        case .seat(let seat):
            if lastOffer(of: 1 - seat, in: state) != nil { actions.append(.accept) }
            actions.append(.reject)
            guard turnsTaken(in: state) < settings.turns - 1 else { return }
            let last = settings.keepsConcessions ? lastOffer(of: seat, in: state) : nil
            let lowest = seat == 1 ? last ?? settings.prices[0] : settings.prices[0]
            let highest = seat == 0 ? last ?? settings.prices[1] : settings.prices[1]
            for price in lowest...highest {
                actions.append(.offer(price, tag: nil))
                if settings.talk != .none { actions += settings.tags.indices.map { .offer(price, tag: $0) } }
            }
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        if case .draw(let number) = action {
            if state.cost == nil { state.cost = number } else { state.value = number }
        } else {
            state.events.append(action)
        }
    }

    public func returns(of state: State) -> [Double] {
        guard let price = price(in: state), let cost = state.cost, let value = state.value else { return [0, 0] }
        return [Double(price - cost), Double(value - price)]
    }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if let seat, turn(in: state) == .seat(seat), let speech = Speech.read(text, rule: settings.talk, limit: settings.talkLimit) {
            // Once a turn.
            if case .speak? = state.events.last { return nil }
            return .speak(speech)
        }
        return listedAction(for: text, by: seat, in: state)
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        guard !settings.isPublic else { return other }
        if seat != 0, state.cost != nil { other.cost = generator.integer(in: settings.costs[0]...settings.costs[1]) }
        if seat != 1, state.value != nil { other.value = generator.integer(in: settings.values[0]...settings.values[1]) }
        return other
    }
}
