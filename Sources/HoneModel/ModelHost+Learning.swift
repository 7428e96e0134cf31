import Foundation
import HoneCore
import HoneTensor
import HoneText

extension ModelHost {
    public func update(
        _ terms: [Term], with optimiser: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed
    ) async throws -> UpdateReport {
        try learn(terms, with: optimiser, passes: passes, miniBatch: miniBatch, seed: seed)
    }

    private func learn(
        _ terms: [Term], with settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed
    ) throws -> UpdateReport {
        var report = UpdateReport()
        var tallies: [String: Tally] = [:]
        let rows = terms.map(\.batch.examples.count).max() ?? 0
        guard rows > 0 else { return report }
        let hasPairs = terms.contains { !$0.batch.pairs.isEmpty }
        let chunks = hasPairs || miniBatch <= 0 ? 1 : (rows + miniBatch - 1) / miniBatch
        for pass in 0..<max(1, passes) {
            let orders = terms.enumerated().map { index, term in
                var generator = seed.child("pass", pass).child("term", index).generator
                return chunks == 1 ? Array(term.batch.examples.indices) : generator.shuffled(Array(term.batch.examples.indices))
            }
            for chunk in 0..<chunks {
                let parts = zip(terms, orders).map { term, order in
                    (term, Array(order[(order.count * chunk / chunks)..<(order.count * (chunk + 1) / chunks)]))
                }
                try step(parts, settings, &report, &tallies)
            }
        }
        for (name, tally) in tallies { report.values[name] = tally.mean }
        return report
    }

    /// One optimiser step on the weighted sum of the terms' losses.
    private func step(
        _ parts: [(Term, [Int])], _ settings: OptimiserSettings, _ report: inout UpdateReport,
        _ tallies: inout [String: Tally]
    ) throws {
        var live = try state()
        try live.optimiser.clearGradients()
        var loss = 0.0
        for (term, indices) in parts where !indices.isEmpty {
            loss += try accumulate(term, indices, live, &report, &tallies)
        }
        let norm = try live.optimiser.clip(to: settings.clip)
        guard loss.isFinite, norm.isFinite else {
            try live.optimiser.clearGradients()
            if settings.onNonFinite == .halt {
                throw ModelError(
                    "The loss is \(loss) and the gradient's norm \(norm) at optimiser step \(live.updates + 1) of “\(name)”; "
                        + "the weights are as before it. Lower learner.rate, or set learner.onNonFinite=skip to leave such steps out")
            }
            report.skipped += 1
            return
        }
        let rate = settings.rate.value(at: live.optimiserSteps)
        for group in groups(of: live.model, settings, rate: rate) where group.rate != 0 {
            try live.optimiser.step(
                indices: group.indices, rate: group.rate, beta1: settings.beta1, beta2: settings.beta2,
                epsilon: settings.epsilon, weightDecay: group.decay)
        }
        try live.optimiser.clearGradients()
        live.updates += 1
        live.optimiserSteps += 1
        live.decoderIsCurrent = false
        self.live = live
        report.steps += 1
        for (name, value) in [("loss", loss), ("gradientNorm", norm), ("rate", rate)] {
            tallies[name, default: Tally(sum: 0, count: 0)] = tallies[name, default: Tally(sum: 0, count: 0)] + Tally(sum: value, count: 1)
        }
    }

    /// Adds the gradient of one term's rows; returns the weighted loss.
    private func accumulate(
        _ term: Term, _ indices: [Int], _ live: Live, _ report: inout UpdateReport, _ tallies: inout [String: Tally]
    ) throws -> Double {
        let examples = indices.map { term.batch.examples[$0] }
        for example in examples { try check(example) }
        let objective = term.objective
        let reads = objective.reads
        guard reads.isSubset(of: [.logProbs, .entropies]) else {
            throw CoreError.unsupported("Model “\(name)” can differentiate logProbs and entropies; \(reads) was asked for")
        }
        let place = Dictionary(indices.enumerated().map { ($1, $0) }) { first, _ in first }
        let pairs = term.batch.pairs.compactMap { pair -> Pair? in
            guard let chosen = place[pair.chosen], let rejected = place[pair.rejected] else { return nil }
            var moved = pair
            moved.chosen = chosen
            moved.rejected = rejected
            return moved
        }
        let all = try inputs(examples, pairs: pairs, objective, live, reads: objective.totalsReadModel ? reads : [], totals: [:])
        let totals: [String: Double]
        do {
            let mode = GradientMode.off()
            defer { mode.restore() }
            totals = try objective.totals(of: all.inputs)
        }
        let batches = pairs.isEmpty ? microBatches(of: examples.map(\.tokens.count)) : [Array(examples.indices)]
        var sum = 0.0
        for batch in batches {
            let part = try inputs(
                batch.map { examples[$0] }, pairs: pairs.isEmpty ? [] : pairs, objective, live, reads: reads, totals: totals,
                withGradient: true)
            let loss = try objective.loss(part.inputs)
            sum += try loss.total.item()
            for (name, tally) in loss.metrics {
                tallies[name] = (tallies[name] ?? Tally(sum: 0, count: 0)) + tally
            }
            let weighted = term.weight == 1 ? loss.total : try loss.total * term.weight
            if weighted.requiresGradient { try weighted.backward() }
            report.trainedTokens += batch.reduce(0) { $0 + examples[$1].tokens.count }
        }
        return sum * term.weight
    }

    private func check(_ example: Example) throws {
        let count = example.tokens.count
        guard example.isTrained.count == count, example.weights.count == count,
            example.advantages.isEmpty || example.advantages.count == count,
            example.samplerLogProbs.isEmpty || example.samplerLogProbs.count == count
        else { throw ModelError("A row of \(count) tokens has per-token lists of other lengths (episode \(example.episode))") }
        guard count <= settings.shape.context else {
            throw ModelError(
                "A row of \(count) tokens is longer than the model's context of \(settings.shape.context) (episode \(example.episode))")
        }
    }

    /// The tensors of some rows.
    private func inputs(
        _ examples: [Example], pairs: [Pair], _ objective: any Objective, _ live: Live, reads: Set<Quantity>,
        totals: [String: Double], withGradient: Bool = false
    ) throws -> (inputs: LossInputs, padded: PaddedRows) {
        let padded = try PaddedRows(
            examples.map(\.tokens), padding: tokenizer.padding, chosen: examples.map(\.isTrained))
        let mask = try padded.table(examples.map { $0.isTrained.map { $0 ? 1 : 0 } })
        let weights = try padded.table(examples.map { zip($0.weights, $0.isTrained).map { $1 ? $0 : 0 } })
        func optional(_ key: (Example) -> [Float]) throws -> Tensor? {
            guard examples.allSatisfy({ !key($0).isEmpty || $0.trainedCount == 0 }) else { return nil }
            return try padded.table(
                examples.map { example in
                    let values = key(example)
                    return values.isEmpty
                        ? [Float](repeating: 0, count: example.tokens.count)
                        : zip(values, example.isTrained).map { $1 ? $0 : 0 }
                })
        }
        var channels: [String: Tensor] = [:]
        for name in Set(examples.flatMap(\.channels.keys)).sorted() {
            channels[name] = try optional { $0.channels[name] ?? [] }
        }
        var scores: [Score: Tensor] = [:]
        for need in objective.needs {
            let mode = GradientMode.off()
            defer { mode.restore() }
            guard need.by.name == name, let snapshot = need.by.snapshot, need.quantity == .logProbs else {
                throw CoreError.unsupported(
                    "“\(type(of: objective).card.name)” needs \(need); an update can score log-probabilities of the model's own snapshots")
            }
            scores[need] = try snapshotModel(snapshot, of: live).tokenLogProbs(of: padded, wantsEntropies: false).logProbs
        }
        var tensors: [Quantity: Tensor] = [:]
        if !reads.isEmpty {
            let mode = withGradient ? GradientMode.on() : GradientMode.off()
            defer { mode.restore() }
            let read = try live.model.tokenLogProbs(of: padded, wantsEntropies: reads.contains(.entropies))
            tensors[.logProbs] = read.logProbs
            tensors[.entropies] = read.entropies
        }
        return (
            LossInputs(
                examples: examples, pairs: pairs, mask: mask, weights: weights, advantages: try optional(\.advantages),
                samplerLogProbs: try optional(\.samplerLogProbs), scores: scores, channels: channels, reads: tensors,
                totals: totals), padded
        )
    }

    /// Parameters by the rate and decay they learn with.
    private func groups(
        of model: Transformer, _ settings: OptimiserSettings, rate: Double
    ) -> [(indices: [Int], rate: Double, decay: Double)] {
        var groups: [(indices: [Int], rate: Double, decay: Double)] = []
        for (index, name) in model.names.enumerated() {
            let own = settings.groups.filter { name.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }
            let ownRate = own?.value.value(at: live?.optimiserSteps ?? 0) ?? rate
            let decay = model.parameters[index].rank >= 2 ? settings.weightDecay : 0
            if let found = groups.firstIndex(where: { $0.rate == ownRate && $0.decay == decay }) {
                groups[found].indices.append(index)
            } else {
                groups.append(([index], ownRate, decay))
            }
        }
        return groups
    }
}
