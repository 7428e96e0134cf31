import HoneCore
import Synchronization

/// A few of the groups that measures play, so that answers of two moments can be laid side by side.
///
/// Kept are the first held-out problems in the measure's own order, whatever came of them: nothing is chosen by its result.
/// A measure's random streams hang from the run's root, so the same problem is answered from the same seed each time.
final class KeptAnswers: Sendable {
    /// How many problems are kept.
    static let problems = 12
    /// How many samples of each.
    static let samples = 4

    private struct Entry {
        var place: [Part]
        var group: EpisodeGroup
    }

    /// A piece of a scope's path, so that problem 10 comes after problem 9.
    private struct Part: Comparable {
        var label: String
        var number: Int

        static func < (left: Self, right: Self) -> Bool {
            left.label == right.label ? left.number < right.number : left.label < right.label
        }
    }

    private let entries = Mutex<[Entry]>([])

    /// Takes note of a group; only held-out problems are kept.
    func add(_ group: EpisodeGroup, at path: String) {
        guard group.assignment.problem.isHeldOut, !group.episodes.isEmpty else { return }
        let place = path.split(separator: "/").map { piece in
            let words = piece.split(separator: " ")
            let number = words.last.flatMap { Int($0) }
            return Part(label: number == nil ? String(piece) : words.dropLast().joined(separator: " "), number: number ?? 0)
        }
        entries.withLock { $0.append(Entry(place: place, group: group)) }
    }

    /// The kept groups, in the order of their paths.
    ///
    /// Of several plays of one problem the outermost is taken; of those the one with most samples; of those the one drawn at
    /// the highest temperature, so that a greedy pass does not stand in for the sampled one.
    var groups: [EpisodeGroup] {
        var chosen: [String: Entry] = [:]
        for entry in entries.withLock({ $0 }) {
            let id = entry.group.assignment.problem.id
            if let other = chosen[id], !Self.precedes(entry, other) { continue }
            chosen[id] = entry
        }
        return chosen.values.sorted { $0.place.lexicographicallyPrecedes($1.place) }.prefix(Self.problems).map { entry in
            var group = entry.group
            group.episodes = Array(group.episodes.prefix(Self.samples))
            return group
        }
    }

    private static func precedes(_ left: Entry, _ right: Entry) -> Bool {
        if left.place.count != right.place.count { return left.place.count < right.place.count }
        let (l, r) = (left.group, right.group)
        if l.episodes.count != r.episodes.count { return l.episodes.count > r.episodes.count }
        let (warm, cold) = (temperature(l), temperature(r))
        if warm != cold { return warm > cold }
        return left.place.lexicographicallyPrecedes(right.place)
    }

    private static func temperature(_ group: EpisodeGroup) -> Double {
        group.assignment.cast.values.map(\.sampling.temperature).max() ?? 0
    }
}
