import HoneTensor

/// What a margin costs: the loss forms that preference objectives share, element by element.
enum PairLoss {
    /// −log σ(m): logistic.
    ///
    /// As softplus of −m, since libtorch's log σ wakes all its threads for a handful of numbers, which costs far more than the
    /// rest of the loss. Below a margin of −20 it is taken as −m, which is off by less than 3·10⁻⁹.
    static func logistic(_ margin: Tensor) throws -> Tensor { try (margin * -1).softplus() }

    /// −p log σ(m) − (1−p) log σ(−m): cross-entropy to a preference of probability p.
    static func soft(_ margin: Tensor, probability: Tensor) throws -> Tensor {
        try logistic(margin) * probability + logistic(margin * -1) * (1 - probability)
    }

    /// max(0, 1 − m): hinge.
    static func hinge(_ margin: Tensor) throws -> Tensor { try (1 - margin).relu() }

    /// (m − target)²: least squares.
    static func square(_ margin: Tensor, target: Double) throws -> Tensor { try (margin - target).square() }

    /// log p/(1−p) of a mean log-probability, which is held at −10⁻⁶ or less: certainty has no odds.
    static func logOdds(_ meanLogProb: Tensor) throws -> Tensor {
        let held = try meanLogProb.clamp(nil, -1e-6)
        return try held - (held.expm1() * -1).log()
    }

    /// Entropy in nats of a coin of probability p, which is held 10⁻⁷ away from 0 and 1.
    static func coinEntropy(_ probability: Tensor) throws -> Tensor {
        let p = try probability.clamp(1e-7, 1 - 1e-7)
        let q = try 1 - p
        return try (p * p.log() + q * q.log()) * -1
    }
}
