import HoneCore
import HoneEngine

/// The baseline: more optimiser steps on the same demonstrations, and nothing else.
public enum SFT: Recipe {
    /// Settings of the baseline.
    public struct Settings: RecipeSettings, Hashable {
        public var common: CommonSettings

        public init(world: String) {
            common = Tuned.settings(for: world)
            common.learner.miniBatch = 32
        }
    }

    public static let card = RecipeCard(
        id: "sft",
        summary: "supervised fine-tuning: goes on learning the demonstrations it was taught from; the baseline of all others",
        source: "maximum likelihood on demonstrations",
        parts: [
            "curriculum: all demonstrated problems each iteration", "society: recitation", "credit: demonstrations",
            "objective: cross-entropy, mean over tokens",
        ])

    public static func plan(_ settings: Settings, seed: Seed) throws -> Plan {
        let shop = try Workshop(settings.common, seed: seed)
        var stage = shop.teaching(
            try shop.demonstrated(seed: seed), name: "improve", passes: settings.common.iterations,
            rate: .constant(settings.common.learner.rate), measured: true)
        stage.updates[0].passes = settings.common.learner.passes
        stage.updates[0].miniBatch = settings.common.learner.miniBatch
        return try shop.plan([stage], seed: seed)
    }
}
