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
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
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
        // The person reads the rules and the moves; the model, what it has learned to read.
        let table = GameWorld(game)
        let world = GameWorld(game, settings: opponent?.gameText ?? GameWorldSettings())
        var state = world.start(world.problem(0))
        var transcripts: [Role: Transcript] = [:]
        var ply = 0
        while true {
            let own = Seed(seed).child("ply", ply)
            ply += 1
            switch world.turn(in: state) {
            case .over: return finish(world.returns(of: state), isLegal: state.breaker == nil)
            case .chance:
                var generator = own.generator
                guard let drawn = game.drawChance(in: state.position, using: &generator) else { return }
                game.apply(drawn, to: &state.position)
            case .moves(let roles):
                // Of those who move at once, all choose before anything is played.
                var moves: [String] = []
                for role in roles {
                    let observation = world.observation(of: state, for: role)
                    transcripts[role, default: []] += observation.news
                    let legal = observation.legal ?? []
                    guard role != .player(seat) else {
                        guard let move = ask(table.observation(of: state, for: role).news.text, legal) else { return }
                        moves.append(move)
                        continue
                    }
                    let move = try await answer(of: opponent, role, world, state, legal, transcripts[role] ?? [], own.child(role.text))
                    put("\(role): \(ChatCommand.shown(move))\n", on: STDERR_FILENO)
                    moves.append(move)
                }
                for (role, move) in zip(roles, moves) {
                    transcripts[role, default: []].append(.text(move, from: .model(ModelRef(ModelName(role.text)), update: 0), author: role))
                    world.apply(move, to: &state)
                }
            }
        }
    }

    /// The opponent's move.
    private func answer<Rules: ExtensiveGame>(
        of opponent: OpenedModel?, _ role: Role, _ world: GameWorld<Rules>, _ state: GameWorld<Rules>.State, _ legal: [String], _ transcript: Transcript, _ seed: Seed
    ) async throws -> String {
        if let opponent {
            let context = try opponent.prompt(for: transcript)
            let request = Completion.Request(context: context, sampling: Sampling(limit: limit, stop: ["\n"]), seed: seed)
            let text = try await opponent.model.complete([request]).first?.samples.first?.segments.text ?? ""
            return text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        if against == "search" {
            var settings = GameSearchSettings()
            settings.simulations = simulations
            if let move = world.searchedMove(in: state, for: role, settings: settings, seed: seed) { return move }
        }
        var generator = seed.generator
        return generator.element(of: legal) ?? ""
    }

    /// The person's move; nil where they are done.
    private func ask(_ view: String, _ legal: [String]) -> String? {
        put(view + (view.hasSuffix("\n") ? "" : "\n"), on: STDERR_FILENO)
        while true {
            put("> ", on: STDERR_FILENO)
            guard let line = readLine()?.trimmingCharacters(in: .whitespaces) else { return nil }
            if line == "/quit" { return nil }
            if line == "/moves" {
                put(legal.joined(separator: "; ") + "\n", on: STDERR_FILENO)
            } else if legal.contains(line) {
                return line
            } else {
                put("“\(line)” is not allowed here; allowed: \(legal.prefix(40).joined(separator: "; "))\(legal.count > 40 ? " …" : "")\n", on: STDERR_FILENO)
            }
        }
    }

    private func finish(_ returns: [Role: Double], isLegal: Bool) {
        let sorted = returns.sorted { $0.key < $1.key }
        if output.json {
            let members = Dictionary(uniqueKeysWithValues: sorted.map { ($0.key.text, JSONValue.number($0.value)) })
            return printResult(JSONValue.object(["returns": .object(members), "legal": .bool(isLegal)]).canonical)
        }
        if !isLegal { put("The last move was not allowed, which ends the play.\n", on: STDERR_FILENO) }
        for (role, value) in sorted { printResult("\(role)\(role == .player(seat) ? " (you)" : ""): \(String(format: "%g", value))") }
    }
}
