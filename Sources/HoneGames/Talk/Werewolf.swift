import HoneCore

/// Wolves hide among villagers, kill by night and vote with them by day (Davidoff 1986, with wolves since Plotkin 1997).
///
/// Every night all who live act at once: each wolf names a victim, the seer learns whether somebody is a wolf, the doctor protects somebody,
/// villagers sleep. The victim most wolves name dies unless protected; among equals, the one named by the wolf on the lowest seat. By day
/// all speak in turn, in a small language of speech acts or freely, then all vote at once. The village wins when no wolf lives, the wolves
/// when they are at least half of the living, or when the last day has passed. A return is 1 for the side that won, −1 for the other, dead or
/// alive.
public struct Werewolf: ExtensiveGame {
    public static let card = PartCard(
        name: "werewolf", summary: "hidden wolves kill by night, talk and vote by day; a seer and a doctor may help the village",
        source: "Davidoff 1986, Plotkin 1997")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 3 to 12.
        public var players = 6
        /// How many of them are wolves, fewer than half.
        public var wolves = 2
        /// Whether one of the village is a seer.
        public var hasSeer = true
        /// Whether one of the village is a doctor.
        public var hasDoctor = false
        /// Whether the doctor may protect the same player two nights running; if not, it is a guard.
        public var mayProtectAgain = true
        /// How often everybody speaks on a day, 0 to 5.
        public var talkRounds = 1
        /// The most characters of what can be said freely, up to 1000; 0 leaves the speech acts only.
        public var talkLength = 0
        /// Whether who voted for whom is told after the vote; if not, only who has to leave.
        public var showsVotes = true
        /// Whether one may vote for nobody.
        public var mayAbstain = true
        /// What happens where several got the most votes.
        public var ties = TieRule.nobody
        /// Whether the role of whoever leaves is told.
        public var showsRoles = true
        /// The most days, 1 to 50; when the last has passed with a wolf alive, the wolves win.
        public var days = 6
        /// Whether positions and moves are written in a few characters, for models that read little.
        public var isTerse = false

        /// Six players with two wolves and a seer.
        public init() {}
    }

    /// What a player is.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case villager, wolf, seer, doctor
    }

    /// What a player says by day.
    public enum Speech: Hashable, Codable, Sendable {
        /// Nothing.
        case pass
        /// That somebody is a wolf.
        case accuse(Int)
        /// That somebody is none.
        case defend(Int)
        /// To be this.
        case claim(Kind)
        /// What it saw as the seer it says to be.
        case report(Int, isWolf: Bool)
        /// Anything, where free talk is on.
        case words(String)
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance gives the next of the special roles to a seat: wolves, then seer, then doctor.
        case deal(Int)
        case sleep
        case kill(Int)
        case inspect(Int)
        case protect(Int)
        case speak(Speech)
        /// A vote for a seat; below 0 for nobody.
        case vote(Int)
        /// Chance draws among those with the most votes.
        case leave(Int)
    }

    /// Something that happened.
    public enum Event: Hashable, Codable, Sendable {
        /// What each seat chose at night: a target, or −1 for none.
        case night([Int])
        /// Who was found dead in the morning; −1 for nobody.
        case dawn(Int)
        case speech(Int, Speech)
        /// Whom each seat voted for; −1 for nobody.
        case votes([Int])
        /// Who was voted out; −1 for nobody.
        case out(Int)
    }

    /// A part of the day.
    public enum Phase: String, Codable, Hashable, Sendable {
        case dealing, night, talk, vote, tie, over
    }

    /// All that has happened, hidden or not.
    public struct State: Hashable, Codable, Sendable {
        /// What each seat is; villager until dealt otherwise.
        public var kinds: [Kind]
        /// How many special roles have been dealt.
        public var dealt = 0
        /// Who lives.
        public var isAlive: [Bool]
        /// The part of the day.
        public var phase = Phase.dealing
        /// The day, from 1; a night belongs to the day after it.
        public var day = 1
        /// What has happened.
        public var log: [Event] = []
        /// What each seat has chosen this night or vote: a target, −1 for none, −2 for those who have not chosen.
        public var choices: [Int]
        /// How many have spoken today.
        public var spoken = 0
        /// Whether the wolves won, once the play is over.
        public var haveWolvesWon = false
    }

    public let settings: Settings
    /// The roles that chance deals, in order.
    let special: [Kind]

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (3...12).contains(settings.players), settings.wolves >= 1, 2 * settings.wolves < settings.players else {
            throw CoreError.invalid(
                "“players” is \(settings.players) and “wolves” \(settings.wolves); expected 3 to 12 players and at least one wolf, but fewer than half")
        }
        guard settings.wolves + (settings.hasSeer ? 1 : 0) + (settings.hasDoctor ? 1 : 0) <= settings.players else {
            throw CoreError.invalid("There are more roles than the \(settings.players) players of “werewolf”")
        }
        guard (0...5).contains(settings.talkRounds), (0...1000).contains(settings.talkLength), (1...50).contains(settings.days) else {
            throw CoreError.invalid(
                "“talkRounds” is \(settings.talkRounds), “talkLength” \(settings.talkLength), “days” \(settings.days); expected 0 to 5, 0 to 1000, 1 to 50")
        }
        self.settings = settings
        special =
            [Kind](repeating: .wolf, count: settings.wolves) + (settings.hasSeer ? [.seer] : []) + (settings.hasDoctor ? [.doctor] : [])
    }

    public var facts: GameFacts {
        let daily = settings.players * (2 + settings.talkRounds) + (settings.ties == .chance ? 1 : 0)
        var facts = GameFacts(
            seats: settings.players, sum: nil, hasPerfectInformation: false, hasChance: true, longest: special.count + settings.days * daily)
        facts.hasOpenMoves = settings.talkLength > 0 && settings.talkRounds > 0
        return facts
    }

    public var start: State {
        State(
            kinds: [Kind](repeating: .villager, count: settings.players), isAlive: [Bool](repeating: true, count: settings.players),
            choices: [Int](repeating: -2, count: settings.players))
    }

    /// Whose turn it is to speak: all who live, in the order of seats, beginning one seat further every day.
    func speaker(in state: State) -> Int {
        let order = (0..<settings.players).map { ($0 + state.day - 1) % settings.players }.filter { state.isAlive[$0] }
        return order[state.spoken % order.count]
    }

    public func turn(in state: State) -> GameTurn {
        switch state.phase {
        case .dealing, .tie: .chance
        case .night, .vote: .together(state.isAlive.seats.filter { state.choices[$0] == -2 })
        case .talk: .seat(speaker(in: state))
        case .over: .over
        }
    }

    public func returns(of state: State) -> [Double] {
        guard state.phase == .over else { return [Double](repeating: 0, count: settings.players) }
        return state.kinds.map { ($0 == .wolf) == state.haveWolvesWon ? 1 : -1 }
    }
}
