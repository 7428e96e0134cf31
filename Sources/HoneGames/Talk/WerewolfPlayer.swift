import HoneCore

/// A scripted player of werewolf: one step ahead with an exact belief over the roles.
///
/// In the village it accuses and votes for whom it takes for a wolf, the seer looks at whom it is least sure of and tells what it saw, the doctor protects
/// whom it takes for the seer. Wolves kill whom they take for the seer, vote with the village against villagers, and answer a seer's report with one of
/// their own. `noise` is how often it does anything that is allowed instead, which makes players of all strengths.
public struct WerewolfPlayer: GamePlayer {
    public typealias Rules = Werewolf

    /// How often it does anything that is allowed instead, 0 to 1.
    public let noise: Double
    /// Whether it heeds what is said and voted; if not, it knows hard facts only.
    public let isHeeding: Bool

    /// A player.
    public init(noise: Double = 0, isHeeding: Bool = true) {
        self.noise = noise
        self.isHeeding = isHeeding
    }

    public func action(in state: Werewolf.State, for seat: Int, of game: Werewolf, seed: Seed) -> Werewolf.Action? {
        choice(among: game.actions(of: seat, in: state), in: state, for: seat, of: game, seed: seed)
    }

    /// The best of some actions, any of equals; any of them at the rate of its noise.
    public func choice(among some: [Werewolf.Action], in state: Werewolf.State, for seat: Int, of game: Werewolf, seed: Seed) -> Werewolf.Action? {
        var generator = seed.generator
        if generator.chance(noise) { return generator.element(of: some) }
        let scores = scores(of: some, in: state, for: seat, of: game)
        guard let most = scores.max() else { return nil }
        return generator.element(of: zip(some, scores).filter { $1 == most }.map(\.0))
    }

    /// What each action is worth to a seat; more is better, and only the order counts.
    public func scores(of some: [Werewolf.Action], in state: Werewolf.State, for seat: Int, of game: Werewolf) -> [Double] {
        let own = WerewolfBelief(of: seat, in: state, of: game, isHeeding: isHeeding)
        let all = WerewolfBelief(of: nil, in: state, of: game, isHeeding: isHeeding)
        return some.map { score(of: $0, in: state, for: seat, own, all) }
    }

    private func score(of action: Werewolf.Action, in state: Werewolf.State, for seat: Int, _ own: WerewolfBelief, _ all: WerewolfBelief) -> Double {
        let isWolf = state.kinds[seat] == .wolf
        switch action {
        case .deal, .sleep, .leave: return 0
        // Who is taken for the seer, then who is least suspected.
        case .kill(let target): return 2 * own.seer[target] - all.wolf[target]
        case .inspect(let target): return own.wolf[target] * (1 - own.wolf[target])
        case .protect(let target): return own.seer[target] + 0.1 * (1 - own.wolf[target])
        case .vote(let target):
            guard target >= 0 else { return isWolf ? 0.1 : 0.2 }
            // Wolves follow what the village suspects, but not against each other.
            return isWolf ? (state.kinds[target] == .wolf ? -1 : all.wolf[target]) : own.wolf[target]
        case .speak(let speech): return isWolf ? wolfSpeech(speech, state, seat, all) : villageSpeech(speech, state, seat, own)
        }
    }

    private func villageSpeech(_ speech: Werewolf.Speech, _ state: Werewolf.State, _ seat: Int, _ own: WerewolfBelief) -> Double {
        let isSeer = state.kinds[seat] == .seer
        switch speech {
        case .report(let target, let isWolf):
            guard isSeer, saw(target, state, seat) == isWolf, !hasReported(target, state, seat) else { return -1 }
            return isWolf && state.isAlive[target] ? 3 : 0.45
        case .accuse(let target): return own.wolf[target]
        case .defend(let target): return target == seat ? 0.1 : 0.35 * (1 - own.wolf[target])
        case .claim(let kind): return kind == state.kinds[seat] ? (isSeer ? -0.5 : 0.05) : -1
        case .pass, .words: return 0
        }
    }

    private func wolfSpeech(_ speech: Werewolf.Speech, _ state: Werewolf.State, _ seat: Int, _ all: WerewolfBelief) -> Double {
        let reporter = state.log.suffix(3 * state.kinds.count).compactMap { event -> Int? in
            guard case .speech(let who, .report(let target, isWolf: true)) = event, state.isAlive[who], state.kinds[target] == .wolf else { return nil }
            return who
        }.last
        switch speech {
        case .report(let target, let isWolf): return isWolf && target == reporter && !hasReported(target, state, seat) ? 2 : -1
        case .accuse(let target): return state.kinds[target] == .wolf ? -1 : all.wolf[target] + (target == reporter ? 1 : 0)
        case .defend(let target): return target == seat ? 0.1 : state.kinds[target] == .wolf ? 0.1 * all.wolf[target] : 0.15
        case .claim(let kind): return kind == .villager ? 0.05 : -1
        case .pass, .words: return 0
        }
    }

    /// Whether a seer saw that somebody is a wolf; nil where it did not look.
    private func saw(_ target: Int, _ state: Werewolf.State, _ seat: Int) -> Bool? {
        for case .night(let choices) in state.log where choices[seat] == target { return state.kinds[target] == .wolf }
        return nil
    }

    private func hasReported(_ target: Int, _ state: Werewolf.State, _ seat: Int) -> Bool {
        state.log.contains { event in
            if case .speech(seat, .report(target, _)) = event { true } else { false }
        }
    }
}
