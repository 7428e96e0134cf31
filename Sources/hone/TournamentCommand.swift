import ArgumentParser
import Foundation
import HoneCore
import HoneGames
import HoneModel

/// `hone tournament <game> <players…>`.
struct TournamentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tournament", abstract: "Let models, snapshots of runs and players of the rules play each other, and rate them.",
        discussion: "A player is random, mcts:100, perfect, quickest, equilibrium, a run's folder, a run's snapshot (folder@name), a model folder, or an endpoint "
            + "(https://host/v1#model). Everyone plays everyone on every seat. Ratings have intervals; cycles are named only where each of their edges is established.")
    @OptionGroup var options: GameOptions
    @Argument(help: "Two or more players.") var players: [String] = []
    @Option(name: .long, help: "Plays of each pair.") var plays = 100
    @Flag(name: .long, help: "Also let all snapshots of the runs play, from the oldest to the newest; tells what the newest has lost.") var snapshots = false
    @Option(name: .long, help: "The most tokens of a model's move.") var limit = 16
    @Option(name: .long, help: "The seed of chance, players and models.") var seed: UInt64 = 0
    @Option(name: .long, help: "Write all plays into this JSON file, which may not be there yet.") var save: String?
    @OptionGroup var models: ModelOptions
    @OptionGroup var device: DeviceOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await device.use()
            guard plays >= 1, limit >= 1 else { throw CoreError.invalid("--plays is \(plays) and --limit is \(limit); both should be 1 or more") }
            if let save, FileManager.default.fileExists(atPath: save) {
                throw CoreError.invalid("\(save) is there already; give --save another name, or move it away")
            }
            guard players.count >= 2 || snapshots && players.count == 1 else {
                throw CoreError.invalid("A tournament needs two players or more; found \(players.count == 0 ? "none" : players.joined(separator: ", "))")
            }
            try await hold(try options.make())
        }
    }

    /// Plays and shows what was found.
    private func hold<Rules: ExtensiveGame>(_ game: Rules) async throws {
        var entrants: [(name: String, contender: any Contender<Rules>)] = []
        var line: [String] = []
        for (place, name) in zip(players, TournamentNames.short(players)) {
            if let rule = try rulePlayer(place) {
                entrants.append((name, RuleContender(try rule.player(of: game))))
                continue
            }
            let (opened, model) = try await open(place)
            func contender(_ model: any Model) -> any Contender<Rules> {
                ModelContender(
                    model, words: opened.gameText ?? GameWorldSettings(), sampling: Sampling(limit: limit, stop: ["\n"]), prompt: { try opened.prompt(for: $0) })
            }
            if snapshots, model is ModelHost {
                if opened.snapshots.isEmpty { output.terminal.warn("“\(place)” has kept no snapshots; a run with opponents.scheme=past keeps some") }
                let labels = opened.snapshots.map { "\(name)@\($0)" }
                for (label, snapshot) in zip(labels, opened.snapshots) { entrants.append((label, contender(try await opened.at(snapshot: snapshot)))) }
                // One line of snapshots is looked at for skills that were lost.
                if opened.isLine, !labels.isEmpty, line.isEmpty { line = labels + [name] }
            }
            entrants.append((name, contender(model)))
        }
        let tournament = try Tournament(game, entrants, plays: plays)
        let total = tournament.total
        let terminal = output.terminal
        terminal.say("Playing", "\(total) plays of \(options.game) between \(entrants.count) players")
        let result = try await tournament.play(seed: Seed(seed)) { terminal.live("     Playing \($0) of \(total)") }
        terminal.clear()
        if let save { try Data(try JSONValue(encoding: result).canonical.utf8).write(to: URL(fileURLWithPath: save), options: .atomic) }
        let standings = try Standings(result, line: line, seed: Seed(seed).child("standings"))
        if output.json { return printResult(try JSONValue(encoding: standings).canonical) }
        StandingsTable(standings).lines.forEach { printResult($0) }
    }

    /// A player of the rules, where the name is one and nothing lies at a place of that name.
    private func rulePlayer(_ place: String) throws -> RulePlayer? {
        TournamentNames.isRule(place) ? try RulePlayer(place) : nil
    }

    /// What is at a place, and the model or snapshot that is meant.
    private func open(_ place: String) async throws -> (opened: OpenedModel, model: any Model) {
        func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
        guard let at = place.lastIndex(of: "@"), !isThere(place), isThere(String(place[..<at]) + "/run.json") else {
            // A word that is no path was meant as a player of the rules.
            if !place.contains("/"), !isThere(place) {
                throw CoreError.unknown(kind: "player", name: place, known: RulePlayer.names)
            }
            let opened = try await models.open(place, terminal: output.terminal)
            return (opened, opened.model)
        }
        let opened = try await models.open(String(place[..<at]), terminal: output.terminal)
        return (opened, try await opened.at(snapshot: String(place[place.index(after: at)...])))
    }
}

/// How players are called in a tournament.
enum TournamentNames {
    /// Whether a player is one of the rules.
    static func isRule(_ place: String) -> Bool {
        let name = place.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
        return RulePlayer.names.contains(name) && !FileManager.default.fileExists(atPath: place)
    }

    /// The last part of each place; the whole place where two would be the same.
    static func short(_ places: [String]) -> [String] {
        let short = places.map { isRule($0) || $0.contains("://") ? $0 : URL(fileURLWithPath: $0).lastPathComponent }
        return zip(places, short).map { place, name in short.count { $0 == name } > 1 ? place : name }
    }
}
