import Foundation
import HoneCore
import HoneEndpoint
import HoneEngine
import HoneRecipes
import HoneReport

/// What a run will ask of endpoints, said before it begins.
struct EndpointPreview {
    /// The addresses, in order of the models' names.
    let places: [String]
    /// Answers that are asked for by each role that an endpoint plays, without further tries.
    let calls: Int
    /// Tokens of prompts, guessed, and of answers, at most.
    let tokens: (prompt: Int, sampled: Int)
    /// Money by the prices of the settings.
    let money: Double
    /// The settings of one of them; prices and caps are the same for all.
    let settings: EndpointSettings

    /// The preview of a plan; nil where it has no endpoint.
    init?(_ plan: Plan, _ common: CommonSettings) {
        guard let first = plan.endpoints.min(by: { $0.key < $1.key }) else { return nil }
        settings = first.value
        places = plan.endpoints.sorted { $0.key < $1.key }.map { "\($0.value.model) at \($0.value.url)" }
        let played = plan.stages.filter { $0.curriculum != nil }.reduce(0) { $0 + $1.iterations * $1.perIteration } * common.play.samples
        let evaluation = common.evaluation
        let iterations = plan.stages.reduce(0) { $0 + $1.iterations }
        let times = evaluation.every > 0 ? 1 + (iterations + evaluation.every - 1) / evaluation.every : 0
        calls = (played + times * evaluation.problems * (evaluation.samples + 1)) * plan.endpoints.count
        // A prompt's tokens are guessed from its characters.
        tokens = (calls * 100, calls * common.play.limit)
        money = settings.prices.money(prompt: tokens.prompt, sampled: tokens.sampled)
    }

    /// It in a sentence.
    var sentence: String {
        let price = settings.prices
        let isPriced = price.promptPerMillion > 0 || price.sampledPerMillion > 0
        let paid = isPriced
            ? "up to about \(Figure.fixed(money, decimals: 2)) \(price.currency)"
            : "no price is set (model.endpoint.promptPrice, sampledPrice)"
        let caps = [
            settings.caps.tokens.map { "\(grouped($0)) tokens" }, settings.caps.money.map { "\(Figure.fixed($0, decimals: 2)) \(price.currency)" },
        ].compactMap { $0 }
        let cap = caps.isEmpty ? "no cap is set (model.endpoint.tokenCap, moneyCap)" : "capped at \(caps.joined(separator: " and "))"
        return "\(places.joined(separator: ", ")): about \(grouped(calls)) answers (times the turns of an episode), \(grouped(tokens.prompt)) prompt tokens and at most "
            + "\(grouped(tokens.sampled)) sampled ones; \(paid); \(cap)"
    }
}
