import HoneCore

/// A small poker with two suits, one private and one public card, and two rounds of betting (Southey et al. 2005).
///
/// Ranks are one more than players, each twice; the ante is 1. A raise is 2 in the first round and 4 in the second, with at most two raises in
/// a round. A pair with the public card wins, else the higher rank; equal hands share. Cards of one rank count as different, so that two
/// players have 936 information states; `forgetsSuits` joins them to 288. Returns are chips won or lost.
public struct LeducPoker: ExtensiveGame {
    public static let card = PartCard(
        name: "leduc-poker", summary: "poker with one private and one public card and two rounds of betting", source: "Southey et al. 2005")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 2 or 3.
        public var players = 2
        /// Whether the players see ranks only.
        public var forgetsSuits = false
        /// The raise of the first and of the second round, in chips.
        public var raises = [2, 4]
        /// The most raises in a round, 1 or 2.
        public var raiseLimit = 2

        /// The usual game for two.
        public init() {}
    }

    /// The cards and what was done with them.
    public struct State: Hashable, Codable, Sendable {
        /// The private cards by seat, then the public one; a card is 2 · rank + suit.
        public var cards = PackedList()
        /// What was done in the first round: 0 fold, 1 check or call, 2 raise.
        public var first = PackedList()
        /// What was done in the second.
        public var second = PackedList()
        /// Chips paid in, by seat.
        public var paid: PackedChips
        /// The seats that have folded; bit by seat.
        public var folded: UInt8 = 0
        /// The seat that acts next.
        public var seat = 0
        /// How many have still to act in this round; 0 when it is over.
        public var left: Int
        /// How many raises there were in this round.
        public var raises = 0
    }

    /// Chips paid in by up to three seats.
    public struct PackedChips: Hashable, Codable, Sendable {
        var a: Int16 = 1
        var b: Int16 = 1
        var c: Int16 = 1

        /// The chips of a seat.
        public subscript(seat: Int) -> Int {
            get { Int(seat == 0 ? a : seat == 1 ? b : c) }
            set {
                switch seat {
                case 0: a = Int16(newValue)
                case 1: b = Int16(newValue)
                default: c = Int16(newValue)
                }
            }
        }
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance gives the next player, then the table, this card.
        case deal(Int)
        case fold
        /// Check, or call once there is a raise.
        case call
        case raise
    }

    public let settings: Settings
    private let players: Int

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...3).contains(settings.players) else { throw CoreError.invalid("“players” is \(settings.players); Leduc poker is for 2 or 3") }
        guard settings.raises.count == 2, settings.raises.allSatisfy({ (1...100).contains($0) }) else {
            throw CoreError.invalid("“raises” is \(settings.raises); expected two numbers from 1 to 100")
        }
        guard (1...2).contains(settings.raiseLimit) else { throw CoreError.invalid("“raiseLimit” is \(settings.raiseLimit); it should be 1 or 2") }
        self.settings = settings
        players = settings.players
    }

    private var mostPaid: Int { 1 + settings.raiseLimit * (settings.raises[0] + settings.raises[1]) }

    public var facts: GameFacts {
        GameFacts(
            seats: players, range: Double(-mostPaid)...Double(mostPaid * (players - 1)), hasPerfectInformation: false, hasChance: true,
            longest: players + 1 + 2 * (players + settings.raiseLimit * (players - 1)))
    }

    public var instructions: String {
        "Leduc poker for \(players) players. The deck has \((0...players).map { name(2 * $0) }.joined(separator: " ")), the last is the best, each twice"
            + "\(settings.forgetsSuits ? "" : " (s and h)"). One private card each, the ante is 1. A round of betting with raises of \(settings.raises[0]), a public card, "
            + "a round with raises of \(settings.raises[1]); at most \(settings.raiseLimit) raises a round. A pair with the public card wins, else the higher card."
    }

    public var start: State { State(paid: PackedChips(), left: players) }

    private static let ranks = ["T", "J", "Q", "K"]

    /// A card as players see it.
    func name(_ card: Int) -> String {
        Self.ranks[Self.ranks.count - 1 - players + card / 2]
    }

    private func fullName(_ card: Int) -> String { name(card) + (card % 2 == 0 ? "s" : "h") }

    private func shown(_ card: Int) -> String { settings.forgetsSuits ? name(card) : fullName(card) }

    private func isOver(_ state: State) -> Bool {
        Int(state.folded.nonzeroBitCount) == players - 1 || (state.cards.count > players && state.left == 0)
    }

    public func turn(in state: State) -> GameTurn {
        if state.cards.count < players { return .chance }
        if isOver(state) { return .over }
        return state.left == 0 ? .chance : .seat(state.seat)
    }

    private func isFacingRaise(_ state: State) -> Bool { state.paid[state.seat] < highest(state) }

    private func highest(_ state: State) -> Int {
        var most = 0
        for seat in 0..<players { most = max(most, state.paid[seat]) }
        return most
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            for card in 0..<2 * (players + 1) where !state.cards.contains(card) { actions.append(.deal(card)) }
        case .seat:
            if isFacingRaise(state) { actions.append(.fold) }
            actions.append(.call)
            if state.raises < settings.raiseLimit { actions.append(.raise) }
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        if case .deal(let card) = action {
            state.cards.append(card)
            if state.cards.count > players {
                state.left = players - state.folded.nonzeroBitCount
                state.raises = 0
                state.seat = nextSeat(after: players - 1, in: state)
            }
            return
        }
        let isFirst = state.cards.count == players
        switch action {
        case .fold, .deal:
            note(0, isFirst, &state)
            state.folded |= 1 << UInt8(state.seat)
            state.left -= 1
        case .call:
            note(1, isFirst, &state)
            state.paid[state.seat] = highest(state)
            state.left -= 1
        case .raise:
            note(2, isFirst, &state)
            state.paid[state.seat] = highest(state) + settings.raises[isFirst ? 0 : 1]
            state.raises += 1
            state.left = players - state.folded.nonzeroBitCount - 1
        }
        state.seat = nextSeat(after: state.seat, in: state)
    }

    private func note(_ action: Int, _ isFirst: Bool, _ state: inout State) {
        if isFirst { state.first.append(action) } else { state.second.append(action) }
    }

    private func nextSeat(after seat: Int, in state: State) -> Int {
        var next = (seat + 1) % players
        while state.folded >> UInt8(next) & 1 == 1, next != seat { next = (next + 1) % players }
        return next
    }

    public func returns(of state: State) -> [Double] {
        guard state.cards.count >= players, isOver(state) else { return [Double](repeating: 0, count: players) }
        var values = (0..<players).map { -Double(state.paid[$0]) }
        let pot = -values.reduce(0, +)
        let hands = (0..<players).map { state.folded >> UInt8($0) & 1 == 1 ? -1 : strength(of: $0, in: state) }
        let best = hands.max() ?? 0
        let winners = hands.count { $0 == best }
        for seat in hands.indices where hands[seat] == best { values[seat] += pot / Double(winners) }
        return values
    }

    private func strength(of seat: Int, in state: State) -> Int {
        guard state.cards.count > players else { return 0 }
        let rank = state.cards[seat] / 2
        return rank == state.cards[players] / 2 ? 100 : rank
    }

    public func informationState(of state: State, for seat: Int) -> String {
        let own = seat < min(state.cards.count, players) ? shown(state.cards[seat]) : "-"
        let open = state.cards.count > players ? shown(state.cards[players]) : ""
        let letters = ["f", "c", "r"]
        return "\(seat)|\(own)|\(state.first.map { letters[$0] }.joined())|\(open)|\(state.second.map { letters[$0] }.joined())"
    }

    public func view(of state: State, for seat: Int) -> String {
        let own = seat < min(state.cards.count, players) ? shown(state.cards[seat]) : "none yet"
        var text = "You are player \(seat). Card: \(own). Round 1:\(words(state.first))."
        if state.cards.count > players { text += " Public: \(shown(state.cards[players])). Round 2:\(words(state.second))." }
        return text + " Paid: \((0..<players).map { String(state.paid[$0]) }.joined(separator: " "))."
    }

    private func words(_ actions: PackedList) -> String {
        var isRaised = false
        return actions.map { action in
            if action == 2 { isRaised = true }
            return action == 0 ? " fold" : action == 2 ? " raise" : isRaised ? " call" : " check"
        }.joined()
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .deal(let card): fullName(card)
        case .fold: "fold"
        case .call: isFacingRaise(state) ? "call" : "check"
        case .raise: "raise"
        }
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard seat < state.cards.count, state.cards.count >= players else { return nil }
        var known = [state.cards[seat]] + (state.cards.count > players ? [state.cards[players]] : [])
        var other = state
        if settings.forgetsSuits {
            // Suits of one's own and the public card are unknown too, but cannot matter: they stay.
            known = Array(Set(known)).sorted()
        }
        var rest = generator.shuffled((0..<2 * (players + 1)).filter { !known.contains($0) })
        for place in 0..<players where place != seat { other.cards[place] = rest.removeLast() }
        return other
    }
}
