import HoneCore

/// The rules of a game as pure functions of a state that is a value.
///
/// A game in extensive form (Kuhn 1953): states, whose turn it is, actions, chance, returns, and what a player cannot tell apart.
/// Players who move at once are asked one after the other, their choices hidden until the last has chosen, so that tree walks,
/// solvers and searches need to know of one mover only. ``GameWorld`` makes a world of it.
///
/// Text is exact: `action(for:by:in:)` gives an action for the very bytes that `text(of:in:)` writes and for nothing else. Where a game's
/// facts have open moves, texts beyond those of the listed actions are actions too (``Utterance``).
public protocol ExtensiveGame: Part {
    /// A position with all that the rules need of the past.
    associatedtype State: Hashable, Codable, Sendable
    /// What a player or chance can do.
    associatedtype Action: Hashable, Sendable
    /// What can be set.
    associatedtype Settings: Codable, Hashable, Sendable

    /// The game; throws a sentence when the settings cannot work.
    init(_ settings: Settings) throws
    /// Its settings.
    var settings: Settings { get }
    /// What holds for every play.
    var facts: GameFacts { get }
    /// The rules as they are told to a player, in a few sentences without a line break at the end.
    var instructions: String { get }
    /// The first state.
    var start: State { get }
    /// Who acts next.
    func turn(in state: State) -> GameTurn
    /// Adds what the mover, or chance, can do, in a fixed order; nothing at the end.
    func appendActions(in state: State, to actions: inout [Action])
    /// Adds what the player on a seat can do, whose turn it has to be; differs from the mover's where several move at once.
    func appendActions(of seat: Int, in state: State, to actions: inout [Action])
    /// The probabilities of what chance can do, in the order of the actions; they add up to 1.
    func chanceProbabilities(in state: State) -> [Double]
    /// Whether all that chance can do at any turn is equally likely.
    var isChanceUniform: Bool { get }
    /// An action of whoever acts next: drawn with its probability for chance, evenly for a player; nil at the end.
    ///
    /// The scratch list may be overwritten; handing over the same one again saves its storage. A game that draws faster than by listing its
    /// actions draws the same ones from the same generator.
    func drawAction(in state: State, using generator: inout SeededGenerator, scratch: inout [Action]) -> Action?
    /// Plays an action that is allowed.
    func apply(_ action: Action, to state: inout State)
    /// What each seat has got so far; at the end, its return.
    func returns(of state: State) -> [Double]
    /// A text equal for just those states that the player cannot tell apart, and different for the states of other players.
    func informationState(of state: State, for seat: Int) -> String
    /// What the player is shown at its turn: all that it knows of the position.
    func view(of state: State, for seat: Int) -> String
    /// The text of an action, different for all that are allowed in one state; that of a listed action is ASCII, its words one blank apart.
    func text(of action: Action, in state: State) -> String
    /// The action of the player, or of chance where there is none, with exactly this text; nil where it is not allowed, as out of turn.
    func action(for text: String, by seat: Int?, in state: State) -> Action?
    /// A state drawn from those that the player cannot tell from this one; nil where the game cannot say.
    ///
    /// Drawn with the probabilities that chance gives them, whatever the other players' strategies.
    func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State?
}

extension ExtensiveGame {
    public func appendActions(of seat: Int, in state: State, to actions: inout [Action]) { appendActions(in: state, to: &actions) }

    public var isChanceUniform: Bool { true }

    public func chanceProbabilities(in state: State) -> [Double] {
        let count = actions(in: state).count
        return [Double](repeating: 1 / Double(count), count: count)
    }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? { listedAction(for: text, by: seat, in: state) }

    /// The listed action with exactly this text; nil where there is none.
    public func listedAction(for text: String, by seat: Int?, in state: State) -> Action? {
        var allowed: [Action] = []
        switch (turn(in: state), seat) {
        case (.seat(let mover), let seat?) where seat == mover: appendActions(in: state, to: &allowed)
        case (.together(let movers), let seat?) where movers.contains(seat): appendActions(of: seat, in: state, to: &allowed)
        case (.chance, nil): appendActions(in: state, to: &allowed)
        default: return nil
        }
        // Bytes, as equality of strings takes the Kelvin sign for a K.
        return allowed.first { self.text(of: $0, in: state).utf8.elementsEqual(text.utf8) }
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        facts.hasPerfectInformation ? state : nil
    }

    /// What the mover, or chance, can do, in a fixed order.
    public func actions(in state: State) -> [Action] {
        var all: [Action] = []
        appendActions(in: state, to: &all)
        return all
    }

    /// What the player on a seat can do, whose turn it has to be.
    public func actions(of seat: Int, in state: State) -> [Action] {
        var all: [Action] = []
        appendActions(of: seat, in: state, to: &all)
        return all
    }

    /// The state after an action that is allowed.
    public func applying(_ action: Action, to state: State) -> State {
        var next = state
        apply(action, to: &next)
        return next
    }

    /// Whether the play has ended.
    public func isOver(_ state: State) -> Bool { turn(in: state) == .over }
}

/// A game in which everybody sees everything: one text shows the position to all.
public protocol PerfectInformationGame: ExtensiveGame {
    /// The position with whose turn it is; different for states that differ in anything the rules look at.
    func board(of state: State) -> String
}

extension PerfectInformationGame {
    public func view(of state: State, for seat: Int) -> String { board(of: state) }
    public func informationState(of state: State, for seat: Int) -> String { "\(seat)|\(board(of: state))" }
}

/// A board game of two whose positions are known by what stands on the squares.
public protocol SquareGame: PerfectInformationGame {
    /// The position with these squares, row by row from the top left: `x`, `o`, or `.` for an empty one, as `board(of:)` draws them. Nil where there is none
    /// by the counts of pieces and by who can have completed a line; whether moves lead there is not looked at.
    func state(ofSquares squares: [Character]) -> State?
}

/// Settings of a game whose rules leave no choice.
public struct NoSettings: Codable, Hashable, Sendable {
    /// The only value.
    public init() {}
}

extension Role {
    /// The player on a seat of a game: `player 0`, `player 1`.
    public static func player(_ seat: Int) -> Role { Role("player \(seat)") }
    /// Chance, as it is named among the moves of a position.
    public static var chance: Role { "chance" }
}
