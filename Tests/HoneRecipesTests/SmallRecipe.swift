import HoneCore
import HoneEngine
import HoneRecipes
import HoneTestSupport
import Testing

/// A recipe with settings that make it small enough for a test.
struct SmallRecipe {
    /// Its name in the catalogue.
    let id: String
    /// The settings that make it small; those of a test come over them.
    let small: [String: JSONValue]

    init(_ id: String, _ small: [String: JSONValue] = [:]) {
        self.id = id
        self.small = small
    }

    /// The plan of these settings.
    func plan(_ settings: [String: JSONValue] = [:], seed: UInt64 = 1) throws -> Plan {
        let entries = small.merging(settings) { $1 }.sorted { $0.key < $1.key }.map {
            SettingsOverlay.Entry(path: $0.key.split(separator: ".").map(String.init), value: $0.value, place: "test")
        }
        return try RecipeCatalog.resolve(id, entries).plan(Seed(seed))
    }

    /// What is said against these settings; empty when nothing is.
    func refusal(_ settings: [String: JSONValue]) -> String {
        do {
            _ = try plan(settings)
            return ""
        } catch { return "\(error)" }
    }
}

/// The records of a plan that is run to its end.
func played(_ plan: Plan, seed: UInt64 = 1) async throws -> MemoryStore {
    let store = MemoryStore()
    let run = try Run(plan: plan, seed: Seed(seed), surroundings: Run.Surroundings(store: store, factory: ModelMaker.factory()))
    #expect(try await run.execute().isFinished)
    return store
}
