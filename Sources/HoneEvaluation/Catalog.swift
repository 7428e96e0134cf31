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
            name: "AUROC", unit: "share", formula: "chance that a right answer has a higher score than a wrong one, ties count ½",
            source: "Hanley and McNeil 1982"),
        Entry(
            name: "BD", unit: "square", formula: "mean over outcomes of (m − m′ transposed)², m the map of ID, m′ that of the game with the seats changed", source: tmgbench),
        Entry(
            name: "Brier score", unit: "squared share", formula: "mean of (confidence − right)², also split into reliability − resolution + uncertainty",
            source: "Brier 1950; Murphy 1973"),
        Entry(
            name: "ECE", unit: "share", formula: "Σ_b (n_b/n)·|accuracy_b − confidence_b| over bins of confidence",
            source: "Guo et al. 2017, “On Calibration of Modern Neural Networks”, equation 3"),
        Entry(
            name: "ID", unit: "square", formula: "mean over the four outcomes of a 2×2 game of (share of answers − standard share)²", source: tmgbench),
        Entry(
            name: "PAR", unit: "share", formula: "1 where all runs of an item are right, else 0", source: tmgbench),
        Entry(name: "actor tokens", unit: "tokens", formula: "tokens of the player's moves in a search, kept or not", source: "count"),
        Entry(
            name: "answer entropy", unit: "nats", formula: "−Σ (n_a/n)·log(n_a/n) over the answers of one problem",
            source: "Shannon 1948"),
        Entry(
            name: "area under the learning curve", unit: "as the score", formula: "mean score over the costs compared, by trapezoids, level outside the points",
            source: "trapezoid rule"),
        Entry(
            name: "backtracking", unit: "per answer", formula: "mean count of steps “back” in a response with thoughts", source: habits),
        Entry(
            name: "backward chaining", unit: "per answer", formula: "mean count of steps such as <13-7=6, which work from the goal", source: habits),
        Entry(
            name: "backward transfer", unit: "as the score", formula: "Σ_{j<T} (R_Tj − R_jj) / (T − 1) of scores R_ij on task j after task i",
            source: "Lopez-Paz and Ranzato 2017, “Gradient Episodic Memory for Continual Learning”"),
        Entry(
            name: "best-of-k", unit: "share", formula: "chance that the best scored of k samples is right: Σ_i right_i·C(n−i, k−1)/C(n, k) by falling score",
            source: "Cobbe et al. 2021, “Training Verifiers to Solve Math Word Problems”"),
        Entry(name: "confidence", unit: "share", formula: "the value of the node a search kept, where answers are valued between 0 and 1", source: "none"),
        Entry(
            name: "confidence level", unit: "share", formula: "Σ P_a·P_b / Σ P_a with P_b = P(second right given first right); Acc₂ = Acc₁·CL + (1 − Acc₁)·CS",
            source: "Yang et al. 2024, “Confidence v.s. Critique”"),
        Entry(
            name: "cost-aware ranking", unit: "score", formula: "(w₁·p + w₂·(p′ − p) + w₃·p′) / (cost/least)^w₄, terms scaled to 0…1 over the candidates; the form is ours",
            source: "after Shashidhar et al. 2023, “Democratizing LLMs” (PeRFICS)"),
        Entry(
            name: "coverage", unit: "1/share", formula: "C_cov: mean of 1/π_base(y*), y* the base's likeliest answer, found by best-first search",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, equation 6"),
        Entry(
            name: "critique score", unit: "share", formula: "Σ (1 − P_a)·P_c / Σ (1 − P_a) with P_c = P(second right given first wrong)",
            source: "Yang et al. 2024, “Confidence v.s. Critique”"),
        Entry(
            name: "different answers", unit: "answers", formula: "how many different token sequences n samples of a problem are",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, count; exploration in the monitor"),
        Entry(
            name: "distinct answers", unit: "answers", formula: "mean count of different answers among all attempts that a search looked at",
            source: "Rabby et al. 2024, “MC-NEST”"),
        Entry(
            name: "distinct-n", unit: "share", formula: "different n-grams / all n-grams of the responses to one problem",
            source: "Li et al. 2016, “A Diversity-Promoting Objective Function for Neural Conversation Models”"),
        Entry(name: "entropy", unit: "nats", formula: "mean of −Σ p·log p before each sampled token", source: "Shannon 1948"),
        Entry(
            name: "forgetting", unit: "as the score", formula: "Σ_{j<T} (max_{j≤i<T} R_ij − R_Tj) / (T − 1)",
            source: "Chaudhry et al. 2018, “Riemannian Walk for Incremental Learning”, equation 3"),
        Entry(
            name: "forward transfer", unit: "as the score", formula: "Σ_{j>1} (R_{j−1,j} − untrained_j) / (T − 1)",
            source: "Lopez-Paz and Ranzato 2017, “Gradient Episodic Memory for Continual Learning”"),
        Entry(
            name: "generation-verification gap", unit: "as the reward", formula: "mean reward of the samples with scores in the top quantile − mean reward of all",
            source: "Song et al. 2024, “Mind the Gap: Examining the Self-Improvement Capabilities of Large Language Models”"),
        Entry(
            name: "graded rightly", unit: "share", formula: "pairs of a right and a wrong attempt in one search whose right one was valued more, ties count ½",
            source: "Hanley and McNeil 1982"),
        Entry(name: "greedy", unit: "share", formula: "1 where the likeliest tokens make a correct answer", source: "accuracy at temperature 0"),
        Entry(
            name: "inference scaling", unit: "share", formula: "pass@k, maj@k or best-of-k for k = 1, 2, 4, … against the cost of k samples",
            source: "Brown et al. 2024, “Large Language Monkeys”"),
        Entry(
            name: "judge.agreement", unit: "share", formula: "pairs in which the judge says win, tie or loss as the world's returns do / all",
            source: "Cook et al. 2024, “TICKing All the Boxes”, section 4"),
        Entry(
            name: "judge.length bias", unit: "−1 to 1", formula: "rank correlation of a judge's score and an answer's length",
            source: "Spearman 1904; Zheng et al. 2023, section 3.3"),
        Entry(
            name: "judge.order agreement", unit: "share", formula: "pairs with a better answer by the returns in which the judge prefers it, a tie counts ½",
            source: "Hanley and McNeil 1982"),
        Entry(
            name: "judge.order consistency", unit: "share", formula: "pairs in which both orders prefer the same answer, or neither / all",
            source: "Zheng et al. 2023, “Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena”, section 3.3"),
        Entry(
            name: "judge.position bias", unit: "share", formula: "mean share for what stands first − ½, over both orders of all pairs",
            source: "Zheng et al. 2023, “Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena”, section 3.3"),
        Entry(
            name: "kappa", unit: "−1 to 1", formula: "1 − Σ w·n / Σ w·e with disagreement w none, linear or quadratic and e from the totals",
            source: "Cohen 1960; Cohen 1968"),
        Entry(
            name: "kept rightly", unit: "share", formula: "of searches with right and wrong finished plays, those that keep a right one",
            source: "after Antoniades et al. 2024, “SWE-Search”"),
        Entry(name: "length", unit: "tokens", formula: "mean count of sampled tokens in an episode", source: "count"),
        Entry(
            name: "maj@k", unit: "share", formula: "chance that the most frequent answer of k drawn from n samples is right, ties shared evenly",
            source: "Wang et al. 2023, “Self-Consistency Improves Chain of Thought Reasoning”"),
        Entry(
            name: "majority@k", unit: "share", formula: "share of right ones among the most frequent final lines, ties shared evenly",
            source: "Wang et al. 2023, “Self-Consistency Improves Chain of Thought Reasoning”"),
        Entry(
            name: "margin order", unit: "−1 to 1", formula: "rank correlation over learned pairs of the implicit margin and the difference of value they were made of",
            source: "Spearman 1904; Wang et al. 2024, “CPL”"),
        Entry(
            name: "mean absolute error", unit: "as the rating", formula: "Σ |x − y| / n",
            source: "count"),
        Entry(
            name: "mode accuracy", unit: "share", formula: "1 where the base's likeliest answer is right, over problems where a sample said it",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, section 3.1"),
        Entry(
            name: "mode probability", unit: "share", formula: "π(y*) of the policy, y* the base's likeliest answer",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, definition 3.1"),
        Entry(
            name: "pair edits", unit: "tokens", formula: "Σ edit distance / number of preference pairs that a credit makes of held-out plays",
            source: "Cheng et al. 2024, “SPaR”; Levenshtein 1966"),
        Entry(
            name: "pairs led", unit: "share", formula: "learned pairs whose better move gained more log-probability against the reference / all", source: "count"),
        Entry(name: "pass@1", unit: "share", formula: "c / n", source: "Chen et al. 2021, equation 1 with k = 1"),
        Entry(
            name: "pass@k", unit: "share", formula: "1 − C(n−c, k) / C(n, k)",
            source: "Chen et al. 2021, “Evaluating Large Language Models Trained on Code”, equation 1"),
        Entry(
            name: "queries at C", unit: "queries", formula: "smallest prompts·N at which a share of prompts is sharpened, on tables of coverage C",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, definition 3.2"),
        Entry(name: "reached", unit: "share", formula: "1 when some finished play in the search tree is right, kept or not, else 0", source: "none"),
        Entry(
            name: "relative self-correction", unit: "share", formula: "(Acc₂ − Acc₁²) / (2·Acc₁·(1 − Acc₁)); above ½ where second answers are better",
            source: "Yang et al. 2024, “Confidence v.s. Critique”"),
        Entry(
            name: "repaired", unit: "share", formula: "searches whose first attempt is wrong in which some attempt is right / searches whose first attempt is wrong",
            source: "Cheng et al. 2024, “SPaR”"),
        Entry(name: "resolved", unit: "share", formula: "1 where the kept play passes all hidden tests, else 0", source: "Jimenez et al. 2023, “SWE-bench”"),
        Entry(
            name: "reward@k", unit: "as the reward", formula: "mean of the highest reward among k drawn from n samples",
            source: "pass@k for rewards of 0 and 1: Chen et al. 2021, equation 1"),
        Entry(
            name: "right to wrong", unit: "share", formula: "answers that were right first and wrong second / all; Acc₁·(1 − CL)",
            source: "count"),
        Entry(
            name: "risk-coverage area", unit: "share", formula: "mean over k of the share of wrong ones among the k most confident answers",
            source: "Geifman and El-Yaniv 2017, “Selective Classification for Deep Neural Networks”"),
        Entry(name: "sampled tokens", unit: "tokens", formula: "tokens sampled for an answer, with all that was looked at", source: "as they are charged"),
        Entry(
            name: "selected right", unit: "share", formula: "right samples among those with a reward above the threshold, over all problems",
            source: "Zeng et al. 2024, “B-STaR”, section 2"),
        Entry(
            name: "selection gain", unit: "points/100", formula: "best-of-16 by log π_base minus pass@1",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, section 5; exploitation in the monitor"),
        Entry(
            name: "self-reward", unit: "nats", formula: "mean log π_base of the policy's samples",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, equation 2"),
        Entry(
            name: "sharpened", unit: "share", formula: "1 where π(y*) ≥ 1 − δ",
            source: "Huang et al. 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, definition 3.1"),
        Entry(
            name: "sub-goals", unit: "per answer", formula: "mean count of steps such as “aim 6” in a response with thoughts", source: habits),
        Entry(name: "tokens", unit: "tokens", formula: "tokens sampled and read for an answer, with all that was looked at", source: "as they are charged"),
        Entry(name: "unique correct", unit: "answers", formula: "how many different responses are correct", source: "count"),
        Entry(
            name: "value correlation", unit: "−1 to 1", formula: "rank correlation, within a search, of the values of states and whether they are right as they stand",
            source: "Spearman 1904"),
        Entry(
            name: "verification", unit: "per answer", formula: "mean count of steps such as ?13=13 ok in a response with thoughts", source: habits),
        Entry(
            name: "wrong to right", unit: "share", formula: "answers that were wrong first and right second / all; (1 − Acc₁)·CS",
            source: "count"),
    ]

    private static let habits = "Gandhi et al. 2025, “Cognitive Behaviors that Enable Self-Improving Reasoners”"
    private static let tmgbench = "Wang et al. 2024, “TMGBench: A Systematic Game Benchmark for Evaluating Strategic Reasoning Abilities of LLMs”"
}
