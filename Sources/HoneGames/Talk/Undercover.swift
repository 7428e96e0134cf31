import HoneCore

/// Who is the spy: all get the same word but one, who gets a word much like it; all describe their word, then vote.
///
/// Nobody is told whether it is the spy, unless the settings say so. In every round all who are left give a clue in turn, then vote at once. The
/// spy wins when only two are left or the last round has passed, the others when the spy is voted out. A return is 1 for the side that won, −1
/// for the other.
public struct Undercover: ExtensiveGame {
    public static let card = PartCard(
        name: "undercover", summary: "one player's word differs from the others'; clues and votes to find whose", source: "party game, also Who is the Spy")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 3 to 8.
        public var players = 4
        /// The most rounds, 1 to 20.
        public var rounds = 4
        /// Whether the spy is told to be the spy.
        public var spyKnows = false
        /// What happens where several got the most votes.
        public var ties = TieRule.nobody
        /// The most characters of a clue in one's own words, up to 1000; 0 leaves the listed clues only.
        public var talkLength = 0
        /// The pairs of words; empty for the game's own.
        public var pairs: [WordPair] = []

        /// Four players.
        public init() {}
    }

    /// Something that all saw happen.
    public enum Event: Hashable, Codable, Sendable {
        /// A listed clue.
        case clue(Int, String)
        /// No clue, as none was left.
        case pass(Int)
        /// A clue in a player's own words.
        case words(Int, String)
        /// Whom each seat voted for; −1 for nobody.
        case votes([Int])
        /// Who was voted out; −1 for nobody.
        case out(Int)
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance draws a pair, and whether the spy gets its first word.
        case pair(Int, spyHasFirst: Bool)
        /// Chance draws the spy.
        case spy(Int)
        case clue(String)
        case words(String)
        case pass
        case vote(Int)
        /// Chance draws among those with the most votes.
        case leave(Int)
    }

    /// What is to be done next.
    public enum Phase: String, Codable, Hashable, Sendable {
        case pair, spy, clue, vote, tie, over
    }

    /// All that has happened.
    public struct State: Hashable, Codable, Sendable {
        /// The number of the pair, once drawn.
        public var pair = 0
        /// Whether the spy's word is the first of the pair.
        public var spyHasFirst = false
        /// The seat of the spy; −1 before it is drawn.
        public var spy = -1
        /// Who is left.
        public var isIn: [Bool]
        /// What is to be done.
        public var phase = Phase.pair
        /// The round, from 1.
        public var round = 1
        /// How many have given a clue in this round.
        public var spoken = 0
        /// What has happened.
        public var log: [Event] = []
        /// Votes of this round: a seat, or −2 for those who have not voted.
        public var votes: [Int]
        /// Whether the spy won, once the play is over.
        public var hasSpyWon = false
    }

    public let settings: Settings
    let pairs: [WordPair]

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (3...8).contains(settings.players), (1...20).contains(settings.rounds), (0...1000).contains(settings.talkLength) else {
            throw CoreError.invalid(
                "“players” is \(settings.players), “rounds” \(settings.rounds), “talkLength” \(settings.talkLength); expected 3 to 8, 1 to 20, 0 to 1000")
        }
        for pair in settings.pairs { try pair.check() }
        self.settings = settings
        pairs = settings.pairs.isEmpty ? WordPair.common : settings.pairs
    }

    public var facts: GameFacts {
        let round = 2 * settings.players + (settings.ties == .chance ? 1 : 0)
        var facts = GameFacts(
            seats: settings.players, sum: nil, hasPerfectInformation: false, hasChance: true, longest: 2 + settings.rounds * round)
        facts.hasOpenMoves = settings.talkLength > 0
        return facts
    }

    public var start: State {
        State(isIn: [Bool](repeating: true, count: settings.players), votes: [Int](repeating: -2, count: settings.players))
    }

    /// Whose turn it is to give a clue, beginning one seat further every round.
    func speaker(in state: State) -> Int {
        let order = (0..<settings.players).map { ($0 + state.round - 1) % settings.players }.filter { state.isIn[$0] }
        return order[state.spoken % order.count]
    }

    /// The word of a seat.
    func word(of seat: Int, in state: State) -> (word: String, clues: [String]) {
        let pair = pairs[state.pair]
        return (seat == state.spy) == state.spyHasFirst ? (pair.first, pair.firstClues) : (pair.second, pair.secondClues)
    }

    public func turn(in state: State) -> GameTurn {
        switch state.phase {
        case .pair, .spy, .tie: .chance
        case .clue: .seat(speaker(in: state))
        case .vote: .together(state.isIn.seats.filter { state.votes[$0] == -2 })
        case .over: .over
        }
    }

    public func returns(of state: State) -> [Double] {
        guard state.phase == .over else { return [Double](repeating: 0, count: settings.players) }
        return (0..<settings.players).map { ($0 == state.spy) == state.hasSpyWon ? 1 : -1 }
    }
}
