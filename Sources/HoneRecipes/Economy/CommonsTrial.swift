import HoneCore
import HoneEvaluation
import HoneGames
import HoneNumerics
import HoneSocieties

/// How long a commons lasts, what is got out of it and how evenly, what is said, and how well its users understand it.
///
/// `survival time` in rounds, `survival rate`, `gain` of a player, `efficiency`, `equality` (1 − Gini), `over-use`, shares of speech acts (`says limit`, `says blame`, `says agree`,
/// `says pass`), `unreadable`; `skill: K` for each kind of question and `skills` for all. With checkpoints, `survival time at K` and `skills at K` of the model as it was then, and `skills and
/// survival`, Spearman's ρ over them.
struct CommonsTrial: Measure {
    static let card = PartCard(
        name: "commons-trial", summary: "survival, gain, efficiency, equality and over-use of a commons, speech acts, and sub-skills",
        source: "Piatti et al. 2024, “Cooperate or Collapse: Emergence of Sustainable Cooperation in a Society of LLM Agents”, section 3")

    /// The plays.
    let problems: [Problem]
    /// Who takes part.
    let cast: Cast
    /// How questions are written.
    let prompt: CommonsPrompt
    /// The questions.
    let skills: [CommonsSkill]
    /// Snapshots that are measured too, on the first of the plays, and how many of these.
    let checkpoints: [String]
    let playsAtCheckpoints: Int

    func measure(in scope: Scope) async throws -> Findings {
        let logs = try await played(problems, cast, in: scope.child("plays"))
        var found = findings(logs)
        addSkills(try await answered(cast, in: scope.child("skills")), to: &found)
        var survival: [Double] = []
        var accuracy: [Double] = []
        for name in checkpoints {
            let own = cast.mapValues { player in
                var player = player
                player.model.snapshot = name
                return player
            }
            let place = scope.child(name)
            let times = try await played(Array(problems.prefix(playsAtCheckpoints)), own, in: place.child("plays")).map { Double(prompt.game.survivalTime(of: $0.log.state)) }
            let right = try await answered(own, in: place.child("skills")).map { $0 ? 1.0 : 0 }
            found.estimates["survival time at \(name)"] = .mean(of: times, unit: "rounds")
            found.estimates["skills at \(name)"] = .mean(of: right, unit: "share")
            survival.append(Statistics.mean(times))
            accuracy.append(Statistics.mean(right))
        }
        guard checkpoints.count > 2 else { return found }
        let together = RankCorrelation.spearman(accuracy, survival) ?? 0
        found.estimates["skills and survival"] = Estimate(mean: together, low: together, high: together, count: 1, unit: "ρ")
        found.values["skills and survival"] = ["all checkpoints": together]
        return found
    }

    private func played(_ problems: [Problem], _ cast: Cast, in scope: Scope) async throws -> [(problem: String, log: CommonsLog)] {
        try await HeldOutPlay(problems: problems, cast: cast, label: "game").groups(in: scope).map { group in
            let problem = group.assignment.problem
            guard let log = group.episodes.first?.record(CommonsLog.self) else {
                throw CoreError.invalid("The commons “\(problem.id)” was not played to its end: \(group.episodes.first?.ending.map { "\($0)" } ?? "no play")")
            }
            return (problem.id, log)
        }
    }

    /// Which questions are answered rightly.
    private func answered(_ cast: Cast, in scope: Scope) async throws -> [Bool] {
        let steps = try await WrittenTurns.ask(all: skills.map { (role: Role.player(0), text: prompt.skill($0)) }, cast: cast, in: scope)
        return zip(skills, steps).map { prompt.isRight($1.move.text, to: $0) }
    }

    private func addSkills(_ right: [Bool], to found: inout Findings) {
        guard !skills.isEmpty else { return }
        let rows = zip(skills, right).enumerated().map { (kind: $1.0.kind, problem: "question \($0)", values: [$1.1 ? 1.0 : 0]) }
        found.add("skills", unit: "share", rows.map { ($0.problem, $0.values) })
        for kind in CommonsSkill.Kind.allCases { found.add("skill: \(kind.rawValue)", unit: "share", rows.filter { $0.kind == kind }.map { ($0.problem, $0.values) }) }
    }

    /// The measures of plays.
    func findings(_ logs: [(problem: String, log: CommonsLog)]) -> Findings {
        var found = Findings()
        let game = prompt.game
        func add(_ name: String, _ unit: String, _ value: (Commons.State) -> Double?) {
            found.add(name, unit: unit, logs.map { one in (one.problem, value(one.log.state).map { [$0] } ?? []) })
        }
        add("survival time", "rounds") { Double(game.survivalTime(of: $0)) }
        add("survival rate", "share") { game.hasSurvived($0) ? 1 : 0 }
        add("gain", "units") { Double(game.gains(of: $0).reduce(0, +)) / Double(game.settings.players) }
        add("efficiency", "share") { game.efficiency(of: $0) }
        add("equality", "share") { game.equality(of: $0) }
        add("over-use", "share") { game.overUse(of: $0) }
        found.addRatio("unreadable", unit: "share", logs.map { ($0.problem, numerator: Double($0.log.unreadable), denominator: Double($0.log.asked)) })
        guard game.settings.talk != .none else { return found }
        for act in ["limit", "blame", "agree", "pass"] {
            found.addRatio(
                "says \(act)", unit: "share",
                logs.map { one in
                    let said = one.log.state.rounds.flatMap(\.said)
                    let own = said.count { speech in
                        guard case .act(let place) = speech, game.acts.indices.contains(place) else { return false }
                        return game.acts[place].hasPrefix(act)
                    }
                    return (one.problem, numerator: Double(own), denominator: Double(said.count))
                })
        }
        return found
    }
}
