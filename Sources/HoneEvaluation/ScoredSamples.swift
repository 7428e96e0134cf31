import HoneCore
import HoneNumerics

/// Measures of the samples of one problem that somebody has scored: a judge, a reward model, the model itself.
public enum ScoredSamples {
    /// The chance that the best scored of k samples is right, over all draws of k from n without replacement; samples of equal score
    /// share it evenly. nil for k > n or k < 1.
    ///
    /// With samples in falling order of score, sample i (from 1) is the best of k with chance C(n−i, k−1)/C(n, k). Best-of-k by a
    /// verifier: Cobbe et al. 2021, “Training Verifiers to Solve Math Word Problems”.
    public static func bestOfK(scores: [Double], isRight: [Bool], k: Int) -> Double? {
        precondition(scores.count == isRight.count, "\(scores.count) scores against \(isRight.count) verdicts")
        return expectedBest(scores: scores, values: isRight.map { $0 ? 1 : 0 }, k: k)
    }

    /// The mean of the highest reward among k samples, over all draws of k from n without replacement; nil for k > n or k < 1.
    ///
    /// For rewards of 0 and 1 it is pass@k (Chen et al. 2021, equation 1).
    public static func rewardAtK(_ rewards: [Double], k: Int) -> Double? {
        expectedBest(scores: rewards, values: rewards, k: k)
    }

    /// The chance that the most frequent answer of k samples is right, over all draws of k from n without replacement; answers that tie
    /// share it evenly. nil for k > n, k < 1.
    ///
    /// maj@k of Wang et al. 2023, “Self-Consistency”. Exact where there are at most 20,000 draws; otherwise the mean over 4,000 draws
    /// keyed by the seed, with a standard error of at most 0.008. `isRight` has one verdict per sample; an answer counts as right as
    /// often as its samples were judged so. A sample without an answer does not vote; draws in which none votes are missed.
    public static func majorityAtK(answers: [String?], isRight: [Bool], k: Int, seed: Seed) -> Double? {
        precondition(answers.count == isRight.count, "\(answers.count) answers against \(isRight.count) verdicts")
        let n = answers.count
        guard k >= 1, k <= n else { return nil }
        func vote(_ places: [Int]) -> Double {
            let voters = places.filter { answers[$0] != nil }
            return RepeatedSamples.majority(answers: voters.compactMap { answers[$0] }, isCorrect: voters.map { isRight[$0] }) ?? 0
        }
        var draws = 1.0
        for i in 0..<min(k, n - k) { draws *= Double(n - i) / Double(i + 1) }
        guard draws <= 20_000 else {
            var generator = seed.child("majority").generator
            let count = 4000
            let sum = (0..<count).reduce(0.0) { sum, _ in sum + vote(Array(generator.shuffled(Array(0..<n)).prefix(k))) }
            return sum / Double(count)
        }
        var (chosen, sum, count) = (Array(0..<k), 0.0, 0)
        while true {
            sum += vote(chosen)
            count += 1
            guard let moving = chosen.indices.last(where: { chosen[$0] < n - k + $0 }) else { break }
            chosen[moving] += 1
            for place in chosen.indices where place > moving { chosen[place] = chosen[place - 1] + 1 }
        }
        return sum / Double(count)
    }

    /// How much better the model's own choice among its samples is than a sample: Σ_i w_i r_i − Σ_i r_i / n with weights w of the samples
    /// above the score's quantile, or all of them where nothing stands out.
    ///
    /// The generation–verification gap of Song et al. 2024, “Mind the Gap: Examining the Self-Improvement Capabilities of Large
    /// Language Models”, with the weights of a top-quantile filter; `quantile` 0 keeps all, 1 only the best. nil
    /// for no samples.
    public static func generationVerificationGap(scores: [Double], rewards: [Double], quantile: Double) -> Double? {
        precondition(scores.count == rewards.count, "\(scores.count) scores against \(rewards.count) rewards")
        guard let limit = Statistics.quantile(scores, quantile) else { return nil }
        let kept = zip(scores, rewards).filter { $0.0 >= limit }.map(\.1)
        return GroupStatistics.mean(kept) - GroupStatistics.mean(rewards)
    }

    private static func expectedBest(scores: [Double], values: [Double], k: Int) -> Double? {
        let n = scores.count
        guard k >= 1, k <= n else { return nil }
        let order = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        // The chance that the best is among the first i samples is 1 − C(n−i, k)/C(n, k): pass@k with i right ones.
        func reached(_ i: Int) -> Double { RepeatedSamples.passAtK(samples: n, correct: i, k: k) ?? 0 }
        var (sum, start) = (0.0, 0)
        while start < n {
            let end = order[start...].firstIndex { scores[$0] != scores[order[start]] } ?? n
            sum += (reached(end) - reached(start)) * GroupStatistics.mean(order[start..<end].map { values[$0] })
            start = end
        }
        return sum
    }
}
