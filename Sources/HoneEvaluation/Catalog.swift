import HoneCore

/// What can be measured, with formula and source, for listings.
public enum MeasureCatalog {
    /// One measure.
    public struct Entry: Hashable, Sendable, Codable {
        /// Its name in records and reports; k stands for a number of samples.
        public let name: String
        /// Its unit.
        public let unit: String
        /// How it is computed for one problem with n samples of which c are correct; problems are then averaged.
        public let formula: String
        /// Where it is from.
        public let source: String
    }

    /// All measures, in alphabetical order.
    public static let entries = [
        Entry(
            name: "backtracking", unit: "per answer", formula: "mean count of steps “back” in a response with thoughts", source: habits),
        Entry(
            name: "backward chaining", unit: "per answer", formula: "mean count of steps such as <13-7=6, which work from the goal", source: habits),
        Entry(name: "entropy", unit: "nats", formula: "mean of −Σ p·log p before each sampled token", source: "Shannon 1948"),
        Entry(name: "greedy", unit: "share", formula: "1 where the likeliest tokens make a correct answer", source: "accuracy at temperature 0"),
        Entry(name: "length", unit: "tokens", formula: "mean count of sampled tokens in an episode", source: "count"),
        Entry(
            name: "majority@k", unit: "share", formula: "share of right ones among the most frequent final lines, ties shared evenly",
            source: "Wang et al. 2023, “Self-Consistency Improves Chain of Thought Reasoning”"),
        Entry(name: "pass@1", unit: "share", formula: "c / n", source: "Chen et al. 2021, equation 1 with k = 1"),
        Entry(
            name: "pass@k", unit: "share", formula: "1 − C(n−c, k) / C(n, k)",
            source: "Chen et al. 2021, “Evaluating Large Language Models Trained on Code”, equation 1"),
        Entry(
            name: "sub-goals", unit: "per answer", formula: "mean count of steps such as “aim 6” in a response with thoughts", source: habits),
        Entry(name: "unique correct", unit: "answers", formula: "how many different responses are correct", source: "count"),
        Entry(
            name: "verification", unit: "per answer", formula: "mean count of steps such as ?13=13 ok in a response with thoughts", source: habits),
    ]

    private static let habits = "Gandhi et al. 2025, “Cognitive Behaviors that Enable Self-Improving Reasoners”"
}
