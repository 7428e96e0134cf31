import HoneCore
import HoneModel

/// The keys under which a line of `hone pipe loss` gives what an objective needs.
public struct LossKeys: Hashable, Sendable {
    /// What the objective differentiates, by key; `logProbs` is always among them.
    public let reads: [String: Quantity]
    /// What it asks of other models, by key.
    public let scores: [String: Score]

    /// The keys of an objective.
    ///
    /// Log-probabilities of the first other model are `referenceLogProbs`, those of further ones `scores.reference2`, ….
    /// A head's outputs are `scores.values` for the head `value`, else `scores.<head>`; other models' heads have `.target`
    /// behind. Whole distributions are `scores.distribution`, other models' `scores.teacherDistribution`.
    public init(_ objective: any Objective) {
        var reads: [String: Quantity] = ["logProbs": .logProbs]
        for quantity in objective.reads { reads[Self.key(of: quantity)] = quantity }
        self.reads = reads
        var scores: [String: Score] = [:]
        var references = 0
        for need in objective.needs {
            switch need.quantity {
            case .logProbs:
                references += 1
                scores[references == 1 ? "referenceLogProbs" : "scores.reference\(references)"] = need
            case .allLogProbs: scores[Self.free("scores.teacherDistribution", in: scores)] = need
            default: scores[Self.free("\(Self.key(of: need.quantity)).target", in: scores)] = need
            }
        }
        self.scores = scores
    }

    private static func key(of quantity: Quantity) -> String {
        switch quantity {
        case .logProbs: "logProbs"
        case .entropies: "entropies"
        case .allLogProbs: "scores.distribution"
        case .head("value"): "scores.values"
        case .head(let name): "scores.\(name)"
        case .distribution, .hidden, .inputGradient: "scores.\(quantity)"
        }
    }

    private static func free(_ key: String, in taken: [String: Score]) -> String {
        var number = 1
        while taken[number == 1 ? key : "\(key)\(number)"] != nil { number += 1 }
        return number == 1 ? key : "\(key)\(number)"
    }
}
