import HoneCore
import Synchronization

/// What happens to states of a `CountUp` world.
final class Ledger: Sendable {
    private let entries = Mutex<(released: [Int], scopes: [String])>(([], []))

    /// The sums of the states that were released, in order.
    var released: [Int] { entries.withLock { $0.released } }
    /// The paths under which moves were played, in order.
    var scopes: [String] { entries.withLock { $0.scopes } }

    func release(_ sum: Int) { entries.withLock { $0.released.append(sum) } }
    func advance(in scope: Scope) { entries.withLock { $0.scopes.append(scope.path) } }
}

/// The roles say numbers, all at once; the sum grows until it reaches the target. What cannot be read is an error.
struct CountUp: World {
    static let card = PartCard(name: "count-up")

    struct State: Sendable, KnowsProblem {
        var problem: Problem
        var sum = 0
        var lastSaid: [Role: String] = [:]
    }

    var roles: [Role] = [.solver]
    var target = 3
    let ledger = Ledger()

    func begin(_ problem: Problem, in scope: Scope) async throws -> State { State(problem: problem) }
    func turn(in state: State) -> Turn { state.sum >= target ? .over(.completed) : .moves(of: roles) }

    func observation(of state: State, for role: Role) -> Observation {
        let others = state.lastSaid.filter { $0.key != role }.sorted { $0.key < $1.key }.map { "\($0.key) said \($0.value). " }.joined()
        return Observation(news: [.text(others + "sum \(state.sum): ", from: .world)])
    }

    func advance(_ state: inout State, by moves: [Role: Move], in scope: Scope) async throws {
        ledger.advance(in: scope)
        for (role, move) in moves.sorted(by: { $0.key < $1.key }) {
            if move.text == "cancel" { throw CancellationError() }
            guard let number = Int(move.text) else { throw CoreError.invalid("“\(move.text)” is no number") }
            state.sum += number
            state.lastSaid[role] = move.text
        }
    }

    func returns(of state: State) -> [Role: Double] { Dictionary(uniqueKeysWithValues: roles.map { ($0, Double(state.sum)) }) }
    func release(_ state: State) async { ledger.release(state.sum) }

    func start(_ demonstrations: [String] = []) -> Position<CountUp> {
        Position(world: self, state: State(problem: Problem(id: "p1", world: "count-up", demonstrations: demonstrations)))
    }
}

/// Chance moves once, then it is over; the return is the index of what happened.
struct Lottery: World {
    static let card = PartCard(name: "lottery")
    var outcomes: [ChanceOutcome]
    var fails = false

    func begin(_ problem: Problem, in scope: Scope) async throws -> String { "" }
    func turn(in state: String) -> Turn { state.isEmpty ? .chance(outcomes) : .over(.completed) }
    func observation(of state: String, for role: Role) -> Observation { Observation() }
    func advance(_ state: inout String, by moves: [Role: Move], in scope: Scope) async throws {
        if fails { throw CoreError.invalid("the drum is stuck") }
        state = moves["chance"]?.text ?? ""
    }
    func returns(of state: String) -> [Role: Double] {
        [.solver: Double(outcomes.firstIndex { $0.move == state } ?? -1)]
    }
}
