import Foundation
import HoneCore
import HoneGames
import Testing

/// A model whose tokens are bytes and which gives each token the same log-probability, whatever stands before it.
private struct PlainModel: Model {
    var logProb: Float
    var abilities: Set<HoneCore.Trait> { [.logProbs] }

    func complete(_ requests: [Completion.Request]) async throws -> [Completion] { throw CoreError.unsupported("it only scores") }
    func score(_ transcripts: [Transcript], _ quantity: Quantity) async throws -> [Scores] {
        transcripts.map { transcript in
            let count = transcript.reduce(0) { $0 + ($1.tokens?.count ?? $1.text.utf8.count) }
            return Scores(values: [Float](repeating: logProb, count: max(0, count - 1)), shape: [max(0, count - 1)])
        }
    }
}

@Suite("The strategy of a language model")
struct ModelStrategyTests {
    @Test("covers just the information states of the tree, and is exploited as its table is")
    func uniform() async throws {
        let game = try KuhnPoker(KuhnPoker.Settings())
        let tree = try GameTree(game)
        let played = try await ModelStrategy(of: PlainModel(logProb: 0), in: GameWorld(game), end: 0)
        #expect(Set(played.strategy.table.keys) == Set(tree.informationSets.map(\.state)))
        #expect(abs(try tree.nashConv(of: played.strategy) - tree.nashConv(of: tree.uniform)) < 1e-12)
        #expect(abs(try tree.nashConv(of: played.strategy) - 11.0 / 12) < 1e-12)
    }

    @Test("a move has the probability of its text and the end behind it, over that of all allowed moves")
    func probabilities() async throws {
        let game = try LeducPoker(LeducPoker.Settings())
        let tree = try GameTree(game)
        let played = try await ModelStrategy(of: PlainModel(logProb: -0.5), in: GameWorld(game), end: 0, batch: 24)
        for set in tree.informationSets {
            let weights = set.moves.map { exp(-0.5 * Double($0.utf8.count + 1)) }
            let sum = weights.reduce(0, +)
            #expect(abs((played.legalMass[set.state] ?? 0) - sum) < 1e-6)
            for (move, weight) in zip(set.moves, weights) { #expect(abs((played.strategy.table[set.state]?[move] ?? 0) - weight / sum) < 1e-6) }
        }
        #expect(played.legalMass.count == tree.informationSets.count && played.meanLegalMass > 0)
    }

    @Test("in every game of the catalogue that is small enough, what is asked is what the tree has", arguments: [
        "kuhn-poker", "leduc-poker", "goofspiel", "liars-dice", "ordinal-2x2", "composed-2x2", "nim", "iterated-prisoners-dilemma",
    ])
    func catalogue(name: String) async throws {
        let entry = try GameCatalog.entry(name)
        try await check(try entry.make(entry.defaults))
    }

    private func check<Rules: ExtensiveGame>(_ game: Rules) async throws {
        guard let tree = try? GameTree(game, limit: 30_000) else { return }
        let played = try await ModelStrategy(of: PlainModel(logProb: -0.1), in: GameWorld(game), end: nil)
        #expect(Set(played.strategy.table.keys) == Set(tree.informationSets.map(\.state)))
        #expect(try tree.nashConv(of: played.strategy) >= -1e-12)
    }

    @Test("a game that is too large is refused before any question")
    func tooLarge() async throws {
        let chess = try GameCatalog.entry("chess")
        let game = try chess.make(chess.defaults)
        func ask<Rules: ExtensiveGame>(_ game: Rules) async throws { _ = try await ModelStrategy(of: PlainModel(logProb: 0), in: GameWorld(game), end: nil, limit: 500) }
        await #expect(throws: CoreError.self) { try await ask(game) }
    }
}
