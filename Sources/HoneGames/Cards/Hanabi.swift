import HoneCore

/// Cards are laid out together, colour by colour from the lowest rank, by players who see all hands but their own (Bauza 2010).
///
/// Rules as in Bard et al. 2020: a hint names a colour or rank and must fit a card of the other's hand; a discard, allowed only when a hint is
/// missing, gives one back, as does a completed colour; a card that does not fit costs a life. When the deck is empty, everybody has one more
/// turn. All get what lies on the table, or nothing once the last life is lost. The default is a small game; ``Settings/full`` is the usual.
public struct Hanabi: ExtensiveGame {
    public static let card = PartCard(
        name: "hanabi-lite", summary: "lay out cards together, seeing all hands but one's own, with few hints", source: "Bauza 2010, Bard et al. 2020")

    /// What can be set.
    public struct Settings: Codable, Hashable, Sendable {
        /// Players, 2 to 5.
        public var players = 2
        /// Colours, 1 to 5.
        public var colours = 2
        /// How often each colour has a card of rank 1, 2, and so on; 1 to 5 ranks.
        public var copies = [3, 2, 1]
        /// Cards in a hand, 1 to 5.
        public var handSize = 2
        /// The most hints at once, and those at the start, 1 to 20.
        public var hints = 3
        /// Lives, 1 to 10.
        public var lives = 2
        /// Whether all is lost with the last life; if not, what lies on the table counts.
        public var losesAll = true
        /// Whether positions and moves are written in a few characters, for models that read little.
        public var isTerse = false

        /// A small game for two.
        public init() {}

        /// The usual game: five colours, five ranks, eight hints and three lives; hands of five cards for two or three, else of four.
        public static func full(players: Int = 2) -> Settings {
            var settings = Settings()
            settings.players = players
            settings.colours = 5
            settings.copies = [3, 2, 2, 2, 1]
            settings.handSize = players <= 3 ? 5 : 4
            settings.hints = 8
            settings.lives = 3
            return settings
        }
    }

    /// What hints have told of a card: the colours and ranks it can have, bit by number.
    public struct Knowledge: Hashable, Codable, Sendable {
        /// The colours it can have.
        public var colours: UInt8
        /// The ranks it can have, from 0.
        public var ranks: UInt8

        /// Whether a card can be it.
        func allows(colour: Int, rank: Int) -> Bool { colours >> UInt8(colour) & 1 == 1 && ranks >> UInt8(rank) & 1 == 1 }
    }

    /// What all saw happen. Places in a hand count from 0, the oldest card first; a card is colour · ranks + rank.
    public enum Event: Hashable, Codable, Sendable {
        case play(place: Int, card: Int, isRight: Bool)
        case discard(place: Int, card: Int)
        /// A hint and the places it touched.
        case hint(Hint, places: [Int])
    }

    /// A colour or a rank of somebody's hand.
    public enum Hint: Hashable, Codable, Sendable {
        case colour(Int, of: Int)
        case rank(Int, of: Int)
    }

    /// What chance or a player does.
    public enum Action: Hashable, Sendable {
        /// Chance gives the next card.
        case deal(Int)
        case play(Int)
        case discard(Int)
        case hint(Hint)
    }

    /// The cards, and what is known of them.
    public struct State: Hashable, Codable, Sendable {
        /// All cards that each seat was ever given, in order.
        public var dealt: [[Int]]
        /// What hints have told of them.
        public var known: [[Knowledge]]
        /// The hands: places in `dealt`, the oldest card first.
        public var hands: [[Int]]
        /// How many of each card are in the deck.
        public var deck: [Int]
        /// How many of each card have been discarded.
        public var discards: [Int]
        /// How many cards of each colour lie on the table.
        public var table: [Int]
        /// Hints left.
        public var hints: Int
        /// Lives left.
        public var lives: Int
        /// The seat that acts next.
        public var seat = 0
        /// How many turns are left once the deck is empty.
        public var turnsLeft: Int
        /// What has happened, the cards that were dealt left out.
        public var log: [Event] = []
    }

    public let settings: Settings
    /// How many ranks there are.
    let ranks: Int

    /// The game; throws a sentence when a setting is out of range.
    public init(_ settings: Settings = Settings()) throws {
        guard (2...5).contains(settings.players), (1...5).contains(settings.colours), (1...5).contains(settings.handSize),
            (1...20).contains(settings.hints), (1...10).contains(settings.lives)
        else {
            throw CoreError.invalid(
                "Hanabi is for 2 to 5 players with 1 to 5 colours, hands of 1 to 5, 1 to 20 hints and 1 to 10 lives; found \(settings.players), \(settings.colours), \(settings.handSize), \(settings.hints), \(settings.lives)"
            )
        }
        guard (1...5).contains(settings.copies.count), settings.copies.allSatisfy({ (1...9).contains($0) }) else {
            throw CoreError.invalid("“copies” is \(settings.copies); expected 1 to 5 numbers from 1 to 9")
        }
        guard settings.players * settings.handSize <= settings.colours * settings.copies.reduce(0, +) else {
            throw CoreError.invalid("Hands of \(settings.handSize) for \(settings.players) need more cards than the \(settings.colours * settings.copies.reduce(0, +)) of the deck")
        }
        self.settings = settings
        ranks = settings.copies.count
    }

    public var facts: GameFacts {
        let cards = settings.colours * settings.copies.reduce(0, +)
        return GameFacts(
            seats: settings.players, range: 0...Double(settings.colours * ranks), sum: nil, hasPerfectInformation: false, hasChance: true,
            longest: 3 * cards + settings.hints + settings.players)
    }

    public var start: State {
        let none = [[Int]](repeating: [], count: settings.players)
        return State(
            dealt: none, known: [[Knowledge]](repeating: [], count: settings.players), hands: none,
            deck: (0..<settings.colours).flatMap { _ in settings.copies }, discards: [Int](repeating: 0, count: settings.colours * ranks),
            table: [Int](repeating: 0, count: settings.colours), hints: settings.hints, lives: settings.lives, turnsLeft: settings.players)
    }

    /// What lies on the table.
    public func score(of state: State) -> Int { state.table.reduce(0, +) }

    private func isEnded(_ state: State) -> Bool { state.lives == 0 || state.turnsLeft == 0 || score(of: state) == settings.colours * ranks }

    /// The seat that is to get a card.
    private func receiver(in state: State) -> Int? {
        state.deck.allSatisfy { $0 == 0 } ? nil : state.hands.firstIndex { $0.count < settings.handSize }
    }

    public func turn(in state: State) -> GameTurn { isEnded(state) ? .over : receiver(in: state) == nil ? .seat(state.seat) : .chance }

    public func returns(of state: State) -> [Double] {
        [Double](repeating: state.lives == 0 && settings.losesAll ? 0 : Double(score(of: state)), count: settings.players)
    }

    public func appendActions(in state: State, to actions: inout [Action]) {
        switch turn(in: state) {
        case .chance: actions += state.deck.indices.filter { state.deck[$0] > 0 }.map { .deal($0) }
        case .seat(let seat):
            actions += state.hands[seat].indices.map { .play($0) }
            if state.hints < settings.hints { actions += state.hands[seat].indices.map { .discard($0) } }
            guard state.hints > 0 else { return }
            for other in 0..<settings.players where other != seat {
                let cards = state.hands[other].map { state.dealt[other][$0] }
                actions += (0..<settings.colours).filter { colour in cards.contains { $0 / ranks == colour } }.map { .hint(.colour($0, of: other)) }
                actions += (0..<ranks).filter { rank in cards.contains { $0 % ranks == rank } }.map { .hint(.rank($0, of: other)) }
            }
        case .together, .over: break
        }
    }

    public var isChanceUniform: Bool { false }

    public func chanceProbabilities(in state: State) -> [Double] {
        let sum = Double(state.deck.reduce(0, +))
        return state.deck.filter { $0 > 0 }.map { Double($0) / sum }
    }

    public func apply(_ action: Action, to state: inout State) {
        if case .deal(let card) = action {
            guard let seat = receiver(in: state) else { return }
            state.deck[card] -= 1
            state.hands[seat].append(state.dealt[seat].count)
            state.dealt[seat].append(card)
            state.known[seat].append(Knowledge(colours: UInt8(1 << settings.colours - 1), ranks: UInt8(1 << ranks - 1)))
            return
        }
        if state.deck.allSatisfy({ $0 == 0 }) { state.turnsLeft -= 1 }
        let seat = state.seat
        switch action {
        case .play(let place):
            let card = state.dealt[seat][state.hands[seat].remove(at: place)]
            let isRight = state.table[card / ranks] == card % ranks
            if isRight {
                state.table[card / ranks] += 1
                if card % ranks == ranks - 1 { state.hints = min(settings.hints, state.hints + 1) }
            } else {
                state.discards[card] += 1
                state.lives -= 1
            }
            state.log.append(.play(place: place, card: card, isRight: isRight))
        case .discard(let place):
            let card = state.dealt[seat][state.hands[seat].remove(at: place)]
            state.discards[card] += 1
            state.hints += 1
            state.log.append(.discard(place: place, card: card))
        case .hint(let hint): give(hint, &state)
        case .deal: break
        }
        state.seat = (seat + 1) % settings.players
    }

    private func give(_ hint: Hint, _ state: inout State) {
        state.hints -= 1
        var places: [Int] = []
        let other: Int
        switch hint {
        case .colour(_, let of), .rank(_, let of): other = of
        }
        for (place, number) in state.hands[other].enumerated() {
            let card = state.dealt[other][number]
            switch hint {
            case .colour(let colour, _):
                let bit = UInt8(1 << colour)
                state.known[other][number].colours &= card / ranks == colour ? bit : ~bit
                if card / ranks == colour { places.append(place) }
            case .rank(let rank, _):
                let bit = UInt8(1 << rank)
                state.known[other][number].ranks &= card % ranks == rank ? bit : ~bit
                if card % ranks == rank { places.append(place) }
            }
        }
        state.log.append(.hint(hint, places: places))
    }
}
