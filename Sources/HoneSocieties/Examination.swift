import HoneCore

/// A critic is shown one answer and says whether it is right: the test of a verifier that is itself a model.
///
/// The answer is the problem's first demonstration, or, where it has none, one that the solver gives. The critic's return is 1 where it
/// accepts a right answer or refuses a wrong one, else 0; the solver's is the world's.
public struct Examination: Society {
    public static let card = PartCard(
        name: "examination", summary: "a critic says whether one answer is right", source: "Stechly et al. 2023", needs: [.branches])

    /// The words of verdicts.
    public var wording: Wording

    /// The society.
    public init(wording: Wording = Wording()) { self.wording = wording }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, cast: cast)
        do {
            episode.ending = try await examine(start, &episode, in: scope)
        } catch {
            await start.world.release(start.state)
            throw error
        }
        await start.world.release(start.state)
        return episode
    }

    /// Throws only when the task is cancelled.
    private func examine<W: World>(_ start: Position<W>, _ episode: inout Episode, in scope: Scope) async throws -> Ending {
        do {
            let question = start.view(for: .solver).transcript
            var said = Move(segments: [])
            if let text = start.problem?.demonstrations.first {
                said = Move(segments: [.text(text, from: .hint, author: .solver)])
            } else {
                said = try await speak(.solver, question, episode.cast, in: scope)
            }
            var branch = start
            try await branch.take([.solver: said], in: scope)
            episode.steps += branch.steps.suffix(1)
            episode.returns = branch.world.returns(of: branch.state)
            let isRight = (episode.returns[.solver] ?? 0) >= branch.world.rules.range.upperBound
            let critique = try await speak(.critic, wording.context(question: question, answer: said.text), episode.cast, in: scope)
            let context = critique.context ?? []
            episode.steps.append(Step(role: .critic, context: context, move: critique.filed))
            episode.returns[.critic] = wording.accepts(critique.text) == isRight ? 1 : 0
            return .completed
        } catch { return try .failed(by: error) }
    }
}
