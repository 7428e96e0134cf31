import HoneCore
import HoneModel
import HoneTensor

/// Cross-entropy on trained tokens: −Σ w·log p / Σ w over the whole batch.
public struct CrossEntropy: Objective {
    public static let card = PartCard(
        name: "cross-entropy", summary: "imitates the trained tokens", source: "maximum likelihood", needs: [.training])
    public static let formula = ObjectiveCard(
        formula: "L = −Σᵢₜ wᵢₜ log π(yᵢₜ | y₍ᵢ,<ₜ₎) / Σᵢₜ wᵢₜ", normaliser: "the sum of weights of all trained tokens of the mini-batch",
        reduction: "mean over tokens", metrics: ["logProb": "Σ w·log π / Σ w"])

    public var reads: Set<Quantity> { [.logProbs] }

    /// The objective.
    public init() {}

    public func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        ["weight": try (inputs.mask * inputs.weights).sum().item()]
    }

    public func loss(_ inputs: borrowing LossInputs) throws -> Loss {
        let logProbs = try Reading.logProbs(inputs)
        let weight = inputs.totals["weight"] ?? 0
        let sum = try (logProbs * inputs.mask * inputs.weights).sum()
        let own = try (inputs.mask * inputs.weights).sum().item()
        return Loss(
            total: try sum * (weight > 0 ? -1 / weight : 0), metrics: ["logProb": Tally(sum: try sum.detach().item(), count: own)])
    }
}
