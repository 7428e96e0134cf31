import HoneCore

/// Exact values of positions by looking at everything that can follow, each position once.
///
/// For games of two players with perfect information and a fixed sum; chance is averaged over.
public struct Minimax<Rules: ExtensiveGame>: Sendable {
    /// The rules.
    public let game: Rules
    /// The most positions that are remembered before it gives up.
    public let limit: Int
    /// The values found, from the view of seat 0.
    private var known: [Rules.State: Double] = [:]
    /// How many moves best play still has, where that has been asked for.
    private var lengths: [Rules.State: Double] = [:]

    /// The solver of a game; throws when the game is none it can solve.
    public init(_ game: Rules, limit: Int = 5_000_000) throws {
        try game.requireListedMoves(for: "Minimax")
        let facts = game.facts
        guard facts.seats == 2, facts.hasPerfectInformation, facts.sum != nil else {
            throw CoreError.unsupported("Minimax needs two players, perfect information and a fixed sum, which “\(Rules.card.name)” has not")
        }
        self.game = game
        self.limit = limit
    }

    /// How many positions have been valued.
    public var positionCount: Int { known.count }

    /// What seat 0 gets when both play their best from here. Throws when there are more positions than the limit.
    public mutating func value(of state: Rules.State) throws -> Double {
        if let value = known[state] { return value }
        guard known.count < limit else {
            throw CoreError.unsupported("“\(Rules.card.name)” has more than \(limit) positions from here; make it smaller in its settings")
        }
        var value = 0.0
        switch game.turn(in: state) {
        case .over: value = game.returns(of: state)[0]
        case .chance:
            for (action, probability) in zip(game.actions(in: state), game.chanceProbabilities(in: state)) {
                value += probability * (try self.value(of: game.applying(action, to: state)))
            }
        case .seat(let seat):
            value = seat == 0 ? -Double.infinity : .infinity
            for action in game.actions(in: state) {
                let next = try self.value(of: game.applying(action, to: state))
                value = seat == 0 ? max(value, next) : min(value, next)
            }
        case .together: throw CoreError.unsupported("Minimax cannot value positions of “\(Rules.card.name)” where both move at once")
        }
        known[state] = value
        return value
    }

    /// The actions that keep the value of the position for whoever moves, in the order of the game; none at the end or for chance.
    public mutating func bestActions(in state: Rules.State) throws -> [Rules.Action] {
        guard game.turn(in: state).mover != nil else { return [] }
        let best = try value(of: state)
        var actions: [Rules.Action] = []
        for action in game.actions(in: state) where try value(of: game.applying(action, to: state)) == best { actions.append(action) }
        return actions
    }

    /// How many moves the play still has when both keep the position's value and, among moves that do, whoever is ahead takes the quickest and the
    /// other the slowest; where nobody is ahead, the slowest. Ahead is who gets more than half of the fixed sum. Chance is averaged over.
    public mutating func length(of state: Rules.State) throws -> Double {
        if let length = lengths[state] { return length }
        var length = 0.0
        switch game.turn(in: state) {
        case .over, .together: break
        case .chance:
            for (action, probability) in zip(game.actions(in: state), game.chanceProbabilities(in: state)) {
                length += probability * (try self.length(of: game.applying(action, to: state)))
            }
        case .seat:
            let isAhead = try isMoverAhead(in: state)
            let ways = try bestActions(in: state).map { try self.length(of: game.applying($0, to: state)) }
            length = 1 + ((isAhead ? ways.min() : ways.max()) ?? 0)
        }
        lengths[state] = length
        return length
    }

    /// The first of the actions that keep the position's value in the fewest moves for whoever is ahead, in the most for the other; nil at the end
    /// or for chance.
    public mutating func quickestAction(in state: Rules.State) throws -> Rules.Action? {
        let best = try bestActions(in: state)
        guard !best.isEmpty else { return nil }
        let ways = try best.map { try length(of: game.applying($0, to: state)) }
        let wanted = try isMoverAhead(in: state) ? ways.min() : ways.max()
        return zip(best, ways).first { $0.1 == wanted }?.0
    }

    /// Finds the length of every position that has a value by now, so that none has to be found during play.
    public mutating func findLengths() throws {
        for state in known.keys { _ = try length(of: state) }
    }

    private mutating func isMoverAhead(in state: Rules.State) throws -> Bool {
        let even = (game.facts.sum ?? 0) / 2
        let value = try self.value(of: state)
        return game.turn(in: state).mover == 0 ? value > even : value < even
    }
}
