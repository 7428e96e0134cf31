/// A name in one of the engine's name spaces: `Name<RoleKind>` and `Name<ModelKind>` cannot be mixed up.
///
/// Encodes as a plain string, also when it is the key of a dictionary.
public struct Name<Kind>: Hashable, Comparable, Codable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible,
    CodingKeyRepresentable
{
    /// The name as the user writes it.
    public var text: String

    /// A name with the given text.
    public init(_ text: String) { self.text = text }

    public init(stringLiteral value: String) { text = value }

    public init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public var description: String { text }

    /// Whether both have the same bytes, so that equality agrees with the order below.
    public static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    public static func < (left: Self, right: Self) -> Bool {
        left.text.unicodeScalars.lexicographicallyPrecedes(right.text.unicodeScalars)
    }

    public var codingKey: any CodingKey { TextKey(stringValue: text) }

    public init?<Key: CodingKey>(codingKey: Key) { text = codingKey.stringValue }
}

/// The coding key of a name used as a dictionary key.
private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

/// Marks names of roles.
public enum RoleKind: Sendable {}
/// Marks names of models.
public enum ModelKind: Sendable {}
/// Marks names of worlds.
public enum WorldKind: Sendable {}
/// Marks names of memories.
public enum MemoryKind: Sendable {}
/// Marks names of stages.
public enum StageKind: Sendable {}
/// Marks kinds of verdicts.
public enum VerdictTag: Sendable {}
/// Marks names of model heads.
public enum HeadKind: Sendable {}
/// Marks names of policies.
public enum PolicyKind: Sendable {}
/// Marks names of search methods.
public enum SearchKind: Sendable {}

/// Who acts in a world: `solver`, `proposer`, `player 0`.
public typealias Role = Name<RoleKind>
/// A model of the plan.
public typealias ModelName = Name<ModelKind>
/// A world of the plan.
public typealias WorldName = Name<WorldKind>
/// A memory of the plan.
public typealias MemoryName = Name<MemoryKind>
/// A stage of the plan.
public typealias StageName = Name<StageKind>
/// What a verdict says: `return`, `correct`, `step`, `helpful`.
public typealias VerdictKind = Name<VerdictTag>
/// A head on a model: `value`, `reward`.
public typealias HeadName = Name<HeadKind>
/// A policy of the plan.
public typealias PolicyName = Name<PolicyKind>
/// A search method of the plan.
public typealias SearchName = Name<SearchKind>

/// The number of a vocabulary entry.
public typealias TokenID = Int32
/// The path under which an episode was played, unique in its run.
public typealias EpisodeID = String

extension Role {
    /// The one who answers, in worlds with a single role.
    public static var solver: Role { "solver" }
}

extension VerdictKind {
    /// What the world paid: the cumulative return at the end of the episode.
    public static var worldReturn: VerdictKind { "return" }
    /// Whether a step of the answer is right: 1 or 0.
    public static var step: VerdictKind { "step" }
}
