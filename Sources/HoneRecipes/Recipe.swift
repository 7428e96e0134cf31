import HoneCore
import HoneEngine
import HoneGames
import HoneWorlds

/// How a recipe introduces itself.
public struct RecipeCard: Hashable, Sendable, Codable {
    /// The name users write: `grpo`.
    public var id: String
    /// What it is, in one line.
    public var summary: String
    /// The paper.
    public var source: String
    /// Where the recipe departs from the paper.
    public var departures: [String]
    /// The stages of the loop and the parts in each, in loop order.
    public var parts: [String]
    /// What its paper says, to be checked here by `hone claim`; nil where nothing is claimed.
    public var claim: Claim?

    /// A card.
    public init(
        id: String, summary: String, source: String, departures: [String] = [], parts: [String], claim: Claim? = nil
    ) {
        self.claim = claim
        self.id = id
        self.summary = summary
        self.source = source
        self.departures = departures
        self.parts = parts
    }
}

/// What a recipe is run on.
public enum WorldFamily: Hashable, Sendable {
    /// Worlds that ask one question (`hone list worlds`).
    case questions
    /// Games (`hone list games`).
    case games
    /// Games, and other programs with several seats (`cmd: …`).
    case tables

    /// The default settings of a world of the family; throws with the nearest names.
    func defaults(of world: String) throws -> JSONValue {
        switch self {
        case .questions: try WorldCatalog.entry(world).defaults
        case .games: try GameCatalog.entry(world).defaults
        case .tables: ProgramCommand.isCommand(world) ? try WorldCatalog.entry(world).defaults : try GameCatalog.entry(world).defaults
        }
    }
}

/// A published system as a composition of parts: pure, without a loop of its own.
public protocol Recipe: Sendable {
    /// All that can be set, with defaults.
    associatedtype Settings: RecipeSettings
    /// Its introduction.
    static var card: RecipeCard { get }
    /// The world it is run on unless another is named.
    static var world: String { get }
    /// What it can be run on.
    static var worlds: WorldFamily { get }
    /// The plan of these settings; throws a sentence when they cannot work together.
    static func plan(_ settings: Settings, seed: Seed) throws -> Plan
}

extension Recipe {
    public static var world: String { "arithmetic" }
    public static var worlds: WorldFamily { .questions }
}

/// Settings that every recipe shares a part of.
///
/// Users write the members of that part beside those that are the recipe's own: `learner.rate`, not `common.learner.rate`.
public protocol RecipeSettings: Codable, Sendable {
    /// What every recipe has.
    var common: CommonSettings { get set }
    /// The defaults for a world.
    init(world: String)
}

extension RecipeSettings {
    /// The settings as users write them.
    func written() throws -> JSONValue {
        guard case .object(var members) = try JSONValue(encoding: self), case .object(let shared)? = members.removeValue(forKey: "common") else {
            throw CoreError.invalid("The settings \(Self.self) have no members")
        }
        return .object(members.merging(shared) { own, _ in own })
    }

    /// The settings that were written so; throws `DecodingError` where they do not fit.
    init(written: JSONValue) throws {
        guard case .object(var members) = written else { throw CoreError.invalid("Settings are \(written); they should be an object") }
        members["common"] = .object(members.filter { CommonSettings.keys.contains($0.key) })
        self = try JSONValue.object(members).decode(Self.self)
    }
}
