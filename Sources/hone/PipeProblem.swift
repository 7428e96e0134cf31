import HoneCore
import HoneWorlds

/// A play of a world that sets problems: a question with its answer, or move by move.
///
/// Seats are the world's roles in order. What a seat observes is what is new to it since it last moved. Any text is a move; what the world does with one that
/// means nothing is the world's rule, and `legal` lists those that mean something where they can be listed.
struct ProblemSession<Played: ProblemWorld>: WorldSession {
    /// All that decides what can follow: the problem and what was played. The world's own state stays inside, so that nobody sends one it could not be in.
    private struct Kept: Codable {
        var world: String
        var seed: Int
        var problem: Int
        /// Tells the problem from others, without saying what may be hidden in its id.
        var mark: String
        /// The moves by seat, or of `chance`.
        var played: [[String: String]]
    }

    private let world: Played
    private let roles: [Role]
    private var kept: Kept
    private var position: Played.State

    /// Begins the problem of an index; throws a sentence where the world has none.
    init(_ world: Played, problem index: Int, seed: Int) async throws {
        self.world = world
        roles = world.rules.roles
        guard index >= 0, let problem = world.problem(index, seed: Seed(UInt64(seed))) else {
            throw CoreError.invalid("“problem” is \(index); the world has no such problem")
        }
        kept = Kept(world: world.name.text, seed: seed, problem: index, mark: String(Seed(0).child(problem.id).value), played: [])
        position = try await world.begin(problem, in: Self.scope(seed))
    }

    private static func scope(_ seed: Int, _ move: Int? = nil) -> Scope {
        let own = Scope(services: PortServices(for: "a world"), seed: Seed(UInt64(seed)), path: "pipe")
        return move.map { own.child("move", $0) } ?? own
    }

    func described() -> JSONValue {
        var members: [String: JSONValue] = [:]
        var legal: [String: JSONValue] = [:]
        var seen: [String: JSONValue] = [:]
        var information: [String: JSONValue] = [:]
        let moving = Self.moving(world.turn(in: position))
        for (seat, role) in roles.enumerated() {
            let observation = world.observation(of: position, for: role)
            seen[String(seat)] = .string(observation.news.text)
            information[String(seat)] = observation.informationState.map { .string($0) }
            if moving.contains(role) { legal[String(seat)] = observation.legal.map { .array($0.map { .string($0) }) } }
        }
        let returns = world.returns(of: position)
        members["turn"] = turn
        members["observations"] = .object(seen)
        members["information"] = .object(information)
        members["legal"] = .object(legal)
        members["returns"] = .array(roles.map { .number(returns[$0] ?? 0) })
        return .object(members)
    }

    private static func moving(_ turn: Turn) -> [Role] { if case .moves(let roles) = turn { roles } else { [] } }

    private var turn: JSONValue {
        switch world.turn(in: position) {
        case .moves(let moving): .object(["seats": .array(roles.indices.filter { moving.contains(roles[$0]) }.map { .integer($0) })])
        case .chance(let outcomes):
            .object(["chance": .array(outcomes.map { .object(["move": .string($0.move), "probability": .number($0.probability)]) })])
        case .over(.completed): .object(["over": .string("completed")])
        case .over(.budget): .object(["over": .string("budget")])
        case .over(.illegal(let role)): .object(["over": .string("illegal"), "by": roles.firstIndex(of: role).map { .integer($0) } ?? .null])
        case .over(.failed(let reason)): .object(["over": .string("failed"), "reason": .string(reason)])
        }
    }

    mutating func step(_ moves: [Int: String]) async throws {
        let turn = world.turn(in: position)
        guard case .moves(let moving) = turn else {
            if case .chance = turn { throw CoreError.invalid("It is the turn of chance; send {\"op\": \"chance\"}") }
            throw CoreError.invalid("The play is over; begin another with reset")
        }
        let seats = roles.indices.filter { moving.contains(roles[$0]) }
        guard Set(moves.keys) == Set(seats) else {
            throw CoreError.invalid(
                "It is the turn of \(seats.map(String.init).joined(separator: ", ")), but moves came for \(moves.keys.sorted().map(String.init).joined(separator: ", "))")
        }
        try await play(Dictionary(uniqueKeysWithValues: moves.map { (String($0), $1) }))
    }

    mutating func choose(_ move: String) async throws {
        guard case .chance(let outcomes) = world.turn(in: position) else { throw CoreError.invalid("It is not the turn of chance") }
        guard outcomes.contains(where: { $0.move == move }) else { throw CoreError.invalid("Chance cannot do “\(move.prefix(40))” here") }
        try await play(["chance": move])
    }

    /// Plays moves by seat, or of chance, and remembers them.
    private mutating func play(_ moves: [String: String]) async throws {
        var own: [Role: Move] = [:]
        for (key, text) in moves {
            let seat = Int(key).flatMap { roles.indices.contains($0) ? roles[$0] : nil }
            own[seat ?? "chance"] = Move(text: text, origin: .world)
        }
        try await world.advance(&position, by: own, in: Self.scope(kept.seed, kept.played.count))
        kept.played.append(moves)
    }

    func state() throws -> JSONValue { try JSONValue(encoding: kept) }

    /// Begins the problem anew and plays what was played; a program that was an answer is tested again.
    mutating func restore(_ state: JSONValue) async throws {
        guard let given = try? state.decode(Kept.self), given.world == world.name.text, given.seed >= 0 else {
            throw CoreError.invalid("“state” is none of “\(world.name)”; give back what {\"op\": \"state\"} gave")
        }
        var fresh = try await Self(world, problem: given.problem, seed: given.seed)
        guard fresh.kept.mark == given.mark else {
            throw CoreError.invalid("“state” was made with other settings; reset with the same settings first")
        }
        for moves in given.played {
            if let move = moves["chance"] {
                try await fresh.choose(move)
            } else {
                let seats = moves.compactMap { key, move in Int(key).map { ($0, move) } }
                try await fresh.step(Dictionary(seats) { first, _ in first })
            }
        }
        self = fresh
    }
}
