/// What a measure found.
public struct Findings: Hashable, Sendable, Codable {
    /// What it takes to answer as a measure assumes.
    public struct Answering: Hashable, Sendable, Codable {
        /// What all answers together cost.
        public var cost: Cost
        /// How many answers these are: a vote over k samples is one answer.
        public var answers: Int

        /// What so many answers cost.
        public init(cost: Cost, answers: Int) {
            self.cost = cost
            self.answers = answers
        }
    }

    /// How good answers are that so many samples are spent on.
    public struct ScalingPoint: Hashable, Sendable, Codable {
        /// The number of samples.
        public var samples: Int
        /// The tokens of all samples of an answer together, with their prompts.
        public var tokens: Double
        /// The share of problems answered rightly, with an interval over problems.
        public var share: Estimate

        /// A point.
        public init(samples: Int, tokens: Double, share: Estimate) {
            self.samples = samples
            self.tokens = tokens
            self.share = share
        }
    }

    /// Named estimates.
    public var estimates: [String: Estimate]
    /// Each problem's value by measure and problem, so that two models can be compared problem by problem.
    ///
    /// The mean over problems is the estimate's mean. Ratios R = Σ num / Σ den are linearised: value_i = R + (num_i − R·den_i) / mean(den).
    public var values: [String: [String: Double]]
    /// What answering costs, by measure, where that is known.
    public var answering: [String: Answering]
    /// By way of making one answer of several samples (`majority`, `pass`): how good it is, by rising number; nil where each problem was
    /// sampled once.
    public var scaling: [String: [ScalingPoint]]?

    /// Findings.
    public init(
        estimates: [String: Estimate] = [:], values: [String: [String: Double]] = [:], answering: [String: Answering] = [:],
        scaling: [String: [ScalingPoint]]? = nil
    ) {
        self.scaling = scaling
        self.estimates = estimates
        self.values = values
        self.answering = answering
    }

    /// The estimate of this name.
    public subscript(_ name: String) -> Estimate? { estimates[name] }

    /// Both findings; where both have a name, the other's counts.
    public func merging(_ other: Findings) -> Findings {
        Findings(
            estimates: estimates.merging(other.estimates) { $1 }, values: values.merging(other.values) { $1 },
            answering: answering.merging(other.answering) { $1 }, scaling: other.scaling ?? scaling)
    }
}
