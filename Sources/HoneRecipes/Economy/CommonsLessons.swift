import HoneCore
import HoneGames

/// What players of mixed manners do and say in a commons, and questions about it, written as a small model is asked.
///
/// Plays with and without talk, with and without the sentence that generalises, and with a greedy newcomer stand beside each other, so that one model can play under all conditions.
struct CommonsLessons {
    /// The rules, whose conditions are drawn anew for each play.
    let settings: Commons.Settings
    /// The share of lessons that are questions.
    let skillShare: Double
    /// The manners and how often they are drawn.
    let mixture: [(manner: CommonsManner, weight: Double)]

    /// So many lessons.
    func problems(_ count: Int, seed: Seed) throws -> [Problem] {
        let game = try Commons(settings)
        let prompt = CommonsPrompt(isShort: true, game: game)
        var lessons: [(String, String)] = []
        var number = 0
        while lessons.count < count {
            let own = seed.child("lesson", number)
            number += 1
            var generator = own.generator
            let played = try play(&generator)
            lessons += played
            let wanted = skillShare * Double(played.count) / max(1e-9, 1 - skillShare)
            for question in 0..<Int(wanted.rounded()) {
                let skill = CommonsSkill(CommonsSkill.Kind.allCases[question % CommonsSkill.Kind.allCases.count], of: game, seed: own.child("skill", question))
                lessons.append((prompt.skill(skill), String(skill.answer)))
            }
        }
        return try lessons.prefix(count).enumerated().map { try WrittenTurns.lesson($0, $1.0, $1.1) }
    }

    private func drawn(_ generator: inout SeededGenerator) -> CommonsManner {
        var left = generator.unit() * mixture.reduce(0) { $0 + $1.weight }
        for (manner, weight) in mixture {
            left -= weight
            if left < 0 { return manner }
        }
        return mixture.last?.manner ?? .sustainer
    }

    private func play(_ generator: inout SeededGenerator) throws -> [(String, String)] {
        var rules = settings
        rules.talk = generator.chance(0.5) ? .listed : .none
        rules.universalises = generator.chance(0.5)
        rules.newcomerRound = rules.players > 2 && generator.chance(0.2) ? 3 : 0
        let game = try Commons(rules)
        let prompt = CommonsPrompt(isShort: true, game: game)
        let manners = (0..<rules.players).map { prompt.isGreedy($0) ? .greedy : drawn(&generator) }
        var state = game.start
        var notes = [Int?](repeating: nil, count: rules.players)
        var lessons: [(String, String)] = []
        var reflected = 0
        func text(_ note: Int?) -> String { note.map(String.init) ?? "" }
        while true {
            switch game.turn(in: state) {
            case .over: return lessons
            case .chance:
                guard let action = game.drawChance(in: state, using: &generator) else { return lessons }
                game.apply(action, to: &state)
            case .together(let seats):
                if state.rounds.count > reflected, let round = state.rounds.last {
                    reflected = state.rounds.count
                    for seat in round.got.indices {
                        let note = manners[seat].note(game.limitsSaid(after: round))
                        lessons.append((prompt.reflection(seat, state, note: text(notes[seat])), note.map(String.init) ?? "-"))
                        notes[seat] = note
                    }
                }
                var wanted: [Int] = []
                for seat in seats {
                    let take = manners[seat].take(prompt.knowledge(of: seat, in: state, note: notes[seat]), using: &generator) / rules.step * rules.step
                    let allowed = rules.takeLimit == 0 ? take : min(take, rules.takeLimit / rules.step * rules.step)
                    lessons.append((prompt.take(seat, state, note: text(notes[seat])), String(allowed)))
                    wanted.append(allowed)
                }
                for want in wanted { game.apply(.take(want), to: &state) }
            case .seat(let seat):
                guard let round = state.rounds.last else { return lessons }
                let count = round.got.count
                let others = Commons.others(of: seat, among: count).map { round.got[$0] }
                let share = game.sustainableShare(of: game.grown(state.stock), among: game.playerCount(in: state.rounds.count)) ?? 0
                let speech = manners[seat].speech(share: share, own: round.got[seat], others: others, limit: game.limitsSaid(after: round).last, limits: game.limits)
                lessons.append((prompt.speech(seat, state, note: text(notes[seat])), speech.short))
                game.apply(game.action(for: speech, by: seat, among: count) ?? .speak(.act(game.acts.count - 1)), to: &state)
            }
        }
    }
}
