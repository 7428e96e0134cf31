import HoneCore

/// Everyone moves when it is their turn, each by the policy of their player; chance is drawn from the scope's seed.
///
/// An error of a move ends this episode as `failed` and does not sink its siblings; a cancelled task ends the run.
public struct Solo: Society {
    public static let card = PartCard(name: "solo", summary: "roles move in turn, each by its player's policy")

    /// The most turns an episode may have.
    public var turnLimit: Int

    /// The society.
    public init(turnLimit: Int = 1000) { self.turnLimit = turnLimit }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var position = start
        var ending: Ending?
        var turn = 0
        while ending == nil {
            let own = scope.child("turn", turn)
            turn += 1
            switch position.world.turn(in: position.state) {
            case .over(let how): ending = how
            case .moves where turn > turnLimit, .chance where turn > turnLimit: ending = .budget
            case .chance(let outcomes):
                var generator = own.seed.generator
                var rest = generator.unit()
                let drawn = outcomes.first { outcome in
                    rest -= outcome.probability
                    return rest < 0
                }
                guard let move = (drawn ?? outcomes.last)?.move else {
                    ending = .failed("World “\(W.card.name)” offered no outcome to chance")
                    continue
                }
                try await position.world.advance(&position.state, by: ["chance": Move(text: move, origin: .world)], in: own)
            case .moves(let roles):
                do {
                    var moves: [Role: Move] = [:]
                    for role in roles {
                        guard let player = cast[role] else {
                            throw CoreError.unknown(kind: "player for role", name: role.text, known: cast.keys.map(\.text))
                        }
                        let policy = try own.services.policy(player.policy)
                        moves[role] = try await policy.move(on: position.view(for: role), as: player, in: own.child(role.text))
                    }
                    try await position.take(moves, in: own)
                } catch let error as CancellationError { throw error } catch { ending = .failed("\(error)") }
            }
        }
        await position.world.release(position.state)
        return Episode(
            id: scope.path, steps: position.steps, returns: position.world.returns(of: position.state), ending: ending, cast: cast)
    }
}

/// Recites a problem's demonstration instead of playing: the society of supervised learning.
public struct Recitation: Society {
    public static let card = PartCard(
        name: "recitation", summary: "files a problem's demonstrations as episodes, without any model", needs: [.demonstrations])

    /// The society.
    public init() {}

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var position = start
        guard case .moves(let roles) = position.world.turn(in: position.state), let role = roles.first,
            let problem = Recited.problem(of: position.state)
        else { return Episode(id: scope.path, ending: .failed("There is nothing to recite"), cast: cast) }
        guard let text = problem.demonstrations.first else {
            return Episode(id: scope.path, ending: .failed("Problem “\(problem.id)” has no demonstration"), cast: cast)
        }
        try await position.take([role: Move(text: text)], in: scope)
        return Episode(
            id: scope.path, steps: position.steps, returns: position.world.returns(of: position.state), ending: .completed,
            cast: cast)
    }
}

/// Finds the problem in a state.
enum Recited {
    static func problem<S>(of state: S) -> Problem? { (state as? any KnowsProblem)?.problem }
}
