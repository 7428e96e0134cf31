import HoneCore

/// Whom a learner meets at the table.
public enum OpponentScheme: String, Hashable, Sendable, Codable, CaseIterable {
    /// Itself, on all seats, learning on all of them (Tesauro 1995; Silver et al. 2017).
    case mirror
    /// Its newest snapshot.
    case latest
    /// Its newest snapshots, all alike (Bansal et al. 2018).
    case past
    /// An even sample of all snapshots there ever were (fictitious self-play, Heinrich, Lanctot and Silver 2015).
    case fictitious
    /// Its newest snapshots, the more often the more they win (prioritised fictitious self-play, Vinyals et al. 2019).
    case prioritised
    /// Itself, its snapshots and an exploiter, which learns to beat it and begins anew from time to time (after Vinyals et al. 2019).
    case league
    /// The equilibrium of the game between its snapshots (double oracle, McMahan et al. 2003; PSRO, Lanctot et al. 2017).
    case oracle
    /// One player that does not learn.
    case fixed

    /// Whether snapshots are kept for it.
    public var keepsSnapshots: Bool { self != .mirror && self != .fixed }
}

/// One seat's points in a play of others: 1 for a return above the others' mean, 0 below it, ½ for equal ones.
public func points(of role: Role, in returns: [Role: Double]) -> Double {
    let others = returns.filter { $0.key != role }.sorted { $0.key < $1.key }.map(\.value)
    guard let own = returns[role], !others.isEmpty else { return 0.5 }
    let mean = others.reduce(0, +) / Double(others.count)
    return own > mean ? 1 : own < mean ? 0 : 0.5
}

/// How often somebody won.
public struct PointCount: Hashable, Sendable, Codable {
    /// Points: 1 a win, ½ a draw.
    public var points = 0.0
    /// Plays.
    public var plays = 0

    /// So many points in so many plays.
    public init(points: Double = 0, plays: Int = 0) {
        self.points = points
        self.plays = plays
    }

    /// The mean, drawn towards ½ by one win and one loss more, so that nobody is written off after one play.
    public var smoothed: Double { (points + 1) / Double(plays + 2) }

    mutating func add(_ value: Double) {
        points += value
        plays += 1
    }
}
