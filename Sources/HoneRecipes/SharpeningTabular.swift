import HoneCore
import HoneEngine
import HoneEvaluation
import HoneSocieties

/// Sharpening where everything is exact: random tables of answers instead of a language model.
public enum SharpeningTabular: Recipe {
    /// Settings of the tables; there is no task and no model.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings
        /// What is measured on which tables.
        public var tabular: TabularSharpening.Settings

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.iterations = 0
            tabular = TabularSharpening.Settings()
        }
    }

    public static let card = RecipeCard(
        id: "sharpening-tabular",
        summary: "how many queries sharpening needs as the base's coverage falls, on tables where every policy is exact",
        source: "Huang et al., 2024, “Self-Improvement in Language Models: The Sharpening Mechanism”, theorems 4.1 to 4.3",
        departures: [
            "each prompt has logits of its own, so nothing learned at one prompt helps at another and exploring can save only what drawing without "
                + "replacement saves; the paper's exponential saving needs a class with structure (theorem J.3)",
            "`exploration` pairs every answer with the prompt's first one from the base; algorithm 1 draws a new one each round, which is `exploration-fresh`",
            "128 answers a prompt: the likeliest of 64 has at least 1/64, so that no coverage of 80 can be built of them",
            "the optimism term is taken in its limit of a small factor, and the policy that counts is the regression's without it",
        ],
        parts: ["measure: queries until most prompts are sharpened, by coverage"], claim: claim)

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        Plan(
            models: [:], worlds: [:],
            stages: [
                Stage(
                    name: "measure", iterations: 0, society: Solo(),
                    measures: [ScheduledMeasure(every: 1, try TabularSharpening(settings.tabular))])
            ])
    }
}
