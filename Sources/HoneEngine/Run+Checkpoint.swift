import Foundation
import HoneCore
import HoneModel

extension Run {
    /// Puts back the newest whole checkpoint, or measures the start when there is none.
    func resume() async throws {
        let observer = surroundings.observer
        let checkpoint = try surroundings.store.latestCheckpoint { observer(.warning($0)) }
        var parameters: [ModelName: Int] = [:]
        for (name, model) in models { parameters[name] = await model.parameterCount }
        let total = plan.stages.reduce(0) { $0 + $1.iterations }
        observer(.began(models: parameters, iterations: total, resumedAfter: checkpoint?.iteration))
        guard let checkpoint else {
            try surroundings.store.forget(after: -2)
            try await refreshActors()
            try await measureStart()
            return
        }
        guard let data = checkpoint.files[RunState.file] else {
            throw CoreError.invalid(
                "The checkpoint of iteration \(checkpoint.iteration) holds no \(RunState.file); delete it to use an older one")
        }
        state = try RunState(data)
        guard state.version == RunState().version else {
            throw CoreError.invalid(
                "The checkpoint has format \(state.version) and this program reads format \(RunState().version); "
                    + "use the version of hone that wrote the run")
        }
        meter.restore(state.cost)
        measuringMeter.restore(state.measuringCost)
        try putBackMemos()
        try await restoreModels(from: checkpoint)
        try await refreshActors()
        try surroundings.store.forget(after: checkpoint.iteration)
        if !state.measures.isEmpty {
            observer(.measured(index: checkpoint.iteration, state.measures, cost: meter.cost))
        }
    }

    /// Puts the weights and optimisers of a checkpoint into the models.
    func restoreModels(from checkpoint: Checkpoint) async throws {
        for (name, model) in models.sorted(by: { $0.key < $1.key }) {
            let prefix = "model-\(name)-"
            var files: [String: Data] = [:]
            for (file, data) in checkpoint.files where file.hasPrefix(prefix) {
                files[String(file.dropFirst(prefix.count))] = data
            }
            try await model.restore(files)
        }
    }

    /// Writes everything from which the run can go on.
    func keepCheckpoint() async throws {
        let began = surroundings.clock()
        state.cost = meter.cost
        state.measuringCost = measuringMeter.cost
        state.memos = try memos()
        var files = [RunState.file: try state.data()]
        for (name, model) in models {
            for (file, data) in try await model.checkpointFiles() { files["model-\(name)-\(file)"] = data }
        }
        try surroundings.store.keep(Checkpoint(iteration: state.index - 1, files: files))
        let now = surroundings.clock()
        nextSave = now + (now - began) * (1 / surroundings.savingShare - 1)
    }

    /// What all stateful parts of the plan remember, by place.
    private func memos() throws -> [String: JSONValue] {
        var memos: [String: JSONValue] = [:]
        for stage in plan.stages {
            if let curriculum = stage.curriculum { memos["\(stage.name)/curriculum"] = try memo(of: curriculum) }
            for (index, controller) in stage.controllers.enumerated() {
                memos["\(stage.name)/controller \(index)"] = try memo(of: controller)
            }
            for (u, update) in stage.updates.enumerated() {
                for (r, route) in update.routes.enumerated() {
                    if let credit = route.credit as? any Stateful {
                        memos["\(stage.name)/update \(u)/credit \(r)"] = try memo(of: credit)
                    }
                }
            }
        }
        for (name, memory) in plan.memories { memos["memory/\(name)"] = try memo(of: memory) }
        return memos
    }

    private func putBackMemos() throws {
        for s in plan.stages.indices {
            let name = plan.stages[s].name
            if var curriculum = plan.stages[s].curriculum {
                try putBack(state.memos["\(name)/curriculum"], into: &curriculum)
                plan.stages[s].curriculum = curriculum
            }
            for c in plan.stages[s].controllers.indices {
                var controller = plan.stages[s].controllers[c]
                try putBack(state.memos["\(name)/controller \(c)"], into: &controller)
                plan.stages[s].controllers[c] = controller
            }
            for u in plan.stages[s].updates.indices {
                for r in plan.stages[s].updates[u].routes.indices {
                    guard var credit = plan.stages[s].updates[u].routes[r].credit as? any Stateful & Credit else { continue }
                    try putBack(state.memos["\(name)/update \(u)/credit \(r)"], into: &credit)
                    plan.stages[s].updates[u].routes[r].credit = credit
                }
            }
        }
        for (name, memory) in plan.memories {
            var copy = memory
            try putBack(state.memos["memory/\(name)"], into: &copy)
            plan.memories[name] = copy
        }
    }
}
