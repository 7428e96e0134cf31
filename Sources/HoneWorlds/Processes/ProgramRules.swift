import HoneCore

/// What a program says about its world when asked for its card.
public struct ProgramRules: Hashable, Sendable {
    /// How many take part.
    public var seats: Int
    /// The smallest and the largest return.
    public var range: ClosedRange<Double>
    /// What all returns add up to, where that is fixed.
    public var sum: Double?
    /// Whether every seat sees everything.
    public var hasPerfectInformation: Bool
    /// Whether it keeps several plays apart by their `session`.
    public var keepsSessions: Bool
    /// How many different problems there are; nil where every seed makes another.
    public var problems: Int?
    /// What stands before a player's first observation.
    public var instructions: String?

    /// The rules of a card; throws sentences about the first thing in it that cannot be.
    init(_ card: JSONValue, of command: ProgramCommand) throws {
        func wrong(_ sentence: String) -> ProgramFault { ProgramFault(.wrongAnswer, "The card of “\(command)” \(sentence)") }
        func flag(_ key: String) throws -> Bool {
            switch card[key] {
            case nil, .null: return false
            case .bool(let holds): return holds
            case .some(let other): throw wrong("has “\(key)” \(other.canonical.prefix(40)); expected true or false")
            }
        }
        guard let seats = card["seats"]?.int, (1...64).contains(seats) else {
            throw wrong("has \(card["seats"].map { "“seats” \($0.canonical.prefix(40))" } ?? "no “seats”"); expected a whole number from 1 to 64")
        }
        guard let bounds = card["range"]?.elements?.map(\.double), bounds.count == 2, let low = bounds[0], let high = bounds[1], low <= high, low.isFinite,
            high.isFinite
        else {
            throw wrong("has \(card["range"].map { "“range” \($0.canonical.prefix(40))" } ?? "no “range”"); expected the smallest and the largest return, such as [0, 1]")
        }
        self.seats = seats
        range = low...high
        if let given = card["sum"], given != .null {
            guard let sum = given.double, sum.isFinite else { throw wrong("has “sum” \(given.canonical.prefix(40)); expected a number") }
            self.sum = sum
        }
        hasPerfectInformation = try flag("perfectInformation")
        keepsSessions = try flag("sessions")
        if let given = card["problems"], given != .null {
            guard let count = given.int, count >= 1 else { throw wrong("has “problems” \(given.canonical.prefix(40)); expected a whole number of 1 or more") }
            problems = count
        }
        if let given = card["instructions"], given != .null {
            guard let text = given.text else { throw wrong("has “instructions” that are \(given.kind); expected a text") }
            instructions = text
        }
    }

    /// The role of a seat: the solver where there is one seat, else `player 0`, `player 1`, …
    func role(_ seat: Int) -> Role { seats == 1 ? .solver : Role("player \(seat)") }
}
