import HoneCore
import HoneGames

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
