import HoneCore
import HoneEvaluation
import HoneGames
import HoneWorlds

/// What a small model of hanabi is taught: decisions of a scripted player with the thoughts before them, checks of moves, and questions.
struct HanabiLessons {
    /// The rules.
    let game: Hanabi
    /// The agent whose prompts are answered.
    let agent: ReasonedMoves<Hanabi>

    /// Decisions by the convention, each with its thought where the agent infers: `m1n-` is “my first card was meant, the partner needs none”.
    func decisions(_ count: Int, by convention: HanabiConvention, seed: Seed) -> [Problem] {
        var problems: [Problem] = []
        walk(count, seed) { state, seat, own in
            guard let action = convention.action(in: state, for: seat, of: game, seed: own) else { return nil }
            var prompt = agent.opening(game, state, for: seat)
            if agent.infers {
                let thought = thought(state, seat, convention)
                problems.append(WrittenItems.problem(id: "thought \(problems.count)", prompt: prompt + agent.words.partner, answer: thought))
                prompt += agent.words.partner + thought + "\n"
            }
            problems.append(WrittenItems.problem(id: "move \(problems.count)", prompt: prompt + agent.words.move, answer: game.text(of: action, in: state)))
            return action
        }
        return problems
    }

    /// Decisions at random: the rules of the game and nothing else.
    func rules(_ count: Int, seed: Seed) -> [Problem] {
        var problems: [Problem] = []
        walk(count, seed) { state, seat, own in
            guard let action = RandomPlayer<Hanabi>().action(in: state, for: seat, of: game, seed: own) else { return nil }
            let prompt = agent.opening(game, state, for: seat) + agent.words.move
            problems.append(WrittenItems.problem(id: "rules \(problems.count)", prompt: prompt, answer: game.text(of: action, in: state)))
            return action
        }
        return problems
    }

    /// Checks of moves, sound and unsound ones as evenly as positions allow: `y` or `n`.
    func checks(_ count: Int, by convention: HanabiConvention, seed: Seed) -> [Problem] {
        var problems: [Problem] = []
        walk(count, seed) { state, seat, own in
            var generator = own.child("checked").generator
            let moves = (0..<game.settings.handSize).flatMap { ["p\($0 + 1)", "d\($0 + 1)"] } + game.actions(in: state).map { game.text(of: $0, in: state) }
            let wantsSound = generator.chance(0.5)
            let some = Array(Set(moves)).sorted().filter { game.isSound($0, by: seat, in: state) == wantsSound }
            if let move = generator.element(of: some) {
                let prompt = agent.opening(game, state, for: seat) + agent.words.check.replacing("MOVE", with: move)
                problems.append(WrittenItems.problem(id: "check \(problems.count)", prompt: prompt, answer: wantsSound ? "y" : agent.words.refusal))
            }
            return convention.action(in: state, for: seat, of: game, seed: own)
        }
        return problems
    }

    /// Questions with their letters.
    static func answered(_ items: [ChoiceItem], seed: Seed) -> [Problem] {
        items.enumerated().map { place, item in
            let shown = item.shuffled(seed.child("order", place))
            return WrittenItems.problem(id: "taught \(item.id)", prompt: shown.prompt(isTerse: true), answer: shown.letter)
        }
    }

    private func thought(_ state: Hanabi.State, _ seat: Int, _ convention: HanabiConvention) -> String {
        func text(_ place: Int?) -> String { place.map { String($0 + 1) } ?? "-" }
        let needed = convention.needed(by: (seat + 1) % game.settings.players, in: state, of: game)
        return "m\(text(convention.meant(for: seat, in: state)))n\(text(needed))"
    }

    /// Goes through positions of plays until so many decisions were met; what is decided is played, now and then anything instead.
    private func walk(_ count: Int, _ seed: Seed, _ decide: (Hanabi.State, Int, Seed) -> Hanabi.Action?) {
        var met = 0
        var play = 0
        while met < count {
            let own = seed.child("play", play)
            play += 1
            var generator = own.generator
            var state = game.start
            while met < count {
                guard let seat = game.turn(in: state).mover else {
                    guard let chance = game.drawChance(in: state, using: &generator) else { break }
                    game.apply(chance, to: &state)
                    continue
                }
                met += 1
                guard let action = decide(state, seat, own.child("decision", met)) else { break }
                game.apply(generator.chance(0.15) ? generator.element(of: game.actions(in: state)) ?? action : action, to: &state)
            }
        }
    }
}
