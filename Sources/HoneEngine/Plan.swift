import Foundation
import HoneCore
import HoneEndpoint
import HoneModel

/// What comes from whom and goes where: some roles' steps through one credit into one objective.
public struct Route: Sendable {
    /// Where the groups come from.
    public enum Source: Hashable, Sendable {
        /// Those of this iteration.
        case fresh
        /// That many recalled from a memory.
        case memory(MemoryName, count: Int)
        /// Both, the fresh ones first.
        case both(MemoryName, count: Int)
    }

    /// Whose steps.
    public var roles: [Role]
    /// From where.
    public var from: Source
    /// Turns groups into rows.
    public var credit: any Credit
    /// Turns rows into a loss.
    public var objective: any Objective
    /// The loss's factor, by iteration of the stage.
    public var weight: Schedule

    /// A route.
    public init(
        roles: [Role] = [.solver], from: Source = .fresh, credit: any Credit, objective: any Objective,
        weight: Schedule = .constant(1)
    ) {
        self.roles = roles
        self.from = from
        self.credit = credit
        self.objective = objective
        self.weight = weight
    }
}

/// One optimiser: its routes are summed in each of its steps.
public struct Update: Sendable {
    /// The model that learns.
    public var model: ModelName
    /// What it learns from.
    public var routes: [Route]
    /// How its optimiser works.
    public var optimiser: OptimiserSettings
    /// How often each iteration's rows are gone through.
    public var passes: Int
    /// Rows per optimiser step; 0 takes all rows in one step.
    public var miniBatch: Int
    /// Learns only in every so-manieth iteration.
    public var every: Int
    /// How many rows an iteration learns from, drawn evenly from all; 0 takes all of them.
    public var rows: Int
    /// Whether rows with the same tokens are learned as one with their mean advantage (`TrainingBatch.merged`).
    public var mergesRows: Bool

    /// An update.
    public init(
        model: ModelName, routes: [Route], optimiser: OptimiserSettings = OptimiserSettings(), passes: Int = 1,
        miniBatch: Int = 0, every: Int = 1, rows: Int = 0, mergesRows: Bool = false
    ) {
        self.mergesRows = mergesRows
        self.rows = rows
        self.model = model
        self.routes = routes
        self.optimiser = optimiser
        self.passes = passes
        self.miniBatch = miniBatch
        self.every = every
    }
}

/// When in an iteration something happens.
public enum Moment: String, Hashable, Sendable, Codable {
    /// Once, before the first iteration of a stage; controllers are not asked then.
    case entered
    /// Before anything is played.
    case start
    /// After judging, before learning.
    case judged
    /// After learning.
    case learned
}

/// A measure and how often it is taken.
public struct ScheduledMeasure: Sendable {
    /// Every so many iterations, and always after the last; 0 takes it never.
    public var every: Int
    /// What is measured.
    public var measure: any Measure
    /// Who speaks when while it is measured; nil is the stage's society.
    public var society: (any Society)?

    /// A scheduled measure.
    public init(every: Int, _ measure: any Measure, society: (any Society)? = nil) {
        self.every = every
        self.measure = measure
        self.society = society
    }
}

/// A stretch of a run with one composition of parts.
public struct Stage: Sendable {
    /// Its name.
    public var name: StageName
    /// How many iterations.
    public var iterations: Int
    /// How many assignments an iteration plays.
    public var perIteration: Int
    /// Chooses what is played; nil plays nothing.
    public var curriculum: (any Curriculum)?
    /// Who speaks when.
    public var society: any Society
    /// Who plays which role.
    public var cast: Cast
    /// What judges the groups, in order.
    public var judges: [any Judge]
    /// What learns.
    public var updates: [Update]
    /// What steers the stage.
    public var controllers: [any Controller]
    /// What is done to weights at each moment.
    public var operations: [Moment: [WeightOperation]]
    /// What is measured.
    public var measures: [ScheduledMeasure]
    /// Memories that take in the stage's groups.
    public var remembers: [MemoryName]

    /// A stage.
    public init(
        name: StageName, iterations: Int = 1, perIteration: Int = 32, curriculum: (any Curriculum)? = nil,
        society: any Society, cast: Cast = [:], judges: [any Judge] = [], updates: [Update] = [],
        controllers: [any Controller] = [], operations: [Moment: [WeightOperation]] = [:],
        measures: [ScheduledMeasure] = [], remembers: [MemoryName] = []
    ) {
        self.name = name
        self.iterations = iterations
        self.perIteration = perIteration
        self.curriculum = curriculum
        self.society = society
        self.cast = cast
        self.judges = judges
        self.updates = updates
        self.controllers = controllers
        self.operations = operations
        self.measures = measures
        self.remembers = remembers
    }
}

/// How a model of the plan is made when the run begins.
public struct ModelPlan: Sendable {
    /// Where its weights come from.
    public var source: ModelSource
    /// A plan whose run teaches it first: shared work, built once and cached by the fingerprint.
    public var base: Base?
    /// Heads it has beside those that the objectives routed to it teach.
    public var heads: [Head]

    /// A model.
    public init(_ source: ModelSource, base: Base? = nil, heads: [Head] = []) {
        self.source = source
        self.base = base
        self.heads = heads
    }
}

/// Teaching that several runs share.
public struct Base: Sendable {
    /// The stages that teach.
    public var stages: [Stage]
    /// All that decides the outcome: two bases with one fingerprint and one seed have the same bits.
    public var fingerprint: JSONValue

    /// A base.
    public init(stages: [Stage], fingerprint: JSONValue) {
        self.stages = stages
        self.fingerprint = fingerprint
    }
}

/// A model that plays a role in place of the one that was cast.
public struct Seat: Hashable, Sendable, Codable {
    /// The model.
    public var model: ModelRef
    /// How it is asked where the role's player is asked directly; nil is directly too.
    public var policy: PolicyName?

    /// A seat.
    public init(model: ModelRef, policy: PolicyName? = nil) {
        self.model = model
        self.policy = policy
    }

    /// The player with this seat's model.
    func taken(by player: Player) -> Player {
        var player = player
        player.model = model
        if let policy, player.policy == "direct" { player.policy = policy }
        return player
    }
}

/// Everything a run is made of: values only, so that it can be printed, compared and rebuilt.
public struct Plan: Sendable {
    /// The models.
    public var models: [ModelName: ModelPlan]
    /// Models that are asked over HTTP; they play and judge, and never learn.
    public var endpoints: [ModelName: EndpointSettings]
    /// Servers that draw for models that learn here.
    public var actors: [ModelName: Actors] = [:]
    /// Models that play a role wherever it is played, whatever the casts of stages and measures say; teaching is not touched.
    public var seats: [Role: Seat] = [:]
    /// The worlds.
    public var worlds: [WorldName: any World]
    /// The memories.
    public var memories: [MemoryName: any Memory]
    /// The policies.
    public var policies: [PolicyName: any Policy]
    /// The search methods.
    public var searches: [SearchName: any SearchMethod]
    /// Averaged policies, by the names under which casts call them as if they were models.
    public var mixtures: [ModelName: Mixture]
    /// The stages, run in order unless a controller says otherwise.
    public var stages: [Stage]
    /// The most that improving may spend; the run ends, measured, where it is spent.
    public var budget: Budget?

    /// A plan.
    public init(
        models: [ModelName: ModelPlan], endpoints: [ModelName: EndpointSettings] = [:], worlds: [WorldName: any World],
        memories: [MemoryName: any Memory] = [:], policies: [PolicyName: any Policy] = [:],
        searches: [SearchName: any SearchMethod] = [:],
        mixtures: [ModelName: Mixture] = [:], stages: [Stage], budget: Budget? = nil
    ) {
        self.budget = budget
        self.models = models
        self.endpoints = endpoints
        self.mixtures = mixtures
        self.worlds = worlds
        self.memories = memories
        self.policies = policies
        self.searches = searches
        self.stages = stages
    }
}

extension Plan {
    /// The plan of a run in a folder: endpoints keep their answers there, so that what is resumed or measured again need not pay for them
    /// twice, and adapters are handed to actors there.
    public func placed(in folder: String) -> Plan {
        var plan = self
        for name in endpoints.keys { plan.endpoints[name]?.cache = folder + "/answers" }
        for (name, actors) in actors {
            plan.actors[name]?.folder = URL(fileURLWithPath: folder).path + "/actors"
            for index in actors.endpoints.indices { plan.actors[name]?.endpoints[index].cache = folder + "/answers" }
        }
        return plan
    }
}
