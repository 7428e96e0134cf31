/// An averaged policy: a name in a cast under which one of several models plays, drawn anew for each role of each episode.
///
/// What an average over play asks for (fictitious play, the average iterate of no-regret learning) where an average over
/// weights would be another policy.
public enum Mixture: Hashable, Sendable, Codable {
    /// A model that may be drawn.
    public struct Part: Hashable, Sendable, Codable {
        /// The model or snapshot.
        public var model: ModelRef
        /// How often it is drawn beside the others.
        public var weight: Double

        /// A part.
        public init(_ model: ModelRef, weight: Double = 1) {
            self.model = model
            self.weight = weight
        }
    }

    /// These, by their weights.
    case parts([Part])
    /// All snapshots of a model whose names begin so, equally often; the live model while there is none.
    case snapshots(of: ModelName, prefix: String)

    /// The models it names.
    public var models: [ModelRef] {
        switch self {
        case .parts(let parts): parts.map(\.model)
        case .snapshots(let name, _): [ModelRef(name)]
        }
    }

    /// What may be drawn, given the names of the snapshots that are there.
    public func parts(snapshots names: [String]) -> [Part] {
        switch self {
        case .parts(let parts): return parts.filter { $0.weight > 0 }
        case .snapshots(let name, let prefix):
            let kept = names.filter { $0.hasPrefix(prefix) }.sorted()
            return kept.isEmpty ? [Part(ModelRef(name))] : kept.map { Part(ModelRef(name, snapshot: $0)) }
        }
    }

    /// The part that a seed draws; nil when there is none.
    public static func draw(from parts: [Part], seed: Seed) -> ModelRef? {
        var generator = seed.generator
        var rest = generator.unit() * parts.reduce(0) { $0 + $1.weight }
        for part in parts {
            rest -= part.weight
            if rest < 0 { return part.model }
        }
        return parts.last?.model
    }
}
