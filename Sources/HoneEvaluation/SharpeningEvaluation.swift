import Foundation
import HoneCore
import HoneNumerics

/// How far a policy is sharpened towards what its base holds likeliest, and what that does to its answers on held-out problems.
///
/// Measured are, as means over problems: pass@1, pass@n and greedy accuracy; best-of-k, the accuracy of the answer of the k drawn that
/// the base holds likeliest; “self-reward”, the mean log π_base of a sample; “mode probability”, π(y*) of the policy with y* the base's
/// likeliest answer, found exactly, and “base mode probability”, “coverage” (1/π_base(y*)) and “mode accuracy” (over problems where a sample said y*) beside it; “sharpened”, the
/// share of problems with π(y*) ≥ 1 − delta; the exploration–exploitation monitor, which is “different answers” among the samples
/// with the entropy per token against the “selection gain” of best-of-16 (or of all samples, when there are fewer) over pass@1.
///
/// The right answer is used for reporting only. Source: Huang et al. 2024, “The Sharpening Mechanism”, definition 3.1, equation 6
/// and section 5; the monitor after Zeng et al. 2024, “B-STaR”.
public struct SharpeningEvaluation: Measure {
    public static let card = PartCard(
        name: "sharpening", summary: "accuracy, best-of-k by likelihood, and the probability of the base's likeliest answer",
        source: "Huang et al. 2024, “The Sharpening Mechanism”, definition 3.1 and equation 6")

    /// The problems.
    public let problems: [Problem]
    /// Samples of each.
    public let samples: Int
    /// Who plays.
    public let cast: Cast
    /// Whose likelihood chooses, and whose likeliest answer is meant.
    public let base: ModelRef
    /// A problem is sharpened when π(y*) is 1 − delta or more.
    public let delta: Double

    /// The measure.
    public init(
        problems: [Problem], samples: Int, cast: Cast, base: ModelRef = ModelRef("policy", snapshot: "base"), delta: Double = 0.5
    ) {
        self.problems = problems
        self.samples = samples
        self.cast = cast
        self.base = base
        self.delta = delta
    }

    public func measure(in scope: Scope) async throws -> Findings {
        let groups = try await play(samples: samples, cast: cast, in: scope.child("sampled"))
        let greedy = try await play(
            samples: 1,
            cast: cast.mapValues { player in
                var copy = player
                copy.sampling = player.sampling.greedy
                return copy
            }, in: scope.child("greedy"))
        let answers = try await groups.concurrently { _, group in try await self.answers(of: group, in: scope) }
        var values: [String: [(problem: String, values: [Double])]] = [:]
        func put(_ name: String, _ problem: Int, _ value: Double?) { if let value { values[name, default: []].append((problems[problem].id, [value])) } }
        for (index, own) in answers.enumerated() where !own.isRight.isEmpty {
            let count = own.isRight.count
            let pass = Statistics.mean(own.isRight.map { $0 ? 1 : 0 })
            put("pass@1", index, pass)
            if count > 1 { put("pass@\(count)", index, own.isRight.contains(true) ? 1 : 0) }
            for k in Self.sizes where k <= count { put("best-of-\(k)", index, ScoredSamples.bestOfK(scores: own.rewards, isRight: own.isRight, k: k)) }
            put("selection gain", index, ScoredSamples.bestOfK(scores: own.rewards, isRight: own.isRight, k: min(16, count)).map { $0 - pass })
            put("self-reward", index, Statistics.mean(own.rewards))
            put("different answers", index, Double(own.different))
            put("length", index, Statistics.mean(own.lengths.map(Double.init)))
            if !own.entropies.isEmpty { put("entropy", index, Statistics.mean(own.entropies)) }
        }
        for (index, group) in greedy.enumerated() where !group.episodes.isEmpty { put("greedy", index, SampleMeasures.correct(group) > 0 ? 1 : 0) }
        for (index, mode) in try await modes(groups + greedy, in: scope).enumerated() {
            guard let mode else { continue }
            put("mode probability", index, mode.policy)
            put("sharpened", index, mode.policy >= 1 - delta ? 1 : 0)
            put("base mode probability", index, mode.base)
            put("coverage", index, 1 / mode.base)
            put("mode accuracy", index, mode.isRight.map { $0 ? 1 : 0 })
        }
        var found = Findings()
        for (name, own) in values { found.add(name, unit: Self.unit(of: name), own) }
        addCosts(of: groups, greedy, to: &found, in: scope)
        return found
    }

    /// What answering costs: a best-of-k answer is k samples and their scores by the base.
    private func addCosts(of groups: [EpisodeGroup], _ greedy: [EpisodeGroup], to found: inout Findings, in scope: Scope) {
        let sampled = Cost(answering: groups, in: scope)
        var scored = sampled
        let arithmetic = (try? scope.services.model(base))?.arithmetic
        for step in groups.flatMap(\.episodes).flatMap(\.steps) {
            let count = (step.context + step.move.segments).tokens?.count ?? 0
            scored.scoredTokens += count
            scored.flops += arithmetic?.scoring(tokens: count) ?? 0
        }
        found.answering["pass@1"] = Findings.Answering(cost: sampled, answers: groups.count * samples)
        found.answering["greedy"] = Findings.Answering(cost: Cost(answering: greedy, in: scope), answers: greedy.count)
        for k in Self.sizes where found.estimates["best-of-\(k)"] != nil {
            found.answering["best-of-\(k)"] = Findings.Answering(cost: scored, answers: groups.count * samples / k)
        }
    }

    /// The counts of samples that best-of-k chooses among.
    private static let sizes = [4, 16, 64]

    private static func unit(of name: String) -> String {
        switch name {
        case "self-reward": "nats"
        case "entropy": "nats"
        case "length": "tokens"
        case "different answers": "answers"
        case "coverage": "1/share"
        case "selection gain": "points/100"
        default: "share"
        }
    }

    /// What is needed of the samples of one problem.
    private struct Answers: Sendable {
        var isRight: [Bool] = []
        var rewards: [Double] = []
        var lengths: [Int] = []
        var entropies: [Double] = []
        var different = 0
    }

    private func answers(of group: EpisodeGroup, in scope: Scope) async throws -> Answers {
        var result = Answers()
        var places: [[TokenID]: Int] = [:]
        var different: [Transcript] = []
        var contexts: [Int] = []
        var which: [Int] = []
        for episode in group.episodes {
            guard let step = episode.steps.first(where: { $0.role == .solver }), let tokens = step.move.segments.tokens,
                let context = step.context.tokens
            else { continue }
            result.isRight.append(SampleMeasures.isCorrect(episode))
            result.lengths.append(tokens.count)
            result.entropies += step.move.segments.flatMap { ($0.entropies ?? []).map(Double.init) }
            if places[tokens] == nil {
                places[tokens] = different.count
                different.append(step.context + step.move.segments)
                contexts.append(context.count)
            }
            which.append(places[tokens] ?? 0)
        }
        let scores = try await scope.score(base, different, .logProbs)
        let sums = zip(scores, contexts).map { score, context in score.values.dropFirst(max(0, context - 1)).reduce(0.0) { $0 + Double($1) } }
        result.rewards = which.map { sums[$0] }
        result.different = different.count
        return result
    }

    /// The base's likeliest answer to each problem: its probability under policy and base, and whether it is right.
    private func modes(_ groups: [EpisodeGroup], in scope: Scope) async throws -> [(policy: Double, base: Double, isRight: Bool?)?] {
        guard let player = cast[.solver] else { return [] }
        let contexts = groups.prefix(problems.count).map { $0.episodes.first?.steps.first { $0.role == .solver }?.context ?? [] }
        // What ends an answer is the last token of those that ended before their limit.
        var endings: [TokenID: Int] = [:]
        for step in groups.flatMap(\.episodes).flatMap(\.steps) where step.role == .solver {
            if let tokens = step.move.segments.tokens, let last = tokens.last, tokens.count < player.sampling.limit { endings[last, default: 0] += 1 }
        }
        guard let end = endings.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key, contexts.allSatisfy({ $0.tokens?.isEmpty == false }) else {
            return []
        }
        let modes = try await LikeliestAnswer.find(after: Array(contexts), by: base, end: end, limit: player.sampling.limit, in: scope)
        var result: [(policy: Double, base: Double, isRight: Bool?)?] = []
        let known = modes.indices.filter { modes[$0] != nil }
        let scores = try await scope.score(
            player.model,
            known.map { contexts[$0] + [Segment(origin: .prompt, content: .tokens(modes[$0]?.tokens ?? [], text: ""))] }, .logProbs)
        let byProblem = Dictionary(uniqueKeysWithValues: zip(known, scores))
        for (index, mode) in modes.enumerated() {
            guard let mode, let score = byProblem[index] else {
                result.append(nil)
                continue
            }
            let logProb = score.values.suffix(mode.tokens.count).reduce(0.0) { $0 + Double($1) }
            result.append((exp(logProb), exp(mode.logProb), Self.isRight(mode.tokens, groups[index])))
        }
        return result
    }

    /// Whether an answer of these tokens is right, as a sample that said the same was judged; nil where none did.
    private static func isRight(_ tokens: [TokenID], _ group: EpisodeGroup) -> Bool? {
        group.episodes.first { episode in
            episode.steps.first { $0.role == .solver }?.move.segments.tokens == tokens
        }.map(SampleMeasures.isCorrect)
    }

    private func play(samples: Int, cast: Cast, in scope: Scope) async throws -> [EpisodeGroup] {
        try await problems.concurrently { index, problem in
            let own = scope.child("problem", index)
            return try await own.services.play(Assignment(problem: problem, samples: samples, cast: cast), in: own)
        }
    }
}
