/// Measures of repeated samples of one problem.
public enum RepeatedSamples {
    /// The chance that at least one of k samples is right, from n samples of which c are: 1 − C(n−c, k)/C(n, k).
    ///
    /// Unbiased for k ≤ n (Chen et al. 2021, “Evaluating Large Language Models Trained on Code”, equation 1); nil for
    /// k > n and for counts that cannot be.
    public static func passAtK(samples n: Int, correct c: Int, k: Int) -> Double? {
        guard k >= 1, k <= n, c >= 0, c <= n else { return nil }
        if c == 0 { return 0 }
        if n - c < k { return 1 }
        var miss = 1.0
        for i in (n - c + 1)...n { miss *= 1 - Double(k) / Double(i) }
        return 1 - miss
    }

    /// The chance that the most frequent answer is right when all samples vote; answers that tie share it evenly.
    ///
    /// Source: Wang et al. 2023, “Self-Consistency Improves Chain of Thought Reasoning”. `isCorrect` has one value per
    /// answer; an answer counts as right as often as its samples were judged so. nil for no answers.
    public static func majority(answers: [String], isCorrect: [Bool]) -> Double? {
        precondition(answers.count == isCorrect.count, "Each answer needs one verdict")
        guard !answers.isEmpty else { return nil }
        var votes: [[UInt8]: (count: Int, right: Int)] = [:]
        for (answer, right) in zip(answers, isCorrect) {
            let entry = votes[Array(answer.utf8)] ?? (0, 0)
            votes[Array(answer.utf8)] = (entry.count + 1, entry.right + (right ? 1 : 0))
        }
        let most = votes.values.map(\.count).max() ?? 0
        let winners = votes.values.filter { $0.count == most }
        // All winners have the same count, so their right votes may be added as whole numbers, in any order.
        return Double(winners.reduce(0) { $0 + $1.right }) / Double(most * winners.count)
    }
}
