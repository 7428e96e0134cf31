import HoneCore
import HoneNumerics

/// Sits a learner at the tables of games, on every seat in turn, opposite whom a scheme says.
///
/// Snapshots are those that the stage's operations make: every `keepEvery` iterations one, `past 0`, `past 1`, … up to `pool`, in turn or
/// as an even sample, as `operations` gives them. What is carried is how each opponent fared, so that a resumed run draws the same ones.
public struct Matchmaking: Curriculum {
    public static let card = PartCard(
        name: "matchmaking", summary: "a learner against itself, its past, an exploiter, an equilibrium of its past, or a fixed player",
        source: "Vinyals et al. 2019; Lanctot et al. 2017")

    /// A game that is played.
    public struct Table: Hashable, Sendable {
        /// The problem that begins it.
        public var problem: Problem
        /// Its seats.
        public var roles: [Role]

        /// A game.
        public init(problem: Problem, roles: [Role]) {
            self.problem = problem
            self.roles = roles
        }
    }

    /// What is carried from iteration to iteration.
    public struct Memo: Hashable, Sendable, Codable {
        /// Iterations begun.
        public var iteration = 0
        /// How the learner fared against each opponent, by snapshot.
        public var fared: [String: PointCount] = [:]
        /// How snapshots fared against each other, the row's points.
        public var between: [String: [String: PointCount]] = [:]
        /// With which probability each snapshot is met, where an equilibrium says.
        public var mixture: [String: Double] = [:]

        /// Nothing yet.
        public init() {}
    }

    /// The games, met equally often.
    public let tables: [Table]
    /// Who learns.
    public let learner: Player
    /// Whom it meets.
    public let scheme: OpponentScheme
    /// The player of the scheme `fixed`, and the league's exploiter.
    public let other: Player?
    /// Plays of each assignment.
    public let samples: Int
    /// Every so many iterations a snapshot is kept.
    public let keepEvery: Int
    /// The most snapshots.
    public let pool: Int
    /// k of the prioritised scheme's weights (1 − p)ᵏ, p the learner's points.
    public let hardness: Double
    /// Plays for each entry of the table between snapshots.
    public let trials: Int
    public var memo = Memo()

    /// The curriculum.
    public init(
        tables: [Table], learner: Player, scheme: OpponentScheme, other: Player? = nil, samples: Int = 1, keepEvery: Int = 5, pool: Int = 10,
        hardness: Double = 1, trials: Int = 32
    ) {
        self.tables = tables
        self.learner = learner
        self.scheme = scheme
        self.other = other
        self.samples = samples
        self.keepEvery = max(1, keepEvery)
        self.pool = max(1, pool)
        self.hardness = hardness
        self.trials = trials
    }

    /// What a stage has to do after learning, so that the snapshots are there.
    public var operations: [WeightOperation] {
        let name = learner.model.name
        switch scheme {
        case .mirror, .fixed: return []
        case .fictitious: return [.every(keepEvery, .keepIterate(name, prefix: Self.prefix, limit: pool))]
        case .latest, .past, .prioritised, .league, .oracle: return [.every(keepEvery, .keepInTurn(name, prefix: Self.prefix, limit: pool))]
        }
    }

    /// How the snapshots' names begin.
    public static let prefix = "past "

    /// The snapshots there are after so many iterations, from the oldest to the newest; those of fictitious play are a sample without order.
    public func kept(after iterations: Int) -> [String] {
        let made = scheme.keepsSnapshots ? iterations / keepEvery : 0
        let first = scheme == .fictitious ? 0 : max(0, made - pool)
        return (first..<max(first, scheme == .fictitious ? min(made, pool) : made)).map { "\(Self.prefix)\($0 % pool)" }
    }

    /// How many snapshots were made before the present iteration.
    private var made: Int { memo.iteration / keepEvery }
    /// The snapshots there are, by name.
    var kept: [String] { (0..<min(made, pool)).map { "\(Self.prefix)\($0)" } }
    /// The newest one.
    var newest: String? { made == 0 ? nil : "\(Self.prefix)\((made - 1) % pool)" }

    public mutating func next(_ count: Int, in scope: Scope) async throws -> [Assignment] {
        guard !tables.isEmpty else { return [] }
        let isNew = memo.iteration > 0 && memo.iteration % keepEvery == 0
        if isNew, scheme != .fictitious, let newest {
            // A snapshot that takes the place of an older one has no past of its own.
            memo.fared[newest] = nil
            memo.between[newest] = nil
            for name in memo.between.keys { memo.between[name]?[newest] = nil }
        }
        if isNew, scheme == .oracle { try await solve(in: scope) }
        var assignments: [Assignment] = []
        for index in 0..<count {
            let table = tables[index % tables.count]
            var generator = scope.child("opponent", index).seed.generator
            assignments.append(assignment(at: table, seat: index / tables.count % table.roles.count, number: index, using: &generator))
        }
        memo.iteration += 1
        return assignments
    }

    public mutating func observe(_ groups: [EpisodeGroup], in scope: Scope) async throws {
        for group in groups {
            let cast = group.assignment.cast
            let learning = cast.filter { $0.value.learns != false && $0.value.model.name == learner.model.name }
            guard learning.count == 1, let role = learning.keys.first,
                let opponent = cast.sorted(by: { $0.key < $1.key }).first(where: { $0.key != role })?.value
            else { continue }
            let name = opponent.model.snapshot ?? opponent.model.name.text
            for episode in group.episodes { memo.fared[name, default: PointCount()].add(points(of: role, in: episode.returns)) }
        }
    }
}
