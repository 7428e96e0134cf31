import HoneCore
import HoneModel

extension Run {
    /// The services of a stage, charging a meter.
    func services(of stage: Stage, charging meter: Meter) -> StageServices {
        StageServices(
            models: models, endpoints: endpoints, mixtures: plan.mixtures, worlds: plan.worlds, memories: plan.memories,
            policies: plan.policies, searches: plan.searches, society: stage.society, cast: stage.cast, seats: plan.seats, meter: meter)
    }

    /// Where an iteration of a stage plays, as the stage is now.
    private func scope(of stage: Stage, iteration number: Int) -> Scope {
        Scope(services: services(of: stage, charging: meter), seed: stream).child(stage.name.text).child("iteration", number)
    }

    /// One pass of the loop.
    func iterate() async throws {
        let began = surroundings.clock()
        let costBefore = meter.cost
        let computedBefore = await computedTokens()
        let number = state.indexInStage
        var stage = plan.stages[state.stage]
        var scope = self.scope(of: stage, iteration: number)
        var report = IterationReport(index: number, measures: state.measures)
        var decisions: [String] = []

        if number == 0 { try await perform(.entered, of: stage) }
        try await perform(.start, of: stage)
        var next = try await consult(.start, &stage, report, scope, &decisions)
        // Controllers may have cast others, or let them play otherwise.
        scope = self.scope(of: stage, iteration: number)
        var missing = stage.perIteration
        while missing > 0, !next.endsPlay, var curriculum = stage.curriculum {
            let assignments = try await curriculum.next(missing, in: scope.child("curriculum", report.groups.count))
            stage.curriculum = curriculum
            for wave in waves(of: assignments) where allowance.isLeft() {
                report.groups += try await play(wave, of: stage, from: report.groups.count, in: scope)
            }
            try await perform(.judged, of: stage)
            next = try await consult(.judged, &stage, report, scope, &decisions)
            if case .playMore(let count) = next, !assignments.isEmpty, allowance.isLeft() { missing = count } else { missing = 0 }
        }
        if next != .skipLearning { try await learn(&stage, &report, in: scope) }
        try await refreshActors()
        if var curriculum = stage.curriculum {
            try await curriculum.observe(report.groups, in: scope.child("observe"))
            stage.curriculum = curriculum
        }
        for name in stage.remembers {
            guard var memory = plan.memories[name] else { continue }
            try await memory.remember(report.groups, in: scope.child("remember"))
            plan.memories[name] = memory
        }
        try await perform(.learned, of: stage)
        let after = try await consult(.learned, &stage, report, scope, &decisions)
        plan.stages[state.stage] = stage
        try await conclude(stage, report, decisions, after, began: began, costBefore: costBefore, computedBefore: computedBefore)
    }

    /// Records the iteration, measures, and moves on.
    private func conclude(
        _ stage: Stage, _ report: IterationReport, _ decisions: [String], _ next: Decision.Next, began: Double,
        costBefore: Cost, computedBefore: Int
    ) async throws {
        var record = IterationRecord(
            index: state.index, stage: stage.name, indexInStage: state.indexInStage, groups: report.groups,
            updates: report.updates, training: TrainingSummary.of(report.groups), decisions: decisions)
        record.cost = meter.cost - costBefore
        let computed = await computedTokens()
        state.index += 1
        state.indexInStage += 1
        let isSpent = !allowance.isLeft()
        if isSpent, let budget = plan.budget { record.decisions.append("budget: \(budget) is spent") }
        if plan.budget?.unit == .seconds {
            state.seconds = (state.seconds ?? 0) + surroundings.clock() - beganImproving
        }
        (record.measures, record.answers) = try await measure(stage, isLast: isSpent || state.indexInStage >= stage.iterations)
        record.computedTokens = ComputedTokens(improving: computed - computedBefore, measuring: await computedTokens() - computed)
        beganImproving = surroundings.clock()
        record.seconds = surroundings.clock() - began
        try surroundings.store.append(record)
        surroundings.observer(
            .iterated(
                IterationSummary(
                    index: record.index, stage: stage.name, indexInStage: record.indexInStage,
                    stageIterations: stage.iterations, training: record.training, updates: record.updates,
                    cost: meter.cost, seconds: record.seconds)))
        if !record.measures.isEmpty {
            observe(record.measures, at: record.index)
        }
        switch next {
        case .finishStage: state.indexInStage = max(state.indexInStage, plan.stages[state.stage].iterations)
        case .enter(let name):
            guard let index = plan.stages.firstIndex(where: { $0.name == name }) else {
                let known = plan.stages.map(\.name.text)
                throw CoreError.unknown(kind: "stage", name: name.text, known: known)
            }
            state.stage = index
            state.indexInStage = 0
        case .stop: state.stage = plan.stages.count
        case .proceed, .playMore, .skipLearning: break
        }
        if isSpent {
            state.stage = plan.stages.count
            state.isBudgetSpent = true
        }
    }

    /// Plays assignments at once, judges each group, and files the groups in order.
    private func play(
        _ assignments: [Assignment], of stage: Stage, from first: Int, in scope: Scope
    ) async throws -> [EpisodeGroup] {
        let judges = stage.judges
        return try await assignments.concurrently { offset, assignment in
            let own = scope.child("problem", first + offset)
            var group = try await own.services.play(assignment, in: own)
            for (index, judge) in judges.enumerated() {
                let judgement = try await judge.judge(group, in: own.child("judge", index))
                group.verdicts += judgement.verdicts
                group.children += judgement.children
            }
            return group
        }
    }

    /// Asks the controllers, in order; the last one that does not just proceed decides.
    private func consult(
        _ moment: Moment, _ stage: inout Stage, _ report: IterationReport, _ scope: Scope, _ decisions: inout [String]
    ) async throws -> Decision.Next {
        var next = Decision.Next.proceed
        for index in stage.controllers.indices {
            var controller = stage.controllers[index]
            let decision = try await controller.decide(
                at: moment, changing: &stage, given: report, in: scope.child("controller \(moment.rawValue)", index))
            stage.controllers[index] = controller
            for operation in decision.operations { try await perform(operation, number: state.indexInStage) }
            if decision != Decision() {
                decisions.append("\(moment.rawValue): \(decision.next) \(decision.reason)")
            }
            if decision.next != .proceed { next = decision.next }
        }
        return next
    }
}

extension Decision.Next {
    /// Whether nothing more is played in this iteration.
    fileprivate var endsPlay: Bool {
        switch self {
        case .stop, .finishStage, .enter: true
        case .proceed, .playMore, .skipLearning: false
        }
    }
}
