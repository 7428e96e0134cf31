import HoneCore

/// The results of games between named players, in one order whatever the order they came in.
///
/// Two collections with the same games are equal and encode to the same bytes.
public struct GameResults: Hashable, Sendable, Codable {
    /// What each pair has played, one entry per pair, ordered by the first name and then the second.
    public private(set) var encounters: [Encounter]

    /// The results of these games; entries of one pair are joined.
    public init(_ encounters: [Encounter] = []) {
        self.encounters = []
        add(encounters)
    }

    /// Reads results and puts them in order.
    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode([Encounter].self)) }

    /// Writes the list of encounters.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encounters)
    }

    /// Adds games.
    public mutating func add(_ more: [Encounter]) {
        let sorted = (encounters + more).sorted { ($0.first, $0.second) < ($1.first, $1.second) }
        var joined: [Encounter] = []
        for encounter in sorted {
            if let last = joined.last, last.first == encounter.first, last.second == encounter.second {
                joined[joined.count - 1] = last.joined(encounter)
            } else {
                joined.append(encounter)
            }
        }
        encounters = joined
    }

    /// Everyone who has played, by name.
    public var players: [String] { Set(encounters.flatMap { [$0.first, $0.second] }).sorted() }

    /// How many games there were.
    public var games: Int { encounters.reduce(0) { $0 + $1.games } }

    /// The players in groups within which everyone is linked to everyone by games, directly or over others.
    ///
    /// No comparison across groups rests on anything. Groups and their players are ordered by name.
    public var groups: [[String]] {
        let players = players
        let place = Dictionary(uniqueKeysWithValues: players.enumerated().map { ($1, $0) })
        var parent = Array(players.indices)
        func root(_ start: Int) -> Int {
            var node = start
            while parent[node] != node { node = parent[node] }
            return node
        }
        for encounter in encounters {
            guard let a = place[encounter.first], let b = place[encounter.second] else { continue }
            let (left, right) = (root(a), root(b))
            parent[max(left, right)] = min(left, right)
        }
        var groups: [Int: [String]] = [:]
        for (index, player) in players.enumerated() { groups[root(index), default: []].append(player) }
        return groups.keys.sorted().compactMap { groups[$0] }
    }
}
