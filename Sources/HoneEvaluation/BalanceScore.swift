/// How well a selection of samples balances exploration (enough different right answers) with exploitation (few wrong ones among them).
///
/// Source: Zeng et al. 2024, “B-STaR”, section 3: bs = min(n′ / n*, 1) · n′ / n with n samples selected and n′ of them right. Departure: answers that
/// are written alike are one, and a reward that equals the threshold is selected.
public enum BalanceScore {
    /// One answer to a query.
    public struct Sample: Hashable, Sendable {
        /// What was answered.
        public var answer: String
        /// Whether it is right.
        public var isRight: Bool
        /// What the selection goes by.
        public var reward: Double

        /// A sample.
        public init(answer: String, isRight: Bool, reward: Double) {
            self.answer = answer
            self.isRight = isRight
            self.reward = reward
        }
    }

    /// A way to sample and select, with what it scores.
    public struct Choice: Hashable, Sendable, Codable {
        /// The sampling temperature.
        public var temperature: Double
        /// The smallest reward that is selected.
        public var threshold: Double
        /// The mean balance score over queries.
        public var score: Double

        /// A choice.
        public init(temperature: Double, threshold: Double, score: Double) {
            self.temperature = temperature
            self.threshold = threshold
            self.score = score
        }
    }

    /// How many different answers are selected, and how many of them are right.
    public static func counts(_ samples: [Sample], threshold: Double) -> (selected: Int, right: Int) {
        let selected = samples.filter { $0.reward >= threshold }
        return (Set(selected.map { Array($0.answer.utf8) }).count, Set(selected.filter(\.isRight).map { Array($0.answer.utf8) }).count)
    }

    /// The balance score of one query, 0 to 1; 0 where nothing is selected. `wanted` is n*, 1 or more.
    public static func score(_ samples: [Sample], threshold: Double, wanted: Int) -> Double {
        let (selected, right) = counts(samples, threshold: threshold)
        guard selected > 0, wanted > 0 else { return 0 }
        return min(Double(right) / Double(wanted), 1) * Double(right) / Double(selected)
    }

    /// The temperature and threshold with the largest mean score; of equals the earliest temperature, then the earliest threshold. nil without any query.
    public static func best(
        _ pools: [(temperature: Double, queries: [[Sample]])], thresholds: [Double], wanted: Int
    ) -> Choice? {
        var best: Choice?
        for pool in pools where !pool.queries.isEmpty {
            for threshold in thresholds {
                let sum = pool.queries.reduce(0) { $0 + score($1, threshold: threshold, wanted: wanted) }
                let choice = Choice(temperature: pool.temperature, threshold: threshold, score: sum / Double(pool.queries.count))
                if best.map({ choice.score > $0.score }) ?? true { best = choice }
            }
        }
        return best
    }
}
