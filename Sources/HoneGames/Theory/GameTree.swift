import HoneCore

/// A game's whole tree, written down once: what solvers and measures walk without asking the rules again.
///
/// Nodes are numbered breadth first, so that children lie side by side behind their parent: a loop upwards through the numbers goes from
/// the root to the leaves, one downwards back. The game has to have perfect recall, as all in the catalogue do.
public struct GameTree: Sendable {
    /// An information state of a player, with what can be played there.
    public struct InformationSet: Hashable, Sendable, Codable {
        /// Whose it is.
        public let seat: Int
        /// Its text.
        public let state: String
        /// The moves, in the order of the game.
        public let moves: [String]
        /// Where its moves begin in a list of the moves of all sets.
        let offset: Int
        /// The nodes in it.
        var nodes: [Int]
    }

    /// Who acts at a node: a seat, or one of the two below.
    static let chance = -1
    /// The mark of nodes where the play is over.
    static let over = -2

    /// How many players.
    public let seats: Int
    /// The information sets, in the order in which they are met breadth first.
    public internal(set) var informationSets: [InformationSet] = []
    /// How many moves all information sets have together.
    public internal(set) var moveCount = 0

    /// By node: the seat, `chance` or `over`.
    var mover: [Int] = []
    /// By node: its information set; −1 where no player moves.
    var set: [Int] = []
    /// By node: its first child.
    var firstChild: [Int] = []
    /// By node: how many children it has.
    var childCount: [Int] = []
    /// By node: its parent; −1 for the root.
    var parent: [Int] = []
    /// By node: the probability with which chance chose it; 1 below players.
    var chanceProbability: [Double] = []
    /// By node and seat: the return where the play is over, else 0.
    var payoff: [Double] = []

    /// How many nodes, those of chance and the ends counted.
    public var nodeCount: Int { mover.count }
    /// How many ends.
    public var endCount: Int { mover.count { $0 == Self.over } }

    /// The tree of a game, from its start or another state.
    ///
    /// Throws when its moves cannot all be listed, when it has more nodes than the limit, or when an information state has different moves in different states.
    public init<G: ExtensiveGame>(_ game: G, from start: G.State? = nil, limit: Int = 2_000_000) throws {
        try game.requireListedMoves(for: "A game tree")
        seats = game.facts.seats
        var states = [start ?? game.start]
        var numbers: [String: Int] = [:]
        note(parent: -1, probability: 1)
        var node = 0
        // The states of a breadth-first front; those behind it are let go.
        var front: [G.State] = []
        while node < mover.count {
            if front.isEmpty {
                front = states.reversed()
                states.removeAll(keepingCapacity: true)
            }
            let state = front.removeLast()
            let turn = game.turn(in: state)
            let actions = game.actions(in: state)
            firstChild[node] = mover.count
            childCount[node] = actions.count
            var probabilities = [Double](repeating: 1, count: actions.count)
            switch turn {
            case .over:
                mover[node] = Self.over
                childCount[node] = 0
                for (seat, value) in game.returns(of: state).enumerated() { payoff[node * seats + seat] = value }
                node += 1
                continue
            case .chance:
                mover[node] = Self.chance
                probabilities = game.chanceProbabilities(in: state)
            case .seat(let seat):
                try place(node, seat, actions.map { game.text(of: $0, in: state) }, game.informationState(of: state, for: seat), &numbers)
            case .together(let some):
                let seat = some[0]
                try place(node, seat, actions.map { game.text(of: $0, in: state) }, game.informationState(of: state, for: seat), &numbers)
            }
            guard mover.count + actions.count <= limit else {
                throw CoreError.unsupported("The tree of “\(G.card.name)” has more than \(limit) nodes; make the game smaller in its settings")
            }
            for (action, probability) in zip(actions, probabilities) {
                note(parent: node, probability: probability)
                states.append(game.applying(action, to: state))
            }
            node += 1
        }
    }

    private mutating func note(parent node: Int, probability: Double) {
        mover.append(Self.over)
        set.append(-1)
        firstChild.append(0)
        childCount.append(0)
        parent.append(node)
        chanceProbability.append(probability)
        for _ in 0..<seats { payoff.append(0) }
    }

    private mutating func place(_ node: Int, _ seat: Int, _ moves: [String], _ state: String, _ numbers: inout [String: Int]) throws {
        mover[node] = seat
        if let number = numbers[state] {
            guard informationSets[number].seat == seat, informationSets[number].moves == moves else {
                throw CoreError.invalid(
                    "Information state “\(state)” has the moves \(moves) of seat \(seat), and elsewhere \(informationSets[number].moves) of seat \(informationSets[number].seat)"
                )
            }
            informationSets[number].nodes.append(node)
            set[node] = number
        } else {
            numbers[state] = informationSets.count
            set[node] = informationSets.count
            informationSets.append(InformationSet(seat: seat, state: state, moves: moves, offset: moveCount, nodes: [node]))
            moveCount += moves.count
        }
    }
}
