import HoneCore
import HoneTensor

/// A sum and the count it is to be divided by, so that metrics of micro-batches add up.
public struct Tally: Hashable, Sendable, Codable {
    /// The sum.
    public var sum: Double
    /// The count.
    public var count: Double

    /// A tally.
    public init(sum: Double, count: Double) {
        self.sum = sum
        self.count = count
    }

    /// The mean; 0 when nothing was counted.
    public var mean: Double { count == 0 ? 0 : sum / count }

    /// The tally of both.
    public static func + (left: Tally, right: Tally) -> Tally {
        Tally(sum: left.sum + right.sum, count: left.count + right.count)
    }
}

/// A loss and what is reported beside it.
public struct Loss {
    /// The scalar to differentiate: a sum over rows, already divided by the whole batch's normaliser.
    public let total: Tensor
    /// Detached numbers, by the names the objective's card explains.
    public let metrics: [String: Tally]

    /// A loss.
    public init(total: Tensor, metrics: [String: Tally] = [:]) {
        self.total = total
        self.metrics = metrics
    }
}

/// How an objective introduces itself: formula, normaliser, and the meaning of what it reports.
public struct ObjectiveCard: Hashable, Sendable, Codable {
    /// The formula in plain text.
    public var formula: String
    /// What the sum is divided by.
    public var normaliser: String
    /// How per-token terms become one number.
    public var reduction: String
    /// Each reported metric with its formula.
    public var metrics: [String: String]
    /// Where it departs from its source.
    public var departures: [String]

    /// A card.
    public init(
        formula: String, normaliser: String, reduction: String, metrics: [String: String] = [:],
        departures: [String] = []
    ) {
        self.formula = formula
        self.normaliser = normaliser
        self.reduction = reduction
        self.metrics = metrics
        self.departures = departures
    }
}

/// A loss. Synchronous and pure: it sees tensors and numbers, never a model.
public protocol Objective: Part {
    /// Its formula and normaliser.
    static var formula: ObjectiveCard { get }
    /// Scores of other models it wants; computed once and constant to the gradient.
    var needs: [Score] { get }
    /// What it takes from the rows.
    var takes: RowNeeds { get }
    /// The heads it teaches; the model gets them when a plan routes to this objective.
    var heads: [Head] { get }
    /// What it differentiates.
    var reads: Set<Quantity> { get }
    /// Whether `totals` wants `reads` too (without gradient); costs another forward pass.
    var totalsReadModel: Bool { get }
    /// Sums over the whole batch, before it is cut into micro-batches: normalisers and batch statistics.
    func totals(of inputs: borrowing LossInputs) throws -> [String: Double]
    /// The loss of some rows, a sum over them given the totals. Masked tokens cannot change it; a batch without any
    /// trained token gives 0.
    func loss(_ inputs: borrowing LossInputs) throws -> Loss
}

extension Objective {
    public var needs: [Score] { [] }
    public var takes: RowNeeds { RowNeeds() }
    public var heads: [Head] { [] }
    public var totalsReadModel: Bool { false }
}

/// An objective that users configure by name.
public protocol ConfigurableObjective: Objective {
    /// What can be set.
    associatedtype Settings: ObjectiveSettings = NoSettings
    /// What is set.
    var settings: Settings { get set }
    /// The objective with the defaults.
    init()
    /// The advantages its paper makes of the rows' rewards, given each row's group; rewards minus their group's mean where
    /// the objective says nothing else.
    static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double]
}

extension ConfigurableObjective {
    public static func advantages(ofRewards rewards: [Double], groups: [String]) -> [Double] {
        var members: [String: [Double]] = [:]
        for (reward, group) in zip(rewards, groups) { members[group, default: []].append(reward) }
        return zip(rewards, groups).map { reward, group in
            let own = members[group] ?? []
            // Equal rewards are told by comparing them: their mean can be off by a rounding.
            guard own.contains(where: { $0 != own[0] }) else { return 0 }
            return reward - own.reduce(0, +) / Double(own.count)
        }
    }
}
