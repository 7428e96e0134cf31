import HoneCore
import HoneModel

/// The objectives, by the names users write. Each family lists its own: `Catalog+….swift`.
public enum ObjectiveCatalog {
    /// One objective: its cards, its settings' defaults, and how it is made of them.
    public struct Entry: Sendable {
        /// Its name, source and traits.
        public let card: PartCard
        /// Its formula and normaliser.
        public let formula: ObjectiveCard
        /// What can be set, with defaults.
        public let defaults: JSONValue
        /// Makes it of resolved settings.
        public let make: @Sendable (JSONValue) throws -> any Objective
        /// The advantages its paper makes of rewards, given each row's group.
        public let advantages: @Sendable (_ rewards: [Double], _ groups: [String]) -> [Double]

        init<O: ConfigurableObjective>(_ type: O.Type) throws {
            card = O.card
            formula = O.formula
            defaults = try JSONValue(encoding: O.Settings())
            make = { O(try $0.decode(O.Settings.self)) }
            advantages = { O.advantages(ofRewards: $0, groups: $1) }
        }
    }

    /// All of them, in alphabetical order.
    public static func entries() throws -> [Entry] {
        try (policyGradients + preferences + supervised + values).map { try Entry($0) }.sorted { $0.card.name < $1.card.name }
    }

    /// Other names that the field uses for the same formula.
    public static let synonyms = [
        "sft": "cross-entropy", "opmd": "kimi-mirror-descent", "kimi-k1.5": "kimi-mirror-descent", "mmd": "magnetic-mirror-descent",
        "reinforce-plus-plus": "reinforce++",
    ]

    /// The objective of this name or synonym; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        let all = try entries()
        guard let entry = all.first(where: { $0.card.name == synonyms[name] ?? name }) else {
            throw CoreError.unknown(kind: "objective", name: name, known: all.map(\.card.name) + synonyms.keys.sorted())
        }
        return entry
    }
}
