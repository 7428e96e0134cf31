import Foundation
import HoneCore
import HoneModel

extension Run {
    /// Makes the models of the plan, in name order, and teaches those that have a base.
    func makeModels() async throws {
        for (name, settings) in plan.endpoints.sorted(by: { $0.key < $1.key }) where endpoints[name] == nil {
            endpoints[name] = try await surroundings.endpoints(name, settings)
        }
        guard models.isEmpty else { return }
        var later: [(ModelName, ModelPlan)] = []
        for (name, model) in plan.models.sorted(by: { $0.key < $1.key }) {
            let own = seed.child("model", 0).child(name.text)
            if let other = model.source.original {
                // Models over others are made when those are there, however they are named.
                guard models[other] != nil else {
                    later.append((name, model))
                    continue
                }
            }
            models[name] = try await make(name, model, own)
        }
        for (name, model) in later { models[name] = try await make(name, model, seed.child("model", 0).child(name.text)) }
        for (name, model) in models.sorted(by: { $0.key < $1.key }) {
            // References and target copies that are there from the start are what the model is at the start.
            for snapshot in plan.snapshots(of: name) where !(await model.snapshotNames).contains(snapshot) {
                try await model.snapshot(snapshot)
            }
            for other in plan.peers(of: name) { if let peer = models[other] { await model.connect(other, to: peer) } }
        }
    }

    /// A model of the plan: a copy of or adapters over one that is there, or one of its own, taught where it has a base.
    private func make(_ name: ModelName, _ model: ModelPlan, _ own: Seed) async throws -> any LiveModel {
        if let other = model.source.original {
            guard let host = models[other] as? ModelHost else {
                throw CoreError.unsupported("Model “\(name)” is made of “\(other)”, which is no transformer that is there first")
            }
            var adapters: AdapterSettings?
            if case .adapter(_, let rank) = model.source { adapters = AdapterSettings(rank: rank) }
            let copy = try await host.adapted(name, adapters, heads: plan.heads(of: name), seed: own)
            if let base = model.base {
                // What it is a copy of is as it was at the start, whenever that is: models are made before anything is loaded into them.
                let weights = try await taught(name, by: base, from: model.source, seed: own.child("base"), own) { plan in
                    try await host.adapted(name, adapters, heads: plan.heads(of: name), seed: own)
                }
                try await copy.load(weights: weights)
            }
            try await copy.snapshot("base")
            return copy
        }
        let live = try await surroundings.factory(name, model.source, plan.heads(of: name), own)
        if let base = model.base {
            // Taught weights are loaded into a model that has learned nothing, so that it makes no difference whether they
            // come from the cache.
            let weights = try await taught(name, by: base, from: model.source, seed: seed.child("base"), own) { plan in
                try await surroundings.factory(name, model.source, plan.heads(of: name), own)
            }
            try await live.load(weights: weights)
        }
        try await live.snapshot("base")
        return live
    }

    /// What a model's first weights come from: its source, and, of a copy, what that is at the start.
    private func origin(of source: ModelSource) throws -> JSONValue {
        guard let other = source.original, let model = plan.models[other] else { return try JSONValue(encoding: source) }
        return .object([
            "source": try JSONValue(encoding: source), "over": try origin(of: model.source), "base": model.base?.fingerprint ?? .null,
            "heads": .array(plan.heads(of: other).map { .string($0.name.text) }),
        ])
    }

    /// The weights that a base's stages lead to, from the cache where they are known.
    private func taught(
        _ name: ModelName, by base: Base, from source: ModelSource, seed teachingSeed: Seed, _ own: Seed, pupil make: (Plan) async throws -> any LiveModel
    ) async throws -> Data {
        let identity = JSONValue.object([
            "base": base.fingerprint, "source": try origin(of: source), "seed": .string(String(seed.value)),
            "engine": .string(EngineVersion.weights),
        ])
        let key = SHA256.hex(identity.canonical)
        if let files = try surroundings.bases?.files(for: key), let weights = files["model.safetensors"],
            let cost = files["cost.json"]
        {
            share(try JSONValue(parsing: String(decoding: cost, as: UTF8.self)).decode(Cost.self))
            surroundings.observer(.foundBase(name, fingerprint: key))
            return Data(weights)
        }
        surroundings.observer(.teachingBase(name, iterations: base.stages.reduce(0) { $0 + $1.iterations }))
        var inner = plan
        inner.stages = base.stages
        // A copy is made before: the inner run knows it as a model of its own.
        inner.models = [name: ModelPlan(source.original == nil ? source : .scratch(size: "nano"))]
        inner.endpoints = [:]
        inner.seats = [:]
        inner.actors = [:]
        inner.mixtures = [:]
        inner.budget = nil
        let observer = surroundings.observer
        var around = surroundings
        around.store = ForgetfulStore()
        around.observer = { event in if case .iterated(let summary) = event { observer(.taught(name, summary)) } }
        let pupil = try await make(inner)
        around.factory = { _, _, _, _ in pupil }
        around.checkpointEvery = Int.max
        let teaching = try Run(plan: inner, seed: teachingSeed, surroundings: around)
        let outcome = try await teaching.execute()
        share(outcome.cost)
        let weights = try await pupil.weights()
        let cost = Data(try JSONValue(encoding: outcome.cost).canonical.utf8)
        try surroundings.bases?.keep(
            ["model.safetensors": [UInt8](weights), "cost.json": [UInt8](cost)], for: key)
        return weights
    }

    /// Charges shared teaching, and remembers that it was shared.
    private func share(_ cost: Cost) {
        meter.charge(cost)
        sharedCost += cost
    }
}

extension Plan {
    /// The heads of a model: those its plan names, and those that the objectives routed to it teach, by name.
    func heads(of name: ModelName) -> [Head] {
        var heads: [HeadName: Head] = [:]
        for stage in stages {
            for update in stage.updates where update.model == name {
                for head in update.routes.flatMap(\.objective.heads) { heads[head.name] = head }
            }
        }
        for head in models[name]?.heads ?? [] { heads[head.name] = head }
        return heads.values.sorted { $0.name < $1.name }
    }
}

extension Plan {
    /// The snapshots of a model that objectives, credits, casts, mixtures and moving averages name.
    func snapshots(of name: ModelName) -> [String] {
        var refs = mixtures.values.flatMap(\.models)
        for stage in stages {
            refs += stage.cast.values.map(\.model)
            refs += stage.operations.values.joined().compactMap(\.average)
            for route in stage.updates.flatMap(\.routes) { refs += (route.objective.needs + route.credit.needs).map(\.by) }
        }
        return Set(refs.filter { $0.name == name }.compactMap(\.snapshot)).sorted()
    }

    /// The other models that objectives routed to a model ask.
    func peers(of name: ModelName) -> [ModelName] {
        let routes = stages.flatMap(\.updates).filter { $0.model == name }.flatMap(\.routes)
        return Set(routes.flatMap(\.objective.needs).map(\.by.name)).subtracting([name]).sorted()
    }
}

extension WeightOperation {
    /// The snapshot that it moves a part of the way, which must be there before.
    fileprivate var average: ModelRef? {
        switch self {
        case .blend(_, let into, _): into
        case .every(_, let operation): operation.average
        case .copy, .reset, .keepIterate, .keepInTurn: nil
        }
    }
}

extension ModelSource {
    /// The model of the plan that it is made of, if it is.
    fileprivate var original: ModelName? {
        switch self {
        case .adapter(let other, _), .copy(let other): other
        case .scratch, .folder: nil
        }
    }
}
