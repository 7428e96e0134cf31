import HoneCore
import HoneNumerics
import HoneRecipes

/// What the check of a claim came to.
public struct ClaimResult: Sendable, Codable {
    /// One check.
    public struct Outcome: Sendable, Codable {
        /// The effect with its interval.
        public var contrast: Contrast
        /// What is said of it.
        public var direction: ClaimDirection
        /// The smallest effect of interest.
        public var smallest: Double
        /// What the interval says.
        public var verdict: ClaimVerdict
    }

    /// The two controls.
    public struct Controls: Sendable, Codable {
        /// An arm against itself.
        public var null: Contrast
        /// The same with an effect planted.
        public var positive: Contrast
        /// The size of the planted effect.
        public var planted: Double

        /// Whether nothing was found where there is nothing: the interval holds 0.
        public var nullIsQuiet: Bool { (null.low ?? -.infinity) <= 0 && (null.high ?? .infinity) >= 0 }
        /// Whether the planted effect was found: the interval lies above 0.
        public var positiveIsFound: Bool { (positive.low ?? -.infinity) > 0 }
    }

    /// The recipe.
    public var id: String
    /// Its paper.
    public var source: String
    /// The claim as it stood.
    public var claim: Claim
    /// Which size was run.
    public var size: ClaimCheck.Size
    /// The seeds.
    public var seeds: [UInt64]
    /// The checks, in the claim's order.
    public var checks: [Outcome]
    /// The controls.
    public var controls: Controls
    /// The arms, in the claim's order.
    public var arms: [ComparisonOutcome.ArmResult]
    /// Seconds by the clock, all cells together; not recorded.
    public var seconds: Double = 0

    private enum CodingKeys: String, CodingKey { case id, source, claim, size, seeds, checks, controls, arms }

    /// A result.
    public init(
        id: String, source: String, claim: Claim, size: ClaimCheck.Size, seeds: [UInt64], checks: [Outcome], controls: Controls,
        arms: [ComparisonOutcome.ArmResult], seconds: Double
    ) {
        self.id = id
        self.source = source
        self.claim = claim
        self.size = size
        self.seeds = seeds
        self.checks = checks
        self.controls = controls
        self.arms = arms
        self.seconds = seconds
    }

    /// Fails where a check fails, holds where all hold, and is inconclusive otherwise.
    public var verdict: ClaimVerdict { ClaimVerdict(of: checks.map(\.verdict)) }

    /// What a reader should know before believing the verdict.
    public var warnings: [String] {
        var warnings: [String] = []
        if !controls.nullIsQuiet {
            warnings.append("The null control found a difference where there is none, which happens by chance in one of twenty; look at the seeds")
        }
        if !controls.positiveIsFound {
            warnings.append(
                "The positive control was not found: with these seeds and problems an effect of the planted size may stay unseen")
        }
        return warnings
    }
}

extension ClaimVerdict {
    /// The verdict on several checks together.
    public init(of verdicts: [ClaimVerdict]) {
        self = verdicts.contains(.fails) ? .fails : verdicts.allSatisfy { $0 == .holds } ? .holds : .inconclusive
    }
}
