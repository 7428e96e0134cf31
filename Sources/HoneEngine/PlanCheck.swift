import HoneCore
import HoneEndpoint
import HoneModel

extension Plan {
    /// Everything in the plan that cannot work, as sentences; empty when it can run.
    public func faults() -> [String] {
        var faults: [String] = []
        let names = (Array(models.keys) + endpoints.keys).map(\.text).sorted()
        func check(_ model: ModelName, _ place: String, learns: Bool = false) {
            if endpoints[model] != nil {
                if learns { faults.append("\(place) \(Self.needsWeights(model))") }
            } else if models[model] == nil {
                faults.append("\(place): \(CoreError.unknown(kind: "model", name: model.text, known: names))")
            }
        }
        for (name, model) in models.sorted(by: { $0.key < $1.key }) {
            switch model.source {
            case .adapter(let other, _), .copy(let other): check(other, "Model “\(name)”", learns: true)
            case .scratch, .folder: break
            }
        }
        for (name, settings) in endpoints.sorted(by: { $0.key < $1.key }) {
            if models[name] != nil { faults.append("“\(name)” is both a model with weights and an endpoint; give one of them another name") }
            faults += settings.faults().map { "Endpoint “\(name)”: \($0)" }
        }
        for (name, mixture) in mixtures.sorted(by: { $0.key < $1.key }) {
            if models[name] != nil { faults.append("“\(name)” is both a model and a mixture; give the mixture a name of its own") }
            for model in mixture.models { check(model.name, "Mixture “\(name)”") }
            if mixture.parts(snapshots: []).isEmpty { faults.append("Mixture “\(name)” has no part with a weight above 0") }
        }
        var seen: Set<StageName> = []
        for stage in stages + models.values.flatMap({ $0.base?.stages ?? [] }) {
            let place = "Stage “\(stage.name)”"
            if stages.contains(where: { $0.name == stage.name }), !seen.insert(stage.name).inserted {
                faults.append("\(place) occurs twice; give each stage its own name")
            }
            if stage.iterations < 0 { faults.append("\(place) has \(stage.iterations) iterations; give 0 or more") }
            if stage.perIteration < 1 { faults.append("\(place) plays \(stage.perIteration) problems; give 1 or more") }
            for (_, player) in stage.cast.sorted(by: { $0.key < $1.key }) {
                if player.search == nil, mixtures[player.model.name] == nil { check(player.model.name, place) }
                if let search = player.search, searches[search] == nil {
                    let known = searches.keys.map(\.text).sorted()
                    faults.append("\(place): \(CoreError.unknown(kind: "search method", name: search.text, known: known))")
                }
                if player.search == nil, policies[player.policy] == nil {
                    let known = policies.keys.map(\.text).sorted()
                    faults.append("\(place): \(CoreError.unknown(kind: "policy", name: player.policy.text, known: known))")
                }
            }
            for update in stage.updates {
                check(update.model, place, learns: true)
                for route in update.routes {
                    faults += route.faults(at: place, in: self)
                    // What another model said has its own tokens and probabilities.
                    for role in route.roles where stages.contains(where: { $0.name == stage.name }) {
                        guard let seat = seats[role], seat.model.name != update.model else { continue }
                        faults.append(
                            "\(place) teaches “\(update.model)” from what the role “\(role)” says, which “\(seat.model)” plays; seat another role, or take a recipe "
                                + "that does not learn from it")
                    }
                }
            }
            for memory in stage.remembers where memories[memory] == nil {
                let known = memories.keys.map(\.text).sorted()
                faults.append("\(place): \(CoreError.unknown(kind: "memory", name: memory.text, known: known))")
            }
        }
        for (name, actors) in actors.sorted(by: { $0.key < $1.key }) {
            faults += actors.endpoints.flatMap { $0.faults() }.map { "Actor of “\(name)”: \($0)" }
            guard case .folder(_, let loading)? = models[name]?.source, loading.adapters != nil else {
                faults.append("Actors draw for “\(name)”, which does not learn through adapters; give a model folder and --lora, as servers take new weights as adapters")
                continue
            }
        }
        for (role, seat) in seats.sorted(by: { $0.key < $1.key }) { check(seat.model.name, "Role “\(role)”") }
        faults += operationFaults()
        if stages.isEmpty { faults.append("The plan has no stage, so there is nothing to run") }
        return faults
    }

    private static func needsWeights(_ model: ModelName) -> String {
        "needs the weights of “\(model)”, which is an endpoint and has none here; give a model folder or a size, or a recipe that does not learn"
    }

    /// Operations on weights of models that have none.
    private func operationFaults() -> [String] {
        stages.flatMap { stage in
            let named = Set(stage.operations.values.joined().flatMap(\.models))
            return named.filter { endpoints[$0] != nil }.sorted().map { "Stage “\(stage.name)” \(Self.needsWeights($0))" }
        }
    }
}

extension WeightOperation {
    /// The models whose weights it reads or changes.
    fileprivate var models: [ModelName] {
        switch self {
        case .copy(let from, let to), .blend(let from, let to, _): [from.name, to.name]
        case .reset(let model, _), .keepIterate(let model, _, _), .keepInTurn(let model, _, _): [model]
        case .every(_, let operation): operation.models
        }
    }
}

extension Route {
    /// What keeps the route's credit and objective from working together.
    func faults(at place: String, in plan: Plan) -> [String] {
        let credit = type(of: self.credit).card
        let objective = type(of: self.objective).card
        var faults: [String] = []
        let missing = objective.needs.intersection([.pairs, .tree, .stepVerdicts]).subtracting(credit.gives)
        for trait in missing.sorted(by: { $0.rawValue < $1.rawValue }) {
            faults.append(
                "\(place): objective “\(objective.name)” needs \(trait.rawValue), which credit “\(credit.name)” does not give")
        }
        if roles.isEmpty { faults.append("\(place): a route to “\(objective.name)” names no role") }
        for score in self.objective.needs + self.credit.needs where plan.models[score.by.name] == nil && plan.endpoints[score.by.name] == nil {
            faults.append(
                "\(place): “\(objective.name)” needs scores of model “\(score.by.name)”, which the plan does not have")
        }
        for score in self.objective.needs + self.credit.needs where plan.endpoints[score.by.name] != nil {
            faults.append("\(place): “\(objective.name)” needs scores of “\(score.by.name)”, an endpoint; it learns from models with weights only")
        }
        return faults
    }
}

/// Why a plan was refused.
public struct PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The faults, in plan order.
    public var faults: [String]

    /// The error of these faults.
    public init(_ faults: [String]) { self.faults = faults }

    public var description: String { faults.joined(separator: "\n") }
}
