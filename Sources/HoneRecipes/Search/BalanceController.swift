import HoneCore
import HoneCredit
import HoneEngine
import HoneEvaluation

/// Chooses before each iteration at which temperature it samples and from which reward on it learns: those with the largest balance score on a few training problems.
///
/// What it plays is charged to the run like any other play. The choice is told in the iteration's decisions.
///
/// Source: Zeng et al. 2024, “B-STaR”, section 3, algorithm 1.
struct BalanceController: Controller {
    static let card = PartCard(
        name: "balance", summary: "chooses temperature and reward threshold by the balance score on a probe set", source: "Zeng et al. 2024, “B-STaR”, algorithm 1")

    /// What it remembers.
    struct Memo: Codable, Hashable, Sendable {
        /// The last choice; nil before the first.
        var last: BalanceScore.Choice?
    }

    var memo = Memo()
    /// The probe set: training problems.
    let problems: [Problem]
    /// Samples of each, at each temperature.
    let samples: Int
    /// The temperatures to choose from.
    let temperatures: [Double]
    /// The thresholds to choose from.
    let thresholds: [Double]
    /// How many different right answers a query should have, n*.
    let wanted: Int
    /// Gives the reward.
    let judge: BalancedReward

    mutating func decide(
        at moment: Moment, changing stage: inout Stage, given report: IterationReport, in scope: Scope
    ) async throws -> Decision {
        guard moment == .start else { return Decision() }
        var pools: [(temperature: Double, queries: [[BalanceScore.Sample]])] = []
        for (index, temperature) in temperatures.enumerated() {
            let cast = stage.cast.mapValues { player in
                var copy = player
                copy.sampling.temperature = temperature
                return copy
            }
            let groups = try await HeldOutPlay(problems: problems, samples: samples, cast: cast, judge: judge).groups(in: scope.child("temperature", index))
            pools.append((temperature, groups.map(Self.samples)))
        }
        guard let choice = BalanceScore.best(pools, thresholds: thresholds, wanted: wanted) else { return Decision() }
        memo.last = choice
        stage.cast = stage.cast.mapValues { player in
            var copy = player
            copy.sampling.temperature = choice.temperature
            return copy
        }
        for update in stage.updates.indices {
            for route in stage.updates[update].routes.indices {
                guard var credit = stage.updates[update].routes[route].credit as? AcceptedOnly else { continue }
                credit.threshold = choice.threshold
                stage.updates[update].routes[route].credit = credit
            }
        }
        return Decision(reason: "temperature \(choice.temperature), threshold \(choice.threshold), balance \(choice.score)")
    }

    /// The samples of a judged group.
    static func samples(of group: EpisodeGroup) -> [BalanceScore.Sample] {
        group.episodes.indices.map { index in
            BalanceScore.Sample(
                answer: group.episodes[index].response(of: .solver), isRight: SampleMeasures.isCorrect(group.episodes[index]),
                reward: group.value(of: BalancedReward.kind, episode: index, role: .solver) ?? -1)
        }
    }
}
