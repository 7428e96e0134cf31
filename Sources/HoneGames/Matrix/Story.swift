import HoneCore

/// A small scene that the numbers of a 2×2 game are told with: who meets, what both can do, and what they get.
///
/// The scenes say nothing about which outcome is good, so that every game fits every scene (story-based games in TMGBench, 2024; the
/// scenes and wordings are our own).
public struct Story: Hashable, Sendable {
    /// One thing that can be done.
    public struct Deed: Hashable, Sendable {
        /// The move's text: letters and hyphens.
        public let label: String
        /// What the player does then, to follow its name.
        public let phrase: String
    }

    /// Its name.
    public let name: String
    /// What it is about, in a sentence or two.
    public let scene: String
    /// Who plays on seat 0 and on seat 1.
    public let people: [String]
    /// By seat, what can be done.
    public let deeds: [[Deed]]
    /// What the numbers count.
    public let prize: String

    init(_ name: String, _ scene: String, _ people: [String], _ deeds: [(String, String)], _ prize: String) {
        self.name = name
        self.scene = scene
        self.people = people
        self.deeds = [0, 2].map { first in deeds[first..<first + 2].map { Deed(label: $0.0, phrase: $0.1) } }
        self.prize = prize
    }

    /// How many ways of telling an outcome there are.
    public static let wordings = 3

    /// The story of a name; throws with the nearest names.
    public static func named(_ name: String) throws -> Story {
        guard let story = all.first(where: { $0.name == name }) else {
            throw CoreError.unknown(kind: "story", name: name, known: all.map(\.name))
        }
        return story
    }

    /// The two deeds of a seat as they belong to its first and second choice.
    func deeds(of seat: Int, areExchanged: Bool) -> [Deed] { areExchanged ? deeds[seat].reversed() : deeds[seat] }

    /// One outcome in words.
    ///
    /// - Parameters:
    ///   - done: what seat 0 and seat 1 do.
    ///   - pays: what they get.
    ///   - wording: which of the ways of telling, from 0.
    func told(_ done: [Deed], pays: [Int], wording: Int) -> String {
        let (first, second) = (people[0], people[1])
        switch wording {
        case 0: return "If the \(first) \(done[0].phrase) and the \(second) \(done[1].phrase), the \(first) gets \(pays[0]) \(prize) and the \(second) \(pays[1])."
        case 1: return "The \(first) \(done[0].phrase) while the \(second) \(done[1].phrase): \(pays[0]) \(prize) for the \(first), \(pays[1]) for the \(second)."
        default:
            return "When the \(second) \(done[1].phrase) and the \(first) \(done[0].phrase), it ends with \(pays[1]) \(prize) for the \(second) and \(pays[0]) for the \(first)."
        }
    }

    /// The scene and who can do what.
    func opening(deeds: [[Deed]]) -> String {
        let parts = (0...1).map { seat in
            "Player \(seat) is the \(people[seat]) and chooses “\(deeds[seat][0].label)” (the \(people[seat]) \(deeds[seat][0].phrase)) or “\(deeds[seat][1].label)” (\(deeds[seat][1].phrase))"
        }
        return "\(scene) \(parts[0]). \(parts[1]). Neither knows what the other does; each wants as many \(prize) as possible."
    }
}

/// How a 2×2 game is told.
public enum MatrixPresentation: String, Codable, Hashable, Sendable, CaseIterable {
    /// Choices and payoffs as a list.
    case table
    /// As a small story.
    case story
}
