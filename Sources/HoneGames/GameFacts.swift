/// What holds for every play of a game with its settings.
public struct GameFacts: Hashable, Sendable, Codable {
    /// How many players; they sit on seats counted from 0.
    public var seats: Int
    /// The smallest and the largest return of a player at the end.
    public var range: ClosedRange<Double>
    /// What the returns of all players add up to at the end; nil where that varies.
    public var sum: Double?
    /// Whether every player sees everything, and nobody moves at the same time as another.
    public var hasPerfectInformation: Bool
    /// Whether chance moves.
    public var hasChance: Bool
    /// The largest number of actions in a play, those of chance counted.
    public var longest: Int
    /// Whether more texts than the listed ones are moves, as what players say to each other: such a game cannot be enumerated, and
    /// searches look at the listed moves only.
    public var hasOpenMoves = false

    /// Facts; by default those of a game without chance that one of two players wins.
    public init(
        seats: Int = 2, range: ClosedRange<Double> = -1...1, sum: Double? = 0, hasPerfectInformation: Bool = true,
        hasChance: Bool = false, longest: Int
    ) {
        self.seats = seats
        self.range = range
        self.sum = sum
        self.hasPerfectInformation = hasPerfectInformation
        self.hasChance = hasChance
        self.longest = longest
    }

    /// Whether what one of two players wins is what the other loses.
    public var isTwoPlayerZeroSum: Bool { seats == 2 && sum == 0 }
}

/// Who acts next in a game.
public enum GameTurn: Hashable, Sendable {
    /// The player on this seat.
    case seat(Int)
    /// These players, in ascending order, none seeing what another chooses.
    ///
    /// The first one's action is applied first; it stays hidden, and the turn that follows is that of the rest.
    case together([Int])
    /// Chance.
    case chance
    /// Nobody.
    case over

    /// The seat whose action is applied next; nil for chance and at the end.
    public var mover: Int? {
        switch self {
        case .seat(let seat): seat
        case .together(let seats): seats.first
        case .chance, .over: nil
        }
    }
}
