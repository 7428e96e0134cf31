import HoneCore
import HoneModel
import HoneTensor

/// Settings of distillation from whole distributions.
public protocol DistillationSettings: TokenSettings {
    /// The model whose distributions are learned.
    var teacher: ModelRef { get }
    /// τ, the temperature of both distributions.
    var temperature: Double { get }
}

/// Distillation of a teacher's distributions by a generalised Jensen–Shannon divergence.
public protocol DistillationObjective: TokenObjective where Settings: DistillationSettings {
    /// β, from 0 for the forward divergence to 1 for the reverse one.
    var towardsReverse: Double { get }
}

extension DistillationObjective {
    public var reads: Set<Quantity> { [.allLogProbs] }
    public var needs: [Score] { [Score(.allLogProbs, by: settings.teacher)] }

    public func losses(_ inputs: borrowing LossInputs) throws -> TokenLosses {
        let (given, temperature) = (try Divergence.distributions(inputs, teacher: settings.teacher), settings.temperature)
        let losses = try Divergence.generalised(
            teacher: Divergence.tempered(given.teacher, temperature), student: Divergence.tempered(given.student, temperature),
            beta: towardsReverse)
        let still = try given.student.detach()
        return TokenLosses(
            try losses * (temperature * temperature),
            metrics: [
                "forwardKL": try Reading.tally(try Divergence.kl(given.teacher, still), inputs),
                "reverseKL": try Reading.tally(try Divergence.kl(still, given.teacher), inputs),
                "agreement": try Reading.tally(
                    try given.teacher.argmax(2).isEqual(to: still.argmax(2)).to(inputs.mask.dataType), inputs),
            ])
    }
}
