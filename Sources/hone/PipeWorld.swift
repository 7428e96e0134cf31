import HoneCore
import HoneGames
import HoneText
import HoneWorlds

/// A world over a pipe: reset, step, chance, state, restore, close, card. Players are seats, counted from 0; lines that name a `session`
/// belong to a play of their own.
final class WorldPort: Port {
    private enum Kind {
        case game(GameCatalog.Entry)
        case problems(WorldCatalog.Entry)
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
        } else if ProgramCommand.isCommand(name) {
            throw CoreError.invalid("“\(name.prefix(60))” is a program that speaks these lines itself; `hone pipe world` takes the name of a world of ours")
        } else if let entry = try? WorldCatalog.entry(name) {
            kind = .problems(entry)
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
            let fresh = try await begun(line)
            guard sessions[name] != nil || sessions.count < Self.mostSessions else {
                throw CoreError.invalid("There are \(sessions.count) plays already; end some with {\"op\": \"close\"}")
            }
            sessions[name] = fresh
            return [fresh.described()]
        case "step", "chance", "state", "restore":
            guard var session = sessions[name] else { throw CoreError.invalid("There is no play yet; begin one with {\"op\": \"reset\"}") }
            switch operation {
            case "step": try await session.step(try moves(line))
            case "chance": try await session.choose(try line.requiredText("move"))
            case "restore": try await session.restore(line["state"] ?? .null)
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
            case .problems(let entry): (entry.card, entry.defaults)
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
        case .problems(let entry):
            let rules = try entry.playable(try Self.settings(line, over: entry.defaults)).rules
            members["seats"] = .integer(rules.roles.count)
            members["range"] = .array([.number(rules.range.lowerBound), .number(rules.range.upperBound)])
            members["perfectInformation"] = .bool(rules.hasPerfectInformation)
        }
        return .object(members)
    }

    private static func settings(_ line: JSONValue, over defaults: JSONValue) throws -> JSONValue {
        let given = line["settings"] ?? .null
        return given == .null ? defaults : try given.laid(over: defaults, place: "settings")
    }

    private func begun(_ line: JSONValue) async throws -> any WorldSession {
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
        case .problems(let entry):
            func session<Played: ProblemWorld>(_ world: Played) async throws -> any WorldSession {
                try await ProblemSession(world, problem: try line.whole("problem", default: 0), seed: number)
            }
            return try await session(try entry.playable(try Self.settings(line, over: entry.defaults)))
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
    mutating func step(_ moves: [Int: String]) async throws
    /// Lets chance do something, where it is left to the other side.
    mutating func choose(_ move: String) async throws
    /// All that decides what can follow.
    func state() throws -> JSONValue
    /// Goes back, or forward, to such a state.
    mutating func restore(_ state: JSONValue) async throws
}
