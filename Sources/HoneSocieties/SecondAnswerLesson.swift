import HoneCore

/// A first answer that is right, or that is wrong, and the problem's demonstration as the second: what to do when asked again.
///
/// The right first answer is the demonstration itself; the wrong one is sampled from the solver, tried again until the world refuses it.
/// Only the second answer is a demonstration, so a credit that learns demonstrations has its loss there alone. Where the solver gives
/// no wrong answer in so many tries the episode ends without a second answer, as there is nothing to correct.
///
/// Source: the training data of Yang et al. 2024, “Confidence v.s. Critique: A Decomposition of Self-Correction Capability for LLMs”.
public struct SecondAnswerLesson: Society {
    public static let card = PartCard(
        name: "second-answer-lesson", summary: "a right or a wrong first answer, then the demonstration as the second",
        source: "Yang et al. 2024", needs: [.branches, .demonstrations])

    /// The share of episodes whose first answer is wrong.
    public var wrongShare: Double
    /// How often a wrong answer is tried for.
    public var tries: Int
    /// The words before the question when it is put again.
    public var words: String

    /// The society.
    public init(wrongShare: Double = 0.5, tries: Int = 8, words: String = "") {
        self.wrongShare = wrongShare
        self.tries = tries
        self.words = words
    }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, cast: cast)
        do {
            episode.ending = try await teach(start, &episode, in: scope)
        } catch {
            await start.world.release(start.state)
            throw error
        }
        await start.world.release(start.state)
        return episode
    }

    /// Throws only when the task is cancelled.
    private func teach<W: World>(_ start: Position<W>, _ episode: inout Episode, in scope: Scope) async throws -> Ending {
        guard let text = start.problem?.demonstrations.first else { return .failed("There is nothing to recite") }
        let right = Segment.text(text, from: .demonstration, author: .solver)
        var first = [right]
        var generator = scope.seed.child("first").generator
        do {
            if generator.chance(wrongShare) {
                guard let wrong = try await wrongAnswer(start, &episode, in: scope) else { return .budget }
                first = wrong
            }
            var exchange = Exchange(question: start.view(for: .solver).transcript)
            exchange.turns = [Exchange.Turn(answer: first, between: "\n" + words + exchange.question.text)]
            var branch = start
            try await branch.take([.solver: Move(segments: [right], context: exchange.context(window: 0))], in: scope)
            episode.steps += branch.steps.suffix(1)
            episode.returns = branch.world.returns(of: branch.state)
            return .completed
        } catch { return try .failed(by: error) }
    }

    /// The first wrong one of the solver's answers, filed as a step; nil where all are right.
    private func wrongAnswer<W: World>(_ start: Position<W>, _ episode: inout Episode, in scope: Scope) async throws -> [Segment]? {
        for number in 0..<tries {
            let own = scope.child("try", number)
            let said = try await speak(.solver, start.view(for: .solver).transcript, episode.cast, in: own)
            var branch = start
            try await branch.take([.solver: said], in: own)
            if (branch.world.returns(of: branch.state)[.solver] ?? 0) < branch.world.rules.range.upperBound {
                episode.steps += branch.steps.suffix(1)
                return said.segments
            }
        }
        return nil
    }
}
