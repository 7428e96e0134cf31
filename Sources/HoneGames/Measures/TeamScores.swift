import HoneCore
import HoneNumerics

/// An agent that plays together with itself, and with partners it has not met.
///
/// `self-play score` is the mean return with itself on all seats; `score with P` with a partner on the other seats; `cross-play score` the mean
/// over partners; `cross-play drop` the self-play score minus the cross-play score, as a share of the mean self-play score (0 where that is 0).
/// `illegal moves` and `unsound moves` are shares of the agent's moves in self-play that were not allowed as they were said, or were not sound by the
/// rules of the agent's check.
public struct TeamScores: Measure {
    public static let card = PartCard(
        name: "team-scores", summary: "returns with itself and with unseen partners, and the drop", source: "Agashe et al. 2023; Hu et al. 2020 on cross-play")

    /// The problem that begins the game.
    public let problem: Problem
    /// Its seats.
    public let roles: [Role]
    /// The agent.
    public let agent: Player
    /// Partners with their names.
    public let partners: [(name: String, player: Player)]
    /// Plays of each pairing.
    public let plays: Int
    /// What the note on an unsound move says.
    public let unsoundNote: String

    /// The measure.
    public init(
        problem: Problem, roles: [Role], agent: Player, partners: [(name: String, player: Player)], plays: Int, unsoundNote: String
    ) {
        self.problem = problem
        self.roles = roles
        self.agent = agent
        self.partners = partners
        self.plays = plays
        self.unsoundNote = unsoundNote
    }

    /// The plays with a partner, the agent on every seat in turn; with itself on all seats where there is none.
    private func sittings(with partner: Player?, in scope: Scope) async throws -> [Duel.Sitting] {
        try await Duel(problem: problem, roles: roles).sittings(of: agent, against: partner ?? agent, count: plays, in: scope)
    }

    public func measure(in scope: Scope) async throws -> Findings {
        var found = Findings()
        func add(_ name: String, _ values: [Double], _ unit: String) {
            found.estimates[name] = .mean(of: values, unit: unit)
            found.values[name] = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("play \($0)", $1) })
        }
        let own = try await sittings(with: nil, in: scope.child("itself"))
        let alone = own.map(\.value)
        add("self-play score", alone, "cards")
        var crossed = [Double](repeating: 0, count: alone.count)
        for (name, partner) in partners {
            let scores = try await sittings(with: partner, in: scope.child(name)).map(\.value)
            add("score with \(name)", scores, "cards")
            for (place, score) in scores.enumerated() { crossed[place] += score / Double(partners.count) }
        }
        if !partners.isEmpty {
            add("cross-play score", crossed, "cards")
            let mean = alone.reduce(0, +) / Double(max(1, alone.count))
            add("cross-play drop", zip(alone, crossed).map { mean == 0 ? 0 : ($0 - $1) / mean }, "of self-play")
        }
        let marked = own.map { shares(of: $0.episode) }
        add("illegal moves", marked.map(\.illegal), "share")
        add("unsound moves", marked.map(\.unsound), "share")
        return found
    }

    /// The shares of an episode's moves that were put right, and that have the note.
    private func shares(of episode: Episode) -> (illegal: Double, unsound: Double) {
        guard !episode.steps.isEmpty else { return (0, 0) }
        let count = Double(episode.steps.count)
        let illegal = episode.steps.count { step in step.move.segments.contains { $0.origin == .prompt && !$0.isPrivate } }
        let unsound = episode.steps.count { step in step.move.segments.contains { $0.origin == .hint && $0.text == unsoundNote } }
        return (Double(illegal) / count, Double(unsound) / count)
    }
}
