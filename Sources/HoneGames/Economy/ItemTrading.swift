import HoneCore

/// Two players divide items that they value differently, by offers; without agreement both get nothing (Lewis et al. 2017).
///
/// Values are drawn evenly, and independently for both, from all vectors of whole numbers that make all items together worth the same
/// total. (Lewis et al. also ask that some item is worth something to both.) A return is the own value of what one gets, less by a factor
/// for each turn after the second where the settings say so.
public struct ItemTrading: ExtensiveGame {
    public static let card = PartCard(
        name: "item-trading", summary: "divide items of privately known value by offers, or get nothing",
        source: "Lewis et al. 2017, Deal or No Deal?; Hua et al. 2024, Game-theoretic LLM")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// The kinds of items, 1 to 6 words of letters.
        public var kinds = ["book", "hat", "ball"]
        /// How many of each kind, 1 to 9.
        public var counts = [3, 2, 1]
        /// What all items together are worth to each player, 1 to 100.
        public var total = 10
        /// The most turns of both players together, 2 to 100; the last one can only accept or end.
        public var turns = 8
        /// Whether the players see each other's values.
        public var showsValues = false
        /// Whether an offer can be turned down without an offer of one's own.
        public var allowsReject = true
        /// What a value is multiplied by for each turn after the second, above 0 and at most 1.
        public var discount = 1.0
        /// What may be said, once before each move.
        public var talk = TalkRule.none
        /// The longest text said in own words, in characters, 1 to 1000.
        public var talkLimit = 120

        /// Three kinds of items worth 10 together.
        public init() {}
    }

    /// What happens: chance draws values, players talk and deal.
    public enum Action: Hashable, Codable, Sendable {
        /// Chance gives the next player the value vector of this place in ``ItemTrading/valueVectors``.
        case values(Int)
        /// The mover would take this division's share, by its place in ``ItemTrading/divisions``.
        case propose(Int)
        /// The standing offer is agreed to.
        case accept
        /// The standing offer is turned down.
        case reject
        /// There will be no agreement.
        case end
        /// Something is said; the turn goes on.
        case speak(Speech)
    }

    /// The values and what was done.
    public struct State: Hashable, Codable, Sendable {
        /// By seat: the place of its values in ``ItemTrading/valueVectors``.
        public var values: [Int] = []
        /// What was done and said, in order; all but what was said takes a turn, beginning with seat 0.
        public var events: [Action] = []
    }

    public let settings: Settings
    /// All value vectors there are, in the order of their numbers.
    public let valueVectors: [[Int]]
    /// All shares of the mover that can be proposed, by kind; the other gets the rest.
    public let divisions: [[Int]]
    /// What can be said without own words.
    public let acts: [String]

    /// The game; throws a sentence when a setting is out of range or there is nothing to draw values from.
    public init(_ settings: Settings = Settings()) throws {
        let isPlain = settings.kinds.allSatisfy { kind in !kind.isEmpty && kind.utf8.allSatisfy { (0x61...0x7A).contains($0) } }
        guard (1...6).contains(settings.kinds.count), isPlain, Set(settings.kinds).count == settings.kinds.count else {
            throw CoreError.invalid("“kinds” is \(settings.kinds); expected 1 to 6 different words of small letters")
        }
        guard settings.counts.count == settings.kinds.count, settings.counts.allSatisfy({ (1...9).contains($0) }) else {
            throw CoreError.invalid("“counts” is \(settings.counts); expected a number from 1 to 9 for each of \(settings.kinds.count) kinds")
        }
        guard (1...100).contains(settings.total), (2...100).contains(settings.turns), (1...1000).contains(settings.talkLimit) else {
            throw CoreError.invalid(
                "“total” is \(settings.total), “turns” \(settings.turns) and “talkLimit” \(settings.talkLimit); expected 1 to 100, 2 to 100 and 1 to 1000")
        }
        guard settings.discount > 0, settings.discount <= 1 else {
            throw CoreError.invalid("“discount” is \(settings.discount); expected a number above 0 and at most 1")
        }
        var shares: [[Int]] = [[]]
        for count in settings.counts { shares = shares.flatMap { share in (0...count).map { share + [$0] } } }
        // Built kind by kind: what is left of the total, and the values so far.
        var partial: [(values: [Int], left: Int)] = [([], settings.total)]
        for count in settings.counts {
            partial = partial.flatMap { part in (0...part.left / count).map { (part.values + [$0], part.left - $0 * count) } }
            guard partial.count <= 20_000 else { break }
        }
        let vectors = partial.filter { $0.left == 0 && $0.values.count == settings.counts.count }.map(\.values)
        guard (1...5_000).contains(vectors.count), shares.count <= 1_000 else {
            throw CoreError.invalid(
                "“counts” \(settings.counts) with “total” \(settings.total) gives \(vectors.count) value vectors and \(shares.count) divisions; expected 1 to 5000 and at most 1000"
            )
        }
        self.settings = settings
        valueVectors = vectors
        divisions = shares
        acts = settings.kinds.map { "want \($0)" } + ["be fair", "last word"]
    }

    public var facts: GameFacts {
        var facts = GameFacts(
            range: 0...Double(settings.total), sum: nil, hasPerfectInformation: settings.showsValues, hasChance: true,
            longest: 2 + settings.turns * (settings.talk == .none ? 1 : 2))
        facts.hasOpenMoves = settings.talk == .free
        return facts
    }

    public var start: State { State() }

    /// How many turns have been taken.
    func turnsTaken(in state: State) -> Int {
        state.events.count { event in
            if case .speak = event { false } else { true }
        }
    }

    /// The division on the table, as its proposer's share, where the last turn was a proposal.
    func standing(in state: State) -> Int? {
        for event in state.events.reversed() {
            switch event {
            case .speak: continue
            case .propose(let division): return division
            default: return nil
            }
        }
        return nil
    }

    public func turn(in state: State) -> GameTurn {
        if state.values.count < 2 { return .chance }
        let taken = turnsTaken(in: state)
        if let last = state.events.last, last == .accept || last == .end { return .over }
        return taken == settings.turns ? .over : .seat(taken % 2)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: actions += valueVectors.indices.map { .values($0) }
        case .seat:
            let left = settings.turns - turnsTaken(in: state)
            let isOffered = standing(in: state) != nil
            if isOffered { actions.append(.accept) }
            // A turn after this one has to be left to answer a proposal, and two where the other has to make one.
            if isOffered, settings.allowsReject, left > 2 { actions.append(.reject) }
            actions.append(.end)
            if left > 1 { actions += divisions.indices.map { .propose($0) } }
            if settings.talk != .none, !hasSpoken(in: state) { actions += acts.indices.map { .speak(.act($0)) } }
        case .together, .over: break
        }
    }

    /// Whether the mover has said something in this turn.
    private func hasSpoken(in state: State) -> Bool {
        if case .speak? = state.events.last { true } else { false }
    }

    public func apply(_ action: Action, to state: inout State) {
        if case .values(let place) = action { state.values.append(place) } else { state.events.append(action) }
    }

    public func returns(of state: State) -> [Double] { outcome(of: state).map(\.values) ?? [0, 0] }

    public func action(for text: String, by seat: Int?, in state: State) -> Action? {
        if let seat, turn(in: state) == .seat(seat), !hasSpoken(in: state),
            let speech = Speech.read(text, rule: settings.talk, limit: settings.talkLimit)
        {
            return .speak(speech)
        }
        return listedAction(for: text, by: seat, in: state)
    }

    public func resample(_ state: State, for seat: Int, using generator: inout SeededGenerator) -> State? {
        var other = state
        if !settings.showsValues {
            for place in other.values.indices where place != seat { other.values[place] = generator.integer(in: 0...valueVectors.count - 1) }
        }
        return other
    }
}
