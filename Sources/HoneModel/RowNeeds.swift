/// What an objective takes from the rows of its batch beside tokens and mask.
///
/// Declared, so that a batch that lacks something is refused before anything is computed, that `hone pipe loss` knows what to
/// read, and that the conformance checker can make batches for it.
public struct RowNeeds: Hashable, Sendable, Codable {
    /// A number that the credit gives: what it means and where it lies.
    public struct Number: Hashable, Sendable, Codable {
        /// What it means, with its unit.
        public var meaning: String
        /// The least value that makes sense.
        public var low: Double
        /// The largest.
        public var high: Double
        /// Whether only whole numbers make sense.
        public var isWhole: Bool

        /// A number between two bounds.
        public init(_ meaning: String, _ range: ClosedRange<Double> = -2...2, isWhole: Bool = false) {
            self.meaning = meaning
            low = range.lowerBound
            high = range.upperBound
            self.isWhole = isWhole
        }
    }

    /// Whether it needs an advantage per token.
    public var advantages: Bool
    /// Whether it needs the sampler's log-probabilities.
    public var samplerLogProbs: Bool
    /// Whether it learns from pairs of rows; rows that no pair names add nothing.
    public var pairs: Bool
    /// Whether rows of one `group` must be seen together; they then stay in one micro-batch.
    public var wholeGroups: Bool
    /// Numbers per token, by name, from `Example.channels`.
    public var channels: [String: Number]
    /// Numbers per row, by name, from `Example.scalars`.
    public var scalars: [String: Number]

    /// Needs.
    public init(
        advantages: Bool = false, samplerLogProbs: Bool = false, pairs: Bool = false, wholeGroups: Bool = false,
        channels: [String: Number] = [:], scalars: [String: Number] = [:]
    ) {
        self.advantages = advantages
        self.samplerLogProbs = samplerLogProbs
        self.pairs = pairs
        self.wholeGroups = wholeGroups
        self.channels = channels
        self.scalars = scalars
    }
}
