import Foundation
import HoneCore
import HoneCredit
import HoneCurricula
import HoneEngine
import HoneObjectives

/// Self-play on games: a model plays against itself, its past or others, and learns from who won.
public enum SelfPlay: Recipe {
    public typealias Settings = GamePlaySettings

    public static let world = "kuhn-poker"
    public static let worlds = WorldFamily.tables

    public static let card = RecipeCard(
        id: "self-play",
        summary: "policy gradient on games against itself, its past, an exploiter or an equilibrium of its past, held to a reference that moves",
        source: "Heinrich, Lanctot and Silver 2015; Perolat et al. 2022, equation 1; Vinyals et al. 2019; Lanctot et al. 2017",
        departures: [
            "one language model plays all seats; advantages are returns minus the mean of the other decisions at the same position, or minus a running "
                + "mean of the seat",
            "selfPlay.eta = 0 leaves the reference out: the plain policy gradient, which cycles in games such as Kuhn poker",
        ],
        parts: [
            "curriculum: matchmaking by a scheme of opponents", "society: solo, everyone in turn", "judge: the world's returns",
            "credit: advantages by position or by role", "objective: regularised policy gradient", "measure: exploitability, matches against yardsticks",
        ], claim: claim)

    public static func plan(_ settings: GamePlaySettings, seed: Seed) throws -> Plan {
        let table = try GameTable.of(settings)
        let own = settings.selfPlay
        // Without iterations there is one phase to measure in.
        let isHeld = own.eta > 0 && own.finalEta > 0 && own.phases > 1
        let phases = isHeld && !settings.opponents.scheme.keepsSnapshots ? max(1, min(own.phases, settings.common.iterations)) : 1
        let only = isHeld ? (own.eta * own.finalEta).squareRoot() : own.eta
        let lengths = lengths(of: phases, in: settings.common.iterations, isAveraged: own.averaged > 0)
        return table.plan(
            try (0..<phases).map { phase in
                let share = phases > 1 ? Double(phase) / Double(phases - 1) : 0
                let eta = phases > 1 ? own.eta * pow(own.finalEta / own.eta, share) : only
                return try stage(table, phase: phase, isLast: phase == phases - 1, iterations: lengths[phase], eta: eta)
            })
    }

    /// How many iterations phases have. They share them evenly, the first ones take what is left over; where the last phase's iterates are
    /// averaged it has half of all.
    static func lengths(of phases: Int, in iterations: Int, isAveraged: Bool) -> [Int] {
        let last = isAveraged && phases > 1 ? max(iterations / 2, iterations / phases) : 0
        let even = last > 0 ? phases - 1 : phases
        let rest = iterations - last
        return (0..<even).map { rest / even + ($0 < rest % even ? 1 : 0) } + (last > 0 ? [last] : [])
    }

    /// The stage of a phase, which plays and learns.
    static func stage(_ table: GameTable, phase: Int, isLast: Bool, iterations: Int, eta: Double) throws -> Stage {
        let own = table.settings.selfPlay
        var objective = RegularisedNash.Settings()
        objective.eta = eta
        objective.largestWeight = 2
        objective.reference = ModelRef(GameTable.policy, snapshot: own.refreshEvery > 0 ? "reference" : "base")
        var operations: [Moment: [WeightOperation]] = [:]
        let (policy, mean) = (ModelRef(GameTable.policy), ModelRef(GameTable.policy, snapshot: GameTable.smoothed))
        if own.smoothing > 0 {
            if phase == 0 { operations[.entered] = [.copy(policy, to: mean)] }
            operations[.learned] = [.blend(policy, into: mean, keep: own.smoothing)]
        }
        if own.eta > 0, own.refreshEvery > 0 {
            // The moving average lies nearer to the fixed point than play that turns about it.
            let refresh = WeightOperation.copy(own.smoothing > 0 ? mean : policy, to: ModelRef(GameTable.policy, snapshot: "reference"))
            if phase == 0 { operations[.entered, default: []].append(refresh) }
            operations[.learned, default: []].append(.every(own.refreshEvery, refresh))
        }
        if isLast, own.averaged > 0, !table.settings.opponents.scheme.keepsSnapshots {
            let keep = WeightOperation.keepInTurn(GameTable.policy, prefix: Matchmaking.prefix, limit: own.averaged)
            operations[.learned, default: []].append(.every(table.settings.opponents.keepEvery, keep))
        }
        let route = Route(
            roles: table.roles, credit: own.credit, objective: RegularisedNash(objective))
        return try table.improvement(
            phase == 0 ? "improve" : StageName("improve \(phase + 1)"), iterations: iterations, route: route, operations: operations)
    }
}
