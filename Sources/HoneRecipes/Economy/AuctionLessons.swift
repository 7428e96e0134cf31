import HoneCore
import HoneGames

/// Plans, bids and records of a bidder by rule among the paper's rule bidders, written as a small model is asked.
struct AuctionLessons {
    /// How prompts are written, by the order in which things come.
    let prompts: [AscendingAuction.Order: AuctionPrompt]
    /// How often a bid is any allowed one.
    let noise: Double
    /// How often a thing has another priority than the rule's, so that bids are learned to go by it.
    private static let strayPriorities = 0.3
    /// How often a bid is asked for as after one that was not allowed.
    private static let repeated = 0.05

    /// So many lessons.
    func problems(_ count: Int, seed: Seed) throws -> [Problem] {
        var lessons: [(String, String)] = []
        var number = 0
        while lessons.count < count {
            lessons += auction(seed.child("auction", number))
            number += 1
        }
        return try lessons.prefix(count).enumerated().map { try WrittenTurns.lesson($0, $1.0, $1.1) }
    }

    private func auction(_ seed: Seed) -> [(String, String)] {
        var generator = seed.generator
        let order = generator.element(of: AscendingAuction.Order.allCases) ?? .random
        guard let prompt = prompts[order] else { return [] }
        let game = prompt.game
        let own = generator.integer(in: 0...game.settings.bidders - 1)
        var state = game.start
        var lessons: [(String, String)] = []
        var planned = -1
        var (priority, ply) = (2, 0)
        var record = AuctionRecord(for: own, after: 0, in: state, of: game)
        while true {
            ply += 1
            switch game.turn(in: state) {
            case .over, .seat: return lessons
            case .chance:
                guard let action = game.drawChance(in: state, using: &generator) else { return lessons }
                game.apply(action, to: &state)
            case .together(let seats):
                let item = state.sales.count
                if planned != item {
                    planned = item
                    let estimates = (item..<game.settings.items.count).map { game.estimate(of: $0, for: own, in: state) }
                    let plan = PlanningBidder.priorities(of: estimates, budget: record.budget, startPrice: game.settings.startPrice)
                    lessons.append((prompt.plan(own, state, record: record, old: []), plan.map(String.init).joined()))
                    priority = generator.chance(Self.strayPriorities) ? generator.integer(in: 1...3) : plan[0]
                }
                var actions: [AscendingAuction.Action] = []
                for seat in seats {
                    guard seat == own else {
                        actions.append(RuleBidder().action(in: state, for: seat, of: game, seed: seed.child("rival", ply)) ?? .out)
                        continue
                    }
                    let least = game.smallestBid(in: state)
                    let limit = PlanningBidder.limit(estimate: game.estimate(of: item, for: own, in: state), priority: priority)
                    var action: AscendingAuction.Action = least <= limit ? .bid(least) : .out
                    if generator.chance(noise) { action = generator.element(of: game.actions(of: own, in: state)) ?? action }
                    let text = prompt.bid(own, state, record: record, priority: priority, isRepeated: generator.chance(Self.repeated))
                    lessons.append((text, prompt.short(action, in: state)))
                    actions.append(action)
                }
                for action in actions { game.apply(action, to: &state) }
                for sold in item..<max(item, state.sales.count) {
                    let text = prompt.summary(own, sold, state, record: record)
                    record = AuctionRecord(for: own, after: sold + 1, in: state, of: game)
                    lessons.append((text, record.text))
                }
            }
        }
    }
}
