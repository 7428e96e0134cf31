import Foundation
import HoneCore
import HoneGames
import Testing

/// Plays that OpenSpiel and python-chess made (Tests/References/games.py), replayed here state by state.
///
/// HONE_GAME_REFERENCES names another file of the same form, with more plays.
private struct References: Decodable {
    struct Plays: Decodable {
        let name: String
        let plays: [Play]
    }

    struct Play: Decodable {
        let steps: [Step]
        let returns: [Double]
    }

    struct Step: Decodable {
        let who: JSONValue
        let legal: String
        let move: String
        let information: [Int]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            who = try list.decode(JSONValue.self)
            legal = try list.decode(String.self)
            move = try list.decode(String.self)
            information = try list.decode([Int].self)
        }
    }

    struct ChessPlay: Decodable {
        let steps: [ChessStep]
        let ending: String
    }

    struct ChessStep: Decodable {
        let fen: String
        let count: Int
        let digest: String
        let san: String

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            fen = try list.decode(String.self)
            count = try list.decode(Int.self)
            digest = try list.decode(String.self)
            san = try list.decode(String.self)
        }
    }

    let openspiel: [Plays]
    let chess: [ChessPlay]

    static func load() throws -> References {
        let other = ProcessInfo.processInfo.environment["HONE_GAME_REFERENCES"].map { URL(fileURLWithPath: $0) }
        let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/plays.json")
        return try JSONDecoder().decode(References.self, from: Data(contentsOf: other ?? own))
    }
}

/// FNV-1a, 64 bits, of the sorted texts, each with a line break.
private func digest(_ texts: [String]) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in texts.sorted().map({ $0 + "\n" }).joined().utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(value, radix: 16)
}

private func listed(_ texts: [String]) -> String {
    texts.count <= 8 && !texts.contains { $0.contains(" ") } ? texts.sorted().joined(separator: " ") : "\(texts.count):\(digest(texts))"
}

/// The other program's list in the same order.
private func sorted(_ list: String) -> String {
    list.contains(":") && !list.contains(" ") && list.split(separator: ":").last?.count ?? 0 > 6
        ? list : list.split(separator: " ").sorted().joined(separator: " ")
}

private func settled<S>(_ settings: S, _ change: (inout S) -> Void) -> S {
    var copy = settings
    change(&copy)
    return copy
}

/// The game that a name in the file stands for.
private func game(_ name: String) throws -> (any ExtensiveGame)? {
    switch name {
    case "tic-tac-toe": TicTacToe()
    case "connect-four": try ConnectFour()
    case "hex-3": try Hex(settled(.init()) { ($0.columns, $0.rows) = (3, 3) })
    case "hex-5": try Hex(settled(.init()) { ($0.columns, $0.rows) = (5, 5) })
    case "hex-11": try Hex()
    case "nim": try Nim()
    case "nim-misere": try Nim(settled(.init()) { $0.isMisere = true })
    case "breakthrough": try Breakthrough()
    case "breakthrough-small": try Breakthrough(settled(.init()) { ($0.columns, $0.rows, $0.ranks) = (4, 5, 1) })
    case "kuhn-2": try KuhnPoker()
    case "kuhn-3": try KuhnPoker(settled(.init()) { $0.players = 3 })
    case "leduc-2": try LeducPoker()
    case "leduc-3": try LeducPoker(settled(.init()) { $0.players = 3 })
    case "liars-dice": try LiarsDice()
    case "liars-dice-2": try LiarsDice(settled(.init()) { ($0.dice, $0.faces) = (2, 3) })
    case "goofspiel": try Goofspiel()
    case "goofspiel-hidden": try Goofspiel(settled(.init()) { ($0.cards, $0.order, $0.showsBids) = (5, .ascending, false) })
    case "goofspiel-random": try Goofspiel(settled(.init()) { ($0.players, $0.order, $0.showsBids, $0.scoring) = (3, .random, false, .difference) })
    case "pig": try Pig(settled(.init()) { $0.target = 20 })
    case "pig-3": try Pig(settled(.init()) { ($0.players, $0.target, $0.faces) = (3, 15, 4) })
    case "othello": try Othello()
    case "hanabi-lite": try Hanabi()
    case "hanabi-full": try Hanabi(.full(players: 3))
    default: nil
    }
}

@Suite("Other programs' plays")
struct OtherProgramsTests {
    @Test("OpenSpiel's random plays are the same here: who moves, legal moves, odds, information states, returns")
    func openSpiel() throws {
        let references = try References.load()
        #expect(references.openspiel.count == 23)
        for plays in references.openspiel {
            let game = try #require(try game(plays.name), "there is no game for \(plays.name)")
            let differences = compare(game, plays)
            #expect(differences.isEmpty, "\(plays.name): \(differences.prefix(3).joined(separator: "; "))")
        }
    }

    private func compare<G: ExtensiveGame>(_ game: G, _ plays: References.Plays) -> [String] {
        var differences: [String] = []
        var there: [String: Int] = [:]
        var here: [Int: String] = [:]
        /// Both programs have to tell apart the same states.
        func pair(_ state: String, _ number: Int) {
            if there[state, default: number] != number || here[number, default: state] != state {
                differences.append("“\(state)” is number \(number) there, like “\(here[number] ?? "")”, and was \(there[state] ?? -1)")
            }
            there[state] = number
            here[number] = state
        }
        for (index, play) in plays.plays.enumerated() where differences.isEmpty {
            var state = game.start
            for (ply, step) in play.steps.enumerated() where differences.isEmpty {
                let place = "play \(index), step \(ply)"
                let seats: [Int]
                switch game.turn(in: state) {
                case .seat(let seat):
                    seats = [seat]
                    if step.who != .integer(seat) { differences.append("\(place): seat \(seat) moves, there \(step.who)") }
                case .together(let some):
                    seats = some
                    if step.who != .string("all") { differences.append("\(place): all move, there \(step.who)") }
                case .chance:
                    seats = []
                    if step.who != .string("chance") { differences.append("\(place): chance moves, there \(step.who)") }
                    let odds = game.chanceProbabilities(in: state)
                    let texts = game.actions(in: state).map { game.text(of: $0, in: state) }
                    let ordered = zip(texts, odds).sorted { $0.0 < $1.0 }.map(\.1)
                    let other =
                        step.information.isEmpty ? odds.map { _ in 1 / Double(odds.count) } : step.information.map { Double($0) / 1e6 }
                    let tolerance = step.information.isEmpty ? 1e-12 : 1e-6
                    if other.count != ordered.count || !zip(ordered, other).allSatisfy({ abs($0 - $1) < tolerance }) { differences.append("\(place): the odds are \(odds)") }
                case .over:
                    differences.append("\(place): the play is over here")
                    continue
                }
                let lists = seats.isEmpty ? [game.actions(in: state)] : seats.map { game.actions(of: $0, in: state) }
                let own = lists.map { listed($0.map { game.text(of: $0, in: state) }) }.joined(separator: "|")
                let other = step.legal.split(separator: "|", omittingEmptySubsequences: false).map { sorted(String($0)) }.joined(separator: "|")
                if own != other { differences.append("\(place): legal here \(own), there \(other)") }
                for (seat, number) in zip(seats, step.information) { pair(game.informationState(of: state, for: seat), number) }
                let moves = step.move.split(separator: "|").map(String.init)
                for (order, move) in moves.enumerated() {
                    guard let action = game.action(for: move, by: seats.isEmpty ? nil : seats[order], in: state) else {
                        differences.append("\(place): “\(move)” is not legal here")
                        break
                    }
                    game.apply(action, to: &state)
                }
            }
            // OpenSpiel's goofspiel bids the last card by itself.
            while differences.isEmpty, !game.isOver(state), game.actions(in: state).count == 1 { game.apply(game.actions(in: state)[0], to: &state) }
            let returns = game.returns(of: state)
            if differences.isEmpty, !game.isOver(state) || !zip(returns, play.returns).allSatisfy({ abs($0 - $1) < 1e-9 }) {
                differences.append("play \(index) returns \(returns) here, there \(play.returns)")
            }
        }
        return differences
    }

    @Test("python-chess's random plays are the same here: positions, legal moves in both notations, endings")
    func chess() throws {
        for play in try References.load().chess {
            var settings = Chess.Settings()
            settings.notation = .san
            let game = try Chess(settings)
            var state = game.start
            for step in play.steps {
                #expect(state.position.fen == step.fen)
                #expect(state.ending == nil)
                let moves = state.position.legalMoves
                #expect(moves.count == step.count)
                #expect(digest(moves.map(\.uci) + moves.map { state.position.san($0) }) == step.digest, "\(step.fen)")
                game.apply(
                    try #require(game.action(for: step.san, by: game.turn(in: state).mover, in: state), "\(step.san) in \(step.fen)"), to: &state)
            }
            let endings: [String: Chess.Ending] = [
                "CHECKMATE": .checkmate, "STALEMATE": .stalemate, "REPETITION": .repetition, "FIFTY": .fiftyMoves,
                "INSUFFICIENT_MATERIAL": .insufficientMaterial,
            ]
            #expect(state.ending == endings[play.ending])
        }
    }
}
