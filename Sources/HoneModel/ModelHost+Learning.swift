import Foundation
import HoneCore
import HoneTensor
import HoneText

/// What the steps of one update add up to.
private struct UpdateTally {
    var report = UpdateReport()
    var tallies: [String: Tally] = [:]

    mutating func add(_ name: String, _ tally: Tally) {
        tallies[name] = (tallies[name] ?? Tally(sum: 0, count: 0)) + tally
    }
}

extension ModelHost {
    /// Learns from the terms. Rows connected by pairs stay in one mini-batch and micro-batch; with several mini-batches
    /// the rows are shuffled by the seed in every pass. The size of micro-batches does not change the step.
    public func update(
        _ terms: [Term], with settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed,
        while goesOn: @escaping @Sendable (UpdateReport) -> Bool
    ) async throws -> UpdateReport {
        var rows = try terms.filter { !$0.batch.examples.isEmpty }
            .map { try TermRows($0, context: shape.context, vocabulary: shape.vocabulary) }
        var tally = UpdateTally()
        for index in rows.indices {
            for need in rows[index].term.objective.needs {
                if let kept = rows[index].kept(need) {
                    rows[index].scores[need] = kept
                    continue
                }
                let examples = rows[index].term.batch.examples
                rows[index].scores[need] = try await values(of: need, for: examples)
                tally.report.scoredTokens += examples.reduce(0) { $0 + $1.tokens.count }
                let scoring = need.by.name == name ? arithmetic : peers[need.by.name]?.arithmetic
                tally.report.flops += examples.reduce(0) { $0 + (scoring?.scoring(tokens: $1.tokens.count) ?? 0) }
            }
        }
        try learn(rows, settings, passes: passes, miniBatch: miniBatch, seed: seed, &tally, while: goesOn)
        return tally.report
    }

    /// What another model, or this one at another moment, says of the rows.
    private func values(of need: Score, for examples: [Example]) async throws -> [Scores] {
        guard need.context == "sampled" else {
            throw CoreError.unsupported("Scores under context “\(need.context)” cannot be computed in an update")
        }
        if need.by.name == name {
            return try scores(ofRows: examples.map(\.tokens), need.quantity, by: try network(of: need.by.snapshot))
        }
        guard let peer = peers[need.by.name] else {
            throw CoreError.unknown(
                kind: "model for an objective to ask", name: need.by.name.text,
                known: ([name] + peers.keys).map(\.text).sorted())
        }
        let transcripts = examples.map { [Segment(origin: .prompt, content: .tokens($0.tokens, text: ""))] }
        guard let snapshot = need.by.snapshot else { return try await peer.score(transcripts, need.quantity) }
        guard let host = peer as? ModelHost else {
            throw CoreError.unsupported("Model “\(need.by.name)” has no snapshots, but an objective asks for “\(need.by)”")
        }
        return try await SnapshotModel(host, snapshot: snapshot).score(transcripts, need.quantity)
    }

    private func learn(
        _ terms: [TermRows], _ settings: OptimiserSettings, passes: Int, miniBatch: Int, seed: Seed, _ tally: inout UpdateTally,
        while goesOn: (UpdateReport) -> Bool
    ) throws {
        guard let largest = terms.map(\.term.batch.examples.count).max() else { return }
        let steps = miniBatch > 0 ? (largest + miniBatch - 1) / miniBatch : 1
        let mode = GradientMode.on()
        defer { mode.restore() }
        updating: for pass in 0..<max(1, passes) {
            let batches = terms.enumerated().map { index, rows in
                // Smaller terms are spread over the steps of the largest.
                let share = miniBatch > 0 ? (rows.term.batch.examples.count + steps - 1) / steps : 0
                return rows.miniBatches(
                    of: rows.term.batch.examples.count == largest ? miniBatch : share,
                    seed: seed.child("pass", pass).child("term", index))
            }
            for step in 0..<(batches.map(\.count).max() ?? 0) {
                guard goesOn(tally.report) else { break updating }
                let parts = zip(terms, batches).compactMap { rows, batches in
                    step < batches.count ? (rows, batches[step]) : nil
                }
                try learn(parts, settings, &tally)
            }
        }
        for (name, sum) in tally.tallies { tally.report.values[name] = sum.mean }
    }

    /// One optimiser step.
    private func learn(
        _ parts: [(rows: TermRows, units: [[Int]])], _ settings: OptimiserSettings, _ tally: inout UpdateTally
    ) throws {
        let groups = try groups(settings)
        for (rows, units) in parts {
            for row in units.joined() {
                guard let fault = rows.fault(of: row) else { continue }
                return try leaveOut("numbers", fault, settings, &tally)
            }
        }
        try optimiser.clearGradients()
        defer { try? optimiser.clearGradients() }
        var loss = 0.0
        var hasGradient = false
        // What a step reports counts only once it is taken.
        var step = UpdateTally()
        for (rows, units) in parts {
            let prefix = parts.count > 1 ? "\(type(of: rows.term.objective).card.name)." : ""
            loss += try accumulate(rows, units, prefix, &hasGradient, &step)
        }
        tally.report.trainedTokens += step.report.trainedTokens
        tally.report.flops += step.report.flops
        guard hasGradient else { return }
        for group in groups where group.rate == 0 {
            for index in group.indices { try optimiser.parameters[index].clearGradient() }
        }
        let norm = try optimiser.clip(to: settings.clip)
        // Squares of larger gradients overflow the second moments, which would hold still for ever after.
        guard loss.isFinite, norm.isFinite, settings.clip > 0 || norm < 1e18 else {
            return try leaveOut(
                loss.isFinite ? "gradient" : "loss", "The loss is \(loss) and the gradient's norm \(norm)", settings, &tally)
        }
        for (name, value) in step.tallies { tally.add(name, value) }
        for group in groups where group.rate != 0 {
            try optimiser.step(
                indices: group.indices, rate: group.rate, beta1: settings.beta1, beta2: settings.beta2,
                epsilon: settings.epsilon, weightDecay: group.decay)
        }
        tally.add("loss", Tally(sum: loss, count: 1))
        tally.add("gradientNorm", Tally(sum: norm, count: 1))
        tally.add("rate", Tally(sum: settings.rate.value(at: optimiserSteps), count: 1))
        updates += 1
        optimiserSteps += 1
        tally.report.steps += 1
        markStale()
    }

    /// Leaves a step out and counts it, or ends the run with a sentence, as set.
    private func leaveOut(_ kind: String, _ what: String, _ settings: OptimiserSettings, _ tally: inout UpdateTally) throws {
        if settings.onNonFinite == .halt {
            throw ModelError(
                "\(what) at optimiser step \(updates + 1) of model “\(name)”; its weights are as before the step. "
                    + "Use a lower rate, or skip such steps with onNonFinite = skip")
        }
        tally.report.skipped += 1
        tally.report.skippedFor[kind, default: 0] += 1
    }

    /// Does tensor work with as many threads as were fastest lately; the clock decides the speed only, never a result.
    private func paced(work: Int, _ body: () throws -> Void) rethrows {
        let all = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
        guard all > 1 else { return try body() }
        let way = pace.choose()
        let count = way == .alone ? 1 : all
        if TensorRuntime.threads != count { TensorRuntime.threads = count }
        let began = ContinuousClock.now
        try body()
        let took = (ContinuousClock.now - began).components
        pace.record(way, seconds: Double(took.seconds) + Double(took.attoseconds) * 1e-18, work: Double(work))
    }

    /// Adds the gradient of one term's rows; gives the weighted loss.
    private func accumulate(
        _ rows: TermRows, _ units: [[Int]], _ prefix: String, _ hasGradient: inout Bool, _ tally: inout UpdateTally
    ) throws -> Double {
        let objective = rows.term.objective
        let examples = rows.term.batch.examples
        let batches = PaddedRows.batches(of: units, lengths: examples.map(\.tokens.count), limit: settings.microBatchTokens)
        var sum = 0.0
        func learn(_ batch: [Int], totals: (_ reads: [Quantity: Tensor]) throws -> [String: Double]) throws {
            let padded = try rows.padded(batch, padding: tokenizer.padding, context: shape.context)
            // Without a trained token there is nothing to learn, and the loss is 0 by contract.
            guard !padded.places.isEmpty else { return }
            try paced(work: padded.places.count) {
                let layers = settings.recomputesLayers(tokens: padded.rows * padded.columns) && !objective.reads.isEmpty
                    ? try padded.recomputed(by: network) : nil
                let reads = try padded.read(objective.reads, by: network, through: layers).mapValues { try padded.spread($0) }
                let loss = try objective.loss(try rows.inputs(batch, padded: padded, reads: reads, totals: try totals(reads)))
                sum += try loss.total.item()
                for (name, value) in loss.metrics { tally.add(prefix + name, value) }
                let weighted = rows.term.weight == 1 ? loss.total : try loss.total * rows.term.weight
                if weighted.requiresGradient {
                    try weighted.backward()
                    try layers?.backward()
                    hasGradient = true
                }
            }
            tally.report.trainedTokens += batch.reduce(0) { $0 + examples[$1].tokens.count }
            tally.report.flops += batch.reduce(0) { $0 + flops(training: examples[$1], objective) }
        }
        if objective.totalsReadModel, batches.count == 1 {
            // All rows are in one micro-batch: totals that read the model share the loss's forward pass.
            try learn(batches[0]) { try self.totals(of: rows, batches, read: $0) }
        } else {
            let totals = try totals(of: rows, batches)
            if objective.totalsReadModel, let arithmetic {
                tally.report.flops += batches.joined().reduce(0) {
                    $0 + arithmetic.forward(tokens: examples[$1].tokens.count, outputs: examples[$1].trainedCount)
                }
            }
            for batch in batches { try learn(batch) { _ in totals } }
        }
        return sum * rows.term.weight
    }

    /// Operations of a row's forward and backward pass, the heads that the objective reads included.
    private func flops(training row: Example, _ objective: any Objective) -> Int {
        let heads = objective.reads.reduce(0) { sum, quantity in
            guard case .head(let name) = quantity, let head = network.heads[name] else { return sum }
            return sum + 3 * 2 * head.weight.count * row.trainedCount
        }
        return heads + (arithmetic?.training(tokens: row.tokens.count, trained: row.trainedCount) ?? 0)
    }

    /// The objective's sums over all rows of a mini-batch, before it is cut; `read` is what it reads, where known already.
    private func totals(
        of rows: TermRows, _ batches: [[Int]], read: [Quantity: Tensor]? = nil
    ) throws -> [String: Double] {
        let mode = GradientMode.off()
        defer { mode.restore() }
        let objective = rows.term.objective
        let all = batches.flatMap { $0 }
        let padded = try rows.padded(all, padding: tokenizer.padding, context: shape.context)
        var reads: [Quantity: Tensor] = [:]
        if let read {
            reads = try read.mapValues { try $0.detach() }
        } else if objective.totalsReadModel {
            var parts: [Quantity: [Tensor]] = [:]
            for batch in batches {
                let part = try rows.padded(batch, padding: tokenizer.padding, context: shape.context)
                for (quantity, values) in try part.read(objective.reads, by: network) { parts[quantity, default: []].append(values) }
            }
            for quantity in objective.reads {
                reads[quantity] = try padded.spread(try parts[quantity].map { try Tensor.cat($0, 0) })
            }
        }
        return try objective.totals(of: try rows.inputs(all, padded: padded, reads: reads, totals: [:]))
    }

    /// The learning parameters by the rate and decay they learn with.
    private func groups(_ settings: OptimiserSettings) throws -> [(indices: [Int], rate: Double, decay: Double)] {
        for prefix in settings.groups.keys.sorted() where !trainableNames.contains(where: { $0.hasPrefix(prefix) }) {
            throw CoreError.unknown(kind: "group of parameters", name: prefix, known: trainableNames)
        }
        var groups: [(indices: [Int], rate: Double, decay: Double)] = []
        for (index, name) in trainableNames.enumerated() {
            let own = settings.groups.filter { name.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }
            let rate = (own?.value ?? settings.rate).value(at: optimiserSteps)
            guard rate.isFinite else {
                throw ModelError("The learning rate of “\(name)” is \(rate) at step \(optimiserSteps); give a schedule of finite numbers")
            }
            let decay = optimiser.parameters[index].rank >= 2 ? settings.weightDecay : 0
            if let found = groups.firstIndex(where: { $0.rate == rate && $0.decay == decay }) {
                groups[found].indices.append(index)
            } else {
                groups.append(([index], rate, decay))
            }
        }
        return groups
    }
}
