import HoneCore
import HoneModel
import HoneTensor

extension PolicySurrogate {
    /// Per-token terms before they are reduced, and what is reported beside them.
    struct Terms {
        /// g(ρ, A), to be made large: [R, T].
        var policy: Tensor
        /// 1 where the limit took the gradient away, detached: [R, T]; nil without a limit.
        var isClipped: Tensor?
        /// What is charged, to be made small: [R, T]; nil where nothing is.
        var charge: Tensor?
        var metrics: [String: Tally]
    }

    func totals(of inputs: borrowing LossInputs) throws -> [String: Double] {
        var totals = try PolicyReduction.totals(inputs)
        guard whitens else { return totals }
        let advantages = try shapedAdvantages(inputs)
        let tokens = max(1, totals["tokens"] ?? 1)
        let mean = try advantages.sum().item() / tokens
        totals["advantageMean"] = mean
        totals["advantageVariance"] = try ((advantages - mean).square() * inputs.mask).sum().item() / tokens
        return totals
    }

    func loss(_ inputs: borrowing LossInputs) throws -> Loss { try loss(try terms(inputs), inputs) }

    /// The loss of terms that an objective may have changed.
    func loss(_ terms: Terms, _ inputs: borrowing LossInputs) throws -> Loss {
        let sum = try terms.charge.map { try terms.policy - $0 } ?? terms.policy
        return Loss(total: try -reduction.reduce(sum * Reading.weights(inputs), inputs), metrics: terms.metrics)
    }

    func terms(_ inputs: borrowing LossInputs) throws -> Terms {
        let logProbs = try Reading.logProbs(inputs)
        let advantages = try advantages(inputs)
        var metrics: [String: Tally] = [:]
        var terms: Terms
        let sampler = takes.samplerLogProbs
            ? try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs) : nil
        let ratio = try sampler.flatMap { try self.ratio(logProbs, $0, inputs) }
        if let ratio {
            terms = try limited(ratio, advantages, logProbs, sampler, inputs)
            metrics["ratio"] = try Reading.tally(ratio, inputs)
            if let isClipped = terms.isClipped { metrics["clipFraction"] = try Reading.tally(isClipped, inputs) }
        } else {
            terms = Terms(policy: try logProbs * advantages, metrics: [:])
        }
        func charge(_ tensor: Tensor) throws { terms.charge = try terms.charge.map { try $0 + tensor } ?? tensor }
        if proximity != 0, let sampler {
            let gap = try (logProbs - sampler).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
            let own = try gap.exp()
            let divergence = try own * gap - own + 1
            try charge(divergence * proximity)
            metrics["samplerKL"] = try Reading.tally(divergence * inputs.mask, inputs)
        }
        if let penalty {
            let reference = try self.reference(penalty, inputs)
            var kl = try penalty.estimator.values(logProbs, against: reference)
            if penalty.isWeighted, let sampler {
                let own = try Reading.ratio(logProbs - sampler)
                kl = try own * KLEstimator.k1.values(logProbs, against: reference) - (own - 1)
            }
            if !penalty.isInReturns { try charge(kl * factor(penalty, inputs)) }
            metrics["kl"] = try Reading.tally(kl, inputs)
        }
        if entropyBonus != 0 {
            let entropies = try Reading.quantity(.entropies, "entropies", inputs)
            try charge(entropies * -entropyBonus)
            metrics["entropy"] = try Reading.tally(entropies, inputs)
        }
        terms.metrics = metrics
        return terms
    }

    private func ratio(_ logProbs: Tensor, _ sampler: Tensor, _ inputs: borrowing LossInputs) throws -> Tensor? {
        switch ratio {
        case .none: return nil
        case .token: return try Reading.ratio(logProbs - sampler)
        case .sequence: return try overRow(logProbs - sampler, asMean: true, inputs)
        case .answer: return try overRow(logProbs - sampler, asMean: false, inputs)
        case .sequencePerToken:
            let held = try Reading.held(.logProbs, "log-probabilities", inputs)
            return try overRow(held - sampler, asMean: true, inputs) * Reading.ratio(logProbs - held)
        }
    }

    /// e^(mean or sum of the row's log-ratios) at every place of the row.
    private func overRow(_ logRatio: Tensor, asMean: Bool, _ inputs: borrowing LossInputs) throws -> Tensor {
        var sums = try logRatio.sum(1, keep: true)
        if asMean { sums = try sums / inputs.mask.sum(1, keep: true).clamp(1, nil) }
        return try Reading.ratio(sums).expand(inputs.mask.shape)
    }

    private func limited(
        _ ratio: Tensor, _ advantages: Tensor, _ logProbs: Tensor, _ sampler: Tensor?, _ inputs: borrowing LossInputs
    ) throws -> Terms {
        let plain = try ratio * advantages
        switch limit {
        case .none: return Terms(policy: plain, metrics: [:])
        case .clip(let low, let high):
            return try clipped(plain, by: ratio.clamp(1 - low, 1 + high) * advantages)
        case .dualClip(let low, let high, let floor):
            let inner = try plain.minimum(ratio.clamp(1 - low, 1 + high) * advantages)
            // Where A > 0 the floor is the term itself.
            let lowest = try advantages.isLess(than: 0).choose(advantages * floor, inner)
            let policy = try inner.maximum(lowest)
            let isClipped = try plain.detach().isDifferent(from: policy.detach())
            return Terms(policy: policy, isClipped: try isClipped.to(inputs.mask.dataType), metrics: [:])
        case .weight(let low, let high):
            let held = try Reading.held(.logProbs, "log-probabilities", inputs)
            guard let sampler, let full = try self.ratio(held, sampler, inputs) else { return Terms(policy: plain, metrics: [:]) }
            let weight = try full.clamp(1 - low, 1 + high)
            return Terms(
                policy: try weight * advantages * logProbs,
                isClipped: try full.isDifferent(from: weight).to(inputs.mask.dataType), metrics: [:])
        }
    }

    private func clipped(_ plain: Tensor, by other: Tensor) throws -> Terms {
        Terms(
            policy: try plain.minimum(other),
            isClipped: try plain.detach().isGreater(than: other.detach()).to(plain.dataType), metrics: [:])
    }

    /// Advantages as given, with returns of the penalty, whitened where set.
    private func advantages(_ inputs: borrowing LossInputs) throws -> Tensor {
        let shaped = try shapedAdvantages(inputs)
        guard whitens else { return shaped }
        let deviation = max(inputs.totals["advantageVariance"] ?? 0, 1e-8).squareRoot()
        return try (shaped - (inputs.totals["advantageMean"] ?? 0)) / deviation * inputs.mask
    }

    private func shapedAdvantages(_ inputs: borrowing LossInputs) throws -> Tensor {
        let given = try Reading.constant(inputs.advantages, "advantages", inputs)
        guard let penalty, penalty.isInReturns else { return given }
        let sampler = try Reading.constant(inputs.samplerLogProbs, "sampler's log-probabilities", inputs)
        let kl = try (sampler - reference(penalty, inputs)).clamp(-Reading.largestLogRatio, Reading.largestLogRatio)
        // From each token to the row's end: all of it, less what came before.
        let toGo = try kl.sum(1, keep: true) - kl.cumsum(1) + kl
        return try given - toGo * factor(penalty, inputs) * inputs.mask
    }

    private func reference(_ penalty: Penalty, _ inputs: borrowing LossInputs) throws -> Tensor {
        try Reading.constant(inputs.scores[penalty.score], "reference's log-probabilities", inputs)
    }

    /// β at each place, [R, T].
    private func factor(_ penalty: Penalty, _ inputs: borrowing LossInputs) throws -> Tensor {
        guard penalty.firstTurn != 0 else { return try inputs.mask * penalty.factor }
        let turn = try Reading.constant(inputs.channels["turn"], "channel “turn”", inputs)
        return try (turn.isEqual(to: 0).to(inputs.mask.dataType) * penalty.firstTurn + penalty.factor) * inputs.mask
    }
}
