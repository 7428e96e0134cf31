import HoneCore
import HoneSocieties
import HoneWorlds

/// Writes what a model of graph colouring is taught: noisy solutions, repairs after a verdict, and verdicts.
///
/// Errors are vertices coloured anew at random, so how wrong the answers are is known by construction.
struct ColouringLessons {
    /// How much is taught of answering again.
    struct Amount: Codable, Hashable, Sendable {
        /// How many repairs are shown: a wrong colouring, a verdict on it, and a better one.
        var repairs: Int
        /// The share of repairs that keep the wrong colouring but for what is bad; the others are new noisy solutions that
        /// have nothing to do with what was said.
        var follows: Double
    }

    /// The words of verdicts.
    let wording: Wording
    /// The share of solutions with an error.
    let errorRate: Double
    /// Whether answers show their working.
    let recites: Bool

    /// Solutions of the first problems; repairs and verdicts of as many of them as asked for, going round where there are fewer.
    func problems(_ training: [Problem], solutions: Int, amount: Amount, verdicts: Int, seed: Seed) throws -> [Problem] {
        var result: [Problem] = []
        func write(_ kind: String, _ count: Int, _ script: (ColouringProblem, Seed) -> Script?) throws {
            for index in 0..<(training.isEmpty ? 0 : count) {
                let problem = training[index % training.count]
                guard let graph = ColouringProblem(problem.text), let written = script(graph, seed.child(kind, index)) else { continue }
                var copy = try written.given(to: problem)
                copy.id = "\(problem.id) \(kind) \(index)"
                result.append(copy)
            }
        }
        try write("solution", solutions) { graph, seed in noisy(graph, seed).map { Script(answers: [graph.text(of: $0, recites: recites)]) } }
        try write("repair", amount.repairs) { graph, seed in repair(graph, amount.follows, seed) }
        try write("verdict", verdicts) { graph, seed in verdict(graph, seed) }
        return result
    }

    /// Answers of known kinds to held-out problems, for a critic to judge: right ones, with one bad vertex, with several, random ones, and
    /// the solver's own.
    static func trial(_ problems: [Problem], recites: Bool, seed: Seed) -> [Problem] {
        var result: [Problem] = []
        for (index, problem) in problems.enumerated() {
            guard let graph = ColouringProblem(problem.text), let right = graph.solution(seed: seed.child("right", index)) else { continue }
            var generator = seed.child("random", index).generator
            let random = (0..<graph.vertices).map { _ in generator.integer(in: 1...graph.colours) }
            let kinds: [(String, [Int]?)] = [
                ("right answers", right), ("one error", wrong(graph, right, errors: 1...1, seed.child("one", index))),
                ("many errors", wrong(graph, right, errors: 3...4, seed.child("many", index))), ("random answers", random),
                ("own answers", nil),
            ]
            for (kind, colouring) in kinds where colouring != nil || kind == "own answers" {
                var copy = problem
                copy.id = "\(problem.id) \(kind)"
                copy.details["kind"] = kind
                copy.demonstrations = colouring.map { [graph.text(of: $0, recites: recites)] } ?? []
                result.append(copy)
            }
        }
        return result
    }

    /// A solution, with one or two vertices coloured anew at the error rate.
    private func noisy(_ graph: ColouringProblem, _ seed: Seed) -> [Int]? {
        guard let right = graph.solution(seed: seed.child("solution")) else { return nil }
        var generator = seed.child("noise").generator
        return generator.chance(errorRate) ? Self.wrong(graph, right, errors: 1...2, seed.child("error")) : right
    }

    private func repair(_ graph: ColouringProblem, _ follows: Double, _ seed: Seed) -> Script? {
        guard let right = graph.solution(seed: seed.child("solution")),
            let wrong = Self.wrong(graph, right, errors: 1...3, seed.child("error"))
        else { return nil }
        var generator = seed.child("repair").generator
        let names = graph.badEdges(of: wrong).map(\.name)
        let told = generator.element(of: [[], Array(names.prefix(1)), names]) ?? names
        guard let second = generator.chance(follows) ? right : noisy(graph, seed.child("second")) else { return nil }
        return Script(
            answers: [wrong, second].map { graph.text(of: $0, recites: recites) },
            between: [wording.between(wording.verdict(isRight: false, faults: told))], firstTaught: 1)
    }

    private func verdict(_ graph: ColouringProblem, _ seed: Seed) -> Script? {
        guard let right = graph.solution(seed: seed.child("solution")) else { return nil }
        var generator = seed.child("verdict").generator
        let shown = generator.chance(0.5) ? right : Self.wrong(graph, right, errors: 1...3, seed.child("error"))
        guard let shown else { return nil }
        let bad = graph.badEdges(of: shown)
        return Script(
            answers: [graph.text(of: shown, recites: recites)],
            critique: wording.verdict(isRight: bad.isEmpty, faults: bad.prefix(1).map(\.name)), firstTaught: 1)
    }

    /// The colouring with so many vertices coloured anew, drawn until some edge is bad; nil where that does not happen.
    private static func wrong(_ graph: ColouringProblem, _ right: [Int], errors: ClosedRange<Int>, _ seed: Seed) -> [Int]? {
        var generator = seed.generator
        for _ in 0..<50 {
            var colouring = right
            for vertex in generator.shuffled(Array(right.indices)).prefix(generator.integer(in: errors)) {
                colouring[vertex] = generator.integer(in: 1...graph.colours)
            }
            if !graph.badEdges(of: colouring).isEmpty { return colouring }
        }
        return nil
    }
}
