import HoneCore

/// What is believed of the skills of named players, game after game, by a `SkillModel`.
///
/// Later games weigh more than earlier ones, so that the order of the games matters: give them in the order they were played in.
public struct SkillRatings: Hashable, Sendable, Codable {
    /// One player's skill.
    public struct Rated: Hashable, Sendable, Codable {
        /// Who.
        public let player: String
        /// What is believed of the skill.
        public let skill: Skill
        /// How many games it rests on.
        public let games: Int

        /// The skill's mean with its interval at 95 %.
        public var estimate: Estimate { skill.estimate(games: games) }
    }

    /// How results change beliefs.
    public let model: SkillModel
    /// Everyone who has played, by name.
    public private(set) var players: [Rated] = []

    /// Ratings before any game.
    public init(_ model: SkillModel) { self.model = model }

    /// The skill of a player; the newcomer's where it has not played.
    public func skill(of player: String) -> Skill { players.first { $0.player == player }?.skill ?? model.newcomer }

    /// Takes in one game, told as groups of players from the best to the worst; players of one group tied.
    ///
    /// The order within a group does not matter: it is taken by name. Throws for a player named twice, for fewer than two players, and for
    /// ties in a model without draws.
    public mutating func add(ranking: [[String]]) throws {
        let names = ranking.flatMap { $0.sorted() }
        guard Set(names).count == names.count else {
            throw CoreError.invalid("A ranking names each player once, but this one has \(names.joined(separator: ", "))")
        }
        let places = ranking.enumerated().flatMap { place, group in group.map { _ in place } }
        let updated = try model.updated(names.map(skill(of:)), places: places)
        let games = names.map { name in players.first { $0.player == name }?.games ?? 0 }
        let kept = players.filter { !names.contains($0.player) }
        let fresh = names.indices.map { Rated(player: names[$0], skill: updated[$0], games: games[$0] + 1) }
        players = (kept + fresh).sorted { $0.player < $1.player }
    }

    /// The players by conservative skill, best first; equal ones by name.
    public var leaderboard: [Rated] {
        players.sorted { ($1.skill.conservative, $0.player) < ($0.skill.conservative, $1.player) }
    }
}
