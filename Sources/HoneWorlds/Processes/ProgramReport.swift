import HoneCore

/// Where a program says that a play stands, checked against its own rules.
struct ProgramReport: Hashable, Sendable {
    /// Who acts next.
    enum Next: Hashable, Sendable {
        case seats([Int])
        case chance([ChanceOutcome])
        case over(Ending)
    }

    var next: Next
    /// What each seat sees.
    var observations: [Int: String]
    /// The moves listed, of seats that move.
    var legal: [Int: [String]]
    /// A text equal for all states that a seat cannot tell apart.
    var information: [Int: String]
    /// The return of each seat so far.
    var returns: [Double]

    init(_ answer: JSONValue, rules: ProgramRules, allowsChance: Bool, of command: ProgramCommand) throws {
        func wrong(_ sentence: String) -> ProgramFault { ProgramFault(.wrongAnswer, "“\(command)” answered with \(sentence)") }
        func seat(_ key: String, _ place: String) throws -> Int {
            guard let seat = Int(key), (0..<rules.seats).contains(seat) else {
                throw wrong("“\(place)” for “\(key.prefix(40))”; its seats are 0 to \(rules.seats - 1)")
            }
            return seat
        }
        func members(_ key: String) throws -> [String: JSONValue] {
            switch answer[key] {
            case nil, .null: return [:]
            case .object(let members): return members
            case .some(let other): throw wrong("“\(key)” that is \(other.kind); expected an object from seat to value")
            }
        }
        func texts(_ key: String) throws -> [Int: String] {
            var texts: [Int: String] = [:]
            for (name, value) in try members(key) {
                guard let text = value.text else { throw wrong("“\(key)” of “\(name.prefix(40))” that is \(value.kind); expected a text") }
                texts[try seat(name, key)] = text
            }
            return texts
        }
        observations = try texts("observations")
        information = try texts("information")
        legal = [:]
        for (name, value) in try members("legal") {
            guard let moves = value.elements?.map(\.text), !moves.contains(nil) else { throw wrong("“legal” of “\(name.prefix(40))” that is no list of texts") }
            legal[try seat(name, "legal")] = moves.compactMap { $0 }
        }
        guard let numbers = answer["returns"]?.elements?.map(\.double), numbers.count == rules.seats, !numbers.contains(nil) else {
            throw wrong("“returns” \(answer["returns"]?.canonical.prefix(60) ?? "missing"); expected \(rules.seats) numbers, one for each seat")
        }
        returns = numbers.compactMap { $0 }
        let slack = 1e-9 * max(1, abs(rules.range.lowerBound), abs(rules.range.upperBound))
        for value in returns where !(value >= rules.range.lowerBound - slack && value <= rules.range.upperBound + slack) {
            throw wrong("a return of \(value), but its card says \(rules.range.lowerBound) to \(rules.range.upperBound)")
        }
        next = try Self.next(answer["turn"] ?? .null, rules, allowsChance, wrong)
        if case .seats(let seats) = next {
            for seat in seats where observations[seat] == nil { throw wrong("no observation for seat \(seat), whose turn it is") }
            for seat in seats where legal[seat]?.isEmpty == true { throw wrong("an empty list of moves for seat \(seat), whose turn it is; leave the list out where moves cannot be listed") }
        }
    }

    private static func next(
        _ turn: JSONValue, _ rules: ProgramRules, _ allowsChance: Bool, _ wrong: (String) -> ProgramFault
    ) throws -> Next {
        guard case .object(let members) = turn, members.count == 1 || members["over"] != nil else {
            throw wrong("“turn” \(turn.canonical.prefix(60)); expected {\"seats\": […]}, {\"chance\": […]} or {\"over\": …}")
        }
        if let given = members["seats"] {
            let seats = given.elements?.compactMap(\.int) ?? []
            guard let count = given.elements?.count, count == seats.count, count > 0, Set(seats).count == count, seats.allSatisfy({ (0..<rules.seats).contains($0) })
            else { throw wrong("the turn of seats \(given.canonical.prefix(60)); its seats are 0 to \(rules.seats - 1)") }
            return .seats(seats)
        }
        if let given = members["chance"] {
            guard allowsChance else { throw wrong("a turn of chance, which it was not asked for; chance is to be drawn from the seed of “reset”") }
            let outcomes = given.elements?.compactMap { outcome -> ChanceOutcome? in
                guard let move = outcome["move"]?.text, let probability = outcome["probability"]?.double, probability >= 0 else { return nil }
                return ChanceOutcome(move: move, probability: probability)
            }
            guard let outcomes, outcomes.count == given.elements?.count, abs(outcomes.reduce(0) { $0 + $1.probability } - 1) < 1e-6 else {
                throw wrong("outcomes of chance that are no list of “move” and “probability” adding up to 1: \(given.canonical.prefix(60))")
            }
            return .chance(outcomes)
        }
        switch members["over"]?.text {
        case "completed": return .over(.completed)
        case "budget": return .over(.budget)
        case "failed": return .over(.failed(members["reason"]?.text ?? "The program gave up without a reason"))
        case "illegal":
            guard let seat = members["by"]?.int, (0..<rules.seats).contains(seat) else { throw wrong("an illegal ending without “by”, the seat that broke the rules") }
            return .over(.illegal(rules.role(seat)))
        default: throw wrong("“turn” \(turn.canonical.prefix(60)); a play is over as completed, budget, illegal or failed")
        }
    }
}
