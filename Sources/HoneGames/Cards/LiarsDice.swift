import HoneCore

/// Two players with hidden dice bid in turn how often a face lies under both cups, until one says liar.
///
/// A bid has to be higher than the last: more dice, or as many of a higher face. The highest face counts as every other one. If the bid holds,
/// its maker wins, else who doubted it.
public struct LiarsDice: ExtensiveGame {
    public static let card = PartCard(
        name: "liars-dice", summary: "bids on hidden dice until one is doubted", source: "Lisy, Lanctot and Bowling 2015")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Dice of each player, 1 to 5.
        public var dice = 1
        /// Faces of a die, 2 to 6.
        public var faces = 6
        /// Whether the highest face counts as every other one.
        public var hasWildFace = true

        /// One die each.
        public init() {}
    }

    /// The dice and bids.
    public struct State: Hashable, Codable, Sendable {
        /// The dice in the order they fell, seat 0's first; faces from 0.
        public var dice = PackedList()
        /// The bids: (quantity − 1) · faces + face.
        public var bids: [UInt8] = []
        /// Whether the last bid was doubted.
        public var isDoubted = false
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// The next die shows this face, counted from 0.
        case roll(Int)
        /// At least this many dice show this face.
        case bid(quantity: Int, face: Int)
        /// The last bid does not hold.
        case liar
    }

    public let settings: Settings

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...5).contains(settings.dice), (2...6).contains(settings.faces) else {
            throw CoreError.invalid("Liar's dice has \(settings.dice) dice of \(settings.faces) faces; expected 1 to 5 dice each of 2 to 6 faces")
        }
        self.settings = settings
    }

    private var diceCount: Int { 2 * settings.dice }

    public var facts: GameFacts {
        GameFacts(hasPerfectInformation: false, hasChance: true, longest: diceCount + diceCount * settings.faces + 1)
    }

    public var instructions: String {
        "Liar's dice. Each player has \(settings.dice == 1 ? "one die" : "\(settings.dice) dice") with faces 1 to \(settings.faces) under a cup. In turn, bid higher than the last bid "
            + "(2x3: at least two dice show a 3; more dice, or as many of a higher face), or say liar. "
            + (settings.hasWildFace ? "A \(settings.faces) counts as any face. " : "") + "If the bid holds its maker wins, else who doubted it."
    }

    public var start: State { State() }

    public func turn(in state: State) -> GameTurn {
        if state.dice.count < diceCount { return .chance }
        return state.isDoubted ? .over : .seat(state.bids.count % 2)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: for face in 0..<settings.faces { actions.append(.roll(face)) }
        case .seat:
            let next = state.bids.last.map { Int($0) + 1 } ?? 0
            for bid in next..<diceCount * settings.faces { actions.append(.bid(quantity: bid / settings.faces + 1, face: bid % settings.faces)) }
            if !state.bids.isEmpty { actions.append(.liar) }
        case .together, .over: break
        }
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .roll(let face): state.dice.append(face)
        case .bid(let quantity, let face): state.bids.append(UInt8((quantity - 1) * settings.faces + face))
        case .liar: state.isDoubted = true
        }
    }

    public func returns(of state: State) -> [Double] {
        guard state.isDoubted, let last = state.bids.last else { return [0, 0] }
        let face = Int(last) % settings.faces
        let quantity = Int(last) / settings.faces + 1
        let count = state.dice.count { $0 == face || (settings.hasWildFace && $0 == settings.faces - 1) }
        let bidder = (state.bids.count - 1) % 2
        let winner = count >= quantity ? bidder : 1 - bidder
        return winner == 0 ? [1, -1] : [-1, 1]
    }

    /// The faces of a seat's dice, sorted, from 1; nothing before they have all fallen.
    private func hand(of seat: Int, in state: State) -> String {
        guard state.dice.count >= settings.dice * (seat + 1) else { return "-" }
        return state.dice[settings.dice * seat..<settings.dice * (seat + 1)].sorted().map { String($0 + 1) }.joined()
    }

    private func bids(in state: State) -> String {
        state.bids.map { "\(Int($0) / settings.faces + 1)x\(Int($0) % settings.faces + 1)" }.joined(separator: " ")
    }

    public func informationState(of state: State, for seat: Int) -> String {
        "\(seat)|\(hand(of: seat, in: state))|\(bids(in: state))\(state.isDoubted ? " liar" : "")"
    }

    public func view(of state: State, for seat: Int) -> String {
        let bids = bids(in: state)
        return "You are player \(seat). Dice: \(hand(of: seat, in: state)). Bids: \(bids.isEmpty ? "none" : bids)\(state.isDoubted ? " liar" : "")."
    }

    public func text(of action: Action, in state: State) -> String {
        switch action {
        case .roll(let face): String(face + 1)
        case .bid(let quantity, let face): "\(quantity)x\(face + 1)"
        case .liar: "liar"
        }
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard state.dice.count == diceCount else { return nil }
        var other = state
        for place in 0..<settings.dice { other.dice[settings.dice * (1 - seat) + place] = generator.integer(in: 0...settings.faces - 1) }
        return other
    }
}
