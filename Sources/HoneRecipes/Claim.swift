import HoneCore
import HoneNumerics

/// What a system's paper says, at a size that can be checked here, as data.
///
/// Each check is a weighted sum of arms' measures, paired by problem and seed; its verdict comes from the interval against the smallest effect
/// of interest. The claim holds where all checks hold, fails where one fails, and is inconclusive otherwise.
public struct Claim: Hashable, Sendable, Codable {
    /// One of the things compared: a recipe with settings.
    public struct Arm: Hashable, Sendable, Codable {
        /// Its name in checks and reports.
        public var name: String
        /// The recipe.
        public var recipe: String
        /// Settings over the recipe's defaults, by path: `star.keep`.
        public var settings: [String: JSONValue]

        /// An arm.
        public init(_ name: String, recipe: String, settings: [String: JSONValue] = [:]) {
            self.name = name
            self.recipe = recipe
            self.settings = settings
        }
    }

    /// A measure of an arm with its weight in a check.
    public struct Term: Hashable, Sendable, Codable {
        /// The arm.
        public var arm: String
        /// The measure, as the arm's recipe names it.
        public var measure: String
        /// Its factor.
        public var weight: Double

        /// A term.
        public init(_ arm: String, _ measure: String, weight: Double = 1) {
            self.arm = arm
            self.measure = measure
            self.weight = weight
        }
    }

    /// One thing the claim says.
    public struct Check: Hashable, Sendable, Codable {
        /// It in words.
        public var statement: String
        /// The terms whose weighted sum is tested.
        public var contrast: [Term]
        /// What is said of the sum.
        public var direction: ClaimDirection
        /// The smallest effect of interest, in the measure's unit, 0 or more.
        public var smallest: Double

        /// A check.
        public init(_ statement: String, contrast: [Term], direction: ClaimDirection, smallest: Double) {
            self.statement = statement
            self.contrast = contrast
            self.direction = direction
            self.smallest = smallest
        }

        /// A check of the difference of two arms in one measure: second minus first.
        public init(
            _ statement: String, from first: String, to second: String, measure: String, direction: ClaimDirection, smallest: Double
        ) {
            self.init(
                statement, contrast: [Term(second, measure), Term(first, measure, weight: -1)], direction: direction,
                smallest: smallest)
        }
    }

    /// How large a check of the claim is.
    public struct Size: Hashable, Sendable, Codable {
        /// How many seeds each arm has.
        public var seeds: Int
        /// Settings over those of all arms.
        public var settings: [String: JSONValue]
        /// What each arm may spend on improving; nil lets each do what its settings say, unless `matching` names an arm.
        public var budget: Budget?
        /// The arm whose settings decide: all others may spend what it spends under the first seed.
        public var matching: String?

        /// A size.
        public init(seeds: Int, settings: [String: JSONValue] = [:], budget: Budget? = nil, matching: String? = nil) {
            self.matching = matching
            self.seeds = seeds
            self.settings = settings
            self.budget = budget
        }

        /// A size that is a number of held-out problems.
        public init(seeds: Int, problems: Int, matching: String? = nil) {
            self.init(seeds: seeds, settings: ["evaluation.problems": .integer(problems)], matching: matching)
        }
    }

    /// The claim in a sentence.
    public var statement: String
    /// What is compared.
    public var arms: [Arm]
    /// What is said of it.
    public var checks: [Check]
    /// The arm that is also run against itself, from the same weights with other draws, and into which an effect is planted.
    public var control: Term
    /// The size of the effect that is planted, in the measure's unit.
    public var planted: Double
    /// Minutes; often inconclusive.
    public var quick: Size
    /// As large as it takes to decide.
    public var full: Size

    /// A claim.
    public init(
        _ statement: String, arms: [Arm], checks: [Check], control: Term, planted: Double, quick: Size, full: Size
    ) {
        self.statement = statement
        self.arms = arms
        self.checks = checks
        self.control = control
        self.planted = planted
        self.quick = quick
        self.full = full
    }

    /// What cannot work, as sentences: names that no arm has, settings without sense.
    public var faults: [String] {
        var faults: [String] = []
        let names = arms.map(\.name)
        if Set(names).count != names.count { faults.append("Two arms have the same name: \(names.joined(separator: ", "))") }
        for term in checks.flatMap(\.contrast) + [control] where !names.contains(term.arm) {
            faults.append("\(CoreError.unknown(kind: "arm", name: term.arm, known: names))")
        }
        if checks.isEmpty { faults.append("A claim without a check cannot fail") }
        for check in checks where check.smallest < 0 { faults.append("“\(check.statement)” has a smallest effect below 0") }
        if planted <= 0 { faults.append("The planted effect is \(planted); it should be above 0") }
        for name in [quick, full].compactMap(\.matching) where !names.contains(name) {
            faults.append("\(CoreError.unknown(kind: "arm", name: name, known: names))")
        }
        for size in [quick, full] where size.seeds < 2 { faults.append("A claim is checked with 2 or more seeds, not \(size.seeds)") }
        return faults
    }
}
