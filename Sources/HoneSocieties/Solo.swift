import HoneCore

/// Everyone moves when it is their turn, each by the search or policy of their player; chance is drawn from the scope's seed.
///
/// What a search chose several moves ahead is played on as long as nothing else was seen; then the player searches again.
///
/// An error of a move ends this episode as `failed` and does not sink its siblings; a cancelled task ends the run, as does an
/// error that all of them would meet.
public struct Solo: Society {
    public static let card = PartCard(name: "solo", summary: "roles move in turn, each by its player's policy")

    /// The most turns an episode may have.
    public var turnLimit: Int

    /// The society.
    public init(turnLimit: Int = 1000) { self.turnLimit = turnLimit }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var position = start
        do {
            let ending = try await finish(&position, cast: cast, in: scope)
            let returns = position.world.returns(of: position.state)
            await position.world.release(position.state)
            return Episode(id: scope.path, steps: position.steps, returns: returns, ending: ending, cast: cast)
        } catch {
            await position.world.release(position.state)
            throw error
        }
    }

    /// Plays on to the end; throws only when the task is cancelled.
    private func finish<W: World>(_ position: inout Position<W>, cast: Cast, in scope: Scope) async throws -> Ending {
        var turn = 0
        var plans: [Role: [Move]] = [:]
        while true {
            let own = scope.child("turn", turn)
            turn += 1
            do {
                switch position.world.turn(in: position.state) {
                case .over(let ending): return ending
                case .moves where turn > turnLimit, .chance where turn > turnLimit: return .budget
                case .chance(let outcomes):
                    guard let move = outcomes.drawn(seed: own.seed) else {
                        return .failed("World “\(W.card.name)” offered no outcome to chance")
                    }
                    try await position.world.advance(&position.state, by: ["chance": Move(text: move, origin: .world)], in: own)
                case .moves(let roles):
                    var moves: [Role: Move] = [:]
                    for role in roles {
                        guard let player = cast[role] else {
                            throw CoreError.unknown(kind: "player for role", name: role.text, known: cast.keys.map(\.text))
                        }
                        moves[role] = try await player.move(
                            at: position, as: role, following: &plans[role, default: []], cast: cast, in: own.child(role.text))
                    }
                    try await position.take(moves, in: own)
                }
            } catch { return try .failed(by: error) }
        }
    }
}

/// Recites a problem's first demonstration instead of playing: the society of supervised learning.
public struct Recitation: Society {
    public static let card = PartCard(
        name: "recitation", summary: "files a problem's demonstration as an episode, without any model", needs: [.demonstrations])

    /// Whether an answer that goes on from move to move is recited step by step; else it is one move, as anywhere else.
    public var inSteps: Bool

    /// The society.
    public init(inSteps: Bool = false) { self.inSteps = inSteps }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var position = start
        let ending: Ending
        do {
            ending = try await recite(&position, cast: cast, in: scope)
        } catch {
            await position.world.release(position.state)
            throw error
        }
        let returns = position.steps.isEmpty ? [:] : position.world.returns(of: position.state)
        await position.world.release(position.state)
        return Episode(id: scope.path, steps: position.steps, returns: returns, ending: ending, cast: cast)
    }

    /// Makes the moves; throws only when the task is cancelled.
    private func recite<W: World>(_ position: inout Position<W>, cast: Cast, in scope: Scope) async throws -> Ending {
        guard case .moves(let roles) = position.world.turn(in: position.state), let role = roles.first,
            let problem = position.problem
        else { return .failed("There is nothing to recite") }
        guard let text = problem.demonstrations.first else {
            return .failed("Problem “\(problem.id)” has no demonstration")
        }
        let world = inSteps ? position.world as? any ContinuingAnswer : nil
        do {
            for part in world?.steps(of: text) ?? [text] {
                // A world that takes fewer steps has ended by itself.
                guard case .moves = position.world.turn(in: position.state) else { break }
                var move = Move(text: part)
                // The example stands behind the prompt that the role's player would be asked with.
                if let player = cast[role], player.policy != "direct" {
                    move.transcript = position.view(for: role).transcript
                    move.context = try scope.services.policy(player.policy).prompt(for: move.transcript ?? [])
                }
                try await position.take([role: move], in: scope)
            }
        } catch { return try .failed(by: error) }
        return .completed
    }
}
