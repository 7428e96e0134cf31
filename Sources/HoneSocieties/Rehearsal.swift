import HoneCore

/// A written exchange: answers with what stands between them, and what a critic says in the end.
public struct Script: Hashable, Sendable, Codable {
    /// The answers, in order.
    public var answers: [String]
    /// What stands between two answers: one fewer than there are answers.
    public var between: [String]
    /// What the critic says of the last answer; nil where it is not asked.
    public var critique: String?
    /// The first of the answers that is there to be learned, counted from 0; the count of answers where none is.
    public var firstTaught: Int

    /// A script.
    public init(answers: [String], between: [String] = [], critique: String? = nil, firstTaught: Int = 0) {
        precondition(between.count + 1 == answers.count, "Between \(answers.count) answers stand \(answers.count - 1) replies")
        self.answers = answers
        self.between = between
        self.critique = critique
        self.firstTaught = firstTaught
    }

    /// The script a problem carries; nil where it carries none.
    public init?(of problem: Problem) {
        guard let text = problem.details["script"], let json = try? JSONValue(parsing: text), let script = try? json.decode(Script.self),
            script.between.count + 1 == script.answers.count
        else { return nil }
        self = script
    }

    /// The problem with the script to be rehearsed.
    public func given(to problem: Problem) throws -> Problem {
        var copy = problem
        copy.details["script"] = try JSONValue(encoding: self).canonical
        return copy
    }
}

/// Recites the script a problem carries: the society in which answering again, and judging answers, is taught.
///
/// Only what is to be learned becomes a step; contexts are built as `Revision` builds them.
public struct Rehearsal: Society {
    public static let card = PartCard(
        name: "rehearsal", summary: "files a problem's written exchange as an episode, without any model", needs: [.demonstrations])

    /// How many earlier answers the solver sees; 0 is all.
    public var window: Int
    /// The words of verdicts.
    public var wording: Wording

    /// The society.
    public init(window: Int = 0, wording: Wording = Wording()) {
        self.window = window
        self.wording = wording
    }

    public func play<W: World>(_ start: Position<W>, cast: Cast, in scope: Scope) async throws -> Episode {
        var episode = Episode(id: scope.path, steps: start.steps, ending: .completed, cast: cast)
        if let script = start.problem.flatMap(Script.init(of:)) {
            var exchange = Exchange(question: start.view(for: .solver).transcript)
            for (number, text) in script.answers.enumerated() {
                let answer = [Segment.text(text, from: .demonstration, author: .solver)]
                if number >= script.firstTaught {
                    episode.steps.append(Step(role: .solver, context: exchange.context(window: window), move: Move(segments: answer)))
                }
                if number < script.between.count { exchange.turns.append(Exchange.Turn(answer: answer, between: script.between[number])) }
            }
            if let critique = script.critique {
                let context = wording.context(question: exchange.question, answer: script.answers.last ?? "")
                let move = Move(segments: [.text(critique, from: .demonstration, author: .critic)])
                episode.steps.append(Step(role: .critic, context: context, move: move))
            }
        } else {
            episode.ending = .failed("There is no written exchange to rehearse")
        }
        await start.world.release(start.state)
        return episode
    }
}
