import HoneCore
import HoneEngine

/// One arm under one seed: all that decides what comes of it.
public struct Cell: Hashable, Sendable, Codable {
    /// What the arm is made of.
    public enum Subject: Hashable, Sendable, Codable {
        /// A recipe with all its settings.
        case recipe(String, settings: JSONValue)
        /// The newest weights of a finished or stopped run, measured by these settings of its recipe.
        case checkpoint(run: String, digest: String, recipe: String, settings: JSONValue)
    }

    /// What it runs.
    public var subject: Subject
    /// The seed of weights, demonstrations, play and sampling.
    public var seed: UInt64
    /// What improving may spend; nil is as much as the settings ask for.
    public var improving: Budget?
    /// What an answer may spend; nil is one sample.
    public var answering: Budget?
    /// Which repetition: another one begins with the same weights and draws differently from there on; nil is the first.
    public var repetition: Int?

    /// The most samples that vote on one answer.
    public static let mostVotes = 512

    /// A cell.
    public init(_ subject: Subject, seed: UInt64, improving: Budget? = nil, answering: Budget? = nil) {
        self.subject = subject
        self.seed = seed
        self.improving = improving
        self.answering = answering
    }

    /// The name of its folder: two cells with one key come to the same bits.
    public var key: String {
        get throws {
            let identity = JSONValue.object([
                "cell": try JSONValue(encoding: self), "engine": .string(EngineVersion.weights), "release": .string(EngineVersion.release),
            ])
            return String(SHA256.hex(identity.canonical).prefix(20))
        }
    }
}

/// What came of a cell.
public struct CellResult: Hashable, Sendable, Codable {
    /// A moment of improving at which the model was measured.
    public struct Point: Hashable, Sendable, Codable {
        /// What had been spent on improving.
        public var cost: Cost
        /// The estimates by measure.
        public var estimates: [String: Estimate]

        /// A moment.
        public init(cost: Cost, estimates: [String: Estimate]) {
            self.cost = cost
            self.estimates = estimates
        }
    }

    /// The measure every cell has: the answer that its budget of answering allows, right or not.
    public static let answer = "answer"

    /// What was measured in the end; `answer` is the vote over as many samples as an answer may have, or pass@1 for one sample.
    public var findings: Findings
    /// How many samples vote on an answer.
    public var votes: Int
    /// What was spent on improving, without shared teaching.
    public var cost: Cost
    /// What shared teaching cost.
    public var shared: Cost
    /// Iterations done.
    public var iterations: Int
    /// Whether improving ended because its budget was spent.
    public var isBudgetSpent: Bool
    /// The way there, from before the first iteration on.
    public var curve: [Point]

    /// A result.
    public init(
        findings: Findings, votes: Int, cost: Cost, shared: Cost, iterations: Int, isBudgetSpent: Bool, curve: [Point]
    ) {
        self.findings = findings
        self.votes = votes
        self.cost = cost
        self.shared = shared
        self.iterations = iterations
        self.isBudgetSpent = isBudgetSpent
        self.curve = curve
    }

    /// What one answer costs on average in so many of a unit, where that is known.
    public func answerCost(_ unit: BudgetUnit) -> Double? {
        guard let answering = findings.answering[Self.answer], answering.answers > 0 else { return nil }
        return Budget.amount(unit, of: answering.cost) / Double(answering.answers)
    }
}
