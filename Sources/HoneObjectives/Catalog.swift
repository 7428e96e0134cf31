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
                defaults: try defaults(GroupPolicyGradient.Settings(), real: ["clipLow", "clipHigh", "beta"]),
                make: { GroupPolicyGradient(try $0.decode(GroupPolicyGradient.Settings.self)) }),
            Entry(
                card: Reinforce.card, formula: Reinforce.formula, defaults: try defaults(Reinforce.Settings(), real: ["entropyBonus"]),
                make: { Reinforce(try $0.decode(Reinforce.Settings.self)) }),
        ]
    }

    /// Defaults as JSON; JSON spells 0.0 as 0, so keys that take any number are told apart from those of whole numbers.
    private static func defaults(_ settings: some Encodable, real: [String]) throws -> JSONValue {
        guard case .object(var members) = try JSONValue(encoding: settings) else { return .object([:]) }
        for key in real { if let value = members[key]?.double { members[key] = .number(value) } }
        return .object(members)
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
