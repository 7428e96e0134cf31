import HoneCore

/// A strategy of the donor game as a short text: `g3t2b0` gives the share at place 3; whose last gift was below the share at place 2 gets that at place 0.
///
/// With `p1` in place of `b0`, the donor pays the share at place 1 to punish where the game allows it. Whoever has not given yet is given to. Places count the game's shares from 0. The
/// language is ours; it says what many strategies of Vallinder and Hughes 2024 say: how much, to whom not, and what then.
public struct DonorRule: Hashable, Codable, Sendable {
    /// The place of the share it gives.
    public var give: Int
    /// The place of the least share the recipient has to have given.
    public var threshold: Int
    /// The place of the share for those who gave less.
    public var otherwise: Int
    /// Whether that is paid to punish, and not given.
    public var punishes: Bool

    /// A rule.
    public init(give: Int, threshold: Int, otherwise: Int, punishes: Bool = false) {
        self.give = give
        self.threshold = threshold
        self.otherwise = otherwise
        self.punishes = punishes
    }

    /// The rule of a text; nil where it is none, or names places that a game with so many shares does not have.
    public init?(_ text: String, levels: Int) {
        let letters = Array(text)
        guard letters.count == 6, letters[0] == "g", letters[2] == "t", letters[4] == "b" || letters[4] == "p",
            let give = letters[1].wholeNumberValue, let threshold = letters[3].wholeNumberValue, let otherwise = letters[5].wholeNumberValue,
            give < levels, threshold < levels, otherwise < levels
        else { return nil }
        self.init(give: give, threshold: threshold, otherwise: otherwise, punishes: letters[4] == "p")
    }

    /// Its text.
    public var text: String { "g\(give)t\(threshold)\(punishes ? "p" : "b")\(otherwise)" }

    /// What it gives to somebody whose last gift was this share in percent (below 0: it punished, which counts as nothing given); nil for somebody who has not given yet.
    public func share(after past: Int?, of game: DonorGame) -> Int {
        let shares = game.settings.shares
        func at(_ place: Int) -> Int { shares[min(max(place, 0), shares.count - 1)] }
        guard let past, max(0, past) < at(threshold) else { return at(give) }
        return punishes && game.settings.allowsPunishment ? -at(otherwise) : at(otherwise)
    }

    /// How many of its parts differ from another's.
    public func changes(from other: DonorRule) -> Int {
        (give == other.give ? 0 : 1) + (threshold == other.threshold ? 0 : 1) + (otherwise == other.otherwise && punishes == other.punishes ? 0 : 1)
    }
}

/// How somebody writes a strategy of the donor game, first without and then with those of others before it: what a small model's corpus is made with.
///
/// All copy one of those they read, drawn evenly, and change each part by one place with a probability. They stand for base models that differ; which ones there are is ours.
public enum DonorTemperament: String, Codable, Hashable, Sendable, CaseIterable {
    /// Asks of others what it gives itself, and gives next to nothing to those who gave less; begins with some generosity.
    case altruist
    /// Begins with anything and changes nothing on purpose.
    case imitator
    /// Begins with little and gives a place less than what it read.
    case freeRider = "free-rider"

    /// A rule after reading others, in a game with so many shares.
    public func rule(reading read: [DonorRule], levels: Int, mutation: Double, allowsPunishment: Bool, using generator: inout SeededGenerator) -> DonorRule {
        let most = levels - 1
        guard var rule = generator.element(of: read) else { return first(most, allowsPunishment, &generator) }
        func changed(_ place: Int, _ generator: inout SeededGenerator) -> Int {
            guard generator.chance(mutation) else { return place }
            return min(most, max(0, place + (generator.chance(0.5) ? 1 : -1)))
        }
        rule.give = changed(rule.give, &generator)
        rule.threshold = changed(rule.threshold, &generator)
        rule.otherwise = changed(rule.otherwise, &generator)
        if allowsPunishment, generator.chance(mutation / 2) { rule.punishes.toggle() }
        switch self {
        case .altruist:
            rule.threshold = rule.give
            rule.otherwise = min(rule.otherwise, 1)
        case .imitator: break
        case .freeRider:
            rule.give = max(0, rule.give - 1)
            if !rule.punishes { rule.otherwise = 0 }
        }
        return rule
    }

    private func first(_ most: Int, _ allowsPunishment: Bool, _ generator: inout SeededGenerator) -> DonorRule {
        var rule = DonorRule(give: generator.integer(in: 0...most), threshold: generator.integer(in: 0...most), otherwise: generator.integer(in: 0...most))
        switch self {
        case .altruist:
            rule.give = generator.integer(in: min(1, most)...max(1, most - 1))
            (rule.threshold, rule.otherwise) = (rule.give, 0)
        case .imitator: break
        case .freeRider:
            rule.give = generator.integer(in: 0...most / 2)
            rule.otherwise = 0
        }
        if allowsPunishment, generator.chance(0.5) { (rule.otherwise, rule.punishes) = (1, true) }
        return rule
    }
}

extension DonorGame {
    /// The shares along the trace of a seat: what it gave when it last was a donor, what its recipient had given before that, and so on.
    public func pastShares(of seat: Int, in state: State) -> [Int] {
        links(from: seat, before: finished(in: state), in: ledger(of: state), gifts: state.gifts).map(\.share)
    }

    /// Two plays whose pairs are the same and whose donors are exchanged in every round, before the first gift of a round: nobody gains by the seat that chance gives it.
    ///
    /// The places come from the seed, and the coins of each round when ``toss(_:seed:)`` is called.
    public func mirrored(seed: Seed) -> (State, State) {
        var generator = seed.child("places").generator
        var state = start
        for place in generator.shuffled(Array(0..<settings.players)) { apply(.place(place), to: &state) }
        return (state, state)
    }

    /// Tosses the coins of the next round for a play and, turned, for its mirror.
    public func toss(_ plays: inout (State, State), seed: Seed) {
        var generator = seed.child("coins", plays.0.coins.count).generator
        for _ in 0..<settings.players / 2 {
            let isSecond = generator.chance(0.5)
            apply(.donor(isSecond: isSecond), to: &plays.0)
            apply(.donor(isSecond: !isSecond), to: &plays.1)
        }
    }

    /// What a player has at the end on average if everybody always gives everything: start · ((1 + m) / 2)^rounds, as a coin decides who of a pair gives.
    public var mostResources: Double {
        var most = Double(settings.start)
        for _ in 0..<settings.rounds { most *= Double(1 + settings.multiplier) / 2 }
        return most
    }
}
