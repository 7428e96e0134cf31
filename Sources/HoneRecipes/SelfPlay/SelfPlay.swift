import HoneCore
import HoneCredit
import HoneEngine
import HoneObjectives

/// Self-play on games: a model plays against itself, its past or others, and learns from who won.
public enum SelfPlay: Recipe {
    public typealias Settings = GamePlaySettings

    public static let world = "kuhn-poker"
    public static let worlds = WorldFamily.games

    public static let card = RecipeCard(
        id: "self-play",
        summary: "policy gradient on games against itself, its past, an exploiter or an equilibrium of its past, held to a reference that moves",
        source: "Heinrich, Lanctot and Silver 2015; Perolat et al. 2022, equation 1; Vinyals et al. 2019; Lanctot et al. 2017",
        departures: [
            "one language model plays all seats; advantages are returns minus a running mean of each seat",
            "selfPlay.eta = 0 leaves the reference out: the plain policy gradient, which cycles in games such as Kuhn poker",
        ],
        parts: [
            "curriculum: matchmaking by a scheme of opponents", "society: solo, everyone in turn", "judge: the world's returns",
            "credit: role-conditioned advantages", "objective: regularised policy gradient", "measure: exploitability, matches against yardsticks",
        ])

    public static func plan(_ settings: GamePlaySettings, seed: Seed) throws -> Plan {
        let table = try GameTable.of(settings)
        return table.plan([Self.stage(table)])
    }

    /// The stage that plays and learns.
    static func stage(_ table: GameTable) -> Stage {
        let own = table.settings.selfPlay
        var objective = RegularisedNash.Settings()
        objective.eta = own.eta
        objective.largestWeight = 2
        objective.reference = ModelRef(GameTable.policy, snapshot: own.refreshEvery > 0 ? "reference" : "base")
        var operations: [Moment: [WeightOperation]] = [:]
        if own.eta > 0, own.refreshEvery > 0 {
            let refresh = WeightOperation.copy(ModelRef(GameTable.policy), to: ModelRef(GameTable.policy, snapshot: "reference"))
            operations[.entered] = [refresh]
            operations[.learned] = [.every(own.refreshEvery, refresh)]
        }
        let route = Route(
            roles: table.roles, credit: RoleConditioned(decay: own.decay, sharesBaseline: !own.conditionsOnRole), objective: RegularisedNash(objective))
        return table.improvement(route: route, operations: operations)
    }
}
