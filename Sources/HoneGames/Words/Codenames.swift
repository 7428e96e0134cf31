import HoneCore

/// Clue givers know whose each word on the table is; by one word and a number they lead their guessers to their own (Chvátil 2015).
///
/// Seats are the first team's giver and guesser, then the second team's. The words are ``Things``, the listed clues what these are like: a clue
/// has to fit a hidden word, its number at most as many as it fits. A guesser names up to one word more than the number and at least one; a word
/// that is not its team's ends the turn, the assassin loses the game. Who has all words uncovered first wins, by whomever they are uncovered:
/// 1 for that team and −1 for the other. Alone, one team gets the share of its words it finds in its turns, and 0 with the assassin.
public struct Codenames: ExtensiveGame {
    public static let card = PartCard(
        name: "codenames", summary: "one-word clues lead a partner to the team's words on the table", source: "Chvátil 2015")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Words on the table, 4 to 25.
        public var words = 12
        /// Words of the first team, which begins.
        public var first = 5
        /// Words of the second team; not used by one team alone.
        public var second = 4
        /// Words that lose the game.
        public var assassins = 1
        /// Whether one team plays alone.
        public var isCooperative = false
        /// The turns of one team alone, 1 to 25.
        public var turns = 4
        /// Whether givers may use any word of 2 to 20 small letters instead of the listed clues.
        public var allowsOwnClues = false

        /// Twelve words for two teams.
        public init() {}
    }

    /// Whose a word is.
    public enum Owner: String, Codable, Hashable, Sendable {
        case nobody, first, second, assassin
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance lays out a thing.
        case lay(Int)
        /// Chance gives the word at this place to the next owner.
        case give(Int)
        case clue(String, Int)
        /// The word at this place of the table.
        case guess(Int)
        case stop
    }

    /// What all saw happen.
    public enum Event: Hashable, Codable, Sendable {
        case clue(team: Int, word: String, number: Int)
        case guess(place: Int)
        case stop
    }

    /// The table and what was said.
    public struct State: Hashable, Codable, Sendable {
        /// The things on the table.
        public var table: [Int] = []
        /// Whose each is.
        public var owners: [Owner] = []
        /// How many words were given owners.
        public var given = 0
        /// Which words are uncovered.
        public var isOpen: [Bool] = []
        /// The team whose turn it is.
        public var team = 0
        /// How many turns have begun.
        public var turns = 1
        /// The number of the clue that the guesser follows; nil while the giver thinks.
        public var number: Int?
        /// How many words were named in this turn.
        public var guesses = 0
        /// What has happened.
        public var log: [Event] = []
        /// The team that won, once the play of two is over.
        public var winner: Int?
        /// Whether the play is over.
        public var isOver = false
    }

    public let settings: Settings
    private let deals: [Owner]

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (4...25).contains(settings.words), settings.first >= 1, settings.second >= (settings.isCooperative ? 0 : 1), settings.assassins >= 0,
            (1...25).contains(settings.turns)
        else {
            throw CoreError.invalid(
                "“words” is \(settings.words), “first” \(settings.first), “second” \(settings.second), “assassins” \(settings.assassins), “turns” \(settings.turns); expected 4 to 25 words, some for each team, 1 to 25 turns"
            )
        }
        let second = settings.isCooperative ? 0 : settings.second
        guard settings.first + second + settings.assassins <= settings.words else {
            throw CoreError.invalid("The teams' words and the assassins are more than the \(settings.words) words of “codenames”")
        }
        self.settings = settings
        deals =
            [Owner](repeating: .first, count: settings.first) + [Owner](repeating: .second, count: second)
            + [Owner](repeating: .assassin, count: settings.assassins)
    }

    public var facts: GameFacts {
        var facts = GameFacts(
            seats: settings.isCooperative ? 2 : 4, range: settings.isCooperative ? 0...1 : -1...1, sum: settings.isCooperative ? nil : 0,
            hasPerfectInformation: false, hasChance: true, longest: 4 * settings.words + deals.count)
        facts.hasOpenMoves = settings.allowsOwnClues
        return facts
    }

    public var start: State { State() }

    private func owner(_ team: Int) -> Owner { team == 0 ? .first : .second }

    /// Whose the next word that chance gives will be.
    func nextOwner(_ state: State) -> Owner { state.given < deals.count ? deals[state.given] : .nobody }

    /// Whether all is laid out and owned.
    func isReady(_ state: State) -> Bool { state.table.count == settings.words && state.given == deals.count }

    public func turn(in state: State) -> GameTurn {
        if state.isOver { return .over }
        if !isReady(state) { return .chance }
        return .seat(2 * state.team + (state.number == nil ? 0 : 1))
    }

    /// How many hidden words a clue fits.
    private func fits(_ attribute: Int, _ state: State) -> Int {
        state.table.indices.count { !state.isOpen[$0] && Things.all[state.table[$0]].attributes >> UInt32(attribute) & 1 == 1 }
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance:
            if state.table.count < settings.words {
                actions += Things.all.indices.filter { !state.table.contains($0) }.map { .lay($0) }
            } else {
                actions += state.owners.indices.filter { state.owners[$0] == .nobody }.map { .give($0) }
            }
        case .seat:
            if state.number == nil {
                for (attribute, word) in Things.attributes.enumerated() {
                    let most = fits(attribute, state)
                    if most > 0 { actions += (1...most).map { .clue(word, $0) } }
                }
            } else {
                actions += state.table.indices.filter { !state.isOpen[$0] }.map { .guess($0) }
                if state.guesses > 0 { actions.append(.stop) }
            }
        case .together, .over: break
        }
    }

    /// Also reads clues in a giver's own words, `clue WORD NUMBER`, where the settings allow them: a word that is not on the table, is not in
    /// one that is, and has none in it.
    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if let action = listedAction(for: text, by: seat, in: state) { return action }
        guard settings.allowsOwnClues, let seat, turn(in: state) == .seat(seat), state.number == nil else { return nil }
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, words[0].utf8.elementsEqual("clue".utf8), (2...20).contains(words[1].utf8.count),
            words[1].utf8.allSatisfy({ (97...122).contains($0) }), let number = Int(words[2]), String(number).utf8.elementsEqual(words[2].utf8),
            (1...state.isOpen.count { !$0 }).contains(number)
        else { return nil }
        let table = state.table.map { Things.all[$0].name }
        // Clues of the list are read above, with their own bounds.
        guard !Things.attributes.contains(words[1]), !table.contains(where: { $0.contains(words[1]) || words[1].contains($0) }) else { return nil }
        return .clue(words[1], number)
    }

    public func apply(_ action: Action, to state: inout State) {
        switch action {
        case .lay(let thing):
            state.table.append(thing)
            state.owners.append(.nobody)
            state.isOpen.append(false)
        case .give(let place):
            state.owners[place] = deals[state.given]
            state.given += 1
        case .clue(let word, let number):
            state.log.append(.clue(team: state.team, word: word, number: number))
            (state.number, state.guesses) = (number, 0)
        case .stop:
            state.log.append(.stop)
            pass(&state)
        case .guess(let place): open(place, &state)
        }
    }

    private func open(_ place: Int, _ state: inout State) {
        state.log.append(.guess(place: place))
        state.isOpen[place] = true
        state.guesses += 1
        if state.owners[place] == .assassin {
            (state.isOver, state.winner) = (true, 1 - state.team)
            return
        }
        for team in 0..<(settings.isCooperative ? 1 : 2) where isComplete(team, state) {
            (state.isOver, state.winner) = (true, team)
            return
        }
        if state.owners[place] != owner(state.team) || state.guesses > state.number ?? 0 { pass(&state) }
    }

    private func isComplete(_ team: Int, _ state: State) -> Bool {
        state.owners.indices.allSatisfy { state.owners[$0] != owner(team) || state.isOpen[$0] }
    }

    private func pass(_ state: inout State) {
        state.number = nil
        if settings.isCooperative {
            state.isOver = state.turns == settings.turns
        } else {
            state.team = 1 - state.team
        }
        if !state.isOver { state.turns += 1 }
    }

    public func returns(of state: State) -> [Double] {
        if settings.isCooperative {
            let found = state.owners.indices.count { state.owners[$0] == .first && state.isOpen[$0] }
            let isLost = state.owners.indices.contains { state.owners[$0] == .assassin && state.isOpen[$0] }
            return [Double](repeating: isLost ? 0 : Double(found) / Double(settings.first), count: 2)
        }
        guard let winner = state.winner else { return [0, 0, 0, 0] }
        return winner == 0 ? [1, 1, -1, -1] : [-1, -1, 1, 1]
    }

    /// For guessers, the owners of hidden words in another order, each as likely; givers know everything.
    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        guard isReady(state), !state.isOver else { return nil }
        guard seat % 2 == 1 else { return state }
        var other = state
        let hidden = state.isOpen.indices.filter { !state.isOpen[$0] }
        for (place, owner) in zip(hidden, generator.shuffled(hidden.map { state.owners[$0] })) { other.owners[place] = owner }
        return other
    }
}
