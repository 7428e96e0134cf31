import HoneCore
import HoneModel

extension Run {
    /// Takes the measures that are due in the stage, on a meter of their own.
    ///
    /// Their random streams hang from the run's root, so a measure draws the same numbers whenever it is taken, and
    /// taking it changes nothing else. The answers are a few of those the measures looked at; nil when none was due.
    func measure(_ stage: Stage, isLast: Bool) async throws -> (records: [MeasureRecord], answers: [EpisodeGroup]?) {
        var records: [MeasureRecord] = []
        let kept = KeptAnswers()
        var isMeasured = false
        var found = Findings()
        for (index, scheduled) in stage.measures.enumerated() {
            let isDue = scheduled.every > 0 && (isLast || state.indexInStage % scheduled.every == 0)
            guard isDue else { continue }
            isMeasured = true
            var measured = stage
            if let society = scheduled.society { measured.society = society }
            var services = services(of: measured, charging: measuringMeter)
            services.keptAnswers = kept
            let scope = Scope(services: services, seed: stream).child("measure", index)
            let own = try await scheduled.measure.measure(in: scope)
            found = found.merging(own)
            for (name, estimate) in own.estimates.sorted(by: { $0.key < $1.key }) {
                records.append(MeasureRecord(name: name, estimate: estimate, cost: meter.cost))
                state.measures[name] = estimate
            }
        }
        if isMeasured { newestFindings = found }
        return (records, isMeasured ? kept.groups : nil)
    }

    /// Measures the models as they are before the first iteration, by the first stage's measures.
    func measureStart() async throws {
        guard let stage = plan.stages.first, stage.measures.contains(where: { $0.every > 0 }) else { return }
        let began = surroundings.clock()
        let computed = await computedTokens()
        var record = IterationRecord(index: -1, stage: stage.name, indexInStage: -1)
        (record.measures, record.answers) = try await measure(stage, isLast: true)
        record.computedTokens = ComputedTokens(measuring: await computedTokens() - computed)
        record.seconds = surroundings.clock() - began
        try surroundings.store.append(record)
        observe(record.measures, at: -1)
    }

    /// Measures at a later stage without iterations: what came before it is what it is to be measured after.
    func measurePassing(_ stage: Stage) async throws {
        guard state.stage > 0, stage.measures.contains(where: { $0.every > 0 }) else { return }
        let began = surroundings.clock()
        let computed = await computedTokens()
        var record = IterationRecord(index: state.index, stage: stage.name, indexInStage: 0)
        (record.measures, record.answers) = try await measure(stage, isLast: true)
        record.computedTokens = ComputedTokens(measuring: await computedTokens() - computed)
        record.seconds = surroundings.clock() - began
        state.index += 1
        try surroundings.store.append(record)
        observe(record.measures, at: record.index)
    }

    /// Tokens that its models have worked on to draw answers since they were made.
    func computedTokens() async -> Int {
        var sum = 0
        for model in models.values { sum += await model.computedTokens }
        return sum
    }

    /// Tells the observer what was measured.
    func observe(_ measures: [MeasureRecord], at index: Int) {
        let estimates = Dictionary(measures.map { ($0.name, $0.estimate) }) { _, last in last }
        surroundings.observer(.measured(index: index, estimates, cost: meter.cost))
    }
}

extension Run {
    /// The models with the weights of the newest checkpoint; nothing is played and nothing is changed.
    public func modelsNow() async throws -> [ModelName: any LiveModel] {
        try await makeModels()
        guard let checkpoint = try surroundings.store.latestCheckpoint(warning: { _ in }) else {
            throw CoreError.invalid("There is no checkpoint to take weights from")
        }
        try await restoreModels(from: checkpoint)
        return models
    }

    /// Takes all measures of the first stage that has some with the weights of the newest checkpoint, and changes nothing.
    ///
    /// Without a checkpoint the models are measured as the plan makes them.
    public func measureNow(hasCheckpoint: Bool = true) async throws -> Findings {
        try await makeModels()
        if hasCheckpoint {
            guard let checkpoint = try surroundings.store.latestCheckpoint(warning: { _ in }) else {
                throw CoreError.invalid("There is no checkpoint to measure")
            }
            try await restoreModels(from: checkpoint)
        }
        guard let stage = plan.stages.first(where: { stage in stage.measures.contains { $0.every > 0 } }) else { return Findings() }
        _ = try await measure(stage, isLast: true)
        return newestFindings ?? Findings()
    }
}
