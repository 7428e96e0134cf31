import HoneCore

/// A finished play of a search, as a final choice sees it.
public struct FinishedPlay<W: World>: Sendable {
    /// Where it ended.
    public var position: Position<W>
    /// The own values of its states, from the first move to the last.
    public var values: [Double]
    /// What was said of the last state.
    public var words: String?

    /// A finished play.
    public init(position: Position<W>, values: [Double], words: String? = nil) {
        self.position = position
        self.values = values
        self.words = words
    }

    /// The value of the last state as a whole number, and what was said of it; nil where it was not valued.
    public var said: String? {
        values.last.map { value in
            let number = abs(value) < 1e9 ? String(Int(value.rounded())) : "\(value)"
            return words.flatMap { $0.isEmpty ? nil : "\(number) \($0)" } ?? number
        }
    }
}

/// Says which of a search's finished plays is kept: a discriminator.
public protocol FinalChoice: Part {
    /// The place of the kept one among one or more plays; whatever is asked is charged to the scope.
    func choose<W: World>(among plays: [FinishedPlay<W>], cast: Cast, in scope: Scope) async throws -> Int
}

/// The play with the largest number of some kind; of equals the first.
public struct KeptByValue: FinalChoice {
    public static let card = PartCard(
        name: "by-value", summary: "of finished plays the one whose last state, or whose states on average, are valued most",
        source: "Antoniades et al. 2024 (SWE-Search), released discriminator")

    /// Which number.
    public enum Number: String, Hashable, Sendable, Codable, CaseIterable {
        /// The mean over the states of the play.
        case mean
        /// The value of its last state.
        case best
    }

    /// Which number counts.
    public var number: Number

    /// The choice.
    public init(_ number: Number = .best) { self.number = number }

    public func choose<W: World>(among plays: [FinishedPlay<W>], cast: Cast, in scope: Scope) async throws -> Int { place(among: plays) }

    func place<W: World>(among plays: [FinishedPlay<W>]) -> Int {
        let numbers = plays.map { play in
            switch number {
            case .best: play.values.last ?? -.infinity
            case .mean: play.values.isEmpty ? -.infinity : play.values.reduce(0, +) / Double(play.values.count)
            }
        }
        return numbers.indices.max { (numbers[$0], -$0) < (numbers[$1], -$1) } ?? 0
    }
}
