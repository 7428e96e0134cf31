import HoneCore
import HoneGames
import HoneSocieties

/// Takes a model through a 2×2 game step by step before it chooses (Hua et al. 2024, “Game-theoretic LLM”).
///
/// At once: what would the other choose against each of one's choices, and what would one choose against each of the other's? Then one's dominant choice, else the
/// answer to the other's dominant choice, else an equilibrium. In turn: the other's choice at each of the deepest nodes, whose subtrees are
/// replaced by their payoffs, then one's own at the root. Each question is a step of the episode.
struct GameWorkflow: Society {
    static let card = PartCard(
        name: "game-workflow", summary: "conditional best responses or backward induction, asked step by step, then the choice", source: "Hua et al. 2024")

    /// How questions are written.
    let prompt: ChoicePrompt
    /// Whether the model itself chooses in the end, with what it worked out in front of it; else the answers decide.
    let modelDecides: Bool

    func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var position = start
        var episode = Episode(id: scope.path, cast: cast)
        do {
            if let problem = (start.state as? any KnowsProblem)?.problem, let task = ChoiceTask(of: problem) {
                let choice = try await choose(task, &episode, in: scope)
                try await position.take([.solver: Move(text: choice.map { prompt.names(of: 0)[$0] } ?? "?", origin: .tool)], in: scope)
                episode.ending = .completed
            } else {
                episode.ending = .failed("There is no 2×2 game to choose in")
            }
        } catch {
            await position.world.release(position.state)
            episode.ending = try .failed(by: error)
            return episode
        }
        episode.returns = position.world.returns(of: position.state)
        await position.world.release(position.state)
        return episode
    }

    /// The choice; nil where an answer cannot be read.
    private func choose(_ task: ChoiceTask, _ episode: inout Episode, in scope: Scope) async throws -> Int? {
        func ask(_ text: String, _ seat: Int, _ label: String, _ episode: inout Episode) async throws -> Int? {
            guard let player = episode.cast[.solver] else { throw CoreError.unknown(kind: "player for role", name: "solver", known: episode.cast.keys.map(\.text)) }
            let policy = try scope.services.policy(player.policy)
            let view = View(role: .solver, transcript: [.text(text, from: .prompt)])
            let move = try await policy.move(on: view, as: player, in: scope.child(label))
            episode.steps.append(Step(role: .solver, context: move.context ?? view.transcript, move: move.filed))
            return prompt.choice(of: seat, in: move.text)
        }
        var replies: [Int?] = []
        for choice in 0...1 { replies.append(try await ask(prompt.conditional(task, seat: 1, given: choice), 1, "other \(choice)", &episode)) }
        if task.isSequential {
            guard let first = replies[0], let second = replies[1] else { return nil }
            return try await ask(prompt.root(task, replies: [first, second]), 0, "root", &episode)
        }
        var own: [Int?] = []
        for choice in 0...1 { own.append(try await ask(prompt.conditional(task, seat: 0, given: choice), 0, "own \(choice)", &episode)) }
        guard let a = replies[0], let b = replies[1], let x = own[0], let y = own[1] else { return nil }
        if modelDecides { return try await ask(prompt.summary(task, replies: [a, b], own: [x, y]), 0, "choice", &episode) }
        return Self.choice(replies: [a, b], own: [x, y])
    }

    /// What conditional choices add up to: the dominant choice, the answer to the other's, the first equilibrium, or the first choice.
    static func choice(replies: [Int], own: [Int]) -> Int {
        if own[0] == own[1] { return own[0] }
        if replies[0] == replies[1] { return own[replies[0]] }
        return (0...1).first { own[replies[$0]] == $0 } ?? 0
    }
}
