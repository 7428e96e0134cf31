import ArgumentParser
import Foundation
import HoneCore
import HoneGames
import HoneModel

/// `hone play <game>`.
struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play", abstract: "Play a game in the terminal against chance moves, a tree search, or a model.",
        discussion: "Type a move as it is listed; /moves lists them again, /quit or the end of input ends. A model that says what the rules do not allow loses.")
    @OptionGroup var options: GameOptions
    @Option(name: .long, help: "random, search, a model folder, a run, or an endpoint (https://host/v1#model).") var against = "search"
    @Option(name: .long, help: "Your seat, from 0.") var seat = 0
    @Option(name: .long, help: "Simulations of a move of the search.") var simulations = 1000
    @Option(name: .long, help: "The most tokens of a model's move.") var limit = 16
    @Option(name: .long, help: "The seed of chance, of the search and of the model.") var seed: UInt64 = 0
    @OptionGroup var models: ModelOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard simulations >= 1, limit >= 1 else { throw CoreError.invalid("--simulations and --limit should be 1 or more") }
            let game = try options.make()
            guard (0..<game.facts.seats).contains(seat) else {
                throw CoreError.invalid("--seat is \(seat); “\(options.game)” has the seats 0 to \(game.facts.seats - 1)")
            }
            let opponent = ["random", "search"].contains(against) ? nil : try await models.open(against, terminal: output.terminal)
            try await play(game, opponent)
        }
    }

    private func play<Rules: ExtensiveGame>(_ game: Rules, _ opponent: OpenedModel?) async throws {
        let other: any Contender<Rules>
        if let opponent {
            // The person reads the rules and the moves; the model, what it has learned to read.
            other = ModelContender(
                opponent.model, words: opponent.gameText ?? GameWorldSettings(), sampling: Sampling(limit: limit, stop: ["\n"]),
                prompt: { try opponent.prompt(for: $0) })
        } else if against == "search" {
            var settings = GameSearchSettings()
            settings.simulations = simulations
            other = RuleContender(SearchPlayer<Rules>(settings))
        } else {
            other = RuleContender(RandomPlayer<Rules>())
        }
        let announced = AnnouncedContender(other)
        var seats = [any Contender<Rules>](repeating: announced, count: game.facts.seats)
        seats[seat] = PersonContender<Rules>()
        guard let result = try await Contest(game, seats: seats).play(seed: Seed(seed)) else { return }
        finish(result)
    }

    private func finish(_ result: ContestResult) {
        let isLegal = result.breaker == nil
        if output.json {
            let members = Dictionary(uniqueKeysWithValues: result.returns.enumerated().map { (Role.player($0).text, JSONValue.number($1)) })
            return printResult(JSONValue.object(["returns": .object(members), "legal": .bool(isLegal)]).canonical)
        }
        if !isLegal { put("The last move was not allowed, which ends the play.\n", on: STDERR_FILENO) }
        for (place, value) in result.returns.enumerated() {
            printResult("\(Role.player(place))\(place == seat ? " (you)" : ""): \(String(format: "%g", value))")
        }
    }
}

/// Someone whose moves are shown to the person at the terminal.
private struct AnnouncedContender<Rules: ExtensiveGame>: Contender {
    let other: any Contender<Rules>
    var words: GameWorldSettings { other.words }

    init(_ other: any Contender<Rules>) { self.other = other }

    func move(_ turn: ContestTurn<Rules>) async throws -> String? {
        let move = try await other.move(turn)
        if let move { put("\(turn.role): \(ChatCommand.shown(move))\n", on: STDERR_FILENO) }
        return move
    }
}

/// The person at the terminal; leaves by /quit or at the end of input.
private struct PersonContender<Rules: ExtensiveGame>: Contender {
    let words = GameWorldSettings()

    func move(_ turn: ContestTurn<Rules>) async throws -> String? {
        let view = turn.transcript.last?.text ?? ""
        put(view + (view.hasSuffix("\n") ? "" : "\n"), on: STDERR_FILENO)
        while true {
            put("> ", on: STDERR_FILENO)
            guard let line = readLine()?.trimmingCharacters(in: .whitespaces) else { return nil }
            if line == "/quit" { return nil }
            if line == "/moves" {
                put(turn.legal.joined(separator: "; ") + "\n", on: STDERR_FILENO)
            } else if turn.legal.contains(line) {
                return line
            } else {
                put("“\(line)” is not allowed here; allowed: \(turn.legal.prefix(40).joined(separator: "; "))\(turn.legal.count > 40 ? " …" : "")\n", on: STDERR_FILENO)
            }
        }
    }
}
