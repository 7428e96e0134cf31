import Foundation
import HoneCore
import HoneModel
import HoneTensor

/// Divergences between whole distributions of a teacher P and a student Q at each token, from their log-probabilities.
///
/// Source: Agarwal et al. 2024, “On-policy distillation of language models”, section 2 and equation 1: the generalised
/// Jensen–Shannon divergence D_β(P‖Q) = β KL(P‖M) + (1−β) KL(Q‖M) with M = βP + (1−β)Q.
enum Divergence {
    /// KL(P‖Q) in nats at each place, [R, T], of log-probabilities [R, T, K].
    ///
    /// The least log-probability that is exponentiated is −10⁴, where e^x is 0, so that a token without any probability
    /// adds 0 and not 0·∞.
    static func kl(_ p: Tensor, _ q: Tensor) throws -> Tensor {
        let held = try p.clamp(-1e4, nil)
        return try (held.exp() * (held - q.clamp(-1e4, nil))).sum(2)
    }

    /// D_β(P‖Q) in nats at each place; forward KL for β = 0 and reverse KL for β = 1, the limits of D_β / (β(1−β)).
    static func generalised(teacher: Tensor, student: Tensor, beta: Double) throws -> Tensor {
        if beta <= 0 { return try kl(teacher, student) }
        if beta >= 1 { return try kl(student, teacher) }
        let mixture = try Tensor.stack([try teacher + log(beta), try student + log(1 - beta)], 0).logSumExp(0)
        return try kl(teacher, mixture) * beta + kl(student, mixture) * (1 - beta)
    }

    /// Log-probabilities at another temperature: log-softmax of log p / τ.
    static func tempered(_ logProbs: Tensor, _ temperature: Double) throws -> Tensor {
        temperature == 1 ? logProbs : try (logProbs * (1 / temperature)).logSoftmax(2)
    }

    /// Teacher's and student's log-probabilities, checked to be over one vocabulary.
    static func distributions(
        _ inputs: borrowing LossInputs, teacher: ModelRef
    ) throws -> (teacher: Tensor, student: Tensor) {
        let student = try Reading.wide(inputs.reads[.allLogProbs], "student's distributions", inputs)
        let teacher = try Reading.wide(inputs.scores[Score(.allLogProbs, by: teacher)], "teacher's distributions", inputs)
        guard teacher.shape == student.shape else {
            throw ObjectiveError(
                "The teacher's distributions have shape \(teacher.shape); expected \(student.shape), as many tokens as the student's vocabulary")
        }
        return (teacher, student)
    }

    /// What cards say of the metrics.
    static let metrics = [
        "forwardKL": "mean of Σ_v P(v) (log P(v) − log Q(v)) at temperature 1, in nats",
        "reverseKL": "mean of Σ_v Q(v) (log Q(v) − log P(v)) at temperature 1, in nats",
        "agreement": "share of trained tokens at which teacher and student find the same token likeliest",
    ]

    /// What cards say of departures.
    static let departures = [
        "the sum is multiplied by τ² (Hinton et al. 2015), so that gradients keep their size; TRL does not",
        "on policy and off policy differ only in who wrote the rows; no gradient flows through sampling",
        "log-probabilities below −10⁴ are held there",
    ]
}
