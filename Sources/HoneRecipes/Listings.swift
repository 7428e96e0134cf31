import HoneCore
import HoneCredit
import HoneCurricula
import HoneEvaluation
import HoneJudges
import HoneMemory
import HoneObjectives
import HoneSearch
import HoneSocieties
import HoneWorlds

/// One thing in a catalogue, as people and programs look it up.
public struct Listing: Hashable, Sendable {
    /// The name users write.
    public let name: String
    /// What it is, in one line.
    public let summary: String
    /// Where it is from.
    public let source: String
    /// Its whole card.
    public let card: JSONValue
    /// What can be set, with defaults.
    public let settings: JSONValue

    /// A thing in a catalogue.
    public init(name: String, summary: String, source: String, card: JSONValue, settings: JSONValue = .object([:])) {
        self.name = name
        self.summary = summary
        self.source = source
        self.card = card
        self.settings = settings
    }
}

/// Everything that can be named in settings and commands, catalogue by catalogue.
public enum Listings {
    /// The catalogues.
    public static let catalogues = [
        "recipes", "worlds", "corpora", "curricula", "societies", "policies", "searches", "judges", "credits", "shapings", "objectives", "measures", "memories",
    ]

    /// What a catalogue holds; throws with the nearest names. Recipes show their defaults for a world (their own unless one is named) and a corpus.
    public static func all(in catalogue: String, world: String? = nil, corpus: String = "plain") throws -> [Listing] {
        switch catalogue {
        case "recipes":
            return try RecipeCatalog.cards.map { card in
                Listing(
                    name: card.id, summary: card.summary, source: card.source, card: try JSONValue(encoding: card),
                    settings: try RecipeCatalog.defaults(of: card.id, world: world ?? RecipeCatalog.world(of: card.id), corpus: corpus))
            }
        case "worlds":
            return try WorldCatalog.entries().map { try listing($0.card, $0.defaults) }
                + [listing(ProcessWorld.card, JSONValue(encoding: ProcessWorldSettings()))]
        case "corpora":
            return try CorpusCatalog.entries().map { entry in
                let worlds = JSONValue.array(entry.worlds.map { .string($0) })
                return try listing(entry.card, entry.defaults, ["worlds": entry.worlds.isEmpty ? .string("all") : worlds])
            }
        case "judges": return try JudgeCatalog.entries.map { try listing($0.card, $0.defaults) }
        case "searches": return try SearchCatalog.entries.map { try listing($0.card, JSONValue(encoding: SearchSettings())) }
        case "objectives":
            return try ObjectiveCatalog.entries().map { entry in
                guard case .object(let formula) = try JSONValue(encoding: entry.formula) else { return try listing(entry.card, entry.defaults) }
                return try listing(entry.card, entry.defaults, formula)
            }
        case "measures":
            return try MeasureCatalog.entries.map {
                Listing(name: $0.name, summary: "\($0.formula) [\($0.unit)]", source: $0.source, card: try JSONValue(encoding: $0))
            }
        case "credits": return try CreditCatalog.parts.map(reflected)
        case "shapings": return try CreditCatalog.shapings.map(reflected)
        case "curricula": return try CurriculumCatalog.parts.map(reflected)
        case "societies": return try SocietyCatalog.parts.map(reflected)
        case "policies": return try SocietyCatalog.policies.map(reflected)
        case "memories": return try MemoryCatalog.parts.map(reflected)
        default: throw CoreError.unknown(kind: "catalogue", name: catalogue, known: catalogues)
        }
    }

    private static func listing(_ card: PartCard, _ settings: JSONValue, _ more: [String: JSONValue] = [:]) throws -> Listing {
        guard case .object(var members) = try JSONValue(encoding: card) else {
            return Listing(name: card.name, summary: card.summary, source: card.source, card: .null, settings: settings)
        }
        members.merge(more) { _, new in new }
        // Sets have no order of their own.
        for key in ["gives", "needs"] {
            if let traits = members[key]?.elements { members[key] = .array(traits.sorted { ($0.text ?? "") < ($1.text ?? "") }) }
        }
        return Listing(name: card.name, summary: card.summary, source: card.source, card: .object(members), settings: settings)
    }

    /// A part with the values of its own plain properties as settings.
    private static func reflected(_ part: any Part) throws -> Listing {
        var settings: [String: JSONValue] = [:]
        for case (let name?, let value) in Mirror(reflecting: part).children {
            switch value {
            case let value as Bool: settings[name] = .bool(value)
            case let value as Int: settings[name] = .integer(value)
            case let value as Double: settings[name] = .number(value)
            case let value as String: settings[name] = .string(value)
            case let value as VerdictKind: settings[name] = .string(value.text)
            case let value as any RawRepresentable<String>: settings[name] = .string(value.rawValue)
            default: continue
            }
        }
        return try listing(type(of: part).card, .object(settings))
    }
}
