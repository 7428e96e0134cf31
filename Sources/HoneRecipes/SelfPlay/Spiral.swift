import HoneCore
import HoneCredit
import HoneEngine
import HoneObjectives

/// SPIRAL: one model plays both seats of zero-sum games against its own latest weights, with an advantage for each game and seat.
public enum Spiral: Recipe {
    /// Settings of SPIRAL.
    public struct Settings: RecipeSettings, Hashable, PlaysGames {
        /// Those of all recipes that play games.
        public var games: GamePlaySettings
        public var common: CommonSettings {
            get { games.common }
            set { games.common = newValue }
        }

        public init(world: String) {
            games = GamePlaySettings(world: world)
            games.common.learner.passes = 2
            // SPIRAL has no reference and no moving average.
            games.selfPlay = SelfPlaySettings(finalRate: games.selfPlay.finalRate)
        }

        public init(from decoder: any Decoder) throws { games = try GamePlaySettings(from: decoder) }
        public func encode(to encoder: any Encoder) throws { try games.encode(to: encoder) }
    }

    public static let world = "kuhn-poker"
    public static let worlds = WorldFamily.tables

    public static let card = RecipeCard(
        id: "spiral",
        summary: "self-play on zero-sum games with role-conditioned advantages, online, against the model's own latest weights",
        source: "Liu et al. 2025, “SPIRAL”, section 3.3 and equation 4",
        departures: [
            "a move is the text of an action, without free thinking before it", "an illegal move costs the game's smallest return, the other gets what is left",
        ],
        parts: [
            "curriculum: matchmaking, mirror", "society: solo, everyone in turn", "judge: the world's returns",
            "credit: role-conditioned advantages", "objective: clipped policy gradient, two passes", "measure: exploitability, matches against yardsticks",
        ], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let table = try GameTable.of(settings.games)
        let own = settings.games.selfPlay
        guard own.eta == 0 else { throw CoreError.invalid("“selfPlay.eta” is \(own.eta), but SPIRAL has no reference; recipe “self-play” has one") }
        var objective = SPIRAL.Settings()
        objective.length = settings.common.play.limit
        var spiral = SPIRAL()
        spiral.settings = objective
        let route = Route(roles: table.roles, credit: own.credit, objective: spiral)
        return table.plan([try table.improvement("improve", iterations: settings.common.iterations, route: route)])
    }
}
