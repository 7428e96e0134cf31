import HoneCore

/// One thing, private values, one hidden bid of each; the highest bid wins and pays itself or the second-highest (Vickrey 1961).
///
/// Values are whole numbers drawn evenly and independently. The winner's return is its value less the price, everybody else's is 0. Bids are
/// whole numbers from the reserve price on, or none; where nobody bids, nothing is sold. A winner without a rival pays the reserve price in
/// the second-price auction.
public struct SealedAuction: ExtensiveGame {
    public static let card = PartCard(
        name: "sealed-auction", summary: "one hidden bid of each for one thing; first or second price", source: "Vickrey 1961")

    /// What the winner pays.
    public enum Price: String, Codable, Hashable, Sendable, CaseIterable {
        /// Its own bid.
        case first
        /// The highest bid of the others.
        case second
    }

    /// Who wins where several bid the highest.
    public enum Tie: String, Codable, Hashable, Sendable, CaseIterable {
        /// One of them, all alike.
        case chance
        /// The lowest seat among them.
        case seat
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Bidders, 2 to 8.
        public var bidders = 3
        /// The smallest and the largest value, from 0, at most 1000 apart.
        public var values = [1, 10]
        /// The largest bid, from the reserve price on.
        public var highestBid = 10
        /// The smallest bid, from 0.
        public var reserve = 0
        /// What the winner pays.
        public var price = Price.second
        /// Who wins where several bid the highest.
        public var tie = Tie.chance

        /// Three bidders, second price.
        public init() {}
    }

    /// What is done.
    public enum Action: Hashable, Sendable {
        /// Chance draws the next bidder's value.
        case value(Int)
        /// A bid.
        case bid(Int)
        /// No bid.
        case pass
        /// Chance gives a tie to this seat.
        case winner(Int)
    }

    /// Values and bids.
    public struct State: Hashable, Codable, Sendable {
        /// By seat.
        public var values: [Int] = []
        /// By seat; −1 for none.
        public var bids: [Int] = []
        /// Who was drawn among the highest.
        public var drawn: Int?
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...8).contains(settings.bidders) else { throw CoreError.invalid("“bidders” is \(settings.bidders); expected 2 to 8") }
        let values = settings.values
        guard values.count == 2, values[0] >= 0, values[0] <= values[1], values[1] - values[0] <= 1000 else {
            throw CoreError.invalid("“values” is \(values); expected a smallest and a largest value from 0 on, at most 1000 apart")
        }
        guard settings.reserve >= 0, (settings.reserve...settings.reserve + 1000).contains(settings.highestBid) else {
            throw CoreError.invalid(
                "“reserve” is \(settings.reserve) and “highestBid” \(settings.highestBid); expected a reserve price from 0 and at most 1000 more")
        }
        self.settings = settings
    }

    public var facts: GameFacts {
        GameFacts(
            seats: settings.bidders, range: Double(min(0, settings.values[0] - settings.highestBid))...Double(max(0, settings.values[1] - settings.reserve)),
            sum: nil, hasPerfectInformation: false, hasChance: true, longest: 2 * settings.bidders + 1)
    }

    public var start: State { State() }

    /// The seats that bid the highest; none where nobody bids or all have still to.
    private func highest(in state: State) -> [Int] {
        guard state.bids.count == settings.bidders, let most = state.bids.max(), most >= 0 else { return [] }
        return state.bids.indices.filter { state.bids[$0] == most }
    }

    /// Who gets the thing; nil before the end and where nobody does.
    public func winner(in state: State) -> Int? {
        let seats = highest(in: state)
        return seats.count == 1 || settings.tie == .seat ? seats.first : state.drawn
    }

    /// What the winner pays; nil where there is none.
    public func price(in state: State) -> Int? {
        guard let winner = winner(in: state) else { return nil }
        if settings.price == .first { return state.bids[winner] }
        let others = state.bids.indices.filter { $0 != winner }.map { state.bids[$0] }
        return max(settings.reserve, others.max() ?? settings.reserve)
    }

    public func turn(in state: State) -> GameTurn {
        if state.values.count < settings.bidders { return .chance }
        if state.bids.count < settings.bidders { return .together(Array(state.bids.count..<settings.bidders)) }
        return winner(in: state) == nil && !highest(in: state).isEmpty ? .chance : .over
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance where state.values.count < settings.bidders: actions += (settings.values[0]...settings.values[1]).map { .value($0) }
        case .chance: actions += highest(in: state).map { .winner($0) }
        case .together: actions += [.pass] + (settings.reserve...settings.highestBid).map { .bid($0) }
        case .seat, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .value(let value): state.values.append(value)
        case .bid(let bid): state.bids.append(bid)
        case .pass: state.bids.append(-1)
        case .winner(let seat): state.drawn = seat
        }
    }

    public func returns(of state: State) -> [Double] {
        var returns = [Double](repeating: 0, count: settings.bidders)
        if let winner = winner(in: state), let price = price(in: state) { returns[winner] = Double(state.values[winner] - price) }
        return returns
    }

    /// Whether who values the thing most has got it.
    public func isEfficient(_ state: State) -> Bool { winner(in: state).map { state.values[$0] == state.values.max() } ?? false }

    public var instructions: String {
        "Auction with \(settings.bidders) bidders, one hidden bid each. The thing is worth a number to each bidder, drawn evenly from \(settings.values[0]) to \(settings.values[1]); you see your own. "
            + "Bid from \(settings.reserve) to \(settings.highestBid), or pass. The highest bid wins\(settings.tie == .chance ? ", ties are drawn" : ", at a tie the first seat"). The winner pays "
            + "\(settings.price == .first ? "its bid" : "the second-highest bid") and gets its value less that; the others get 0."
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .value(let value): "value \(value)"
        case .bid(let bid): "bid \(bid)"
        case .pass: "pass"
        case .winner(let seat): "winner \(seat)"
        }
    }

    private func outcome(of state: State) -> String {
        guard turn(in: state) == .over else { return "" }
        return winner(in: state).map { "player \($0) wins and pays \(price(in: state) ?? 0)" } ?? "nothing is sold"
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let value = seat < state.values.count ? "\(state.values[seat])" : "-"
        let bid = seat < state.bids.count ? "\(state.bids[seat])" : "-"
        return "\(seat)|\(value)|\(bid)|\(outcome(of: state))"
    }

    public func view(of state: State, for seat: Int) -> String {
        var text = "You are player \(seat)."
        if seat < state.values.count { text += " It is worth \(state.values[seat]) to you." }
        if seat < state.bids.count { text += " You \(state.bids[seat] < 0 ? "passed" : "bid \(state.bids[seat])")." }
        let outcome = outcome(of: state)
        return outcome.isEmpty ? text : text + " Result: \(outcome)."
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.values.count == settings.bidders, state.bids.count < settings.bidders else { return nil }
        var other = state
        for place in 0..<settings.bidders where place != seat {
            other.values[place] = generator.integer(in: settings.values[0]...settings.values[1])
            guard place < state.bids.count else { continue }
            let bid = generator.integer(in: settings.reserve - 1...settings.highestBid)
            other.bids[place] = bid < settings.reserve ? -1 : bid
        }
        return other
    }
}
