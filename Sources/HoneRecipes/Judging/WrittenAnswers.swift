import HoneCore
import HoneWorlds

/// An answer of known faults, for a model to judge.
struct WrittenAnswer: Sendable {
    /// The problem.
    let problem: Problem
    /// The answer.
    let text: String
    /// Its first wrong step, from 0; nil where there is none.
    let fault: Int?
    /// Its steps, each with what stands behind it.
    let steps: [String]

    /// One right and one wrong answer to each problem, where the world can demonstrate them.
    static func of(_ problems: [Problem], in world: any QuestionWorld, seed: Seed) -> [WrittenAnswer] {
        problems.enumerated().flatMap { index, problem in
            [false, true].compactMap { withError in
                guard let found = world.demonstration(of: problem, withError: withError, seed: seed.child("judged", index)), withError == (found.faultyStep != nil)
                else { return nil }
                let parts = found.text.components(endingWith: world.separator)
                return WrittenAnswer(problem: problem, text: found.text, fault: found.faultyStep, steps: parts)
            }
        }
    }

    /// The answer as an episode in steps.
    var episode: Episode {
        var context: Transcript = [.text(problem.text, from: .prompt)]
        let written = steps.map { text in
            let segment = Segment.text(text, from: .hint, author: .solver)
            defer { context.append(segment) }
            return Step(role: .solver, context: context, move: Move(segments: [segment]))
        }
        return Episode(id: problem.id, steps: written, ending: .completed)
    }
}

extension String {
    /// Its parts, each with the separator that ends it; the last without.
    func components(endingWith separator: String) -> [String] {
        guard !separator.isEmpty else { return [self] }
        var parts: [String] = []
        var rest = self[...]
        while let place = rest.firstRange(of: separator) {
            parts.append(String(rest[..<place.upperBound]))
            rest = rest[place.upperBound...]
        }
        return rest.isEmpty ? parts : parts + [String(rest)]
    }
}
