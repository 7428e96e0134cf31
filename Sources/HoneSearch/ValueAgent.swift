import HoneCore

/// A whole number that a seat beside the play says of the position, and why: an agent that values states.
///
/// The seat's player is asked by its policy what its role is shown there, with `question` behind it. What it says is read as `SeatScore` reads it; the rest
/// of its first line is the explanation. Both are kept as a verdict of kind `worth` on the episode. An answer without a number that counts is
/// asked for again; then the value is the lowest, without an explanation.
///
/// Source: Antoniades et al. 2024, “SWE-Search”, section 3.2. Departure: the seat is shown the state, not the whole way to it, unless the world shows
/// the role more.
public struct ValueAgent: Valuation {
    public static let card = PartCard(
        name: "value-agent", summary: "a number that a seat beside the play says of a state, with an explanation",
        source: "Antoniades et al. 2024 (SWE-Search), section 3.2")

    /// How the number is asked for and counted.
    public var score: SeatScore
    /// What stands behind what the seat is shown.
    public var question: String

    /// The valuation; numbers count as they are, up to 100 and without damping.
    public init(seat: Role, said: ClosedRange<Int> = -100...100, values: ClosedRange<Double> = -100...100, question: String = "#", tries: Int = 3) {
        score = SeatScore(seat: seat, said: said, values: values, ceiling: .infinity, damping: 0, tries: tries)
        self.question = question
    }

    /// What a model that follows instructions is asked.
    public static let sentence =
        "\nHow promising is this state, from -100 (hopeless) to 100 (solved)? Begin your reply with the number, and give the reason in the same line.\n"

    public func values<W: World>(
        of positions: [Position<W>], for role: Role, as player: Player, cast: Cast, judge: (any Judge)?, scopes: [Scope]
    ) async throws -> [Valued] {
        let seat = try score.grader(in: cast)
        return try await Valued.each(positions, scopes) { position, scope in
            let said = try await score.asked(seat, of: position, behind: question, in: scope)
            let value = said.map { score.value(of: $0.number) } ?? score.values.lowerBound
            return Valued(value, verdicts: [Verdict(on: .episode(0), kind: .worth, value: value, critique: said.map { Self.explanation(in: $0.words) })])
        }
    }

    /// What stands behind the first number of the first line with a number; without blanks and signs before it.
    static func explanation(in words: String) -> String {
        let lines = words.split(whereSeparator: \.isNewline)
        guard let line = lines.first(where: { $0.contains { $0.isASCII && $0.isNumber } }) else { return "" }
        let behind = line.drop { !($0.isASCII && $0.isNumber) }.drop { $0.isASCII && $0.isNumber }
        let text = behind.drop { " :,.".contains($0) }
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}
