import HoneCore

/// Several ordinal 2×2 games as one: one after the other, all at once, or one whose outcome takes a choice away from the next.
///
/// The complex forms of TMGBench (2024). A player's return is the sum over the games. The text of a choice names it, with the number of its
/// game in front; choices made together are joined by commas. Stories change words only.
public struct ComposedMatrixGame: ExtensiveGame {
    public static let card = PartCard(
        name: "composed-2x2", summary: "ordinal 2×2 games in sequence, in parallel, or nested", source: "Wang et al. 2024, TMGBench")

    /// How the games hang together.
    public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
        /// One after the other, each outcome shown before the next.
        case sequential
        /// All choices of a player at once.
        case parallel
        /// One after the other; each outcome takes a choice of the next game from a player, by `bans`.
        case nested
    }

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The games by name, 1 to 5.
        public var games = ["g111", "g322"]
        /// How they hang together.
        public var form = Form.sequential
        /// In the nested form, what the outcomes of a game (both first, first and second, second and first, both second choices) take away in
        /// the next: the seat and the choice from 0, such as `1:0`, or nothing.
        public var bans = ["", "0:0", "1:1", ""]
        /// Whether the games are told as tables or as stories.
        public var presentation = MatrixPresentation.table
        /// The stories of the games in order, over again where there are fewer than games; names of ``Story/all``.
        public var stories = ["market", "kitchen", "ferry", "garden", "school"]
        /// The way in which stories tell outcomes, 0 to 2.
        public var wording = 0

        /// Two games in sequence.
        public init() {}
    }

    /// The choices made so far.
    public struct State: Hashable, Codable, Sendable {
        /// Both seats' choices by game; bit 0 of an entry is seat 0's choice, bit 1 seat 1's.
        public var outcomes: [UInt8] = []
        /// Seat 0's choices, bit by game, where seat 1 has still to choose.
        public var pending: UInt8?
    }

    /// The choices of a seat: bit by game for all games at once, else bit 0.
    public struct Choice: Hashable, Sendable {
        /// Whose.
        public var seat: Int
        /// Which.
        public var bits: UInt8
    }

    public let settings: Settings
    /// The games.
    public let games: [OrdinalGame]
    private let pays: [[[[Int]]]]
    private let stories: [Story]
    private let bans: [(seat: Int, choice: Int)?]

    /// The game; throws a sentence when a game or a ban is none.
    public init(_ settings: Settings = Settings()) throws {
        guard (1...5).contains(settings.games.count) else { throw CoreError.invalid("“games” names \(settings.games.count) games; expected 1 to 5") }
        guard settings.bans.count == 4 else {
            throw CoreError.invalid("“bans” has \(settings.bans.count) entries; expected one for each of the four outcomes")
        }
        guard !settings.stories.isEmpty, (0..<Story.wordings).contains(settings.wording) else {
            throw CoreError.invalid(
                "“stories” names \(settings.stories.count) and “wording” is \(settings.wording); expected at least one story, and 0 to \(Story.wordings - 1)")
        }
        self.settings = settings
        let all = try settings.stories.map { try Story.named($0) }
        stories = settings.games.indices.map { all[$0 % all.count] }
        games = try settings.games.map { try OrdinalGame(named: $0) }
        pays = games.map { [$0.payoffs.row, $0.payoffs.column] }
        bans = try settings.bans.map { ban in
            if ban.isEmpty { return nil }
            guard let place = ["0:0", "0:1", "1:0", "1:1"].firstIndex(of: ban) else {
                throw CoreError.invalid("“\(ban)” takes nothing away; expected a seat and a choice such as 1:0, or nothing")
            }
            return (place / 2, place % 2)
        }
    }

    public var facts: GameFacts {
        GameFacts(
            range: Double(games.count)...Double(4 * games.count), sum: nil, hasPerfectInformation: false,
            longest: settings.form == .parallel ? 2 : 2 * games.count)
    }

    public var instructions: String {
        let isStory = settings.presentation == .story
        var text = isStory ? "Both players choose at once in \(games.count) games " : "Both players choose at once, player 0 A1 or A2, player 1 B1 or B2, in \(games.count) games "
        switch settings.form {
        case .sequential: text += "one after the other."
        case .parallel: text += "at the same time, such as \(games.indices.map { label($0, 0, 0) }.joined(separator: ","))."
        case .nested: text += "one after the other." + banText
        }
        for (number, pay) in pays.enumerated() {
            if isStory {
                text += " Game \(number + 1): \(stories[number].opening(deeds: stories[number].deeds))"
                for i in 0...1 {
                    for j in 0...1 {
                        let done = [stories[number].deeds[0][i], stories[number].deeds[1][j]]
                        text += " " + stories[number].told(done, pays: [pay[0][i][j], pay[1][i][j]], wording: settings.wording)
                    }
                }
                continue
            }
            text += " Game \(number + 1) (payoffs of player 0, player 1):"
            for i in 0...1 {
                for j in 0...1 { text += " A\(i + 1) B\(j + 1): \(pay[0][i][j]),\(pay[1][i][j])\(i + j == 2 ? "." : ";")" }
            }
        }
        return text
    }

    /// The text of a choice: the number of its game from 1, and its name.
    private func label(_ game: Int, _ seat: Int, _ place: Int) -> String {
        settings.presentation == .story ? "\(game + 1)-\(stories[game].deeds[seat][place].label)" : "\(game + 1)\(seat == 0 ? "A" : "B")\(place + 1)"
    }

    private var banText: String {
        if settings.presentation == .story { return toldBans }
        return bans.enumerated().compactMap { outcome, ban in
            ban.map {
                " After A\(outcome / 2 + 1) B\(outcome % 2 + 1), player \($0.seat) has no \($0.seat == 0 ? "A" : "B")\($0.choice + 1) in the next game."
            }
        }.joined()
    }

    private var toldBans: String {
        (0..<max(0, games.count - 1)).flatMap { game in
            bans.enumerated().compactMap { outcome, ban in
                ban.map {
                    " After \(label(game, 0, outcome / 2)) and \(label(game, 1, outcome % 2)), player \($0.seat) cannot choose \(label(game + 1, $0.seat, $0.choice))."
                }
            }
        }.joined()
    }

    public var start: State { State() }

    public func turn(in state: State) -> GameTurn {
        if state.outcomes.count == games.count { return .over }
        return .together(state.pending == nil ? [0, 1] : [1])
    }

    public func appendActions(in state: State, to actions: inout [Choice]) {
        if let seat = turn(in: state).mover { appendActions(of: seat, in: state, to: &actions) }
    }

    public func appendActions(of seat: Int, in state: State, to actions: inout [Choice]) {
        let count = settings.form == .parallel ? 1 << games.count : 2
        for bits in 0..<count where !isBanned(bits, seat, state) { actions.append(Choice(seat: seat, bits: UInt8(bits))) }
    }

    private func isBanned(_ choice: Int, _ seat: Int, _ state: State) -> Bool {
        guard settings.form == .nested, let last = state.outcomes.last, let ban = bans[place(of: last)] else { return false }
        return ban.seat == seat && ban.choice == choice
    }

    /// The number of an outcome from 0: both first, first and second, second and first, both second choices.
    private func place(of outcome: UInt8) -> Int { Int(outcome & 1) * 2 + Int(outcome >> 1 & 1) }

    public func apply(_ action: Choice, to state: inout State) {
        guard let first = state.pending else {
            state.pending = action.bits
            return
        }
        state.pending = nil
        for game in 0..<(settings.form == .parallel ? UInt8(games.count) : 1) {
            state.outcomes.append(first >> game & 1 | (action.bits >> game & 1) << 1)
        }
    }

    public func returns(of state: State) -> [Double] {
        var values = [0.0, 0.0]
        for (game, outcome) in state.outcomes.enumerated() {
            for seat in 0...1 { values[seat] += Double(pays[game][seat][Int(outcome & 1)][Int(outcome >> 1)]) }
        }
        return values
    }

    private func past(_ state: State) -> String {
        state.outcomes.enumerated().map { "\(label($0, 0, Int($1 & 1))) \(label($0, 1, Int($1 >> 1)))" }.joined(separator: "; ")
    }

    public func informationState(of state: State, for seat: Int) -> String {
        "\(seat)|\(past(state))" + (seat == 0 ? state.pending.map { "|\($0)" } ?? "" : "")
    }

    public func view(of state: State, for seat: Int) -> String {
        "You are player \(seat)." + (state.outcomes.isEmpty ? "" : " Outcomes: \(past(state)).")
            + (settings.form == .parallel || state.outcomes.count == games.count ? "" : " Game \(state.outcomes.count + 1).")
    }

    public func text(of action: Choice, in state: State) -> String {
        if settings.form != .parallel { return label(state.outcomes.count, action.seat, Int(action.bits)) }
        return games.indices.map { label($0, action.seat, Int(action.bits >> UInt8($0) & 1)) }.joined(separator: ",")
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if seat == 1, state.pending != nil {
            var free = state
            free.pending = nil
            other.pending = generator.element(of: actions(of: 0, in: free))?.bits
        }
        return other
    }
}
