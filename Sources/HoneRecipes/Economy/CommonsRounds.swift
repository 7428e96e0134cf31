import HoneCore
import HoneGames
import HoneSocieties

/// What a player of a commons gets.
public enum CommonsReward: String, Codable, Hashable, Sendable, CaseIterable {
    /// What it has taken.
    case own
    /// The mean of what all have taken.
    case group
}

/// What came of one play of a commons.
struct CommonsLog: Codable, Hashable, Sendable {
    /// The end.
    var state: Commons.State
    /// How often somebody was asked, and how often nothing that is allowed was said.
    var asked = 0
    var unreadable = 0
}

/// A group of players who live off one stock: each round all take at the same time, hear what the others took, talk, and reflect (Piatti et al. 2024).
///
/// Everybody is the same model unless the cast says otherwise; a note is all that a player remembers of earlier rounds beside what the prompt shows. A catch that cannot be read is 0, a
/// speech silence, a note none.
struct CommonsRounds: Society {
    static let card = PartCard(name: "commons-rounds", summary: "rounds of taking from one stock, with talk and private notes between them", source: "Piatti et al. 2024, GovSim")

    /// How prompts are written.
    let prompt: CommonsPrompt
    /// Whether players reflect between rounds.
    let reflects: Bool
    /// What they get.
    let reward: CommonsReward

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        try await WrittenTurns.episode(from: start, cast: cast, in: scope) { problem, episode in
            let game = prompt.game
            var log = CommonsLog(state: game.start)
            var notes = [String](repeating: "", count: game.settings.players)
            var generator = WrittenTurns.draw(of: problem).child("rationing").generator
            var reflected = 0
            var ply = 0
            play: while true {
                ply += 1
                switch game.turn(in: log.state) {
                case .over: break play
                case .chance:
                    guard let action = game.drawChance(in: log.state, using: &generator) else { break play }
                    game.apply(action, to: &log.state)
                case .together(let seats):
                    let number = log.state.rounds.count
                    if reflects, number > reflected {
                        reflected = number
                        try await reflect(&notes, log.state, &log, &episode, in: scope.child("reflection", number))
                    }
                    try await take(seats, notes, &log, &episode, in: scope.child("round", number))
                case .seat(let seat):
                    let step = try await WrittenTurns.ask(Role.player(seat), prompt.speech(seat, log.state, note: notes[seat]), cast: cast, in: scope.child("talk", ply))
                    episode.steps.append(step)
                    log.asked += 1
                    let action = prompt.speech(step.move.text, by: seat, in: log.state)
                    if action == nil { log.unreadable += 1 }
                    game.apply(action ?? .speak(.act(game.acts.count - 1)), to: &log.state)
                }
            }
            let gains = game.gains(of: log.state).map(Double.init)
            let mean = gains.reduce(0, +) / Double(gains.count)
            episode.returns = Dictionary(uniqueKeysWithValues: gains.enumerated().map { (Role.player($0), reward == .own ? $1 : mean) })
            episode.steps.append(try .record(log))
        }
    }

    private func take(_ seats: [Int], _ notes: [String], _ log: inout CommonsLog, _ episode: inout Episode, in scope: Scope) async throws {
        let questions = seats.map { (role: Role.player($0), text: prompt.take($0, log.state, note: notes[$0])) }
        let steps = try await WrittenTurns.ask(all: questions, cast: episode.cast, in: scope)
        episode.steps += steps
        // All are read before anything is taken.
        let wanted = steps.map { prompt.take($0.move.text, in: log.state) }
        for want in wanted {
            log.asked += 1
            if want == nil { log.unreadable += 1 }
            prompt.game.apply(.take(want ?? 0), to: &log.state)
        }
    }

    private func reflect(_ notes: inout [String], _ state: Commons.State, _ log: inout CommonsLog, _ episode: inout Episode, in scope: Scope) async throws {
        let seats = Array((state.rounds.last?.got ?? []).indices)
        let questions = seats.map { (role: Role.player($0), text: prompt.reflection($0, state, note: notes[$0])) }
        let steps = try await WrittenTurns.ask(all: questions, cast: episode.cast, in: scope)
        episode.steps += steps
        for (seat, step) in zip(seats, steps) {
            notes[seat] = prompt.note(step.move.text)
            log.asked += 1
        }
    }

    /// A problem: a play in which chance draws by a key.
    static func problem(_ id: String, drawn seed: Seed, isHeldOut: Bool) -> Problem { WrittenTurns.problem(id, drawn: seed, isHeldOut: isHeldOut) }
}
