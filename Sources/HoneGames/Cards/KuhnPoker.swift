import HoneCore

/// The smallest poker: one card each from a deck of one more than players, an ante and a bet of one chip.
///
/// Players act in turn; after a bet every other player calls or folds once. The best card among those who paid takes the pot. For two
/// players the value is −1/18 for the first, and the equilibria form a line (Kuhn 1950); for three see Szafron, Gibson and Sturtevant 2013.
/// Returns are chips won or lost.
public struct KuhnPoker: ExtensiveGame {
    public static let card = PartCard(name: "kuhn-poker", summary: "poker with one card each and one bet", source: "Kuhn 1950")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 2 to 8.
        public var players = 2

        /// Two players.
        public init() {}
    }

    /// The cards and what was done with them.
    public struct State: Hashable, Codable, Sendable {
        /// The cards dealt, by seat; 0 is the lowest.
        public var cards = PackedList()
        /// What the players did, in order: 0 is check or fold, 1 is bet or call.
        public var actions = PackedList()
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance gives the next player this card.
        case deal(Int)
        /// Check, or fold once there is a bet.
        case pass
        /// Bet, or call once there is one.
        case bet
    }

    public let settings: Settings
    private let players: Int

    /// The game; throws a sentence when the number of players is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...8).contains(settings.players) else {
            throw CoreError.invalid("“players” is \(settings.players); Kuhn poker is for 2 to 8")
        }
        self.settings = settings
        players = settings.players
    }

    public var facts: GameFacts {
        GameFacts(
            seats: players, range: -2...Double(2 * (players - 1)), hasPerfectInformation: false, hasChance: true, longest: 3 * players - 1)
    }

    public var instructions: String {
        let deck = (0...players).map { rank(of: $0) }.joined(separator: " ")
        return "Kuhn poker for \(players) players. One card each from \(deck), the last is the best; the ante is 1 chip. "
            + "In turn, check or bet 1 chip; after a bet the others call or fold. The best card that paid takes the pot."
    }

    public var start: State { State() }

    /// The name of a card: a letter of J, Q, K for two players, with lower ones before them for more.
    func rank(of card: Int) -> String { Self.ranks[Self.ranks.count - 1 - players + card] }

    private static let ranks = ["5", "6", "7", "8", "9", "T", "J", "Q", "K"]

    /// The place of the first bet among the actions.
    private func firstBet(in state: State) -> Int? { state.actions.firstIndex(of: 1) }

    public func turn(in state: State) -> GameTurn {
        if state.cards.count < players { return .chance }
        let end = firstBet(in: state).map { $0 + players } ?? players
        return state.actions.count >= end ? .over : .seat(state.actions.count % players)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            for card in 0...players where !state.cards.contains(card) { actions.append(.deal(card)) }
        case .seat:
            actions.append(.pass)
            actions.append(.bet)
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .deal(let card): state.cards.append(card)
        case .pass: state.actions.append(0)
        case .bet: state.actions.append(1)
        }
    }

    public func returns(of state: State) -> [Double] {
        var values = [Double](repeating: 0, count: players)
        guard turn(in: state) == .over else { return values }
        let firstBet = firstBet(in: state)
        var winner = -1
        for seat in 0..<players {
            let hasPaid = firstBet == nil || hasBet(seat, in: state)
            values[seat] = firstBet != nil && hasPaid ? -2 : -1
            if hasPaid, winner < 0 || state.cards[seat] > state.cards[winner] { winner = seat }
        }
        values[winner] -= values.reduce(0, +)
        return values
    }

    private func hasBet(_ seat: Int, in state: State) -> Bool {
        stride(from: seat, to: state.actions.count, by: players).contains { state.actions[$0] == 1 }
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let card = seat < state.cards.count ? rank(of: state.cards[seat]) : "-"
        return "\(seat)|\(card)|" + state.actions.map { $0 == 1 ? "b" : "p" }.joined()
    }

    public func view(of state: State, for seat: Int) -> String {
        let card = seat < state.cards.count ? rank(of: state.cards[seat]) : "none yet"
        return "You are player \(seat). Card: \(card). Actions:\(words(of: state).map { " " + $0 }.joined())."
    }

    private func words(of state: State) -> [String] {
        let first = firstBet(in: state) ?? state.actions.count
        return state.actions.enumerated().map { place, action in
            action == 1 ? (place == first ? "bet" : "call") : (place > first ? "fold" : "check")
        }
    }

    public func text(of action: Action, in state: State) -> String {
        let isFacingBet = firstBet(in: state) != nil
        switch action {
        case .deal(let card): return rank(of: card)
        case .pass: return isFacingBet ? "fold" : "check"
        case .bet: return isFacingBet ? "call" : "bet"
        }
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard seat < state.cards.count else { return nil }
        var others = generator.shuffled((0...players).filter { $0 != state.cards[seat] })
        var other = state
        for place in state.cards.indices where place != seat { other.cards[place] = others.removeLast() }
        return other
    }
}
