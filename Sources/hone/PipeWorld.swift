import HoneCore
import HoneGames
import HoneText
import HoneWorlds

/// A world over a pipe: reset, step, chance, state, restore, close, card. Players are seats, counted from 0; lines that name a `session`
/// belong to a play of their own.
final class WorldPort: Port {
    private enum Kind {
        case game(GameCatalog.Entry)
        case questions(WorldCatalog.Entry)
    }

    private let kind: Kind
    /// The plays, by the names of their sessions; the empty name is that of lines without one.
    private var sessions: [String: any WorldSession] = [:]
    /// The most plays at once.
    private static let mostSessions = 100_000
    private static let operations = ["reset", "step", "chance", "state", "restore", "close", "card"]

    init(world name: String) throws {
        if let entry = try GameCatalog.entries().first(where: { $0.card.name == name }) {
            kind = .game(entry)
        } else if let entry = try? WorldCatalog.entry(name) {
            kind = .questions(entry)
        } else {
            let known = try GameCatalog.entries().map(\.card.name) + WorldCatalog.entries().map(\.card.name)
            throw CoreError.unknown(kind: "world", name: name, known: known)
        }
    }

    func answers(_ line: JSONValue) async throws -> [JSONValue] {
        let operation = try line.requiredText("op")
        let name = try Self.session(line)
        switch operation {
        case "card": return [try card(line)]
        case "close":
            sessions[name] = nil
            return [.object(["closed": .bool(true)])]
        case "reset":
            let fresh = try begun(line)
            guard sessions[name] != nil || sessions.count < Self.mostSessions else {
                throw CoreError.invalid("There are \(sessions.count) plays already; end some with {\"op\": \"close\"}")
            }
            sessions[name] = fresh
            return [fresh.described()]
        case "step", "chance", "state", "restore":
            guard var session = sessions[name] else { throw CoreError.invalid("There is no play yet; begin one with {\"op\": \"reset\"}") }
            switch operation {
            case "step": try session.step(try moves(line))
            case "chance": try session.choose(try line.requiredText("move"))
            case "restore": try session.restore(line["state"] ?? .null)
            default: break
            }
            // What was refused above has left the play as it was.
            sessions[name] = session
            guard operation == "state", case .object(var members) = session.described() else { return [session.described()] }
            members["state"] = try session.state()
            return [.object(members)]
        default: throw CoreError.unknown(kind: "operation", name: operation, known: Self.operations)
        }
    }

    private static func session(_ line: JSONValue) throws -> String {
        switch line["session"] {
        case nil, .null: return ""
        case .string(let name): return name
        case .integer(let number): return String(number)
        case .some(let other): throw CoreError.invalid("“session” is \(other.kind); expected a text or a whole number")
        }
    }

    /// What the world is, and its rules with the settings of the line.
    private func card(_ line: JSONValue) throws -> JSONValue {
        let (card, defaults): (PartCard, JSONValue) =
            switch kind {
            case .game(let entry): (entry.card, entry.defaults)
            case .questions(let entry): (entry.card, entry.defaults)
            }
        var members: [String: JSONValue] = [
            "name": .string(card.name), "summary": .string(card.summary), "source": .string(card.source), "settings": defaults, "sessions": .bool(true),
        ]
        switch kind {
        case .game(let entry):
            let game = try entry.make(try Self.settings(line, over: entry.defaults))
            let facts = game.facts
            members["seats"] = .integer(facts.seats)
            members["range"] = .array([.number(facts.range.lowerBound), .number(facts.range.upperBound)])
            members["sum"] = facts.sum.map { .number($0) }
            members["perfectInformation"] = .bool(facts.hasPerfectInformation)
            members["instructions"] = .string(game.instructions)
        case .questions:
            members["seats"] = .integer(1)
            members["range"] = .array([.integer(0), .integer(1)])
            members["perfectInformation"] = .bool(true)
        }
        return .object(members)
    }

    private static func settings(_ line: JSONValue, over defaults: JSONValue) throws -> JSONValue {
        let given = line["settings"] ?? .null
        return given == .null ? defaults : try given.laid(over: defaults, place: "settings")
    }

    private func begun(_ line: JSONValue) throws -> any WorldSession {
        let number = try line.whole("seed", default: 0)
        guard number >= 0 else { throw CoreError.invalid("“seed” is \(number); it should be 0 or more") }
        switch kind {
        case .game(let entry):
            let chance = try line.optionalText("chance") ?? "internal"
            guard ["internal", "external"].contains(chance) else { throw CoreError.invalid("“chance” is “\(chance)”; it should be internal or external") }
            func session<Rules: ExtensiveGame>(_ game: Rules) -> any WorldSession {
                GameSession(game, seed: Seed(UInt64(number)), isChanceExternal: chance == "external")
            }
            return session(try entry.make(try Self.settings(line, over: entry.defaults)))
        case .questions(let entry):
            let world = try entry.make(try Self.settings(line, over: entry.defaults))
            let index = try line.whole("problem", default: 0)
            guard index >= 0, let problem = world.problem(index, seed: Seed(UInt64(number))) else {
                throw CoreError.invalid("“problem” is \(index); the world has no such problem")
            }
            return QuestionSession(world: world, problem: problem)
        }
    }

    private func moves(_ line: JSONValue) throws -> [Int: String] {
        guard case .object(let members)? = line["moves"] else { throw CoreError.invalid("The line needs “moves”, an object from seat to move such as {\"0\": \"…\"}") }
        var moves: [Int: String] = [:]
        for (key, value) in members {
            guard let seat = Int(key), let text = value.text else { throw CoreError.invalid("“moves” holds “\(key)”; expected seats with texts, such as {\"0\": \"…\"}") }
            moves[seat] = text
        }
        return moves
    }
}

/// A move that the rules do not allow.
struct RefusedMove: Error, CustomStringConvertible {
    let seat: Int
    let description: String
}

/// A play that is driven from outside.
protocol WorldSession {
    /// Whose turn it is, what they see and can do, and the returns.
    func described() -> JSONValue
    /// Plays the moves of all whose turn it is; throws, and changes nothing, where one is not allowed.
    mutating func step(_ moves: [Int: String]) throws
    /// Lets chance do something, where it is left to the other side.
    mutating func choose(_ move: String) throws
    /// All that decides what can follow.
    func state() throws -> JSONValue
    /// Goes back, or forward, to such a state.
    mutating func restore(_ state: JSONValue) throws
}

/// A play of a game.
struct GameSession<Rules: ExtensiveGame>: WorldSession {
    private struct Kept: Codable {
        var game: String
        var position: Rules.State
        var seed: String
        var drawn: Int
    }

    private let game: Rules
    private let isChanceExternal: Bool
    private var seed: Seed
    /// How often chance was drawn.
    private var drawn = 0
    private var position: Rules.State

    init(_ game: Rules, seed: Seed, isChanceExternal: Bool) {
        self.game = game
        self.seed = seed
        self.isChanceExternal = isChanceExternal
        position = game.start
        drawChance()
    }

    private var seats: [Int] {
        switch game.turn(in: position) {
        case .seat(let seat): [seat]
        case .together(let seats): seats
        case .chance, .over: []
        }
    }

    private mutating func drawChance() {
        while !isChanceExternal, game.turn(in: position) == .chance {
            var generator = seed.child("chance", drawn).generator
            drawn += 1
            guard let action = game.drawChance(in: position, using: &generator) else { return }
            game.apply(action, to: &position)
        }
    }

    func described() -> JSONValue {
        let all = 0..<game.facts.seats
        let turn: JSONValue
        switch game.turn(in: position) {
        case .seat, .together: turn = .object(["seats": .array(seats.map { .integer($0) })])
        case .over: turn = .object(["over": .string("completed")])
        case .chance:
            let outcomes = zip(game.actions(in: position), game.chanceProbabilities(in: position)).map { action, probability in
                JSONValue.object(["move": .string(game.text(of: action, in: position)), "probability": .number(probability)])
            }
            turn = .object(["chance": .array(outcomes)])
        }
        func each(_ seats: some Sequence<Int>, _ value: (Int) -> JSONValue) -> JSONValue {
            .object(Dictionary(uniqueKeysWithValues: seats.map { (String($0), value($0)) }))
        }
        return .object([
            "turn": turn, "returns": .array(game.returns(of: position).map { .number($0) }),
            "observations": each(all) { .string(game.view(of: position, for: $0)) },
            "information": each(all) { .string(game.informationState(of: position, for: $0)) },
            "legal": each(seats) { seat in .array(game.actions(of: seat, in: position).map { .string(game.text(of: $0, in: position)) }) },
        ])
    }

    mutating func step(_ moves: [Int: String]) throws {
        let seats = self.seats
        guard !seats.isEmpty else { throw CoreError.invalid(game.isOver(position) ? "The play is over; begin another with reset" : "It is the turn of chance; send {\"op\": \"chance\"}") }
        guard Set(moves.keys) == Set(seats) else {
            throw CoreError.invalid("It is the turn of \(seats.map(String.init).joined(separator: ", ")), but moves came for \(moves.keys.sorted().map(String.init).joined(separator: ", "))")
        }
        for seat in seats where game.action(for: moves[seat] ?? "", by: seat, in: position) == nil {
            let legal = game.actions(of: seat, in: position).map { game.text(of: $0, in: position) }
            throw RefusedMove(
                seat: seat,
                description: "“\((moves[seat] ?? "").prefix(40))” is not allowed for seat \(seat); allowed: \(legal.prefix(20).joined(separator: ", "))\(legal.count > 20 ? ", …" : "")")
        }
        for seat in seats {
            guard let action = game.action(for: moves[seat] ?? "", by: seat, in: position) else { continue }
            game.apply(action, to: &position)
        }
        drawChance()
    }

    mutating func choose(_ move: String) throws {
        guard game.turn(in: position) == .chance else { throw CoreError.invalid("It is not the turn of chance") }
        guard let action = game.action(for: move, by: nil, in: position) else {
            throw CoreError.invalid("Chance cannot do “\(move.prefix(40))” here")
        }
        game.apply(action, to: &position)
        drawChance()
    }

    func state() throws -> JSONValue {
        try JSONValue(encoding: Kept(game: Rules.card.name, position: position, seed: String(seed.value), drawn: drawn))
    }

    mutating func restore(_ state: JSONValue) throws {
        guard let kept = try? state.decode(Kept.self), kept.game == Rules.card.name, let value = UInt64(kept.seed), kept.drawn >= 0 else {
            throw CoreError.invalid("“state” is none of “\(Rules.card.name)”; give back what {\"op\": \"state\"} gave")
        }
        (position, seed, drawn) = (kept.position, Seed(value), kept.drawn)
    }
}

/// A question and its answer.
struct QuestionSession: WorldSession {
    let world: any QuestionWorld
    let problem: Problem
    private var response: String?

    init(world: any QuestionWorld, problem: Problem) {
        self.world = world
        self.problem = problem
    }

    func described() -> JSONValue {
        let value = response.map { world.check($0, to: problem).correct ? 1.0 : 0.0 } ?? 0
        return .object([
            "turn": response == nil ? .object(["seats": .array([.integer(0)])]) : .object(["over": .string("completed")]),
            "observations": .object(["0": .string(problem.text)]), "legal": .object([:]), "information": .object(["0": .string(problem.id)]),
            "returns": .array([.number(value)]),
        ])
    }

    mutating func step(_ moves: [Int: String]) throws {
        guard response == nil else { throw CoreError.invalid("The play is over; begin another with reset") }
        guard moves.count == 1, let text = moves[0] else { throw CoreError.invalid("It is the turn of seat 0 alone") }
        response = text
    }

    mutating func choose(_ move: String) throws { throw CoreError.invalid("It is not the turn of chance") }

    func state() throws -> JSONValue { .object(["problem": .string(problem.id), "response": response.map { .string($0) } ?? .null]) }

    mutating func restore(_ state: JSONValue) throws {
        guard state["problem"]?.text == problem.id else { throw CoreError.invalid("“state” is of another problem; reset with the same seed, problem and settings first") }
        response = state["response"]?.text
    }
}
