/// What an interval says about a claim.
public enum ClaimVerdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// The interval supports the claim.
    case holds
    /// The interval excludes the claim.
    case fails
    /// The interval allows both.
    case inconclusive
}

/// What a claim says of a difference, second arm minus first.
public enum ClaimDirection: String, Hashable, Sendable, Codable, CaseIterable {
    /// The difference is positive, and may be as large as the smallest effect of interest.
    case higher
    /// The difference is negative, and may be as large as the smallest effect of interest.
    case lower
    /// The difference is at least the smallest effect of interest.
    case higherByMargin = "higher by the margin"
    /// The difference is at most minus the smallest effect of interest.
    case lowerByMargin = "lower by the margin"
    /// The difference is smaller than the smallest effect of interest, whatever its sign.
    case equivalent
    /// The difference is not below minus the smallest effect of interest.
    case notLower = "not lower"
    /// The difference is not above the smallest effect of interest.
    case notHigher = "not higher"
}

extension ClaimVerdict {
    /// The verdict of an interval on a claim with smallest effect of interest s ≥ 0; the point estimate plays no part.
    ///
    /// | claim | holds | fails |
    /// |---|---|---|
    /// | higher | low > 0 and high ≥ s | high < s, or high ≤ 0 |
    /// | higher by the margin | low ≥ s, low > 0 | high < s, or high ≤ 0 |
    /// | equivalent | −s ≤ low and high ≤ s | low > s or high < −s |
    /// | not lower | low ≥ −s | high < −s |
    ///
    /// Everything else is inconclusive; the claims downwards mirror those upwards. A difference that is surely above 0 and surely
    /// below s *fails* “higher”: it is real and too small to matter. With s = 0 “equivalent” holds
    /// only where all differences are 0. Source: the tests
    /// of equivalence, non-inferiority and minimal effects as in Lakens, Scheel and Isager 2018, “Equivalence Testing for
    /// Psychological Research”, with the same two-sided interval for all (stricter than two one-sided tests at 5 %, whose interval
    /// is that of 90 %).
    public init(low: Double, high: Double, smallest s: Double, direction: ClaimDirection) {
        precondition(s >= 0 && low <= high, "A smallest effect is not below 0, and an interval has its lower end first")
        switch direction {
        case .higher: self = high < s || high <= 0 ? .fails : low > 0 ? .holds : .inconclusive
        case .higherByMargin: self = high < s || high <= 0 ? .fails : low >= s && low > 0 ? .holds : .inconclusive
        case .equivalent: self = low > s || high < -s ? .fails : low >= -s && high <= s ? .holds : .inconclusive
        case .notLower: self = high < -s ? .fails : low >= -s ? .holds : .inconclusive
        case .lower: self.init(low: -high, high: -low, smallest: s, direction: .higher)
        case .lowerByMargin: self.init(low: -high, high: -low, smallest: s, direction: .higherByMargin)
        case .notHigher: self.init(low: -high, high: -low, smallest: s, direction: .notLower)
        }
    }
}

extension PairedComparison {
    /// The verdict of the interval on a claim.
    public func verdict(smallest: Double, direction: ClaimDirection) -> ClaimVerdict {
        ClaimVerdict(low: low, high: high, smallest: smallest, direction: direction)
    }
}
