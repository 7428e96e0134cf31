import Foundation
import HoneCore
import HoneNumerics

/// How often a model chooses the right option: each item is asked several times with its options shuffled, and the decodes are averaged.
///
/// Items of `moveKinds` are not asked by letter: there the options are moves, and each is chosen with the probability that the model gives its text
/// behind the situation, divided by the sum over the options. A response without a letter chooses nothing. See ``ChoiceTally`` for the findings.
public struct ChoiceAccuracy: Measure {
    public static let card = PartCard(
        name: "choice-accuracy", summary: "accuracy on multiple-choice items by kind, over several decodes with shuffled options",
        source: "Agashe et al. 2023; WereBench 2025: macro-average over kinds, five decodes")

    /// The items.
    public let items: [ChoiceItem]
    /// Who is asked.
    public let player: Player
    /// How often each item is asked.
    public let decodes: Int
    /// Whether options stand on one line, for models that read little.
    public let isTerse: Bool
    /// Kinds whose options are moves that the model's probabilities choose among.
    public let moveKinds: Set<String>

    /// The measure.
    public init(items: [ChoiceItem], player: Player, decodes: Int, isTerse: Bool, moveKinds: Set<String> = []) {
        self.items = items
        self.player = player
        self.decodes = max(1, decodes)
        self.isTerse = isTerse
        self.moveKinds = moveKinds
    }

    public func measure(in scope: Scope) async throws -> Findings { try await tally(in: scope).findings() }

    /// What the model chooses.
    public func tally(in scope: Scope) async throws -> ChoiceTally {
        var shares = items.map { [Double](repeating: 0, count: $0.options.count) }
        let moves = items.indices.filter { moveKinds.contains(items[$0].kind) }
        for (place, own) in zip(moves, try await moveShares(moves.map { items[$0] }, in: scope)) { shares[place] = own }
        let asked = items.indices.filter { !moveKinds.contains(items[$0].kind) }
        let policy = try scope.services.policy(player.policy)
        var requests: [Completion.Request] = []
        var orders: [(place: Int, order: [Int])] = []
        for place in asked {
            for decode in 0..<decodes {
                let own = scope.child("item", place).child("decode", decode)
                let prompt = items[place].shuffled(own.seed).prompt(isTerse: isTerse)
                let context = try policy.prompt(for: [.text(prompt, from: .prompt)])
                requests.append(Completion.Request(context: context, sampling: player.sampling, seed: own.seed.child("answer")))
                orders.append((place, items[place].order(own.seed)))
            }
        }
        for (completion, (place, order)) in zip(try await scope.complete(player.model, requests), orders) {
            if let choice = items[place].choice(in: completion.samples.first?.segments.text ?? "") { shares[place][order[choice]] += 1 / Double(decodes) }
        }
        return ChoiceTally(items: items, shares: shares)
    }

    /// The model's probabilities of the options as texts behind the situation.
    private func moveShares(_ items: [ChoiceItem], in scope: Scope) async throws -> [[Double]] {
        let policy = try scope.services.policy(player.policy)
        let end = try scope.services.model(player.model).textEnd
        var rows: [Transcript] = []
        for item in items {
            let prompt = try policy.prompt(for: [.text(item.situation + "\n", from: .world)])
            rows.append(prompt)
            for option in item.options {
                let ending = end.map { [Segment(origin: .demonstration, content: .tokens([$0], text: ""))] } ?? []
                rows.append(prompt + [.text(option, from: .demonstration)] + ending)
            }
        }
        guard !rows.isEmpty else { return [] }
        let scores = try await scope.score(player.model, rows, .logProbs)
        var next = 0
        return items.map { item in
            let prompt = scores[next].values.count
            let logs = item.options.indices.map { option in scores[next + 1 + option].values.dropFirst(prompt).reduce(0.0) { $0 + Double($1) } }
            next += 1 + item.options.count
            let top = logs.max() ?? 0
            let weights = logs.map { exp($0 - top) }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
    }
}
