import Foundation
import HoneCore

/// Asks a model for a verdict word: by the probabilities of the two words, or by drawing answers that end with one of them.
public struct VerdictAsker: Hashable, Sendable {
    /// What came back.
    struct Reply {
        /// How much is for yes, from 0 to 1; ½ where no drawn answer could be read.
        var share: Double
        /// What was drawn, one text for each vote.
        var said: [String]
        /// The words as a verdict keeps them; nil where nothing was drawn.
        var critique: String? { said.isEmpty ? nil : said.joined(separator: "\n") }
    }

    /// Who is asked, and how its prompts are made; `sampling` counts where answers are drawn.
    public var player: Player
    /// The words.
    public var words: VerdictWords
    /// How many answers are drawn; with 0 the words are scored and nothing is drawn.
    public var votes: Int

    /// The asker.
    public init(_ player: Player, words: VerdictWords = VerdictWords(), votes: Int = 0) {
        self.player = player
        self.words = words
        self.votes = votes
    }

    /// How much of the verdict after a prompt is yes.
    ///
    /// Scored: P(yes) / (P(yes) + P(no)), each the probability of the whole word behind the prompt. Drawn: the share of yes among the answers
    /// that can be read.
    func reply(to prompt: String, in scope: Scope) async throws -> Reply {
        try words.check()
        guard votes >= 0 else { throw CoreError.invalid("A judge draws \(votes) votes; expected 0, to score the words, or more") }
        return votes == 0 ? try await scored(prompt, in: scope) : try await drawn(prompt, in: scope)
    }

    private func scored(_ prompt: String, in scope: Scope) async throws -> Reply {
        let context = try scope.services.policy(player.policy).prompt(for: [.text(prompt, from: .prompt)])
        let scores = try await scope.score(player.model, [words.yes, words.no].map { context + [.text($0, from: .demonstration)] }, .logProbs).map(\.values)
        guard scores.count == 2 else { throw CoreError.invalid("Model “\(player.model)” gave \(scores.count) scores for 2 texts") }
        // What both have in common cancels, so nobody has to know where the prompt's tokens end.
        var difference = 0.0
        for place in 0..<max(scores[0].count, scores[1].count) {
            difference += (place < scores[0].count ? Double(scores[0][place]) : 0) - (place < scores[1].count ? Double(scores[1][place]) : 0)
        }
        return Reply(share: 1 / (1 + exp(-difference)), said: [])
    }

    private func drawn(_ prompt: String, in scope: Scope) async throws -> Reply {
        let policy = try scope.services.policy(player.policy)
        let view = View(role: .verdict, transcript: [.text(prompt, from: .prompt)])
        let said = try await (0..<votes).concurrently { _, vote in try await policy.move(on: view, as: player, in: scope.child("vote", vote)).text }
        let read = said.compactMap(words.verdict)
        return Reply(share: read.isEmpty ? 0.5 : Double(read.count { $0 }) / Double(read.count), said: said)
    }
}

extension Role {
    /// The one who is asked for a verdict word.
    public static var verdict: Role { "verdict" }
}

extension VerdictAsker {
    /// The replies to several prompts, all asked at once, in their order; each is charged as a judge's call.
    func replies(to prompts: [String], in scope: Scope) async throws -> [Reply] {
        var cost = Cost()
        cost.judgeCalls = prompts.count
        scope.services.charge(cost)
        return try await prompts.concurrently { index, prompt in try await reply(to: prompt, in: scope.child("question", index)) }
    }
}
