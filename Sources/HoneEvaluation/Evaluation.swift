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
    /// Whether the solver's mean return is told too, for worlds whose returns are more than right or wrong.
    public let tellsReturns: Bool
    /// How answers are read from responses when they vote.
    public let reading: SampleMeasures.Reading

    /// The measure.
    public init(
        problems: [Problem], samples: Int, cast: Cast, triesGreedy: Bool = true, counters: [ResponseCounter] = [],
        tellsReturns: Bool = false, reading: @escaping SampleMeasures.Reading = SampleMeasures.lastLine
    ) {
        self.tellsReturns = tellsReturns
        self.reading = reading
        self.counters = counters
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.triesGreedy = triesGreedy
    }

    public func measure(in scope: Scope) async throws -> Findings {
        // What a search looked at beside the answer it kept is in no episode.
        let counted = CountedServices(scope.services)
        let sampled = scope.child("sampled")
        let groups = try await play(samples: samples, cast: cast, in: Scope(services: counted, seed: sampled.seed, path: sampled.path))
        var found = SampleMeasures.findings(of: groups, reading: reading)
        for counter in counters {
            found.add(counter.name, unit: counter.unit, groups.map { ($0.assignment.problem.id, counter.counts(in: $0)) })
        }
        if tellsReturns {
            found.add("return", unit: "return", groups.map { group in
                (group.assignment.problem.id, group.episodes.compactMap { $0.returns[.solver] })
            })
        }
        let spent = cast.values.contains { $0.search != nil } ? counted.cost : Cost(answering: groups, in: scope)
        if samples > 1 { found.scaling = scaling(of: groups, spent: spent) }
        for name in found.estimates.keys { found.answering[name] = Findings.Answering(cost: spent, answers: groups.count) }
        for name in ["pass@1", "length", "entropy", "return"] + counters.map(\.name) where found.estimates[name] != nil {
            found.answering[name] = Findings.Answering(cost: spent, answers: groups.count * samples)
        }
        if triesGreedy {
            let greedy = cast.mapValues { player in
                var copy = player
                copy.sampling = player.sampling.greedy
                return copy
            }
            let once = try await play(samples: 1, cast: greedy, in: scope.child("greedy"))
            let right = once.map { Double(SampleMeasures.correct($0) > 0 ? 1 : 0) }
            found.add("greedy", unit: "share", zip(once, right).map { ($0.assignment.problem.id, [$1]) })
            found.estimates["greedy"] = Estimate.share(successes: right.count { $0 > 0 }, of: once.count)
            found.answering["greedy"] = Findings.Answering(cost: Cost(answering: once, in: scope), answers: once.count)
        }
        return found
    }

    /// What more samples an answer bring, by vote and at best.
    private func scaling(of groups: [EpisodeGroup], spent: Cost) -> [String: [Findings.ScalingPoint]] {
        let answers = groups.reduce(0) { $0 + $1.episodes.count }
        guard answers > 0 else { return [:] }
        let cost = Double(spent.sampledTokens + spent.promptTokens) / Double(answers)
        let problems = groups.map { group in
            ScalingCurve.Samples(
                answers: group.episodes.map { reading($0, group.assignment.problem) },
                isRight: group.episodes.map(SampleMeasures.isCorrect), costs: group.episodes.map { _ in cost })
        }
        func points(_ method: ScalingCurve.Method) -> [Findings.ScalingPoint] {
            ScalingCurve.points(problems, method: method, seed: Seed(0)).map {
                Findings.ScalingPoint(samples: $0.k, tokens: $0.cost, share: $0.accuracy)
            }
        }
        return ["majority": points(.majority), "pass": points(.oracle)]
    }

    private func play(samples: Int, cast: Cast, in scope: Scope) async throws -> [EpisodeGroup] {
        try await HeldOutPlay(problems: problems, samples: samples, cast: cast).groups(in: scope)
    }
}

extension Segment.Origin {
    /// The model that sampled it, if one did.
    fileprivate var model: ModelRef? { if case .model(let ref, _) = self { ref } else { nil } }
}

extension Cost {
    /// What the sampled moves of these episodes cost their models, counted from the episodes alone.
    init(answering groups: [EpisodeGroup], in scope: Scope) {
        self.init()
        for group in groups {
            for episode in group.episodes {
                for step in episode.steps {
                    guard let model = step.move.segments.lazy.compactMap(\.origin.model).first else { continue }
                    let arithmetic = (try? scope.services.model(model))?.arithmetic
                    self += Cost(answering: step.context, with: step.move.segments, arithmetic: arithmetic)
                }
            }
            episodes += group.episodes.count
        }
    }
}
