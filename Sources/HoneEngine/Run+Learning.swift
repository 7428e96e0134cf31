import HoneCore
import HoneCredit
import HoneModel

extension Run {
    /// Credit and updates of one iteration.
    func learn(_ stage: inout Stage, _ report: inout IterationReport, in scope: Scope) async throws {
        let allowance = allowance
        let learners = Set(stage.updates.map(\.model))
        for (u, update) in stage.updates.enumerated() where update.every > 0 && (report.index + 1) % update.every == 0 {
            guard allowance.isLeft(), let model = models[update.model] else { continue }
            var terms: [Term] = []
            for (r, route) in update.routes.enumerated() {
                var groups = try await groups(for: route, fresh: report.groups, in: scope.child("recall", r))
                try refuseHeldOut(groups)
                groups = try finite(groups, for: update, &report)
                if learners.count > 1 { groups = groups.map { $0.learning(by: update.model, of: learners) } }
                groups = try await tokenise(groups, for: model)
                let age = await staleness(of: groups, for: update)
                if age > 0 { report.updates["staleness"] = max(report.updates["staleness"] ?? 0, age) }
                let scores = try await scores(route.credit.needs, of: groups, roles: route.roles, in: scope)
                var credit = route.credit
                let all = try credit.batch(for: route.roles, from: groups, scores: scores)
                var batch = all.drawn(update.rows, seed: scope.child("rows", r).seed)
                if update.mergesRows { batch = batch.merged() }
                stage.updates[u].routes[r].credit = credit
                let weight = route.weight.value(at: report.index)
                if !batch.examples.isEmpty { terms.append(Term(batch: batch, objective: route.objective, weight: weight)) }
            }
            guard !terms.isEmpty else {
                report.updates["rows"] = 0
                continue
            }
            let result = try await model.update(
                terms, with: update.optimiser, passes: update.passes, miniBatch: update.miniBatch,
                seed: scope.child("update", u).seed, while: { allowance.isLeft(after: $0.cost) })
            meter.charge(result.cost)
            let prefix = stage.updates.count > 1 ? "\(update.model)." : ""
            for (name, value) in result.values { report.updates[prefix + name] = value }
            report.updates[prefix + "rows"] = Double(terms.reduce(0) { $0 + $1.batch.examples.count })
            report.updates[prefix + "steps"] = Double(result.steps)
            if result.skipped > 0 {
                report.updates[prefix + "skippedSteps"] = Double(result.skipped)
                for (kind, count) in result.skippedFor { report.updates[prefix + "skippedSteps.\(kind)"] = Double(count) }
                surroundings.observer(
                    .warning("\(result.skipped) optimiser steps were left out: a loss or gradient was not finite"))
            }
        }
    }

    /// The groups whose returns and verdicts are all finite; the others are left out and counted, or end the run, as set.
    private func finite(
        _ groups: [EpisodeGroup], for update: Update, _ report: inout IterationReport
    ) throws -> [EpisodeGroup] {
        let faults = groups.map(\.rewardFault)
        let count = faults.filter { $0 != nil }.count
        guard count > 0, let first = faults.compactMap({ $0 }).first else { return groups }
        if update.optimiser.onNonFinite == .halt {
            throw CoreError.invalid("\(first), in iteration \(report.index); leave such groups out with onNonFinite = skip")
        }
        report.updates["nonFiniteGroups", default: 0] += Double(count)
        surroundings.observer(.warning("\(count) groups were left out of learning: \(first)"))
        return zip(groups, faults).filter { $0.1 == nil }.map(\.0)
    }

    /// How many optimiser steps lie between the sampling of trained segments and now, on average; 0 where none was sampled.
    private func staleness(of groups: [EpisodeGroup], for update: Update) async -> Double {
        guard let model = models[update.model] else { return 0 }
        let now = await model.updateCount
        var ages: [Double] = []
        for segment in groups.flatMap(\.episodes).flatMap(\.steps).flatMap(\.move.segments) where segment.isTrained {
            if case .model(let ref, let then) = segment.origin, ref.name == update.model { ages.append(Double(now - then)) }
        }
        return ages.isEmpty ? 0 : ages.reduce(0, +) / Double(ages.count)
    }

    private func groups(for route: Route, fresh: [EpisodeGroup], in scope: Scope) async throws -> [EpisodeGroup] {
        switch route.from {
        case .fresh: return fresh
        case .memory(let name, let count):
            return try await scope.services.memory(name).recall("", limit: count, in: scope).compactMap(\.group)
        case .both(let name, let count):
            return fresh
                + (try await scope.services.memory(name).recall("", limit: count, in: scope).compactMap(\.group))
        }
    }

    /// Held-out problems are for measuring; a plan that would learn from one is refused.
    private func refuseHeldOut(_ groups: [EpisodeGroup]) throws {
        for group in groups {
            if group.assignment.problem.isHeldOut {
                throw CoreError.invalid(
                    "Problem “\(group.assignment.problem.id)” is held out for measuring and must not be learned from")
            }
            try refuseHeldOut(group.children)
        }
    }

    /// Gives text that entered as text, such as demonstrations, its tokens; a demonstrated move ends its text, but for steps of an answer that goes on.
    private func tokenise(_ groups: [EpisodeGroup], for model: any LiveModel) async throws -> [EpisodeGroup] {
        var result = groups
        for g in result.indices {
            let continues = plan.worlds[result[g].assignment.problem.world] is any ContinuingAnswer
            for e in result[g].episodes.indices {
                let count = result[g].episodes[e].steps.count
                for s in 0..<count {
                    var step = result[g].episodes[e].steps[s]
                    if step.context.tokens == nil {
                        step.context = continues ? try await model.tokenised(step.context) : try await ended(step.context, for: model)
                    }
                    if step.move.segments.tokens == nil {
                        let goesOn = continues && s + 1 < count
                        step.move.segments = goesOn ? try await model.tokenised(step.move.segments) : try await ended(step.move.segments, for: model, isMove: true)
                    }
                    result[g].episodes[e].steps[s] = step
                }
            }
            result[g].children = try await tokenise(result[g].children, for: model)
        }
        return result
    }

    /// The segments with their tokens; a demonstrated one ends its text, in a move and where a later context shows it.
    private func ended(_ segments: [Segment], for model: any LiveModel, isMove: Bool = false) async throws -> [Segment] {
        var exact = try await model.tokenised(segments)
        for place in exact.indices where segments[place].tokens == nil && segments[place].origin == .demonstration {
            // A move in several segments ends with the last of them.
            let goes = isMove ? place + 1 < exact.count : place + 1 < exact.count && segments[place + 1].origin == .demonstration
            guard !goes, case .tokens(let tokens, let text) = exact[place].content else { continue }
            exact[place].content = .tokens(tokens + [model.endOfText], text: text)
        }
        return exact
    }

    /// What a credit wants to know of the steps before it is asked.
    private func scores(
        _ needs: [Score], of groups: [EpisodeGroup], roles: [Role], in scope: Scope
    ) async throws -> ScoreTable {
        var table = ScoreTable()
        guard !needs.isEmpty else { return table }
        var places: [ScoreTable.Place] = []
        var transcripts: [Transcript] = []
        for group in groups {
            for episode in group.episodes {
                for (index, step) in episode.steps.enumerated() where roles.contains(step.role) {
                    places.append(ScoreTable.Place(episode: episode.id, step: index))
                    transcripts.append(step.context + step.move.segments)
                }
            }
        }
        for need in needs {
            let scores = try await scope.score(need.by, transcripts, need.quantity)
            table.rows[need] = Dictionary(zip(places, scores)) { first, _ in first }
        }
        return table
    }

    /// The operations a stage has for a moment.
    func perform(_ moment: Moment, of stage: Stage) async throws {
        for operation in stage.operations[moment] ?? [] { try await perform(operation, number: state.indexInStage) }
    }

    /// Does something to weights, for the so-manieth time counted from 0.
    func perform(_ operation: WeightOperation, number: Int) async throws {
        func live(_ name: ModelName) throws -> any LiveModel {
            guard let model = models[name] else {
                throw CoreError.unknown(kind: "model", name: name.text, known: models.keys.map(\.text).sorted())
            }
            return model
        }
        switch operation {
        case .copy(let from, let to):
            switch (from.snapshot, to.snapshot) {
            case (nil, let name?) where from.name == to.name: try await live(to.name).snapshot(name)
            case (let name?, nil) where from.name == to.name: try await live(to.name).returnTo(snapshot: name)
            case (nil, nil): try await live(to.name).load(weights: try await live(from.name).weights())
            case (_?, _?) where from.name == to.name: try await live(to.name).apply(operation)
            default:
                throw CoreError.unsupported(
                    "Cannot copy \(from) to \(to): copy live weights between models, or within a model to or from its own snapshots")
            }
        case .blend(let from, let into, let keep):
            guard let snapshot = into.snapshot, from.name == into.name, from.snapshot == nil else {
                throw CoreError.unsupported("Cannot blend \(from) into \(into): blend live weights into an own snapshot")
            }
            try await live(into.name).blend(into: snapshot, keep: keep)
        case .every(let count, let operation):
            guard count > 0 else { throw CoreError.invalid("An operation is to be done every \(count) iterations; give 1 or more") }
            if (number + 1) % count == 0 { try await perform(operation, number: (number + 1) / count - 1) }
        case .keepIterate(let name, let prefix, let limit):
            // Reservoir sampling (Vitter 1985, algorithm R) by the run's seed.
            var generator = stream.child("iterates").child(prefix, number).generator
            let slot = number < limit ? number : generator.integer(in: 0...number)
            if slot < limit { try await live(name).snapshot("\(prefix)\(slot)") }
        case .keepInTurn(let name, let prefix, let limit):
            guard limit > 0 else { throw CoreError.invalid("\(limit) snapshots “\(prefix)” are to be kept; give 1 or more") }
            try await live(name).snapshot("\(prefix)\(number % limit)")
        case .reset(let name, let optimiserOnly):
            if !optimiserOnly { try await live(name).returnTo(snapshot: "base") }
            try await live(name).resetOptimiser()
        }
    }
}

extension UpdateReport {
    /// What the update cost.
    var cost: Cost {
        var cost = Cost()
        cost.trainedTokens = trainedTokens
        cost.scoredTokens = scoredTokens
        cost.optimiserSteps = steps
        cost.flops = flops
        return cost
    }
}

extension EpisodeGroup {
    /// The group as one of several models learns from it: what the others said is not trained on.
    func learning(by model: ModelName, of learners: Set<ModelName>) -> EpisodeGroup {
        var group = self
        for e in group.episodes.indices {
            for s in group.episodes[e].steps.indices {
                for index in group.episodes[e].steps[s].move.segments.indices {
                    guard case .model(let ref, _) = group.episodes[e].steps[s].move.segments[index].origin, ref.name != model,
                        learners.contains(ref.name)
                    else { continue }
                    group.episodes[e].steps[s].move.segments[index].isTrained = false
                }
            }
        }
        group.children = children.map { $0.learning(by: model, of: learners) }
        return group
    }

    /// What of its returns and verdicts, and those of its children, is not finite, in a sentence.
    var rewardFault: String? {
        for episode in episodes {
            for (role, value) in episode.returns.sorted(by: { $0.key < $1.key }) where !value.isFinite {
                return "The return of \(role) in episode \(episode.id) is \(value)"
            }
        }
        if let verdict = verdicts.first(where: { !$0.value.isFinite }) {
            return "The verdict “\(verdict.kind)” on problem “\(assignment.problem.id)” is \(verdict.value)"
        }
        return children.lazy.compactMap(\.rewardFault).first
    }
}

extension TrainingBatch {
    /// That many rows, each drawn as often as the others as far as it goes; all rows when `count` is 0 or pairs need them.
    func drawn(_ count: Int, seed: Seed) -> TrainingBatch {
        guard count > 0, pairs.isEmpty, !examples.isEmpty else { return self }
        var rows: [Example] = []
        var generator = seed.generator
        while rows.count < count { rows += generator.shuffled(examples).prefix(count - rows.count) }
        return TrainingBatch(examples: rows)
    }
}
