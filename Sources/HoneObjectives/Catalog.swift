import HoneCore
import HoneModel

/// The objectives, by the names users write.
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
    }

    /// All of them, in alphabetical order.
    public static func entries() throws -> [Entry] {
        [
            Entry(
                card: CrossEntropy.card, formula: CrossEntropy.formula, defaults: try JSONValue(encoding: CrossEntropy.Settings()),
                make: { CrossEntropy(try $0.decode(CrossEntropy.Settings.self)) }),
            Entry(
                card: GroupPolicyGradient.card, formula: GroupPolicyGradient.formula,
                defaults: try JSONValue(encoding: GroupPolicyGradient.Settings()),
                make: { GroupPolicyGradient(try $0.decode(GroupPolicyGradient.Settings.self)) }),
            Entry(
                card: Reinforce.card, formula: Reinforce.formula, defaults: try JSONValue(encoding: Reinforce.Settings()),
                make: { Reinforce(try $0.decode(Reinforce.Settings.self)) }),
        ]
    }

    /// Other names that the field uses for the same formula.
    public static let synonyms = ["sft": "cross-entropy"]

    /// The objective of this name or synonym; throws with the nearest names.
    public static func entry(_ name: String) throws -> Entry {
        let all = try entries()
        guard let entry = all.first(where: { $0.card.name == synonyms[name] ?? name }) else {
            throw CoreError.unknown(kind: "objective", name: name, known: all.map(\.card.name) + synonyms.keys.sorted())
        }
        return entry
    }
}
