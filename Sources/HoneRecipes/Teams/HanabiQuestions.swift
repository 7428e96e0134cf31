import HoneCore
import HoneEvaluation
import HoneGames

/// Questions on coordination, made of positions of hanabi with exact answers, in three classes.
///
/// Environment comprehension: the next card of a colour, the hints left, an allowed move. Theory of mind: what the partner knows of a card, which own
/// card its hint meant by the convention, which of its cards it knows to fit. Joint planning: the hint after which the partner surely can
/// play, the own card that surely can be given up. Every answer follows from what the asked seat can know. Of each question the right answers are
/// as evenly spread as the positions allow, so that no constant answer does well.
public struct HanabiQuestions: Sendable {
    /// The classes.
    public static let comprehension = "comprehension"
    public static let partner = "theory of mind"
    public static let planning = "joint planning"

    /// The rules.
    public let game: Hanabi
    /// The convention that hints follow.
    public let convention: HanabiConvention
    /// Whether questions are written in a few characters.
    public let isTerse: Bool
    /// What stands before every situation, as rules and conventions do for models that were not taught them.
    public let opening: String

    /// The questions of a game.
    public init(game: Hanabi, convention: HanabiConvention, isTerse: Bool, opening: String = "") {
        self.game = game
        self.convention = convention
        self.isTerse = isTerse
        self.opening = opening
    }

    /// The questions that a position raises for the seat whose turn it is; they and their answers follow from what that seat can know.
    public func questions(at state: Hanabi.State, for seat: Int, seed: Seed) -> [ChoiceItem] { candidates(state, seat, seed).map(\.item) }

    private struct Candidate {
        var item: ChoiceItem
        var template: String
        var content: String
    }

    /// So many questions from plays under a seed, without those whose situation is in `without`.
    public func items(_ count: Int, without: Set<String> = [], seed: Seed) -> [ChoiceItem] {
        var buckets: [String: [String: [ChoiceItem]]] = [:]
        var seen: Set<String> = []
        var play = 0
        // Rare answers need many positions; what is still missing after these is left to the others.
        while play < 40 + count {
            for (state, seat) in positions(seed.child("play", play)) {
                for candidate in candidates(state, seat, seed.child("options", seen.count)) where !without.contains(candidate.item.situation) {
                    guard seen.insert(candidate.template + candidate.item.situation).inserted else { continue }
                    buckets[candidate.template, default: [:]][candidate.content, default: []].append(candidate.item)
                }
            }
            play += 1
        }
        let templates = buckets.keys.sorted()
        var items: [ChoiceItem] = []
        for (place, template) in templates.enumerated() {
            let share = (count + templates.count - 1 - place) / max(1, templates.count)
            let contents = (buckets[template] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
            // The rarest right answer sets how many of each there are.
            let each = max(1, min(contents.map(\.count).min() ?? 0, (share + contents.count - 1) / max(1, contents.count)))
            items += contents.flatMap { $0.prefix(each) }.prefix(share)
        }
        return items.enumerated().map { place, item in
            var copy = item
            copy.id = "question \(place)"
            return copy
        }
    }

    /// The positions of a play by convention with many slips, and whose turn it is.
    private func positions(_ seed: Seed) -> [(Hanabi.State, Int)] {
        var state = game.start
        var found: [(Hanabi.State, Int)] = []
        var generator = seed.generator
        var ply = 0
        while true {
            ply += 1
            guard let seat = game.turn(in: state).mover else {
                guard let chance = game.drawChance(in: state, using: &generator) else { return found }
                game.apply(chance, to: &state)
                continue
            }
            found.append((state, seat))
            let slip = generator.chance(0.4) ? generator.element(of: game.actions(in: state)) : nil
            guard let action = slip ?? convention.action(in: state, for: seat, of: game, seed: seed.child("move", ply)) else { return found }
            game.apply(action, to: &state)
        }
    }

    private func candidates(_ state: Hanabi.State, _ seat: Int, _ seed: Seed) -> [Candidate] {
        var generator = seed.generator
        let other = (seat + 1) % game.settings.players
        let colours = isTerse ? ["r", "y", "g", "w", "b"] : ["red", "yellow", "green", "white", "blue"]
        let ranks = game.settings.copies.count
        var all: [Candidate] = []
        func add(_ kind: String, _ template: String, _ question: String, _ options: [String], _ answer: Int) {
            guard options.indices.contains(answer), Set(options).count == options.count else { return }
            let item = ChoiceItem(
                id: "", kind: kind, situation: opening + game.view(of: state, for: seat), question: question, options: options, answer: answer)
            all.append(Candidate(item: item, template: template + question, content: options[answer]))
        }
        let places = isTerse ? ["1", "2", "both", "none"] : ["card 1 only", "card 2 only", "both cards 1 and 2", "none of them"]
        /// Which of the first two places of a hand a rule holds for, as a place in the options above.
        func which(_ hand: Int, _ holds: (Int) -> Bool) -> Int? {
            guard state.hands[hand].count >= 2 else { return nil }
            return holds(0) ? (holds(1) ? 2 : 0) : (holds(1) ? 1 : 3)
        }

        let colour = generator.integer(in: 0...game.settings.colours - 1)
        add(
            Self.comprehension, "next", isTerse ? "next \(colours[colour])?" : "Which rank has to be played next on \(colours[colour])?",
            (1...ranks).map(String.init) + [isTerse ? "done" : "none, it is complete"], state.table[colour])
        add(Self.comprehension, "hints", isTerse ? "hints?" : "How many hints are left?", (0...game.settings.hints).map(String.init), state.hints)
        let legal = game.actions(in: state).map { game.text(of: $0, in: state) }
        let illegal = allMoves(state, other).filter { !legal.contains($0) }
        if illegal.count >= 3, let right = generator.element(of: legal) {
            add(Self.comprehension, "allowed", isTerse ? "may?" : "Which of these moves is allowed now?", [right] + generator.shuffled(illegal).prefix(3), 0)
        }

        if let place = generator.element(of: state.hands[other].indices) {
            let knows = game.knows(place: place, of: other, in: state)
            add(
                Self.partner, "knows", isTerse ? "knows \(place + 1)?" : "What have hints told your partner of its card \(place + 1)?",
                isTerse ? ["-", "c", "r", "cr"] : ["neither colour nor rank", "its colour only", "its rank only", "colour and rank"],
                (knows.colour ? 1 : 0) + (knows.rank ? 2 : 0))
        }
        if game.settings.players == 2, state.hands[seat].count >= 2, state.log.last != nil {
            let meant = convention.meant(for: seat, in: state)
            add(
                Self.partner, "meant",
                isTerse ? "meant?" : "By the convention, which of your cards does your partner's last action tell you to play?", places, meant ?? 3)
        }
        if let answer = which(other, { game.publicShare(at: $0, of: other, in: state) == 1 }) {
            add(
                Self.partner, "can play", isTerse ? "can?" : "By hints, table and discards alone, which of your partner's first two cards certainly fit now?", places, answer)
        }

        if let answer = which(seat, { place in game.possibleCards(at: place, of: seat, in: state).allSatisfy { !game.isUseful($0.card, in: state) } }) {
            add(Self.planning, "give up", isTerse ? "drop?" : "Which of your first two cards can certainly be given up without loss?", places, answer)
        }
        addHints(state, seat, other, legal) { add(Self.planning, "tell", isTerse ? "tell?" : "After which hint is one of your partner's cards certain to fit, by hints, table and discards alone?", $0, $1) }
        return all
    }

    /// The hints as options where at most one makes the partner sure, with “none” where there is room.
    private func addHints(_ state: Hanabi.State, _ seat: Int, _ other: Int, _ legal: [String], _ add: ([String], Int) -> Void) {
        func isSure(_ after: Hanabi.State) -> Bool { after.hands[other].indices.contains { game.publicShare(at: $0, of: other, in: after) == 1 } }
        guard !isSure(state) else { return }
        var hints: [(text: String, helps: Bool)] = []
        for action in game.actions(in: state) {
            guard case .hint = action else { continue }
            hints.append((game.text(of: action, in: state), isSure(game.applying(action, to: state))))
        }
        let helping = hints.indices.filter { hints[$0].helps }
        guard helping.count <= 1, hints.count >= 2, hints.count <= 4 else { return }
        let none = isTerse ? "none" : "none of these"
        let options = hints.map(\.text) + (hints.count < 4 ? [none] : [])
        add(options, helping.first ?? (hints.count < 4 ? hints.count : -1))
    }

    /// Everything that could be a move at some time.
    private func allMoves(_ state: Hanabi.State, _ other: Int) -> [String] {
        let hand = 0..<game.settings.handSize
        let actions: [Hanabi.Action] =
            hand.map { .play($0) } + hand.map { .discard($0) } + (0..<game.settings.colours).map { .hint(.colour($0, of: other)) }
            + (0..<game.settings.copies.count).map { .hint(.rank($0, of: other)) }
        return actions.map { game.text(of: $0, in: state) }
    }
}
