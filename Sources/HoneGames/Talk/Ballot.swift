/// What happens where several got the most votes.
public enum TieRule: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nobody leaves.
    case nobody
    /// Chance draws one of them.
    case chance
}

/// The counting of votes.
enum Ballot {
    /// The seats that got the most votes, ascending; nobody's votes (a number below 0) do not count, and where all are such, none is named.
    static func leaders(_ votes: [Int], seats: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: seats)
        for vote in votes where vote >= 0 { counts[vote] += 1 }
        let most = counts.max() ?? 0
        return most == 0 ? [] : counts.indices.filter { counts[$0] == most }
    }
}

extension [Bool] {
    /// The seats that are marked, ascending.
    var seats: [Int] { indices.filter { self[$0] } }
}
