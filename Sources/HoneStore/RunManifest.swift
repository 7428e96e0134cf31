import Foundation
import HoneCore

/// What a run is: written once when it begins, never changed.
public struct RunManifest: Codable, Hashable, Sendable {
    /// The layout of the folder.
    public var format: Int
    /// Which recipe.
    public var recipe: String
    /// All its settings.
    public var settings: JSONValue
    /// The seed; written as text, as JSON's numbers do not hold all of its values.
    public var seed: UInt64
    /// Versions of hone and libtorch.
    public var versions: [String: String]
    /// The machine it began on: processor, cores, instruction set.
    public var machine: [String: String]
    /// When it began, in ISO 8601.
    public var created: String
    /// Whether what was said in it has been taken out.
    public var isRedacted = false

    /// The layout this program reads and writes.
    public static let currentFormat = 2

    /// A manifest.
    public init(
        recipe: String, settings: JSONValue, seed: UInt64, versions: [String: String], machine: [String: String],
        created: String
    ) {
        format = Self.currentFormat
        self.recipe = recipe
        self.settings = settings
        self.seed = seed
        self.versions = versions
        self.machine = machine
        self.created = created
    }

    private enum CodingKeys: String, CodingKey { case format, recipe, settings, seed, versions, machine, created, isRedacted }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        format = try container.decode(Int.self, forKey: .format)
        recipe = try container.decode(String.self, forKey: .recipe)
        settings = try container.decode(JSONValue.self, forKey: .settings)
        guard let seed = UInt64(try container.decode(String.self, forKey: .seed)) else {
            throw DecodingError.dataCorruptedError(forKey: .seed, in: container, debugDescription: "the seed is no whole number")
        }
        self.seed = seed
        versions = try container.decode([String: String].self, forKey: .versions)
        machine = try container.decode([String: String].self, forKey: .machine)
        created = try container.decode(String.self, forKey: .created)
        isRedacted = try container.decodeIfPresent(Bool.self, forKey: .isRedacted) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(format, forKey: .format)
        try container.encode(recipe, forKey: .recipe)
        try container.encode(settings, forKey: .settings)
        try container.encode(String(seed), forKey: .seed)
        try container.encode(versions, forKey: .versions)
        try container.encode(machine, forKey: .machine)
        try container.encode(created, forKey: .created)
        if isRedacted { try container.encode(true, forKey: .isRedacted) }
    }
}
