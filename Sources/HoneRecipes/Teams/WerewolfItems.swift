import HoneCore
import HoneEvaluation
import HoneGames

/// An item cut from a play of werewolf, with what a player of the rules needs to answer it.
struct WerewolfItem {
    /// What is asked of the options.
    enum Probe {
        /// The options are moves.
        case moves([Werewolf.Action])
        /// The options are seats: which is a wolf.
        case wolf([Int])
        /// The options are what a seat really is.
        case kind(of: Int, [Werewolf.Kind])
        /// The right answer follows from what everybody saw.
        case anyone
    }

    var item: ChoiceItem
    var state: Werewolf.State
    var seat: Int
    var probe: Probe
}

/// Items made of plays of reference players: the moments of most weight of the winning side's most valuable seat, with what it did there as the right
/// answer, and others' actions beside it.
///
/// Five kinds of speech items (role inference, strategic judgement, deception reasoning, persuasive statements, counterfactual trade-off), and two of
/// decisions (the vote, and everybody's hidden role). Weight is the change of the village's chance to win, which is counted over all plays by how many
/// wolves and villagers live, whether the seer does, and the part of the day.
struct WerewolfItems {
    static let roleInference = "role inference"
    static let strategy = "strategic judgement"
    static let deception = "deception reasoning"
    static let persuasion = "persuasive statements"
    static let tradeOff = "counterfactual trade-off"
    static let vote = "vote"
    static let role = "role"
    /// The kinds of the speech evaluation.
    static let speechKinds: Set = [roleInference, strategy, deception, persuasion, tradeOff]
    /// The kinds whose options are moves.
    static let moveKinds: Set = [strategy, persuasion, vote]

    /// The rules.
    let game: Werewolf
    /// Who plays the plays that are cut.
    let reference: WerewolfPlayer
    /// Whether questions are written in a few characters.
    let isTerse: Bool
    /// What stands before every situation.
    let opening: String
    /// How many moments of a play are cut at most.
    let moments: Int

    /// One decision of a play.
    private struct Decision {
        var state: Werewolf.State
        var seat: Int
        var action: Werewolf.Action
    }

    private struct Play {
        var decisions: [Decision]
        var hasVillageWon: Bool
        var state: Werewolf.State
    }

    /// The items of so many plays.
    func items(plays count: Int, seed: Seed) -> [WerewolfItem] {
        let plays = (0..<count).map { play(seed.child("play", $0)) }
        var wins: [String: (won: Int, all: Int)] = [:]
        for play in plays {
            for key in Set(play.decisions.map { standing($0.state) }) {
                wins[key, default: (0, 0)].all += 1
                if play.hasVillageWon { wins[key, default: (0, 0)].won += 1 }
            }
        }
        func chance(_ state: Werewolf.State) -> Double {
            if state.phase == .over { return state.haveWolvesWon ? 0 : 1 }
            guard let found = wins[standing(state)] else { return 0.5 }
            return Double(found.won + 1) / Double(found.all + 2)
        }
        var items: [WerewolfItem] = []
        for (number, play) in plays.enumerated() {
            for (index, decision) in cut(play, chance).enumerated() {
                items += questions(decision, seed.child("options", number).child("moment", index), name: "play \(number) moment \(index)")
            }
        }
        return items
    }

    /// What the chance to win is counted by.
    private func standing(_ state: Werewolf.State) -> String {
        let wolves = state.isAlive.indices.count { state.isAlive[$0] && state.kinds[$0] == .wolf }
        let others = state.isAlive.indices.count { state.isAlive[$0] && state.kinds[$0] != .wolf }
        let seer = state.kinds.indices.contains { state.kinds[$0] == .seer && state.isAlive[$0] }
        return "\(wolves) \(others) \(seer) \(state.phase.rawValue)"
    }

    private func play(_ seed: Seed) -> Play {
        var generator = seed.generator
        var state = game.start
        var decisions: [Decision] = []
        var ply = 0
        while !game.isOver(state) {
            ply += 1
            if let seat = game.turn(in: state).mover {
                guard let action = reference.action(in: state, for: seat, of: game, seed: seed.child("ply", ply)) else { break }
                decisions.append(Decision(state: state, seat: seat, action: action))
                game.apply(action, to: &state)
            } else if let action = game.drawChance(in: state, using: &generator) {
                game.apply(action, to: &state)
            }
        }
        return Play(decisions: decisions, hasVillageWon: !state.haveWolvesWon, state: state)
    }

    /// The moments of most weight of the winning side's seat whose moments weigh most together.
    private func cut(_ play: Play, _ chance: (Werewolf.State) -> Double) -> [Decision] {
        // A decision weighs what the chance changes from it to the next part of the day, towards its side.
        let weights = play.decisions.indices.map { place -> Double in
            let own = play.decisions[place]
            let after = play.decisions[(place + 1)...].first { $0.state.phase != own.state.phase }?.state ?? play.state
            return play.hasVillageWon ? chance(after) - chance(own.state) : chance(own.state) - chance(after)
        }
        var sums: [Int: Double] = [:]
        for (place, decision) in play.decisions.enumerated() {
            guard (play.decisions[place].state.kinds[decision.seat] == .wolf) != play.hasVillageWon else { continue }
            sums[decision.seat, default: 0] += weights[place]
        }
        guard let best = sums.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }).first?.key else { return [] }
        let own = play.decisions.indices.filter { play.decisions[$0].seat == best && play.decisions[$0].action != .sleep }
        let chosen = own.sorted { (weights[$1], $0) < (weights[$0], $1) }.prefix(moments)
        return chosen.sorted().map { play.decisions[$0] }
    }

    private func questions(_ decision: Decision, _ seed: Seed, name: String) -> [WerewolfItem] {
        var generator = seed.generator
        let (state, seat) = (decision.state, decision.seat)
        let living = state.isAlive.indices.filter { state.isAlive[$0] }
        let belief = WerewolfBelief(of: seat, in: state, of: game)
        var all: [WerewolfItem] = []
        func add(_ kind: String, _ question: String, _ options: [String], _ answer: Int, _ probe: WerewolfItem.Probe, at moment: Werewolf.State? = nil) {
            guard options.count >= 2, options.indices.contains(answer), Set(options).count == options.count else { return }
            let situation = opening + game.view(of: moment ?? state, for: seat)
            let item = ChoiceItem(id: "\(name) \(kind) \(all.count)", kind: kind, situation: situation, question: question, options: options, answer: answer)
            all.append(WerewolfItem(item: item, state: moment ?? state, seat: seat, probe: probe))
        }

        // What it did here, among others that it might have done.
        let kind = state.phase == .vote ? Self.vote : state.phase == .talk ? Self.persuasion : Self.strategy
        let others = generator.shuffled(game.actions(of: seat, in: state).filter { $0 != decision.action })
        let moves = [decision.action] + (kind == Self.vote ? others : Array(others.prefix(3)))
        let words = ["vote": "Whom do you vote for?", Self.persuasion: "What do you say?", Self.strategy: "What do you do?"]
        add(kind, isTerse ? "do?" : words[kind] ?? "", moves.map { game.text(of: $0, in: state) }, 0, .moves(moves))

        let isVillage = state.kinds[seat] != .wolf
        let unknown = living.filter { $0 != seat && belief.wolf[$0] > 0 && belief.wolf[$0] < 1 }
        // Of the seats it is not sure of, the wolf among others, where there is just one to be named.
        if isVillage, let wolf = generator.element(of: unknown.filter { state.kinds[$0] == .wolf }) {
            let good = generator.shuffled(unknown.filter { state.kinds[$0] != .wolf }).prefix(3)
            let seats = [wolf] + good
            add(Self.roleInference, isTerse ? "wolf?" : "Which of these players is a wolf?", seats.map(name(of:)), 0, .wolf(seats))
        }
        // Somebody said to be, or to have seen, what only one can.
        let claimants = Set(
            state.log.compactMap { event -> Int? in
                switch event {
                case .speech(let who, .report), .speech(let who, .claim(.seer)): who
                default: nil
                }
            })
        if isVillage, let who = generator.element(of: claimants.filter { unknown.contains($0) }.sorted()) {
            let kinds = present
            add(
                Self.deception, isTerse ? "really \(who)?" : "Player \(who) has spoken as the seer. What is player \(who) really?", kinds.map(name(of:)),
                kinds.firstIndex(of: state.kinds[who]) ?? -1, .kind(of: who, kinds))
        }
        addTradeOff(state, seat, &generator) { add(Self.tradeOff, $0, $1, $2, .anyone) }
        // The hidden role of each other seat it is not sure of.
        for other in unknown {
            add(
                Self.role, isTerse ? "role \(other)?" : "What is the role of player \(other)?", present.map(name(of:)), present.firstIndex(of: state.kinds[other]) ?? -1,
                .kind(of: other, present))
        }
        return all
    }

    /// What would have become of the last vote with another vote of one's own: it follows from the votes that all saw.
    private func addTradeOff(_ state: Werewolf.State, _ seat: Int, _ generator: inout SeededGenerator, _ add: (String, [String], Int) -> Void) {
        guard game.settings.showsVotes, game.settings.ties == .nobody,
            let last = state.log.last(where: { if case .votes = $0 { true } else { false } }), case .votes(let votes) = last, votes[seat] >= 0
        else { return }
        let voted = votes.indices.filter { votes[$0] >= 0 }
        guard let other = generator.element(of: Set(voted.map { votes[$0] }).filter { $0 != votes[seat] && $0 != seat }.sorted()) else { return }
        var changed = votes
        changed[seat] = other
        let out = Self.out(changed)
        let named = Array(Set([votes[seat], other]).sorted())
        let options = named.map(name(of:)) + [isTerse ? "-" : "nobody"]
        let answer = out < 0 ? named.count : named.firstIndex(of: out) ?? -1
        add(isTerse ? "if v\(other)?" : "Who would have been voted out in the last vote if you had voted for \(other) and all others as they did?", options, answer)
    }

    /// The seat with the most votes; −1 where several have them.
    static func out(_ votes: [Int]) -> Int {
        var counts: [Int: Int] = [:]
        for vote in votes where vote >= 0 { counts[vote, default: 0] += 1 }
        let most = counts.values.max() ?? 0
        let leaders = counts.filter { $0.value == most }.map(\.key)
        return leaders.count == 1 ? leaders[0] : -1
    }

    /// The roles there are.
    private var present: [Werewolf.Kind] {
        [.villager, .wolf] + (game.settings.hasSeer ? [.seer] : []) + (game.settings.hasDoctor ? [.doctor] : [])
    }

    private func name(of seat: Int) -> String { isTerse ? String(seat) : "player \(seat)" }
    private func name(of kind: Werewolf.Kind) -> String { isTerse ? String(kind.rawValue.prefix(1)) : kind.rawValue }
}
