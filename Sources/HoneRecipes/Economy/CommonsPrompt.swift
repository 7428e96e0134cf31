import HoneCore
import HoneGames
import HoneSocieties

/// Writes what users of a commons are asked when they take, speak and reflect, short for small models and in words for others, and reads what they say.
struct CommonsPrompt: Sendable {
    /// Whether prompts are short.
    let isShort: Bool
    /// The game.
    let game: Commons

    /// Whether a seat is the newcomer, who wants as much as it can get.
    func isGreedy(_ seat: Int) -> Bool { game.settings.newcomerRound > 0 && seat == game.settings.players - 1 }

    private func persona(_ seat: Int, _ state: Commons.State, note: String) -> String {
        let aim = isGreedy(seat) ? "You only want as much for yourself as you can get." : "You want to live well off it for a long time."
        return "\(game.instructions)\n\(aim)\n\(game.view(of: state, for: seat))\n" + (note.isEmpty ? "" : "You have noted for yourself: \(note)\n")
    }

    /// What a seat got in the last round, and what the others did; nil before it has taken part.
    private func last(of seat: Int, in state: Commons.State) -> (own: Int, others: [Int])? {
        guard let round = state.rounds.last, round.got.indices.contains(seat) else { return nil }
        return (round.got[seat], Commons.others(of: seat, among: round.got.count).map { round.got[$0] })
    }

    /// What a seat knows that decides on a catch.
    func knowledge(of seat: Int, in state: Commons.State, note: Int?) -> CommonsManner.Knowledge {
        let past = last(of: seat, in: state)
        let share = game.sustainableShare(of: state.stock, among: game.playerCount(in: state.rounds.count)) ?? 0
        return CommonsManner.Knowledge(
            stock: state.stock, share: share, own: past?.own, others: past.map { CommonsSkill.mean($0.others) }, note: note, isTold: game.settings.universalises)
    }

    private func written(_ number: Int?) -> String { number.map(String.init) ?? "-" }

    /// Asks what a seat wants.
    func take(_ seat: Int, _ state: Commons.State, note: String) -> String {
        guard isShort else { return persona(seat, state, note: note) + "How much do you take? Think briefly, and end with a line that has one whole number from 0 to \(state.stock)." }
        let known = knowledge(of: seat, in: state, note: Int(note))
        return "c\(isGreedy(seat) ? "g" : "")\(known.stock) \(written(known.own)) \(written(known.others)) \(written(known.note))\(known.isTold ? " u\(known.share)" : "")="
    }

    /// The catch a text names, made allowed: at most what there is, and a multiple of the game's step; nil where it names none.
    func take(_ text: String, in state: Commons.State) -> Int? {
        let number = isShort ? Int(text.firstLine) : text.split { $0.isNewline }.last.flatMap { String($0).wholeNumbers.last }
        guard let number, number >= 0 else { return nil }
        let most = game.settings.takeLimit == 0 ? state.stock : min(game.settings.takeLimit, state.stock)
        return min(number, most) / game.settings.step * game.settings.step
    }

    /// Asks what a seat says.
    func speech(_ seat: Int, _ state: Commons.State, note: String) -> String {
        guard isShort else {
            let acts = game.actions(in: state).map { game.text(of: $0, in: state) }.joined(separator: "; ")
            return persona(seat, state, note: note) + "What do you say to the others? “limit N” proposes that nobody takes more than N, “blame N” names a player who took too much. End with one line that is one "
                + "of: \(acts)."
        }
        let past = last(of: seat, in: state)
        let heard = state.rounds.last.map { game.limitsSaid(after: $0) }?.last
        let others = (past?.others ?? []).map(String.init).joined(separator: " ")
        return "s\(isGreedy(seat) ? "g" : "")\(game.grown(state.stock)) \(written(past?.own))|\(others)|\(written(heard))="
    }

    /// What a text says; nil where it says nothing that is allowed.
    func speech(_ text: String, by seat: Int, in state: Commons.State) -> Commons.Action? {
        let allowed = game.actions(in: state)
        guard isShort else {
            let last = text.split { $0.isNewline }.last.map { $0.lowercased() } ?? ""
            guard let closest = GroundedMoves.closest(to: last, among: allowed.map { game.text(of: $0, in: state) }) else { return nil }
            return game.action(for: closest, by: seat, in: state)
        }
        guard let speech = CommonsSpeech(short: text.firstLine), let round = state.rounds.last,
            let action = game.action(for: speech, by: seat, among: round.got.count), allowed.contains(action)
        else { return nil }
        return action
    }

    /// Asks what a seat keeps in mind of a round and what was said after it.
    func reflection(_ seat: Int, _ state: Commons.State, note: String) -> String {
        guard isShort else {
            return persona(seat, state, note: note) + "The next round begins with the stock above. In one sentence on one line: what do you keep in mind for it, such as how much each should take?"
        }
        let past = last(of: seat, in: state)
        let heard = state.rounds.last.map { game.limitsSaid(after: $0) } ?? []
        let said = heard.isEmpty ? "-" : heard.map(String.init).joined(separator: " ")
        return "r\(isGreedy(seat) ? "g" : "")\(state.stock) \(written(past?.own)) \(written(past.map { CommonsSkill.mean($0.others) }))|\(said)="
    }

    /// The note a text makes: a limit in short prompts, the last line in words; empty where there is none.
    func note(_ text: String) -> String {
        if isShort { return Int(text.firstLine).map { $0 >= 0 ? String($0) : "" } ?? "" }
        return String((text.split { $0.isNewline }.last ?? "").prefix(300))
    }

    /// Asks a question about the commons.
    func skill(_ question: CommonsSkill) -> String { isShort ? question.short : question.words(game) }

    /// Whether a text answers a question rightly.
    func isRight(_ text: String, to question: CommonsSkill) -> Bool {
        isShort ? text.firstLine == String(question.answer) : text.split { $0.isNewline }.last.flatMap { String($0).wholeNumbers.last } == question.answer
    }
}
