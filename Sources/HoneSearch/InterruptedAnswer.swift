import HoneCore

/// An answer in the making, which is drawn piece by piece with texts put between the pieces that nobody drew.
struct InterruptedAnswer {
    /// What its maker sees first.
    let view: View
    /// The token that ends a text, where it is known.
    let end: TokenID?
    /// What was said so far.
    var move = Move(segments: [])
    /// How many tokens were drawn.
    var drawn = 0
    /// How often the player was asked.
    private var rounds = 0

    init(view: View, end: TokenID?) {
        self.view = view
        self.end = end
    }

    /// Draws on, by at most so many tokens; says whether it ended by itself.
    mutating func goOn(by limit: Int, stop: [String], _ player: Player, _ policy: any Policy, in scope: Scope) async throws -> Bool {
        var asked = player
        asked.sampling.limit = limit
        asked.sampling.stop = stop
        var own = view
        own.transcript = (move.transcript ?? move.context ?? view.transcript) + move.segments
        let said = try await policy.move(on: own, as: asked, in: scope.child("round", rounds))
        if rounds == 0 { (move.context, move.transcript) = (said.context, said.transcript) }
        rounds += 1
        move.segments += said.segments
        let count = said.segments.reduce(0) { $0 + ($1.tokens?.count ?? $1.text.count) }
        drawn += count
        if let end, said.segments.last?.tokens?.last == end { return true }
        return count < limit && !stop.contains { said.text.hasSuffix($0) }
    }

    /// Takes the end away, if there is one, and puts a text behind, as a hint that nothing is learned from.
    mutating func interrupt(by hint: String) {
        if let end, var last = move.segments.popLast() {
            if case .tokens(let tokens, let text) = last.content, tokens.last == end {
                last.content = .tokens(Array(tokens.dropLast()), text: text)
                last.samplerLogProbs = last.samplerLogProbs.map { Array($0.dropLast()) }
                last.entropies = last.entropies.map { Array($0.dropLast()) }
            }
            if last.tokens?.isEmpty != true { move.segments.append(last) }
        }
        move.segments.append(.text(hint, from: .hint, author: view.role))
    }
}
