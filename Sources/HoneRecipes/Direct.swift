import HoneCore
import HoneCurricula
import HoneEngine
import HoneJudges
import HoneSocieties

/// A model as it is: it answers held-out problems and learns nothing.
public enum Direct: Recipe {
    /// Settings of the recipe: those that all recipes share.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.iterations = 0
            common.evaluation.every = 1
        }
    }

    public static let card = RecipeCard(
        id: "direct",
        summary: "a model as it is, asked directly: the baseline of every search and every training, and how folders and endpoints are measured",
        source: "no paper: answers drawn from the model",
        parts: ["society: solo", "measure: held-out problems, sampled and greedy"])

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let shop = try Workshop(settings.common, takesPrograms: true, seed: seed)
        let stage = Stage(
            name: "answer", iterations: settings.common.iterations, perIteration: settings.common.play.problems,
            curriculum: ProblemStream(problems: shop.training, samples: settings.common.play.samples), society: Solo(), cast: shop.cast,
            judges: [WorldReturns()], measures: [shop.measure])
        return try shop.plan([stage], seed: seed)
    }
}
