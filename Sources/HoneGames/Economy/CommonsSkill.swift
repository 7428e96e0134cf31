import HoneCore

/// A question on what it takes to keep a commons, with its exact answer.
///
/// The four kinds follow the sub-skills of Piatti et al. 2024: simulating the dynamics, the sustainable share of each, the threshold of all together, and a belief about what others do.
public struct CommonsSkill: Hashable, Sendable {
    /// What is asked.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The next stock after a catch of all.
        case dynamics
        /// The sustainable share of each.
        case share
        /// The most that all together can take so that the stock grows back.
        case threshold
        /// What somebody takes next who keeps to the others' average.
        case beliefs
    }

    /// What is asked.
    public let kind: Kind
    /// What is known: the stock and the catch, the stock, or catches.
    public let numbers: [Int]
    /// The right answer.
    public let answer: Int

    /// A question drawn from a seed. Threshold and share are those of the settings' growth; a collapsed stock is 0.
    public init(_ kind: Kind, of game: Commons, seed: Seed) {
        var generator = seed.generator
        let settings = game.settings
        let stock = generator.integer(in: min(2 * settings.players, settings.capacity)...settings.capacity)
        self.kind = kind
        switch kind {
        case .dynamics:
            let catches = generator.integer(in: 0...stock)
            numbers = [stock, catches]
            answer = stock - catches < settings.collapse ? 0 : game.grown(stock - catches)
        case .share:
            numbers = [stock]
            answer = game.sustainableShare(of: stock, among: settings.players) ?? 0
        case .threshold:
            numbers = [stock]
            answer = game.sustainableShare(of: stock, among: 1) ?? 0
        case .beliefs:
            let catches = (1..<settings.players).map { _ in generator.integer(in: 0...settings.capacity / 2) }
            numbers = catches
            answer = Self.mean(catches)
        }
    }

    /// The mean, rounded to the nearest whole number, halves up.
    public static func mean(_ numbers: [Int]) -> Int {
        numbers.isEmpty ? 0 : (2 * numbers.reduce(0, +) + numbers.count) / (2 * numbers.count)
    }

    /// The question in as few characters as can be: `d100 50=`.
    public var short: String { "\(kind.rawValue.prefix(1) == "s" ? "f" : kind.rawValue.prefix(1))\(numbers.map(String.init).joined(separator: " "))=" }

    /// The question in words.
    public func words(_ game: Commons) -> String {
        let settings = game.settings
        let rules = "A stock of fish grows each month to \(settings.growth) % of what is left, at most \(settings.capacity); with less than \(settings.collapse) left it is gone for good. "
        let question =
            switch kind {
            case .dynamics: "There are \(numbers[0]) and \(numbers[1]) are caught. How many are there next month (0 if they are gone)?"
            case .share: "There are \(numbers[0]) and \(settings.players) fishers take the same. What is the largest whole number each can take so that next month there are as many again?"
            case .threshold: "There are \(numbers[0]). How many can be caught in all at most so that next month there are as many again?"
            case .beliefs: "The others caught \(numbers.map(String.init).joined(separator: ", ")). You expect that each of them catches their average next month. How many is that, rounded?"
            }
        return rules + question + " End with the number on a line of its own."
    }
}
