import HoneCore

/// Piles of counters; a move takes any number from one pile. Who takes the last one wins, or loses in misère play.
///
/// The mover wins just where the exclusive or of the piles is not 0 (Bouton 1901); in misère play the same holds while a pile has more than
/// one counter, and the contrary when none has.
public struct Nim: PerfectInformationGame {
    public static let card = PartCard(
        name: "nim", summary: "take counters from one of several piles", source: "Bouton 1901", gives: [.perfectInformation])

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The piles at the start: 1 to 16 of 0 to 99 counters.
        public var piles = [1, 3, 5, 7]
        /// Whether who takes the last counter loses.
        public var isMisere = false

        /// The defaults.
        public init() {}
    }

    /// The piles and whose turn it is.
    public struct State: Hashable, Codable, Sendable {
        /// What is left of each pile.
        public var piles: [Int]
        /// The seat that moves next.
        public var seat = 0
    }

    /// Counters taken from a pile.
    public struct Action: Hashable, Sendable {
        /// The pile, from 0.
        public var pile: Int
        /// How many counters.
        public var count: Int

        /// Counters taken from a pile.
        public init(pile: Int, count: Int) {
            self.pile = pile
            self.count = count
        }
    }

    public let settings: Settings

    /// The game; throws a sentence when the piles cannot be played with.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...16).contains(settings.piles.count), settings.piles.allSatisfy({ (0...99).contains($0) }),
            settings.piles.contains(where: { $0 > 0 })
        else { throw CoreError.invalid("“piles” is \(settings.piles); expected 1 to 16 piles of 0 to 99 counters, one at least not empty") }
        self.settings = settings
    }

    public var facts: GameFacts { GameFacts(longest: settings.piles.reduce(0, +)) }
    public var instructions: String {
        "Nim. In turn, take any number of counters from one pile; who takes the last counter \(settings.isMisere ? "loses" : "wins"). "
            + "2:3 takes three from the second pile."
    }
    public var start: State { State(piles: settings.piles) }

    public func turn(in state: State) -> GameTurn { state.piles.contains { $0 > 0 } ? .seat(state.seat) : .over }

    public func appendActions(in state: State, to actions: inout [Action]) {
        for (pile, left) in state.piles.enumerated() where left > 0 {
            for count in 1...left { actions.append(Action(pile: pile, count: count)) }
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        state.piles[action.pile] -= action.count
        state.seat = 1 - state.seat
    }

    public func returns(of state: State) -> [Double] {
        guard turn(in: state) == .over else { return [0, 0] }
        // The seat to move found nothing to take: the other took the last counter.
        let isFirst = (state.seat == 1) != settings.isMisere
        return isFirst ? [1, -1] : [-1, 1]
    }

    public func board(of state: State) -> String {
        "Piles: \(state.piles.map(String.init).joined(separator: " ")). Player \(state.seat) to move."
    }

    public func text(of action: Action, in state: State) -> String { "\(action.pile + 1):\(action.count)" }
}
