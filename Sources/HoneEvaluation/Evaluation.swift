import HoneCore
import HoneNumerics

/// Plays held-out problems and estimates how well they are solved, with intervals over problems.
public struct Evaluation: Measure {
    public static let card = PartCard(
        name: "held-out", summary: "pass@1, pass@k, greedy accuracy, unique correct answers, entropy and length on held-out problems",
        source: "pass@k: Chen et al. 2021, equation 1")

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Whether the likeliest answer is tried too.
    public let triesGreedy: Bool
    /// What else is counted in the sampled responses.
    public let counters: [ResponseCounter]

    /// The measure.
    public init(problems: [Problem], samples: Int, cast: Cast, triesGreedy: Bool = true, counters: [ResponseCounter] = []) {
        self.counters = counters
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.triesGreedy = triesGreedy
    }

    public func measure(in scope: Scope) async throws -> [String: Estimate] {
        let groups = try await play(samples: samples, cast: cast, in: scope.child("sampled"))
        var estimates = SampleMeasures.estimates(of: groups)
        for counter in counters { estimates[counter.name] = counter.estimate(over: groups) }
        if triesGreedy {
            let greedy = cast.mapValues { player in
                var copy = player
                copy.sampling = player.sampling.greedy
                return copy
            }
            let once = try await play(samples: 1, cast: greedy, in: scope.child("greedy"))
            estimates["greedy"] = Estimate.share(successes: once.filter { SampleMeasures.correct($0) > 0 }.count, of: once.count)
        }
        return estimates
    }

    private func play(samples: Int, cast: Cast, in scope: Scope) async throws -> [EpisodeGroup] {
        try await withThrowingTaskGroup(of: (Int, EpisodeGroup).self) { tasks in
            for (index, problem) in problems.enumerated() {
                let own = scope.child("problem", index)
                let assignment = Assignment(problem: problem, samples: samples, cast: cast)
                tasks.addTask { (index, try await own.services.play(assignment, in: own)) }
            }
            var groups: [(Int, EpisodeGroup)] = []
            for try await result in tasks { groups.append(result) }
            return groups.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
