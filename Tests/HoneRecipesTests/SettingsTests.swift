import HoneCore
import HoneEngine
import HoneObjectives
import HoneRecipes
import Testing

@Suite("Settings of recipes")
struct SettingsTests {
    @Test("what all recipes have is written beside what is a recipe's own", arguments: RecipeCatalog.cards.map(\.id))
    func shape(id: String) throws {
        let defaults = try RecipeCatalog.defaults(of: id, world: RecipeCatalog.world(of: id))
        guard case .object(let members) = defaults else { throw CoreError.invalid("The settings of \(id) are no object") }
        #expect(CommonSettings.keys.isSubset(of: members.keys) && members["common"] == nil)
        // As they are stored, they are read again.
        #expect(try RecipeCatalog.restore(id, settings: defaults).settings == defaults)
    }

    @Test("stored settings of another kind are refused with the key that users write")
    func refusal() throws {
        let stored = try RecipeCatalog.defaults(of: "sft", world: "arithmetic").setting(["learner", "rate"], to: .string("fast"))
        do {
            _ = try RecipeCatalog.restore("sft", settings: stored)
            Issue.record("nothing was refused")
        } catch { #expect("\(error)".contains("“learner.rate”") && "\(error)".contains("“sft”"), "\(error)") }
    }

    @Test("a base counts tokens or demonstrations alike, as it says; seats of different lengths are taught by demonstrations")
    func reduction() throws {
        func learned(_ recipe: String, _ settings: [String: JSONValue] = [:]) throws -> TokenReduction? {
            let base = try SmallRecipe(recipe, ["model.size": .string("pico"), "base.demonstrations": .integer(16)]).plan(settings).models["policy"]?.base
            return (base?.stages.first?.updates.first?.routes.first?.objective as? CrossEntropy)?.settings.reduction
        }
        #expect(try learned("sft") == .tokenMean)
        #expect(try learned("sft", ["base.reduction": .string("sequenceMean")]) == .sequenceMean)
        #expect(try learned("tick", ["model.size": .string("pico@192")]) == .sequenceMean)
    }
}
