import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics

/// Agents on items cut from good plays, and in plays at a table of others: how far their choices are those of the winning side, how often they win, how
/// long they live, and which of the two goes with winning.
///
/// For each agent A: the findings of ``ChoiceTally`` on speech items behind ` of A` (`macro accuracy of A` is its alignment), `vote alignment of A`, `role
/// accuracy of A` and `role brier of A`, `win rate of A` and `days lived of A` in one seat beside pool players. Over agents:
/// `alignment and winning` and `survival and winning` are Spearman's ρ of both with the win rate, `advantage of alignment` their difference.
struct StrategyAlignment: Measure {
    static let card = PartCard(
        name: "strategy-alignment", summary: "choices compared with the winning side's, role inference, wins and survival, and how these go together",
        source: "“Beyond Survival” (WereBench and WereAlign), 2025")

    /// Who is measured: a player of the rules, or a model.
    struct Agent: Sendable {
        var name: String
        var player: Player
        /// The scripted player that it is; nil for a model.
        var scripted: WerewolfPlayer?
    }

    let game: Werewolf
    let agents: [Agent]
    let items: [WerewolfItem]
    let decodes: Int
    let isTerse: Bool
    /// Whether models choose moves by their probabilities; if not, by letter.
    let scoresMoves: Bool
    let problem: Problem
    let roles: [Role]
    let pool: Player
    /// Plays of each agent at the table.
    let plays: Int

    func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        let speech = items.filter { WerewolfItems.speechKinds.contains($0.item.kind) }
        let votes = items.filter { $0.item.kind == WerewolfItems.vote }
        let hidden = items.filter { $0.item.kind == WerewolfItems.role }
        var alignment: [Double] = []
        var winning: [Double] = []
        var survival: [Double] = []
        for agent in agents {
            let own = scope.child(agent.name)
            let spoken = try await tally(speech, agent, in: own.child("speech"))
            found = found.merging(spoken.findings(suffix: " of \(agent.name)"))
            let voted = try await tally(votes, agent, in: own.child("vote")).findings(suffix: "")
            let inferred = try await tally(hidden, agent, in: own.child("role")).findings(suffix: "")
            for (from, name, to) in [(voted, "accuracy", "vote alignment"), (inferred, "accuracy", "role accuracy"), (inferred, "brier", "role brier")] {
                found.estimates["\(to) of \(agent.name)"] = from.estimates[name]
                found.values["\(to) of \(agent.name)"] = from.values[name]
            }
            let (wins, days) = try await played(agent, in: own.child("plays"))
            found.estimates["win rate of \(agent.name)"] = .mean(of: wins, unit: "share")
            found.estimates["days lived of \(agent.name)"] = .mean(of: days, unit: "days")
            found.values["win rate of \(agent.name)"] = Dictionary(uniqueKeysWithValues: wins.enumerated().map { ("play \($0)", $1) })
            alignment.append(spoken.macroAccuracy)
            winning.append(Statistics.mean(wins))
            survival.append(Statistics.mean(days))
        }
        guard agents.count > 2 else { return found }
        let first = RankCorrelation.spearman(alignment, winning) ?? 0
        let second = RankCorrelation.spearman(survival, winning) ?? 0
        for (name, value) in [("alignment and winning", first), ("survival and winning", second), ("advantage of alignment", first - second)] {
            found.estimates[name] = Estimate(mean: value, low: value, high: value, count: 1, unit: "ρ")
            found.values[name] = ["all agents": value]
        }
        return found
    }

    private func tally(_ items: [WerewolfItem], _ agent: Agent, in scope: Scope) async throws -> ChoiceTally {
        guard let scripted = agent.scripted else {
            let kinds = scoresMoves ? WerewolfItems.moveKinds : []
            return try await ChoiceAccuracy(items: items.map(\.item), player: agent.player, decodes: decodes, isTerse: isTerse, moveKinds: kinds).tally(in: scope)
        }
        let shares = items.enumerated().map { scripted.shares(of: $1, decodes: decodes, game: game, seed: scope.child("item", $0).seed) }
        return ChoiceTally(items: items.map(\.item), shares: shares)
    }

    /// Whether the agent's side won, and on how many days the agent could vote.
    private func played(_ agent: Agent, in scope: Scope) async throws -> (wins: [Double], days: [Double]) {
        let sittings = try await Duel(problem: problem, roles: roles).sittings(of: agent.player, against: pool, count: plays, in: scope)
        let days = sittings.map { one in Double(one.episode.steps.count { $0.role == one.role && $0.move.text.hasPrefix("v") }) }
        return (sittings.map { $0.value > 0 ? 1 : 0 }, days)
    }
}
