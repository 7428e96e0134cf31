import HoneCore

/// What is done with games by the million, as closures made where the rules' type is known, so that their speed is that of the rules.
public struct GameWork: Sendable {
    /// Plays so many games at random and gives the number of moves, chance's included.
    public let random: @Sendable (_ games: Int, _ seed: Seed) -> Int
    /// Searches from the start with so many simulations; nil for games that hide something.
    public let search: (@Sendable (_ simulations: Int, _ seed: Seed) -> Void)?
    /// So many iterations of CFR+; nil for games of more than 10,000 positions, or without two players and a fixed sum.
    public let regret: (@Sendable (_ iterations: Int) -> Void)?

    /// The work on a game.
    init<Rules: ExtensiveGame>(_ game: Rules) {
        random = { games, seed in
            var generator = seed.generator
            var scratch: [Rules.Action] = []
            var moves = 0
            for _ in 0..<games {
                var state = game.start
                while let action = game.drawAction(in: state, using: &generator, scratch: &scratch) {
                    game.apply(action, to: &state)
                    moves += 1
                }
            }
            return moves
        }
        if game.facts.hasPerfectInformation {
            search = { simulations, seed in
                var settings = GameSearchSettings()
                settings.simulations = simulations
                _ = (try? MonteCarloTreeSearch(game, settings: settings))?.search(from: game.start, seed: seed)
            }
        } else {
            search = nil
        }
        if game.facts.sum != nil, game.facts.seats == 2, let tree = try? GameTree(game, limit: 10_000) {
            regret = { iterations in
                var solver = CounterfactualRegret(tree)
                solver.iterate(iterations)
            }
        } else {
            regret = nil
        }
    }
}
