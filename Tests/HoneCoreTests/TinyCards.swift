import HoneCore

/// A game of the tests: two players hold one of three cards each, the first says “bet” or “fold”, then the second does.
/// Nobody sees the other's card. Folding loses 1; otherwise the higher card wins 2.
struct TinyCards: Game {
    static let card = PartCard(name: "tiny-cards", summary: "a game for tests")

    struct State: Hashable, Codable, Sendable, KnowsProblem {
        var problem: Problem
        /// The cards of the two players; empty before they are dealt.
        var cards: [Int] = []
        var said: [String] = []
        /// Who broke the rules, if anyone did.
        var breaker: Role?
    }

    static let players: [Role] = ["player 0", "player 1"]

    let rules = WorldRules(roles: players, range: -2...2, hasPerfectInformation: false)

    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }

    func turn(in state: State) -> Turn {
        if let breaker = state.breaker { return .over(.illegal(breaker)) }
        if state.cards.isEmpty {
            let deals = [0, 1, 2].flatMap { a in [0, 1, 2].filter { $0 != a }.map { "\(a)\($0)" } }
            return .chance(deals.map { ChanceOutcome(move: $0, probability: 1.0 / 6) })
        }
        if state.said.count == 2 || state.said.contains("fold") { return .over(.completed) }
        return .moves(of: [Self.players[state.said.count]])
    }

    func observation(of state: State, for role: Role) -> Observation {
        guard let index = Self.players.firstIndex(of: role), state.cards.indices.contains(index) else { return Observation() }
        var news: [Segment] = [.text("You hold \(state.cards[index]). ", from: .world)]
        if index == 1, let word = state.said.first { news.append(.text("The other said \(word). ", from: .world, author: Self.players[0])) }
        return Observation(
            news: news, legal: legalMoves(in: state), informationState: "\(state.cards[index]) \(state.said.joined(separator: " "))")
    }

    func legalMoves(in state: State) -> [String] {
        if case .moves = turn(in: state) { ["bet", "fold"] } else { [] }
    }

    func apply(_ move: String, to state: inout State) {
        if state.cards.isEmpty { state.cards = move.compactMap(\.wholeNumberValue) } else { state.said.append(move) }
    }

    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        guard let (role, move) = moves.first, moves.count == 1 else {
            throw CoreError.invalid("Tiny cards takes one move at a time, not \(moves.count)")
        }
        guard role == "chance" || legalMoves(in: state).contains(move.text) else {
            state.breaker = role
            return
        }
        apply(move.text, to: &state)
    }

    func returns(of state: State) -> [Role: Double] {
        guard state.breaker == nil, case .over = turn(in: state) else { return ["player 0": 0, "player 1": 0] }
        var gain = state.cards[0] > state.cards[1] ? 2.0 : -2.0
        if let folder = state.said.firstIndex(of: "fold") { gain = folder == 0 ? -1 : 1 }
        return ["player 0": gain, "player 1": -gain]
    }

    func resample(_ state: State, for role: Role, seed: Seed) -> State? {
        guard let index = Self.players.firstIndex(of: role), state.cards.count == 2 else { return nil }
        var other = state
        var generator = seed.generator
        other.cards[1 - index] = generator.element(of: [0, 1, 2].filter { $0 != state.cards[index] }) ?? 0
        return other
    }
}

extension TinyCards {
    /// A position after the deal.
    static func dealt(_ cards: [Int]) -> Position<TinyCards> {
        Position(world: TinyCards(), state: State(problem: Problem(id: "p", world: "tiny-cards"), cards: cards))
    }
}
